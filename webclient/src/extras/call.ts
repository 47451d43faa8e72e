// A call within a talk: who rang, who said yes, what each of the two sends. (state, event) → [state, effects], pure like
// `talk.ts`; it knows neither devices nor the connection.
//
//   idle ── open ──► preview ── go: ring ──► ringing ── their accept, or their ring ──► calling
//    │                  ▲ └─── go: accept ──────────────────────────────────────────────►┘
//    └─ their ring ─► asked ── open (answering)
//
//   stop, or their hangup, leads from everywhere back to idle, and the talk goes on; 45 s without an answer do, too.
//   Nothing is sent before `go`, and nothing of theirs is heard or seen before `calling`.
//
// A call has a number, one more than the highest yet. Both count what both have heard, so two rings that cross have the
// same one and are two yeses; what is about another number is late, and nothing.

import type { Accept, Hangup, Ring, Sending } from "../wire";

/** A ring that nobody answers is withdrawn. */
export const RING_MS = 45_000;
/** For a page that does not withdraw its own. */
export const ASKED_MS = 60_000;
export const NOTE_MS = 8_000;
/** Who was told no so often within this time does not get to ask again before it has passed. */
export const REFUSALS = 2;
export const REFUSALS_MS = 60_000;

export type CallMessage = Ring | Accept | Hangup | Sending;

export interface Sends {
  readonly audio: boolean;
  readonly video: boolean;
}

/** How the last call, or the question for one, came to nothing or to its end. */
export type CallNote = "declined" | "unanswered" | "withdrawn" | "missed" | "ended";

export type CallPhase =
  | { name: "idle"; note?: CallNote | undefined }
  | { name: "asked"; nth: number; video: boolean }
  /** I see and hear myself, and nobody else does; `answering` is the number of their ring. */
  | { name: "preview"; video: boolean; answering?: number }
  | { name: "ringing"; nth: number; video: boolean }
  | { name: "calling"; nth: number; video: boolean; sinceMs: number; theirs: Sends | undefined }
  /** The talk has ended. */
  | { name: "over" };

export interface Call {
  phase: CallPhase;
  /** The highest number of a call yet, whoever began it. */
  top: number;
  /** What I want to send, and what my devices give. */
  mine: Sends;
  gear: Sends;
  /** When the stranger rang for nothing. */
  refused: readonly number[];
}

export type CallTimer = "ring" | "note";

export type CallEvent =
  | { type: "open"; video: boolean }
  | { type: "choose"; video: boolean }
  | { type: "switch"; what: keyof Sends; on: boolean }
  | { type: "go" }
  | { type: "stop" }
  | { type: "gear"; gear: Sends }
  | { type: "heard"; message: CallMessage }
  | { type: "wake"; timer: CallTimer }
  | { type: "over" };

export type CallEffect =
  | { do: "say"; message: CallMessage }
  /** Microphone and camera as wished; a muted microphone stays open, a camera that is off is off. */
  | { do: "devices"; audio: boolean; video: boolean }
  | { do: "release" }
  /** From now on each is heard by the other, and seen if `video`. */
  | { do: "begin"; video: boolean }
  | { do: "end" }
  | { do: "wake"; timer: CallTimer; inMs: number }
  | { do: "sleep"; timer: CallTimer };

export type CallStep = readonly [Call, readonly CallEffect[]];

const nothing: Sends = { audio: false, video: false };

export function makeCall(): Call {
  return { phase: { name: "idle" }, top: 0, mine: nothing, gear: nothing, refused: [] };
}

/** What really leaves. */
export function sends({ mine, gear }: Call): Sends {
  return { audio: mine.audio && gear.audio, video: mine.video && gear.video };
}

/** Who has nothing to send has nothing to call with. */
export function ready({ gear }: Call): boolean {
  return gear.audio || gear.video;
}

export function stepCall(state: Call, event: CallEvent & { now: number }): CallStep {
  if (state.phase.name === "over") return [state, []];
  switch (event.type) {
    case "open":
      return open(state, event.video);
    case "choose":
      return choose(state, event.video);
    case "switch":
      return swap(state, { ...state.mine, [event.what]: event.on });
    case "go":
      return go(state, event.now);
    case "stop":
      return stop(state, event.now);
    case "gear":
      return told(state, { ...state, gear: event.gear });
    case "heard":
      return heard(state, event.message, event.now);
    case "wake":
      return wake(state, event.timer, event.now);
    case "over": {
      const [idle, effects] = quit(state);
      return [{ ...idle, phase: { name: "over" } }, effects];
    }
  }
}

function open(state: Call, video: boolean): CallStep {
  const { phase } = state;
  if (phase.name === "idle") return preview(state, { name: "preview", video });
  if (phase.name !== "asked") return [state, []];
  return preview(state, { name: "preview", video: phase.video, answering: phase.nth });
}

function preview(state: Call, phase: CallPhase & { name: "preview" }): CallStep {
  const mine = { audio: true, video: phase.video };
  return [
    { ...state, phase, mine },
    [
      { do: "sleep", timer: "ring" },
      { do: "sleep", timer: "note" },
      { do: "devices", ...mine },
    ],
  ];
}

function choose(state: Call, video: boolean): CallStep {
  const { phase } = state;
  // What was asked for is not mine to choose.
  if (phase.name !== "preview" || phase.answering !== undefined || phase.video === video) return [state, []];
  return swap({ ...state, phase: { ...phase, video } }, { ...state.mine, video });
}

function swap(state: Call, wished: Sends): CallStep {
  const { phase } = state;
  if (phase.name !== "preview" && phase.name !== "ringing" && phase.name !== "calling") return [state, []];
  // A call by voice stays one: nobody is shown a picture that they did not agree to.
  const mine = { audio: wished.audio, video: wished.video && phase.video };
  const [next, effects] = told(state, { ...state, mine });
  return [next, [{ do: "devices", ...mine }, ...effects]];
}

/** Tells the stranger what I send, when that has changed. */
function told(before: Call, after: Call): CallStep {
  const [was, is] = [sends(before), sends(after)];
  const same = was.audio === is.audio && was.video === is.video;
  return [after, same || after.phase.name !== "calling" ? [] : [{ do: "say", message: { kind: "sending", ...is } }]];
}

function go(state: Call, now: number): CallStep {
  const { phase } = state;
  if (phase.name !== "preview" || !ready(state)) return [state, []];
  const { video, answering } = phase;
  if (answering !== undefined) {
    const [next, effects] = begin(state, answering, video, now);
    return [next, [{ do: "say", message: { kind: "accept", call: answering } }, ...effects]];
  }
  const nth = state.top + 1;
  return [
    { ...state, phase: { name: "ringing", nth, video }, top: nth, refused: [] },
    [
      { do: "say", message: { kind: "ring", call: nth, video } },
      { do: "wake", timer: "ring", inMs: RING_MS },
    ],
  ];
}

function begin(state: Call, nth: number, video: boolean, now: number): CallStep {
  const mine = { audio: state.mine.audio, video: state.mine.video && video };
  const next: Call = {
    ...state,
    phase: { name: "calling", nth, video, sinceMs: now, theirs: undefined },
    mine,
    refused: [],
  };
  return [
    next,
    [
      { do: "sleep", timer: "ring" },
      { do: "devices", ...mine },
      { do: "begin", video },
      { do: "say", message: { kind: "sending", ...sends(next) } },
    ],
  ];
}

function heard(state: Call, message: CallMessage, now: number): CallStep {
  const { phase } = state;
  switch (message.kind) {
    case "ring":
      return rung(state, message, now);
    case "accept":
      return phase.name === "ringing" && phase.nth === message.call
        ? begin(state, phase.nth, phase.video, now)
        : [state, []];
    case "hangup":
      return hungUp(state, message.call, now);
    case "sending": {
      if (phase.name !== "calling") return [state, []];
      const theirs = { audio: message.audio, video: message.video && phase.video };
      return [{ ...state, phase: { ...phase, theirs } }, []];
    }
  }
}

function rung(state: Call, { call, video }: Ring, now: number): CallStep {
  const { phase } = state;
  // One of the two may have had only a voice in mind.
  if (phase.name === "ringing" && phase.nth === call) return begin(state, call, phase.video && video, now);
  if (call <= state.top) return [state, []];
  const next = { ...state, top: call };
  const free = phase.name === "idle" || (phase.name === "preview" && phase.answering === undefined);
  if (!free || refusals(state, now).length >= REFUSALS)
    return [next, [{ do: "say", message: { kind: "hangup", call } }]];
  if (phase.name === "preview") {
    const asked = { ...next, phase: { name: "preview", video, answering: call } as const };
    return swap(asked, state.mine);
  }
  return [
    { ...next, phase: { name: "asked", nth: call, video } },
    [
      { do: "sleep", timer: "note" },
      { do: "wake", timer: "ring", inMs: ASKED_MS },
    ],
  ];
}

function refusals({ refused }: Call, now: number): readonly number[] {
  return refused.filter((atMs) => now - atMs < REFUSALS_MS);
}

/** The number of what is going on between the two, or asked for. */
function current(phase: CallPhase): number | undefined {
  return "nth" in phase ? phase.nth : phase.name === "preview" ? phase.answering : undefined;
}

function hungUp(state: Call, nth: number, now: number): CallStep {
  const { phase } = state;
  if (current(phase) !== nth) return [state, []];
  if (phase.name === "calling") return quit(state, "ended");
  if (phase.name === "ringing") return quit(state, "declined");
  return quit(inVain(state, now), "withdrawn");
}

function stop(state: Call, now: number): CallStep {
  const { phase } = state;
  if (phase.name === "idle") return [state, []];
  const theirs = phase.name === "asked" || (phase.name === "preview" && phase.answering !== undefined);
  return partWith(theirs ? inVain(state, now) : state);
}

/** They rang, and nothing came of it. */
function inVain(state: Call, now: number): Call {
  return { ...state, refused: [...refusals(state, now), now] };
}

function wake(state: Call, timer: CallTimer, now: number): CallStep {
  const { phase } = state;
  if (timer === "note") return [phase.name === "idle" ? { ...state, phase: { name: "idle" } } : state, []];
  if (phase.name === "ringing") return partWith(state, "unanswered");
  return phase.name === "asked" ? partWith(inVain(state, now), "missed") : [state, []];
}

function partWith(state: Call, note?: CallNote): CallStep {
  const call = current(state.phase);
  const [next, effects] = quit(state, note);
  return [next, call === undefined ? effects : [{ do: "say", message: { kind: "hangup", call } }, ...effects]];
}

/** Back to where nothing is sent, and no device is in use. */
function quit(state: Call, note?: CallNote): CallStep {
  const { phase } = state;
  const effects: CallEffect[] = [];
  if (phase.name === "calling") effects.push({ do: "end" });
  if (phase.name !== "idle") effects.push({ do: "release" }, { do: "sleep", timer: "ring" });
  effects.push(note ? { do: "wake", timer: "note", inMs: NOTE_MS } : { do: "sleep", timer: "note" });
  return [{ ...state, phase: { name: "idle", note }, mine: nothing }, effects];
}
