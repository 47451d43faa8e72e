// One talk as it is seen and typed: its lines, who is typing, how it ended. (state, event) → [state, effects], pure like
// `lobby.ts`. It lives as long as its screen and is then forgotten: nothing of it is written anywhere.

import type { Advice, Moment } from "./state";

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

export type NoteKind = "here" | "left" | "lost" | "sight" | "flood" | "oversize" | "reported";
export type Line =
  | { id: number; who: "me" | "stranger"; text: string; atMs: number }
  | { id: number; who: "note"; note: NoteKind };

export interface Talk {
  me: string;
  stranger: string;
  tags: readonly string[];
  lines: readonly Line[];
  count: number;
  theyType: boolean;
  /** When "I am typing" was last said; undefined when the stranger believes that I am not. */
  saidTypingMs: number | undefined;
  over: "left" | "lost" | undefined;
}

export type TalkTimer = "typing" | "theirTyping";

export type TalkEvent =
  | { type: "say"; text: string }
  | { type: "draft"; empty: boolean }
  | { type: "heard"; text: string }
  | { type: "typing"; on: boolean }
  | { type: "notice"; what: "flood" | "oversize" | "reported" }
  | { type: "advise"; mood: Advice }
  | { type: "finish"; mood: "left" | "lost" }
  | { type: "wake"; timer: TalkTimer };

export type TalkEffect =
  | { do: "say"; text: string }
  | { do: "typing"; on: boolean }
  | { do: "wake"; timer: TalkTimer; inMs: number }
  | { do: "sleep"; timer: TalkTimer };

export type TalkStep = readonly [Talk, readonly TalkEffect[]];

export function makeTalk(me: string, stranger: string, tags: readonly string[]): Talk {
  const talk = { me, stranger, tags, lines: [], count: 0, theyType: false, saidTypingMs: undefined, over: undefined };
  return note(talk, "here");
}

/** What would be sent of a draft: undefined when it is empty or too long. */
export function sendable(draft: string): string | undefined {
  const text = draft.trim();
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
      return [
        { ...add(state, { who: "stranger", text: event.text, atMs: event.now }), theyType: false },
        [{ do: "sleep", timer: "theirTyping" }],
      ];
    case "typing":
      return theirTyping(state, event.on);
    case "notice":
      return [note(state, event.what), []];
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
  const said = add(state, { who: "me", text, atMs: now });
  // The text itself tells that the typing is over.
  return [
    { ...said, saidTypingMs: undefined },
    [
      { do: "say", text },
      { do: "sleep", timer: "typing" },
    ],
  ];
}

function keepTyping(state: Talk, now: number): TalkStep {
  const wake = { do: "wake", timer: "typing", inMs: TYPING_QUIET_MS } as const;
  if (state.saidTypingMs !== undefined && now - state.saidTypingMs < TYPING_EVERY_MS) return [state, [wake]];
  return [{ ...state, saidTypingMs: now }, [{ do: "typing", on: true }, wake]];
}

function stopTyping(state: Talk): TalkStep {
  if (state.saidTypingMs === undefined) return [state, []];
  return [
    { ...state, saidTypingMs: undefined },
    [
      { do: "typing", on: false },
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
    { ...note(state, mood), over: mood, theyType: false, saidTypingMs: undefined },
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

type NewLine = { who: "me" | "stranger"; text: string; atMs: number } | { who: "note"; note: NoteKind };

function add(state: Talk, line: NewLine): Talk {
  const lines = [...state.lines, { ...line, id: state.count }].slice(-LINES_LIMIT);
  return { ...state, lines, count: state.count + 1 };
}
