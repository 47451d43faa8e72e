// One talk as it is seen and typed: its lines, who is typing, how it ended. (state, event) → [state, effects], pure like
// `lobby.ts`. It lives as long as its screen and is then forgotten: nothing of it is written anywhere.

import type { CheckWords } from "./checkwords";
import type { Said } from "./meeting";
import type { Advice, Moment } from "./state";
import type { Parcel } from "./wire";

/** Bound of the wire, in code points. */
export const TEXT_LIMIT = 4_000;
/** From here on the counter shows. */
export const TEXT_NEAR_LIMIT = 3_600;
/** A flood must not fill the stranger's memory; the oldest lines go. */
export const LINES_LIMIT = 1_000;
/** "Still typing" is said at most this often … */
export const TYPING_EVERY_MS = 2_500;
/** … it ends after this long without a key … */
export const TYPING_QUIET_MS = 4_000;
/** … and is believed for so long when no word of its end comes. */
export const TYPING_EXPIRES_MS = 6_000;

export type NoteKind =
  | "here"
  | "left"
  | "lost"
  | "sight"
  | "flood"
  | "oversize"
  | "stray"
  | "reported"
  | "directAsked"
  | "directWished"
  | "direct";
export type Who = "me" | "stranger";

/** Where an image or a voice note stands: under way (`done` of its bytes; one's own is here already), here, or gone. */
export type ParcelState =
  | { name: "going"; done: number; url?: string }
  | { name: "here"; url: string }
  | { name: "gone"; why: "stopped" | "size" | "type" | "unreadable" | "many" | "unwanted" | "lost" | "old" };

export interface TextLine {
  id: number;
  who: Who;
  /** As its sender numbers it. */
  nth: number;
  text: string;
  atMs: number;
  /** Of one's own: the stranger's page has it. */
  arrived?: true;
}

export interface ParcelLine {
  id: number;
  who: Who;
  /** As its sender numbers it. */
  parcel: Parcel;
  state: ParcelState;
  atMs: number;
}

export type Line = TextLine | ParcelLine | { id: number; who: "note"; note: NoteKind };

export type Each = Readonly<Record<Who, boolean>>;

/** The way between the two, as the browser uses it. */
export interface Path {
  relayed: boolean;
  rttMs: number | undefined;
}

export interface Talk {
  me: string;
  stranger: string;
  tags: readonly string[];
  /** Who hides their address behind the relay … */
  hides: Each;
  /** … and who would talk directly; who does not hide would anyway. */
  direct: Each;
  path: Path | undefined;
  /** The way is lost, and another one looked for. */
  reconnecting: boolean;
  lines: readonly Line[];
  count: number;
  /** How many lines I have said. */
  said: number;
  theyType: boolean;
  /** When "I am typing" was last said; undefined when the stranger believes that I am not. */
  saidTypingMs: number | undefined;
  /** For the two to compare. */
  words: CheckWords;
  over: "left" | "lost" | undefined;
}

export type TalkTimer = "typing" | "theirTyping";

export type TalkEvent =
  | { type: "say"; text: string }
  | { type: "draft"; empty: boolean }
  | { type: "heard"; nth: number; text: string }
  | { type: "got"; nth: number }
  | { type: "parcel"; who: Who; parcel: Parcel }
  | { type: "parcelState"; who: Who; nth: number; state: ParcelState }
  | { type: "typing"; on: boolean }
  | { type: "direct"; who: Who; on: boolean }
  | { type: "path"; path: Path }
  | { type: "notice"; what: "flood" | "oversize" | "stray" | "reported" }
  | { type: "broken" | "mended" }
  | { type: "words"; words: CheckWords }
  | { type: "advise"; mood: Advice }
  | { type: "finish"; mood: "left" | "lost" }
  | { type: "wake"; timer: TalkTimer };

export type TalkEffect =
  | { do: "say"; message: Said }
  | { do: "goDirect" }
  | { do: "wake"; timer: TalkTimer; inMs: number }
  | { do: "sleep"; timer: TalkTimer };

export type TalkStep = readonly [Talk, readonly TalkEffect[]];

const nobody: Each = { me: false, stranger: false };

export function makeTalk(me: string, stranger: string, tags: readonly string[], hides: Each = nobody): Talk {
  const nothing = { lines: [], count: 0, said: 0, theyType: false, saidTypingMs: undefined, over: undefined };
  const direct = { me: !hides.me, stranger: !hides.stranger };
  return note(
    { me, stranger, tags, hides, direct, path: undefined, reconnecting: false, words: "coming", ...nothing },
    "here",
  );
}

/**
 * What would be sent of a draft: undefined when it is empty or too long. Without what has no shape, which would be six
 * letters each on the wire, and so could make a line too big for it.
 */
export function sendable(draft: string): string | undefined {
  const text = draft.replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, "").trim();
  return text === "" || codePoints(text) > TEXT_LIMIT ? undefined : text;
}

export function codePoints(text: string): number {
  return text.length <= TEXT_LIMIT ? text.length : [...text].length;
}

export function stepTalk(state: Talk, event: TalkEvent & Moment): TalkStep {
  if (state.over) return [state, []];
  switch (event.type) {
    case "say":
      return say(state, event.text, event.now);
    case "draft":
      return event.empty ? stopTyping(state) : keepTyping(state, event.now);
    case "heard":
      return heard(state, event.nth, event.text, event.now);
    case "got":
      return [got(state, event.nth), []];
    case "parcel":
      return [parcel(state, event.who, event.parcel, event.now), []];
    case "parcelState":
      return [parcelState(state, event.who, event.nth, event.state), []];
    case "typing":
      return theirTyping(state, event.on);
    case "direct":
      return direct(state, event.who, event.on);
    case "notice":
      return [note(state, event.what), []];
    case "path":
      return [samePath(state.path, event.path) ? state : { ...state, path: event.path }, []];
    case "broken":
      return broken(state);
    case "mended":
      return [{ ...state, reconnecting: false }, []];
    case "words":
      return [{ ...state, words: event.words }, []];
    case "advise":
      return [note(state, "sight"), []];
    case "finish":
      return finish(state, event.mood);
    case "wake":
      return event.timer === "typing" ? stopTyping(state) : [{ ...state, theyType: false }, []];
  }
}

function say(state: Talk, draft: string, now: number): TalkStep {
  const text = sendable(draft);
  if (text === undefined) return [state, []];
  const { said } = state;
  // The text itself tells that the typing is over.
  return [
    { ...add(state, { who: "me", nth: said, text, atMs: now }), said: said + 1, saidTypingMs: undefined },
    [
      { do: "say", message: { kind: "text", id: said, text } },
      { do: "sleep", timer: "typing" },
    ],
  ];
}

function heard(state: Talk, nth: number, text: string, now: number): TalkStep {
  return [
    { ...add(state, { who: "stranger", nth, text, atMs: now }), theyType: false },
    [
      { do: "sleep", timer: "theirTyping" },
      { do: "say", message: { kind: "got", id: nth } },
    ],
  ];
}

function got(state: Talk, nth: number): Talk {
  const lines = state.lines.map((line) =>
    "text" in line && line.who === "me" && line.nth === nth ? { ...line, arrived: true as const } : line,
  );
  return { ...state, lines };
}

function parcel(state: Talk, who: Who, told: Parcel, now: number): Talk {
  return add(state, { who, parcel: told, state: { name: "going", done: 0 }, atMs: now });
}

function parcelState(state: Talk, who: Who, nth: number, changed: ParcelState): Talk {
  const lines = state.lines.map((line) =>
    "parcel" in line && line.who === who && line.parcel.id === nth ? { ...line, state: changed } : line,
  );
  return { ...state, lines };
}

function samePath(one: Path | undefined, other: Path): boolean {
  return one !== undefined && one.relayed === other.relayed && one.rttMs === other.rttMs;
}

/** Who was typing cannot be told to have stopped, on either side. What is said is kept by the channel. */
function broken(state: Talk): TalkStep {
  return [
    { ...state, reconnecting: true, theyType: false, saidTypingMs: undefined },
    [
      { do: "sleep", timer: "typing" },
      { do: "sleep", timer: "theirTyping" },
    ],
  ];
}

/** Both must have said so, and then there is no way back: what is known is known. */
function direct(state: Talk, who: Who, on: boolean): TalkStep {
  const { hides } = state;
  // Of one who does not hide there is nothing to decide.
  if (!hides[who] || state.direct[who] === on) return [state, []];
  const next: Talk = { ...state, direct: { ...state.direct, [who]: on } };
  const told: TalkEffect[] = who === "me" ? [{ do: "say", message: { kind: "direct", on } }] : [];
  if (next.direct.me && next.direct.stranger) {
    const shown = { ...next, hides: nobody };
    return [note(shown, "direct"), [...told, { do: "goDirect" }]];
  }
  if (!on) return [next, told];
  return [note(next, who === "me" ? "directAsked" : "directWished"), told];
}

function keepTyping(state: Talk, now: number): TalkStep {
  if (state.reconnecting) return [state, []];
  const wake = { do: "wake", timer: "typing", inMs: TYPING_QUIET_MS } as const;
  if (state.saidTypingMs !== undefined && now - state.saidTypingMs < TYPING_EVERY_MS) return [state, [wake]];
  return [{ ...state, saidTypingMs: now }, [{ do: "say", message: { kind: "typing", on: true } }, wake]];
}

function stopTyping(state: Talk): TalkStep {
  if (state.saidTypingMs === undefined) return [state, []];
  return [
    { ...state, saidTypingMs: undefined },
    [
      { do: "say", message: { kind: "typing", on: false } },
      { do: "sleep", timer: "typing" },
    ],
  ];
}

function theirTyping(state: Talk, on: boolean): TalkStep {
  const timer = "theirTyping";
  return [{ ...state, theyType: on }, [on ? { do: "wake", timer, inMs: TYPING_EXPIRES_MS } : { do: "sleep", timer }]];
}

function finish(state: Talk, mood: "left" | "lost"): TalkStep {
  return [
    { ...note(state, mood), over: mood, reconnecting: false, theyType: false, saidTypingMs: undefined },
    [
      { do: "sleep", timer: "typing" },
      { do: "sleep", timer: "theirTyping" },
    ],
  ];
}

/** The same note twice in a row says nothing new. */
function note(state: Talk, kind: NoteKind): Talk {
  const last = state.lines.at(-1);
  if (last?.who === "note" && last.note === kind) return state;
  return add(state, { who: "note", note: kind });
}

type NewLine = Omit<TextLine, "id"> | Omit<ParcelLine, "id"> | { who: "note"; note: NoteKind };

function add(state: Talk, line: NewLine): Talk {
  const lines = [...state.lines, { ...line, id: state.count }].slice(-LINES_LIMIT);
  return { ...state, lines, count: state.count + 1 };
}
