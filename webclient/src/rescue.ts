// Keeps the way between two in sight, and has another one looked for when it is lost. It knows no connection: it looks
// through its ports, and asks them to act.
//
//   whole ── disconnected, failed, or many asked and none answered ──► broken ── an answer comes ──► whole
//     │                                                                  │ again and again: restart
//     ├─ woken elsewhere: restart ── unanswered for 3 s ──► broken       └─ 20 s: lost
//     └─ the stranger asks over the broker ───────────────► broken
//
// Role a restarts at once and role b a moment later, if it heard of none: both at once would only get in each other's way.
// Chromium says `disconnected` after 5 to 6 s. Its checks, one in 2.5 s as long as they are answered, become fifteen
// a second as soon as one is not, and so tell it two seconds earlier (measured, decision 23).

import type { Sight } from "./path";
import type { Role } from "./seal";
import { delay } from "./state";
import type { Path } from "./talk";

const lookMs = 1_000;
/** While broken: not to be late for the end of it. */
const closeLookMs = 500;
const pathEveryMs = 3_000;
/** So many checks without an answer, seen in so many looks in a row, and the way is taken for lost. */
const unanswered = { checks: 10, looks: 2 };
/** So long nothing is tried after the stranger has. */
const theirTryMs = 4_000;
const firstTryMs: Readonly<Record<Role, number>> = { a: 0, b: 1_500 };
/** A browser may hear of a new network only seconds after the loss of the old one (measured): the second try comes soon. */
const tryAfterMs = [2_000, 4_000] as const;
/** A check of a way that is whole comes every 2.5 s. */
const unansweredRestartMs = 3_000;
/** However often the page wakes and the link comes back. */
const tryLeastMs = 1_000;
export const lostAfterMs = 20_000;
/** The page stood still meanwhile; of that no more than this counts. */
const stillMs = 5_000;

export interface RescuePorts {
  look(): Promise<Sight | undefined>;
  /** As the browser has it just now. */
  state(): RTCPeerConnectionState;
  /** An offer of mine has no answer. */
  pending(): boolean;
  visible(): boolean;
  now(): number;
  /** Whether the stranger can be asked just now, `broken` or not. */
  reaches(broken: boolean): boolean;
  restart(): void;
  broken(): void;
  mended(): void;
  lost(): void;
  path(path: Path): void;
}

export interface Rescue {
  readonly broken: boolean;
  /** The browser has changed its mind. */
  changed(): void;
  /** The stranger looks for another way, too. */
  offered(): void;
  /** They ask over the broker: they have lost the way, so what I say over it would not arrive. */
  asked(): void;
  /** The page woke; `moved`: maybe somewhere else. */
  wake(moved: boolean): void;
  /** Another way, for a reason of mine. */
  restart(): void;
  /** The stranger could not be asked, and can be now. */
  reaching(): void;
  close(): void;
}

interface Break {
  lastedMs: number;
  /** When, of its time, the next restart is due, and when the last one was. */
  tryMs: number;
  triedMs?: number;
  tries: number;
  before: Sight | undefined;
  /** The browser has noticed it, so its word that all is well is good. */
  noticed: boolean;
}

export function rescue(role: Role, ports: RescuePorts): Rescue {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let gone: Break | undefined;
  let seen: Sight | undefined;
  let silentLooks = 0;
  /** How many checks had been asked when the last answer came. */
  let askedThen = 0;
  let tickedMs = ports.now();
  let toldMs = Number.NEGATIVE_INFINITY;
  /** A restart over the way in use whose answer is due, and how many checks had been answered when it began. */
  let asking: { sinceMs: number; answered: number | undefined } | undefined;

  function schedule(inMs = gone ? closeLookMs : lookMs): void {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void tick(), inMs);
  }

  async function tick(): Promise<void> {
    const sight = gone || asking || ports.visible() ? await ports.look().catch(() => undefined) : undefined;
    if (closed) return;
    const passedMs = Math.min(stillMs, Math.max(0, ports.now() - tickedMs));
    tickedMs = ports.now();
    if (gone) gone.lastedMs += passedMs;
    if (gone) seek(gone, sight);
    else watch(sight);
    seen = sight ?? seen;
    schedule();
  }

  function watch(sight: Sight | undefined): void {
    if (sight) {
      count(sight);
      tell(sight);
    }
    if (troubled() || silentLooks >= unanswered.looks || ignored(sight)) lose(sight);
  }

  /** A page that is frozen answers no offer, but its browser answers checks. */
  function ignored(sight: Sight | undefined): boolean {
    if (asking && (!ports.pending() || (sight && sight.answered !== asking.answered))) asking = undefined;
    return asking !== undefined && ports.now() - asking.sinceMs >= unansweredRestartMs;
  }

  function count(sight: Sight): void {
    if (sight.pair !== seen?.pair || sight.answered !== seen.answered) askedThen = sight.asked;
    silentLooks = sight.asked - askedThen >= unanswered.checks ? silentLooks + 1 : 0;
  }

  function tell({ relayed, rttMs }: Sight): void {
    if (ports.now() - toldMs < pathEveryMs || !ports.visible()) return;
    toldMs = ports.now();
    ports.path({ relayed, rttMs });
  }

  function troubled(): boolean {
    return ports.state() === "disconnected" || ports.state() === "failed";
  }

  /** When the stranger was the first to notice, it is their try that counts. */
  function lose(sight = seen, asked = false): void {
    asking = undefined;
    silentLooks = 0;
    tickedMs = ports.now();
    const tryMs = asked ? theirTryMs : firstTryMs[role];
    gone = { lastedMs: 0, tryMs, tries: 0, before: sight, noticed: troubled() };
    if (asked) gone.triedMs = 0;
    ports.broken();
    seek(gone, undefined);
  }

  function seek(lost: Break, sight: Sight | undefined): void {
    if (back(lost, sight)) mend(sight);
    else if (lost.lastedMs >= lostAfterMs) ports.lost();
    else if (lost.lastedMs >= due(lost) && ports.reaches(true)) {
      lost.triedMs = lost.lastedMs;
      lost.tryMs = lost.lastedMs + delay(tryAfterMs, lost.tries++);
      ports.restart();
    }
  }

  /** Nobody waits for the other when the browser has given up. */
  function due({ tryMs, triedMs }: Break): number {
    return ports.state() === "failed" && triedMs === undefined ? 0 : tryMs;
  }

  function hurry(): void {
    if (gone) gone.tryMs = Math.max(gone.lastedMs, (gone.triedMs ?? Number.NEGATIVE_INFINITY) + tryLeastMs);
    schedule(0);
  }

  function restart(): void {
    if (closed || gone || !ports.reaches(false)) return;
    asking ??= { sinceMs: ports.now(), answered: seen?.answered };
    ports.restart();
  }

  function back(lost: Break, sight: Sight | undefined): boolean {
    if (troubled()) lost.noticed = true;
    if (ports.state() !== "connected") return false;
    if (lost.noticed) return true;
    if (!sight) return false;
    const { before } = lost;
    return sight.pair === before?.pair ? sight.answered > before.answered : sight.answered > 0;
  }

  function mend(sight: Sight | undefined): void {
    gone = undefined;
    toldMs = Number.NEGATIVE_INFINITY;
    if (sight) askedThen = sight.asked;
    ports.mended();
  }

  schedule(closeLookMs);
  return {
    get broken() {
      return gone !== undefined;
    },
    changed() {
      if (closed) return;
      if (gone) seek(gone, undefined);
      else if (troubled()) lose();
      if (!closed) schedule(0);
    },
    offered() {
      if (!gone) return;
      gone.triedMs ??= gone.lastedMs;
      gone.tryMs = Math.max(gone.tryMs, gone.lastedMs + theirTryMs);
    },
    asked() {
      if (!closed && !gone) lose(seen, true);
    },
    wake(moved) {
      if (moved) restart();
      hurry();
    },
    restart,
    reaching: hurry,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
