// Microphone and camera, from the press that asks for them to the moment when they are let go: what is open, what went
// wrong, what else there is to choose. Nothing is opened that is not wished, and what arrives after the wish has gone is
// stopped at once. It knows nothing of calls.

export type Kind = "audio" | "video";

/** Why a device cannot be had: refused by its owner, not there, held by somebody else, no such thing in this browser. */
export type Trouble = "denied" | "none" | "busy" | "unsupported" | "lost";

export type Source =
  | { name: "off" }
  | { name: "asking" }
  | { name: "on"; track: MediaStreamTrack }
  | { name: "trouble"; why: Trouble };

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface Gear {
  readonly audio: Source;
  readonly video: Source;
  /** What there is of each kind; known once one was opened. */
  readonly choices: Readonly<Record<Kind, readonly Choice[]>>;
  /** What is in use. */
  readonly chosen: Readonly<Partial<Record<Kind, string>>>;
}

/** What a test puts in place of the browser's; no `media` where a page is not secure. */
export interface DeviceWorld {
  readonly media: MediaDevices | undefined;
  readonly permissions: Permissions | undefined;
}

export interface Devices {
  readonly gear: Gear;
  want(audio: boolean, video: boolean): void;
  choose(kind: Kind, id: string): void;
  /** Asks again for what is wished and could not be had. */
  retry(): void;
  /** Everything is stopped. Can be wanted again. */
  release(): void;
}

type Found = Partial<Record<Kind, MediaStreamTrack | Trouble>>;

export const noGear: Gear = {
  audio: { name: "off" },
  video: { name: "off" },
  choices: { audio: [], video: [] },
  chosen: {},
};

export function openDevices(world: DeviceWorld, changed: (gear: Gear) => void): Devices {
  const { media, permissions } = world;
  let gear = noGear;
  const wished = { audio: false, video: false };
  /** Grows with everything that makes an answer to an earlier question worthless. */
  const asked = { audio: 0, video: 0 };
  /** What the visitor has chosen. */
  const pinned: Partial<Record<Kind, string>> = {};

  function set(change: Partial<Gear>): void {
    gear = { ...gear, ...change };
    changed(gear);
  }

  function want(audio: boolean, video: boolean): void {
    const fresh = (["audio", "video"] as const).filter((kind) => {
      const { name } = gear[kind];
      return !wished[kind] && (kind === "audio" ? audio : video) && name !== "on" && name !== "asking";
    });
    wished.audio = audio;
    wished.video = video;
    // One who is muted has the microphone open, so that the first word after it is not lost.
    if (gear.audio.name === "on") gear.audio.track.enabled = audio;
    if (!video) stop("video");
    if (fresh.length > 0) void ask(fresh);
  }

  function stop(kind: Kind): void {
    asked[kind] += 1;
    const source = gear[kind];
    if (source.name === "off") return;
    if (source.name === "on") halt(source.track);
    set({ [kind]: { name: "off" } });
  }

  /** Both at once, since that is one question to the visitor; one by one where only one of them stands in the way. */
  async function ask(kinds: readonly Kind[]): Promise<void> {
    const nth = { ...asked };
    for (const kind of kinds) nth[kind] = asked[kind] += 1;
    const still = (kind: Kind) => nth[kind] === asked[kind];
    const settle = (kind: Kind, got: MediaStreamTrack | Trouble = "none") => {
      if (still(kind)) take(kind, got);
      else if (typeof got !== "string") halt(got);
    };
    set(Object.fromEntries(kinds.map((kind) => [kind, { name: "asking" }])));
    const found = await openSome(kinds).catch(troubleOf);
    for (const kind of kinds) {
      if (typeof found !== "string") settle(kind, found[kind]);
      else if (still(kind)) settle(kind, await openAlone(kind, found, kinds.length > 1));
    }
    await list();
  }

  function take(kind: Kind, track: MediaStreamTrack | Trouble): void {
    if (typeof track === "string") {
      set({ [kind]: { name: "trouble", why: track } });
      return;
    }
    track.enabled = wished[kind];
    track.contentHint = kind === "audio" ? "speech" : "motion";
    track.onended = () => {
      asked[kind] += 1;
      set({ [kind]: { name: "trouble", why: "lost" } });
    };
    const id = track.getSettings().deviceId;
    set({ [kind]: { name: "on", track }, chosen: { ...gear.chosen, ...(id !== undefined && { [kind]: id }) } });
  }

  async function openAlone(kind: Kind, why: Trouble, withAnother: boolean): Promise<MediaStreamTrack | Trouble> {
    const gone = why === "none" && pinned[kind] !== undefined;
    if (gone) delete pinned[kind]; // what was chosen is not there any more: then whatever there is
    // Who has just said no is not asked the same once more.
    if (!gone && !(withAnother && (why !== "denied" || (await allowed(kind))))) return why;
    const found = await openSome([kind]).catch(troubleOf);
    return typeof found === "string" ? found : (found[kind] ?? "none");
  }

  async function openSome(kinds: readonly Kind[]): Promise<Found> {
    if (!media) throw new TypeError("no devices in this browser");
    const wish: MediaStreamConstraints = {};
    for (const kind of kinds) wish[kind] = constraints(kind, pinned[kind]);
    const stream = await media.getUserMedia(wish);
    return Object.fromEntries(stream.getTracks().map((track) => [track.kind, track]));
  }

  async function allowed(kind: Kind): Promise<boolean> {
    const name = (kind === "audio" ? "microphone" : "camera") as PermissionName;
    // A browser that cannot be asked has said no to both.
    const status = await permissions?.query({ name }).catch(() => undefined);
    return status?.state === "granted";
  }

  async function list(): Promise<void> {
    const infos = (await media?.enumerateDevices().catch(() => undefined)) ?? [];
    if (!wished.audio && !wished.video && gear.audio.name === "off" && gear.video.name === "off") return;
    const of = (which: MediaDeviceKind) =>
      infos
        .filter(({ kind, deviceId }) => kind === which && deviceId !== "")
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    set({ choices: { audio: of("audioinput"), video: of("videoinput") } });
    media?.addEventListener("devicechange", list);
  }

  return {
    get gear() {
      return gear;
    },
    want,
    choose(kind, id) {
      pinned[kind] = id;
      set({ chosen: { ...gear.chosen, [kind]: id } });
      if (gear[kind].name === "off") return;
      stop(kind); // first: a phone opens only one of its cameras at a time
      void ask([kind]);
    },
    retry() {
      const kinds = (["audio", "video"] as const).filter((kind) => wished[kind] && gear[kind].name === "trouble");
      if (kinds.length > 0) void ask(kinds);
    },
    release() {
      media?.removeEventListener("devicechange", list);
      wished.audio = wished.video = false;
      stop("audio");
      stop("video");
    },
  };
}

function halt(track: MediaStreamTrack): void {
  track.onended = null;
  track.stop();
}

function constraints(kind: Kind, id: string | undefined): MediaTrackConstraints {
  const device = id === undefined ? {} : { deviceId: { exact: id } };
  if (kind === "audio") return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...device };
  return {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 24, max: 30 },
    ...(id === undefined ? { facingMode: "user" } : device),
  };
}

/** By the names of W3C Media Capture §10.2. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof TypeError) return "unsupported";
  switch ((error as { name?: string } | undefined)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    default:
      return "busy";
  }
}
