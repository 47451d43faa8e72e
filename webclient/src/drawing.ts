// When the page is drawn: when what changed it is done, and before the next key or press, which are to find what the one
// before has made. But two are mostly brought together within a tenth of a second: what was drawn meanwhile nobody would
// have seen, and it would have cost that time.

import type { Phase } from "./state";
import type { Timers } from "./timers";

/** So long the screen of before stays. */
const STAYS_MS: Partial<Record<Phase["name"], number>> = { waiting: 80, connecting: 100 };

export interface Drawing {
  /** For Preact: draws what has changed since. */
  draw(run: () => void): void;
  /** The phase is another one. */
  turn(phase: Phase["name"]): void;
}

/** `soon` runs what it is given before anything else happens to the page. */
export function makeDrawing(soon: (run: () => void) => void, timers: Timers): Drawing {
  let staysMs = 0;
  let due: (() => void) | undefined;
  let timer: unknown;
  let plans = 0;

  function plan(): void {
    plans += 1;
    const mine = plans;
    const now = () => mine === plans && run(); // not if it was planned anew
    timers.clearTimeout(timer);
    if (staysMs === 0) soon(now);
    else timer = timers.setTimeout(now, staysMs);
  }

  function run(): void {
    const now = due;
    due = undefined;
    staysMs = 0;
    now?.();
  }

  return {
    draw(run) {
      due = run;
      plan();
    },
    turn(phase) {
      staysMs = STAYS_MS[phase] ?? 0;
      if (due) plan();
    },
  };
}
