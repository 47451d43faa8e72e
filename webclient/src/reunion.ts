// Meeting one's last stranger once more. For two minutes after a talk the page keeps a word that only the two can know
// (the rendezvous, see `seal.ts`), and nothing else of it. Who asks draws a wish that carries the word, and the service
// matches it with a wish that says the same, and with no other. To ask tells the stranger nothing.
//
//   a talk ends: left, skipped, lost ─ remember ─► offered ── ask ──► waiting ── matched ─► …
//                blocked, banned, alarm            └── two minutes later, or the next talk opens ─ forget
//
// What is asked for is in `session.ts`: here is only what is remembered.

import { type Lobby, type Moment, REUNION_MS, type Reunion, type Step } from "./state";

/** What may be asked for now; undefined when it is too late, or asked for already. */
export function offered({ phase, reunion, stale }: Lobby, nowMs: number): Reunion | undefined {
  if (!reunion || stale || nowMs >= reunion.untilMs) return undefined;
  if (phase.name === "waiting") return phase.search.again === undefined ? reunion : undefined;
  return phase.name === "over" || phase.name === "lobby" ? reunion : undefined;
}

/** A talk is over, and not by a block. */
export function remember(state: Lobby, rendezvous: string | undefined, moment: Moment): Step {
  if (rendezvous === undefined) return [state, []];
  const reunion = { rendezvous, untilMs: moment.now + REUNION_MS };
  return [{ ...state, reunion }, [{ do: "wake", timer: "reunion", inMs: REUNION_MS }]];
}

export function forget(state: Lobby): Step {
  if (!state.reunion) return [state, []];
  return [{ ...state, reunion: undefined }, [{ do: "sleep", timer: "reunion" }]];
}
