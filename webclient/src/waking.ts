// Notices that the page may have slept, or that the way to the broker may have changed. Most ways of waking have an event;
// a laptop that was closed over a visible page has none, but its clock has jumped.

/** How often a visible page looks at the clock, and by how much more it must have moved to have slept. */
const lookMs = 1_000;
const jumpMs = 3_000;
/** Several events tell of the same waking. */
const onceMs = 500;

export interface Surroundings {
  readonly page: Pick<Document, "addEventListener" | "visibilityState">;
  readonly window: Pick<Window, "addEventListener">;
  /** `navigator.connection`, where there is one (Chromium). */
  readonly connection: Pick<EventTarget, "addEventListener"> | undefined;
  /** Milliseconds of the clock on the wall: one that stands still in sleep would not tell. */
  wall(): number;
}

export interface Sleeper {
  /** Is everything still as it was? */
  wake(): void;
  /** The page is frozen from now on; this is the last that runs. */
  freeze(): void;
}

export function watchWaking({ page, window, connection, wall }: Surroundings, sleeper: Sleeper): void {
  let lookedMs = wall();
  let wokeMs = Number.NEGATIVE_INFINITY;

  function woke(): void {
    lookedMs = wall();
    if (Math.abs(lookedMs - wokeMs) < onceMs) return;
    wokeMs = lookedMs;
    sleeper.wake();
  }

  function look(): void {
    // Hidden, the page is woken by its becoming visible, and by the timers of the link.
    const sleptMs = wall() - lookedMs;
    lookedMs = wall();
    if (page.visibilityState === "visible" && sleptMs > lookMs + jumpMs) woke();
  }

  setInterval(look, lookMs);
  window.addEventListener("pageshow", woke);
  window.addEventListener("online", woke);
  page.addEventListener("resume", woke);
  connection?.addEventListener("change", woke);
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "visible") woke();
  });
  page.addEventListener("freeze", () => {
    wokeMs = Number.NEGATIVE_INFINITY;
    sleeper.freeze();
  });
}
