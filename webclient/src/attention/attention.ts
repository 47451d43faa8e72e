// What is worth a signal to somebody who looks elsewhere: a stranger is here, has written, or calls. (before, sight, now) →
// [after, signals], pure; what may really sound or be shown, the visitor's choices say (`signals.ts`).
//
//   away: met, wrote    a soft sound, a mark on the tab, one notification   … until the page is looked at, or the talk ends
//   anywhere: calls     rings until it is answered, declined or withdrawn   … and the same as above while away

import type { Lobby } from "../state";
import type { Talk } from "../talk";

/** Words that come in a row sound no more often than this. */
export const CHIME_EVERY_MS = 8_000;

export type News = "met" | "wrote" | "calls";

/** What there is to see of a talk from outside. */
export interface Sight {
  /** Which talk goes on, if any. */
  readonly session: string | undefined;
  /** Grows with each thing that the stranger says. */
  readonly heard: number;
  /** The stranger asks for a call, and waits for an answer. */
  readonly rings: boolean;
  /** The page is not what its visitor looks at. */
  readonly away: boolean;
}

export interface Attention {
  readonly sight: Sight;
  /** What the visitor has not seen yet. */
  readonly unseen: "met" | "wrote" | undefined;
  readonly chimedMs: number;
}

export type Signal =
  | { readonly do: "chime"; readonly what: "met" | "wrote" }
  | { readonly do: "ring"; readonly on: boolean }
  /** The most urgent of what is unseen; `loud` when it has just come. */
  | { readonly do: "tell"; readonly news: News; readonly loud: boolean }
  | { readonly do: "hush" };

const nothing: Sight = { session: undefined, heard: -1, rings: false, away: false };

export function makeAttention(): Attention {
  return { sight: nothing, unseen: undefined, chimedMs: Number.NEGATIVE_INFINITY };
}

export function see({ phase }: Lobby, talk: Talk | undefined, rings: boolean, away: boolean): Sight {
  if (phase.name !== "talking" || !talk || talk.over !== undefined) return { ...nothing, away };
  const heard = talk.lines.findLast(({ who }) => who === "stranger")?.id ?? -1;
  return { session: phase.match.session, heard, rings, away };
}

export function attend(before: Attention, sight: Sight, now: number): readonly [Attention, readonly Signal[]] {
  const signals: Signal[] = [];
  const came = arrived(before.sight, sight);
  const unseen = sight.away && sight.session === before.sight.session ? (came ?? before.unseen) : came;
  const sounds = came === "met" || (came === "wrote" && now - before.chimedMs >= CHIME_EVERY_MS);
  if (came && sounds) signals.push({ do: "chime", what: came });
  if (sight.rings !== before.sight.rings) signals.push({ do: "ring", on: sight.rings });
  const after: Attention = { sight, unseen, chimedMs: sounds ? now : before.chimedMs };
  const [was, is] = [urgent(before), urgent(after)];
  if (is !== was) signals.push(is ? { do: "tell", news: is, loud: is === came || is === "calls" } : { do: "hush" });
  return [after, signals];
}

/** What came just now and is not seen. */
function arrived(before: Sight, sight: Sight): "met" | "wrote" | undefined {
  if (!sight.away || sight.session === undefined) return undefined;
  if (sight.session !== before.session) return "met";
  return sight.heard > before.heard ? "wrote" : undefined;
}

function urgent({ sight, unseen }: Attention): News | undefined {
  if (!sight.away) return undefined;
  return sight.rings ? "calls" : unseen;
}
