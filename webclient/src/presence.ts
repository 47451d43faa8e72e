// Being here: the connection's life, the service's epochs, signs of life and the seats that come with them.
//
//   connected ─ here ─ (1, 2, 4, 8 s) here … ─► welcome ─ ping ─ ping{wantSeat} ─► seat
//   a new epoch in the pulse ─ a random wait within its spread ─ here … ─► welcome
//   any pulse, when `here` was said again in vain ─ the same

import { reach, reachIsOld } from "./reach";
import { sayAgain } from "./report";
import { heldChallenge, resume, submit, unproved } from "./search";
import {
  delay,
  type Effect,
  HERE_AFTER_MS,
  type HeldIce,
  type HeldSeat,
  ICE_RENEW_MS,
  KICK_S,
  type Lobby,
  type Moment,
  rtt,
  SEAT_RENEW_MS,
  type Step,
  usable,
} from "./state";
import {
  type Banned,
  type Here,
  type IceServer,
  type Limited,
  type NewSeat,
  type PulseMessage,
  VERSION,
  type Welcome,
} from "./wire";

/** The first words of a life, and those to every new service. A talk that goes on is claimed back. */
export function here(state: Lobby, life: string, moment?: Moment): Here {
  const { phase } = state;
  return {
    kind: "here",
    life,
    version: VERSION,
    ...(moment ? rtt(moment) : {}),
    ...(phase.name === "talking" ? { session: phase.match.session } : {}),
  };
}

/** The link has sent the first `here` together with its CONNECT. */
export function connected(state: Lobby, life: string, moment: Moment): Step {
  const next: Lobby = { ...unproved(state), link: { name: "up", life }, welcomed: false, heres: 0 };
  const seats = usedSeats(next, moment.now);
  return [
    next,
    [
      ...(seats.length > 0 ? [{ do: "subscribe", seats } as const] : []),
      { do: "wake", timer: "here", inMs: delay(HERE_AFTER_MS, 0) },
    ],
  ];
}

export function lost(state: Lobby): Step {
  return [{ ...unproved(state), link: { name: "lost" }, welcomed: false }, quiet];
}

/** The broker does not want us (`refused`), or less of us (`limited`); the link tries again by itself. */
export function turnedAway(state: Lobby, name: "refused" | "limited", retryS: number, moment: Moment): Step {
  const link = { name, untilMs: moment.now + retryS * 1_000 };
  return [{ ...unproved(state), link, welcomed: false }, quiet];
}

export function sayHere(state: Lobby, moment: Moment): Step {
  if (state.link.name !== "up" || state.welcomed) return [state, []];
  const heres = state.heres + 1;
  return [
    { ...state, heres },
    [
      { do: "presence", message: here(state, state.link.life, moment) },
      { do: "wake", timer: "here", inMs: delay(HERE_AFTER_MS, heres) },
    ],
  ];
}

export function welcome(state: Lobby, message: Welcome, moment: Moment): Step {
  if (message.epoch < state.epoch) return [state, []];
  if (message.version !== VERSION) return stale(state);
  const pingMs = message.ping * 1_000;
  const next: Lobby = {
    ...(message.epoch === state.epoch ? state : unproved(state)),
    epoch: message.epoch,
    welcomed: true,
    down: false,
    pingMs,
    seat: held(message, moment),
    relay: message.relay,
    ice: heldIce(message, moment),
    profile: suggested(state, message.relay),
    challenge: heldChallenge(message, moment),
    counts: message.pulse,
  };
  const [unburdened, words] = sayAgain(next, moment);
  const [resumed, effects] = resume(unburdened, moment);
  const [after, told] = reach(resumed, moment);
  const timers: Effect[] = [
    { do: "sleep", timer: "here" },
    { do: "wake", timer: "ping", inMs: pingMs },
  ];
  return [after, [...timers, ...refresh(after, moment), ...words, ...effects, ...told]];
}

/** What the operator suggests holds for who has not decided, and is not looking for somebody already. */
function suggested({ phase, profile, relayDecided }: Lobby, relay: Welcome["relay"]): Lobby["profile"] {
  return relay === "preset" && !relayDecided && phase.name === "lobby" ? { ...profile, relay: true } : profile;
}

/** A talk goes on longer than credentials live. */
function refresh({ phase, ice }: Lobby, moment: Moment): Effect[] {
  if (phase.name !== "talking" || !ice) return [];
  return [{ do: "refresh", ice: ice.servers, ttlS: Math.floor((ice.untilMs - moment.now) / 1_000) }];
}

export function newSeat(state: Lobby, message: NewSeat, moment: Moment): Step {
  const next: Lobby = { ...state, seat: held(message, moment), ice: heldIce(message, moment) };
  // A service that gives seats too old to use is asked again by the timer, not at the speed of the wire.
  if (!usable(next.seat, moment.now)) return [next, refresh(next, moment)];
  const [after, effects] = next.phase.name === "talking" ? reach(next, moment) : submit(next, moment);
  return [after, [...refresh(after, moment), ...effects]];
}

export function ping(state: Lobby, moment: Moment): Step {
  if (state.link.name !== "up" || !state.welcomed) return [state, []];
  const [next, told] = reach(state, moment);
  const { seat, ice } = next;
  const old =
    seat === undefined ||
    seat.untilMs - moment.now < SEAT_RENEW_MS ||
    (ice !== undefined && ice.untilMs - moment.now < ICE_RENEW_MS) ||
    reachIsOld(next, moment);
  return [
    next,
    [
      ...told,
      { do: "presence", message: { kind: "ping", life: state.link.life, ...(old ? { wantSeat: true } : {}) } },
      { do: "wake", timer: "ping", inMs: state.pingMs },
    ],
  ];
}

/** Epochs only grow; a pulse of an older service, still in flight or retained somewhere, says nothing. */
export function pulse(state: Lobby, message: PulseMessage, moment: Moment): Step {
  if (message.epoch < state.epoch) return [state, []];
  // Whose Will a `down` is was perhaps never at work, so its epoch is not one to obey.
  if (message.kind === "down") return [{ ...state, down: true }, []];
  const { here, waiting, talking, wait } = message;
  const next: Lobby = { ...state, epoch: message.epoch, down: false, counts: { here, waiting, talking, wait } };
  // All peers learn of the service at this same moment: each comes at its own.
  const inMs = Math.floor(moment.random * message.spread * 1_000);
  if (!state.welcomed) {
    if (state.link.name !== "up" || state.heres === 0) return [next, []];
    // At work again, it knows nothing of us.
    return [next, [{ do: "wake", timer: "here", inMs: Math.min(inMs, delay(HERE_AFTER_MS, state.heres)) }]];
  }
  if (message.epoch === state.epoch) return [next, []];
  return [
    { ...unproved(next), welcomed: false, heres: 0 },
    [
      { do: "sleep", timer: "ping" },
      { do: "wake", timer: "here", inMs },
    ],
  ];
}

/** Another version of the protocol. A talk that goes on needs no service, so it is not disturbed. */
export function stale(state: Lobby): Step {
  const { name } = state.phase;
  if (name === "talking" || name === "over" || name === "alarm")
    return [{ ...state, stale: true }, [{ do: "sleep", timer: "here" }]];
  return reload(state);
}

export function reload(state: Lobby): Step {
  const effects = [...parting(state), ...quiet, { do: "close", mood: "left" } as const];
  const closed: Lobby = { ...state, phase: { name: "reload" }, link: { name: "closed" }, ...nothingLeft };
  return [{ ...closed, stale: true, welcomed: false }, effects];
}

/** The gate's notice that this connection is about to end. Should it stay open, nothing has happened. */
export function limited(state: Lobby, { retry }: Limited): Step {
  return [state, [{ do: "limit", retryS: retry }]];
}

/** The one thing on the server that ends a talk. */
export function banned(state: Lobby, { reason, seconds, code, contact }: Banned, moment: Moment): Step {
  const untilMs = moment.now + seconds * 1_000;
  const asked = contact ? { contact } : {};
  return [
    {
      ...state,
      phase: { name: "banned", reason, kick: seconds <= KICK_S, untilMs, code, ...asked },
      link: { name: "closed" },
      welcomed: false,
      seat: undefined,
      ...nothingLeft,
    },
    [...parting(state), ...quiet, { do: "close" }],
  ];
}

/** Leaving whatever goes on, without a word to the service. */
function parting({ phase }: Lobby): Effect[] {
  switch (phase.name) {
    case "waiting":
      return [
        { do: "sleep", timer: "join" },
        { do: "sleep", timer: "retry" },
        { do: "drop", number: phase.search.number },
      ];
    case "connecting":
      return [{ do: "sleep", timer: "connect" }, { do: "end" }];
    case "talking":
      return [{ do: "end" }, { do: "forget" }];
    case "over":
      return [{ do: "forget" }];
    default:
      return [];
  }
}

/**
 * The seats at which somebody may still speak to us: the newest, that of the wish or session under way, and where a
 * stranger can reach us. Only those that live, when a moment is given: to subscribe to another one is denied. The newest
 * is nobody's business while a connection is tried: it came with the match, and its subscription would be in the way.
 */
export function usedSeats({ seat, phase }: Lobby, now = 0): string[] {
  const held: (HeldSeat | undefined)[] = phase.name === "connecting" ? [] : [seat];
  if (phase.name === "waiting") held.push(phase.search.wish?.seat);
  if (phase.name === "connecting" || phase.name === "talking") held.push(phase.match.seat);
  if (phase.name === "talking") held.push(phase.reach?.seat, phase.reach?.before);
  return [...new Set(held.flatMap((one) => (one && one.untilMs > now ? one.seat : [])))];
}

export function held(message: { seat: string; ttl: number }, moment: Moment): HeldSeat {
  return { seat: message.seat, untilMs: moment.now + message.ttl * 1_000 };
}

export function heldIce(
  { ice, iceTtl }: { ice: IceServer[]; iceTtl?: number | null | undefined },
  moment: Moment,
): HeldIce | undefined {
  if (ice.length === 0) return undefined;
  return { servers: ice, untilMs: iceTtl == null ? Number.POSITIVE_INFINITY : moment.now + iceTtl * 1_000 };
}

/** Whoever is shut out or reloads owes nothing, and is owed no pause: the next connection is another peer. */
const nothingLeft = { pause: undefined, words: [], reunion: undefined } as const;

const quiet: readonly Effect[] = [
  { do: "sleep", timer: "here" },
  { do: "sleep", timer: "ping" },
];
