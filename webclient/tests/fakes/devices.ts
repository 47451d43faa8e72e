// A browser's devices in memory: what there is, who may use it, and what was opened.

import type { DeviceWorld } from "../../src/extras/devices";

export class FakeTrack {
  readyState: "live" | "ended" = "live";
  enabled = true;
  contentHint = "";
  onended: (() => void) | null = null;

  constructor(
    readonly kind: string,
    readonly id: string,
  ) {}

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.id };
  }

  /** It is pulled out: the browser ends it, and says so. */
  unplug(): void {
    this.readyState = "ended";
    this.onended?.();
  }
}

const kindOf = { audio: "audioinput", video: "videoinput" } as const;

export class FakeDevices {
  readonly there: { kind: "audio" | "video"; id: string }[] = [
    { kind: "audio", id: "mic1" },
    { kind: "audio", id: "mic2" },
    { kind: "video", id: "cam1" },
    { kind: "video", id: "cam2" },
  ];
  readonly opened: FakeTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  /** What is refused, and why. */
  readonly trouble: { audio?: string; video?: string } = {};
  /** What the visitor has allowed for good. */
  readonly granted = new Set<string>();
  readonly listeners = new Set<() => void>();
  /** Answers wait for `answer`. */
  slow = false;
  private readonly waiting: (() => void)[] = [];

  readonly world: DeviceWorld = {
    media: {
      getUserMedia: (wish: MediaStreamConstraints) => this.open(wish),
      enumerateDevices: async () => this.there.map(({ kind, id }) => ({ kind: kindOf[kind], deviceId: id, label: id })),
      addEventListener: (_: string, listener: () => void) => this.listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => this.listeners.delete(listener),
    } as unknown as MediaDevices,
    permissions: {
      query: async ({ name }: { name: string }) => ({ state: this.granted.has(name) ? "granted" : "prompt" }),
    } as unknown as Permissions,
  };

  get live(): string[] {
    return this.opened.filter(({ readyState }) => readyState === "live").map(({ id }) => id);
  }

  answer(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  change(): void {
    for (const listener of this.listeners) listener();
  }

  private async open(wish: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(wish);
    if (this.slow) await new Promise<void>((go) => this.waiting.push(go));
    const kinds = (["audio", "video"] as const).filter((kind) => wish[kind]);
    for (const kind of kinds) {
      const name = this.trouble[kind];
      if (name !== undefined) throw Object.assign(new Error(name), { name });
    }
    const tracks = kinds.map((kind) => new FakeTrack(kind, this.idFor(kind, wish[kind])));
    this.opened.push(...tracks);
    return { getTracks: () => tracks } as unknown as MediaStream;
  }

  private idFor(kind: "audio" | "video", wish: MediaStreamConstraints["audio"]): string {
    const exact = (wish as { deviceId?: { exact: string } }).deviceId?.exact;
    const found = this.there.find((each) => each.kind === kind && (exact === undefined || each.id === exact));
    const name = exact === undefined ? "NotFoundError" : "OverconstrainedError";
    if (!found) throw Object.assign(new Error(name), { name });
    return found.id;
  }
}
