import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { concat, utf8 } from "../../src/bytes";
import { openVoice, receiveVoice, VOICE_LIMIT_MS, type Voice } from "../../src/extras/parcels/voice";

class FakeTrack {
  readyState = "live";
  stop(): void {
    this.readyState = "ended";
  }
}

/** Tells what it has recorded a moment after it was stopped, as browsers do. */
class FakeRecorder {
  static supported = ["audio/webm;codecs=opus", "audio/mp4"];
  static isTypeSupported = (type: string) => FakeRecorder.supported.includes(type);
  static last: FakeRecorder | undefined;
  state = "inactive";
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;

  constructor(
    _: unknown,
    readonly options: { mimeType: string; audioBitsPerSecond: number },
  ) {
    FakeRecorder.last = this;
  }

  start(): void {
    this.state = "recording";
  }

  stop(): void {
    this.state = "inactive";
    queueMicrotask(() => {
      this.ondataavailable?.({ data: new Blob(["sound"]) });
      this.onstop?.();
    });
  }
}

class FakeContext {
  createAnalyser() {
    return { fftSize: 64, getFloatTimeDomainData: (samples: Float32Array) => samples.fill(0.1) };
  }
  createMediaStreamSource() {
    return { connect: () => undefined };
  }
  async close(): Promise<void> {}
}

let tracks: FakeTrack[];
let allow: () => void;
let deny: (name: string) => void;
let voice: Voice;

beforeEach(() => {
  vi.useFakeTimers();
  tracks = [];
  const getUserMedia = () =>
    new Promise((then, never) => {
      allow = () => {
        const track = new FakeTrack();
        tracks.push(track);
        then({ getTracks: () => [track] });
      };
      deny = (name) => never(new DOMException("", name));
    });
  FakeRecorder.supported = ["audio/webm;codecs=opus", "audio/mp4"];
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("MediaRecorder", FakeRecorder);
  vi.stubGlobal("AudioContext", FakeContext);
  voice = openVoice(() => Date.now());
});
afterEach(() => {
  voice.discard();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function record(ms: number): Promise<void> {
  voice.start();
  allow();
  await settle();
  await vi.advanceTimersByTimeAsync(ms);
}

describe("recording", () => {
  it("goes from asking to a note to be heard, and lets go of the microphone at once", async () => {
    voice.start();
    expect(voice.state.value.name).toBe("asking");
    allow();
    await settle();
    expect(voice.state.value.name).toBe("recording");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(voice.level.value).toBeGreaterThan(0);
    voice.stop();
    expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
    await settle();
    const note = voice.take();
    expect(note).toMatchObject({ type: "audio/webm", ms: 3_000 });
    expect(note?.wave).toHaveLength(64);
    expect(note?.wave.every((part) => part > 0)).toBe(true);
    expect(voice.state.value.name).toBe("idle");
  });

  it("ends by itself after two minutes", async () => {
    await record(VOICE_LIMIT_MS + 100);
    expect(voice.state.value).toMatchObject({ name: "review", recording: { ms: VOICE_LIMIT_MS } });
    expect(tracks[0]?.readyState).toBe("ended");
  });

  it("ends also when the microphone goes by itself", async () => {
    await record(1_000);
    FakeRecorder.last?.stop();
    await settle();
    expect(voice.state.value.name).toBe("review");
    expect(tracks[0]?.readyState).toBe("ended");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes what the browser can: WebM with Opus, else MP4, at a rate for speech", async () => {
    await record(100);
    expect(FakeRecorder.last?.options).toEqual({ mimeType: "audio/webm;codecs=opus", audioBitsPerSecond: 32_000 });
    FakeRecorder.supported = ["audio/mp4"];
    await record(100);
    expect(FakeRecorder.last?.options.mimeType).toBe("audio/mp4");
  });
});

describe("changing one's mind", () => {
  it("while the browser asks: a microphone that is allowed late is let go of", async () => {
    voice.start();
    voice.discard();
    allow();
    await settle();
    expect(tracks[0]?.readyState).toBe("ended");
    expect(voice.state.value.name).toBe("idle");
  });

  it("while it records: nothing is kept, and nothing comes of it later", async () => {
    await record(500);
    voice.discard();
    await settle();
    expect(tracks[0]?.readyState).toBe("ended");
    expect(voice.state.value.name).toBe("idle");
    expect(voice.take()).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("after it was heard: its address is taken back", async () => {
    const revoked = vi.spyOn(URL, "revokeObjectURL");
    await record(500);
    voice.stop();
    await settle();
    voice.discard();
    expect(revoked).toHaveBeenCalledTimes(1);
  });
});

describe("why it cannot be", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "none"],
    ["NotReadableError", "failed"],
  ])("is told apart: %s means %s", async (name, why) => {
    voice.start();
    deny(name);
    await settle();
    expect(voice.state.value).toEqual({ name: "trouble", why });
  });

  it("is known before anybody is asked, where there is no recorder", () => {
    vi.stubGlobal("MediaRecorder", undefined);
    voice.start();
    expect(voice.state.value).toEqual({ name: "trouble", why: "unsupported" });
    vi.stubGlobal("MediaRecorder", FakeRecorder);
    FakeRecorder.supported = [];
    voice.start();
    expect(voice.state.value).toEqual({ name: "trouble", why: "unsupported" });
  });

  it("does not leave the microphone on when the recorder fails", async () => {
    vi.stubGlobal("AudioContext", undefined);
    voice.start();
    allow();
    await settle();
    expect(voice.state.value).toEqual({ name: "trouble", why: "failed" });
    expect(tracks[0]?.readyState).toBe("ended");
  });
});

describe("a stranger's note", () => {
  const told = { kind: "parcel", id: 0, what: "voice", type: "audio/ogg", size: 4 } as const;
  const ogg = concat(utf8("OggS"), new Uint8Array(9));

  it("is taken when it is what it is called, and this browser plays that", () => {
    expect(receiveVoice(told, ogg, () => true)).toBeInstanceOf(Blob);
    expect(receiveVoice(told, ogg, () => false)).toBe("type");
    expect(receiveVoice({ ...told, type: "audio/webm" }, ogg, () => true)).toBe("type");
    expect(receiveVoice(told, utf8("<html>"), () => true)).toBe("type");
  });
});
