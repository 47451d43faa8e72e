// Recording a voice note: asks for the microphone, listens for at most two minutes, and lets go of the microphone the
// moment that it stops. What was recorded waits to be heard, and sent or deleted. And whether a stranger's can be played.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Bytes } from "../../bytes";
import type { Parcel } from "../../wire";
import { sniff } from "./formats";
import type { Refusal } from "./goods";
import { loudness, waveOf } from "./wave";

export const VOICE_LIMIT_MS = 120_000;
const bitsPerSecond = 32_000;
const levelEveryMs = 50;
/** What browsers record: WebM all but older Safari, which has MP4. */
const RECORDED = { "audio/webm": "audio/webm;codecs=opus", "audio/mp4": "audio/mp4" } as const;

export interface Recording {
  blob: Blob;
  url: string;
  type: keyof typeof RECORDED;
  ms: number;
  wave: number[];
}

/** The microphone was not allowed; there is none; the browser cannot record; something else. */
export type VoiceTrouble = "denied" | "none" | "unsupported" | "failed";

export type VoiceState =
  | { name: "idle" }
  | { name: "asking" }
  | { name: "recording" }
  | { name: "review"; recording: Recording }
  | { name: "trouble"; why: VoiceTrouble };

export interface Voice {
  readonly state: ReadonlySignal<VoiceState>;
  /** While it records: how long already, and how loud just now, 0 to 1. */
  readonly ms: ReadonlySignal<number>;
  readonly level: ReadonlySignal<number>;
  start(): void;
  /** Enough: what was recorded can be heard. */
  stop(): void;
  /** Nothing of it is kept, in whatever state. */
  discard(): void;
  /** What is to be sent; forgotten here. */
  take(): Recording | undefined;
}

export function openVoice(now: () => number = () => performance.now()): Voice {
  const state = signal<VoiceState>({ name: "idle" });
  const ms = signal(0);
  const level = signal(0);
  let turn = 0;
  let stopListening: (() => void) | undefined;
  let recorder: MediaRecorder | undefined;

  async function start(): Promise<void> {
    discard();
    const mine = turn;
    const type = recordable();
    if (!type) {
      state.value = { name: "trouble", why: "unsupported" };
      return;
    }
    state.value = { name: "asking" };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      if (mine === turn) state.value = { name: "trouble", why: troubleOf(error) };
      return;
    }
    try {
      if (mine === turn) listen(stream, type, mine);
      else release(stream); // given up while the browser asked
    } catch {
      release(stream);
      state.value = { name: "trouble", why: "failed" };
    }
  }

  function listen(stream: MediaStream, type: Recording["type"], mine: number): void {
    const made = new MediaRecorder(stream, { mimeType: RECORDED[type], audioBitsPerSecond: bitsPerSecond });
    const parts: Blob[] = [];
    const levels: number[] = [];
    const meter = openMeter(stream);
    const startMs = now();
    const timer = setInterval(() => {
      level.value = meter.level();
      levels.push(level.value);
      ms.value = now() - startMs;
      if (ms.value >= VOICE_LIMIT_MS) stop();
    }, levelEveryMs);
    stopListening = () => {
      stopListening = undefined;
      clearInterval(timer);
      meter.close();
      if (made.state !== "inactive") made.stop();
      release(stream);
    };
    made.ondataavailable = ({ data }) => parts.push(data);
    made.onstop = () => {
      const lastedMs = Math.min(VOICE_LIMIT_MS, Math.round(now() - startMs));
      stopListening?.(); // the microphone may have gone by itself
      if (mine !== turn) return;
      const blob = new Blob(parts, { type });
      if (blob.size === 0) state.value = { name: "trouble", why: "failed" };
      else {
        const recording = { blob, url: URL.createObjectURL(blob), type, ms: lastedMs, wave: waveOf(levels) };
        state.value = { name: "review", recording };
      }
    };
    recorder = made;
    made.start();
    state.value = { name: "recording" };
  }

  function stop(): void {
    if (state.value.name === "recording") stopListening?.();
  }

  function discard(): void {
    const { value } = state;
    turn += 1;
    if (recorder) recorder.ondataavailable = recorder.onstop = null;
    recorder = undefined;
    stopListening?.();
    if (value.name === "review") URL.revokeObjectURL(value.recording.url);
    state.value = { name: "idle" };
    ms.value = level.value = 0;
  }

  function take(): Recording | undefined {
    const { value } = state;
    discard();
    return value.name === "review" ? value.recording : undefined;
  }

  return { state, ms, level, start: () => void start(), stop, discard, take };
}

function recordable(): Recording["type"] | undefined {
  if (typeof MediaRecorder === "undefined" || !navigator.mediaDevices?.getUserMedia) return undefined;
  return (["audio/webm", "audio/mp4"] as const).find((type) => MediaRecorder.isTypeSupported(RECORDED[type]));
}

function troubleOf(error: unknown): VoiceTrouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "none" : "failed";
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function openMeter(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    close: () => void context.close().catch(() => undefined),
  };
}

/** A stranger's bytes as something to play; or why they are refused. No browser has a quarrel with sound it cannot read. */
export function receiveVoice({ type }: Parcel, bytes: Bytes, canPlay = playable): Blob | Refusal {
  if (sniff(bytes) !== type || !canPlay(type)) return "type";
  return new Blob([bytes], { type });
}

function playable(type: string): boolean {
  return document.createElement("audio").canPlayType(type) !== "";
}
