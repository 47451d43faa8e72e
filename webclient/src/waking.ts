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
  readonly connection: (Pick<EventTarget, "addEventListener"> & { readonly type?: string }) | undefined;
  /** Milliseconds of the clock on the wall: one that stands still in sleep would not tell. */
  wall(): number;
}

export interface Sleeper {
  /** Is everything still as it was? `moved`: this may be another network. */
  wake(moved: boolean): void;
  /** The page is frozen from now on; this is the last that runs. */
  freeze(): void;
}

export function watchWaking({ page, window, connection, wall }: Surroundings, sleeper: Sleeper): void {
  let lookedMs = wall();
  let wokeMs = Number.NEGATIVE_INFINITY;
  let movedMs = Number.NEGATIVE_INFINITY;
  let kind = connection?.type;

  function woke(moved: boolean): void {
    lookedMs = wall();
    if (Math.abs(lookedMs - (moved ? movedMs : wokeMs)) < onceMs) return;
    wokeMs = lookedMs;
    if (moved) movedMs = lookedMs;
    sleeper.wake(moved);
  }

  /** Chromium also tells of a new estimate of the same network's speed. */
  function changed(): void {
    const before = kind;
    kind = connection?.type;
    woke(kind !== before);
  }

  const back = () => woke(false);
  const elsewhere = () => woke(true);

  function look(): void {
    // Hidden, the page is woken by its becoming visible, and by the timers of the link.
    const sleptMs = wall() - lookedMs;
    lookedMs = wall();
    if (page.visibilityState === "visible" && sleptMs > lookMs + jumpMs) elsewhere();
  }

  setInterval(look, lookMs);
  window.addEventListener("pageshow", back);
  window.addEventListener("online", elsewhere);
  page.addEventListener("resume", elsewhere);
  connection?.addEventListener("change", changed);
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "visible") back();
  });
  page.addEventListener("freeze", () => {
    wokeMs = movedMs = Number.NEGATIVE_INFINITY;
    sleeper.freeze();
  });
}
