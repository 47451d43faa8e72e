// Saying that a stranger did wrong, and never meeting them again. The stranger is told only that one left.
//
//   talking, over ─ report{reason} ─► the same, reported
//       └──────── leave{blocked} ──► parted ─ Next (a new wish) or Stop
//
// Both go over the lobby topic, where a word can be lost with its connection. So each is said a second time: a few seconds
// later, or to the next life or service, whichever comes first. The service takes the second one for what it is. Of a talk
// that it has forgotten it would understand neither, so none is offered or said by then.

import { forget } from "./reunion";
import {
  type Effect,
  KNOWN_MS,
  type Lobby,
  type Moment,
  type Phase,
  REPEAT_MS,
  REPORT_WITHIN_MS,
  type ReportReason,
  type Step,
  type Word,
} from "./state";

type Known = Extract<Phase, { name: "talking" | "over" }>;

/** When the talk stops being one of which the service could hear; undefined while nobody has ended it. */
export function forgottenMs({ phase, epoch }: Lobby): number | undefined {
  if (!took(phase)) return 0;
  if (!phase.end) return undefined;
  return phase.end.epoch === epoch ? phase.end.atMs + REPORT_WITHIN_MS : 0;
}

/** Only a talk that took place, and not for long after it. */
export function reportable(state: Lobby, nowMs: number): boolean {
  const untilMs = forgottenMs(state);
  return untilMs === undefined || nowMs < untilMs;
}

export function report(state: Lobby, reason: ReportReason, alsoBlock: boolean, moment: Moment): Step {
  const { phase } = state;
  if (!took(phase) || phase.reported || !reportable(state, moment.now)) return [state, []];
  const { session } = phase.match;
  const reported: Lobby = { ...state, phase: { ...phase, reported: true } };
  const [next, effects] = say(reported, { kind: "report", session, reason }, phase, moment);
  if (!alsoBlock) return [next, [...effects, { do: "notice", what: "reported" }]];
  const [parted, more] = block(next, moment);
  return [parted, [...effects, ...more]];
}

export function block(state: Lobby, moment: Moment): Step {
  const { phase } = state;
  if (!took(phase) || !reportable(state, moment.now)) return [state, []];
  const [parted, forgotten] = forget({ ...state, phase: { name: "parted", reported: phase.reported === true } });
  const [next, effects] = say(parted, { kind: "leave", session: phase.match.session, mood: "blocked" }, phase, moment);
  const end: Effect[] = phase.name === "talking" ? [{ do: "end" }] : [];
  return [next, [...end, ...effects, ...forgotten, { do: "forget" }]];
}

function say(state: Lobby, message: Word["message"], { end }: Known, moment: Moment): Step {
  const word: Word = { message, untilMs: (end?.atMs ?? moment.now) + KNOWN_MS };
  return [
    { ...state, words: [...state.words, word] },
    [...spoken(state, [word]), { do: "wake", timer: "words", inMs: REPEAT_MS }],
  ];
}

/** Without a service to hear it, the next `welcome` brings one. */
export function sayAgain(state: Lobby, moment: Moment): Step {
  if (!state.welcomed || state.words.length === 0) return [state, []];
  const known = state.words.filter(({ untilMs }) => moment.now < untilMs);
  return [{ ...state, words: [] }, spoken(state, known)];
}

function spoken({ link }: Lobby, words: readonly Word[]): Effect[] {
  if (link.name !== "up") return [];
  const { life } = link;
  return words.map(({ message }) => ({ do: "lobby", message: { ...message, life } }));
}

function took(phase: Phase): phase is Known {
  return phase.name === "talking" || phase.name === "over";
}
