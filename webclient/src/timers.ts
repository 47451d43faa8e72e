// Timers that ring in a hidden tab, too, so that who waits in one goes on giving signs of life. Chromium lets a chain of
// timers, each set by the one before, run once a minute when the tab was hidden for five; one that begins a chain it rings
// within a second. So every timer is set from a message that the page sends to itself, and begins a chain of its own.
// (A page with an open WebSocket is spared today, but nobody promises that, and ours is not always open.)

export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Calls `run` in a task of its own, soon. */
export type Hop = (run: () => void) => void;

/** A timer that is set and not yet rung or cleared. */
interface Timer {
  kept?: ReturnType<typeof setTimeout>;
  over: boolean;
}

export function makeTimers(hop: Hop): Timers {
  return {
    setTimeout(run, ms) {
      const dueMs = performance.now() + ms;
      const timer: Timer = { over: false };
      hop(() => {
        if (!timer.over) timer.kept = setTimeout(run, Math.max(0, dueMs - performance.now()));
      });
      return timer;
    },
    clearTimeout(timer) {
      if (timer === undefined) return;
      const { kept } = timer as Timer;
      (timer as Timer).over = true;
      clearTimeout(kept);
    },
  };
}

/** By a channel whose two ends the page holds. */
export function messageHop(): Hop {
  const { port1, port2 } = new MessageChannel();
  const runs: (() => void)[] = [];
  port1.onmessage = () => runs.shift()?.();
  return (run) => {
    runs.push(run);
    port2.postMessage(undefined);
  };
}
