// Looking for somebody: one wish after another until one is matched.
//
//   Start ─ draw ticket and key ─ join ─ (2, 4, 8, 15, 15 … s) the same join … ─► matched, or
//     again{ticket}, refused{seat}   ─ a new ticket with the newest seat
//     refused{busy, slow}            ─ a new ticket after the time it tells, never sooner, also after Cancel and Start
//     refused{stamp, challenge}      ─ work, then the same ticket with a stamp; when it had one, a new ticket
//     refused{relay}                 ─ back to the lobby: hiding the address is never faked
//     welcome (a new service or life) ─ the same join if its seat lives, else a new ticket
//
// A service under strain asks for work with its `welcome`, or refuses the first `join` and asks then: the ticket stays, and
// no `join` is sent until the work is done. A stamp is for one ticket, one life and one service; without a challenge that
// still lives a `join` goes without, which is how to get one.
//
// Whatever speaks of another ticket than the current one is ignored: a late answer must not put a peer in two sessions.

import {
  CHALLENGE_LEAST_MS,
  delay,
  type Effect,
  type HeldChallenge,
  HOLD_MARGIN_MS,
  type HoldReason,
  ICE_MARGIN_MS,
  JOIN_AFTER_MS,
  type Lobby,
  type Moment,
  type Proof,
  RETRY_AFTER_MS,
  type RelayFailure,
  rtt,
  type Search,
  type Step,
  type Ticket,
  usable,
} from "./state";
import type { Again, Challenge, IceServer, Join, LobbyMessage, Refused } from "./wire";

type History = Pick<Search, "sinceMs" | "voided" | "failures" | "again">;

/** Draws a new ticket; all that was known of the old one is gone, but for a pause that the service asked for. */
export function look(state: Lobby, { sinceMs, voided, failures, again }: History, moment: Moment): Step {
  // The time for it ran out while a connection was tried: nobody else is looked for instead.
  if (again !== undefined && state.reunion?.rendezvous !== again) {
    return [{ ...state, phase: { name: "lobby" }, notice: "alone" }, []];
  }
  const number = state.wishes + 1;
  const search: Search = { number, sinceMs, voided, failures, joins: 0, ...(again === undefined ? {} : { again }) };
  const next: Lobby = { ...state, wishes: number, notice: undefined };
  if (state.pause) return [waiting(next, { ...search, hold: state.pause }), []];
  return [waiting(next, search), [{ do: "wish", number, relay: state.profile.relay, ice: usableIce(state, moment) }]];
}

export function start(state: Lobby, moment: Moment): Step {
  if (state.phase.name !== "lobby" || !state.welcomed) return [state, []];
  return look(state, { sinceMs: moment.now, voided: 0, failures: 0 }, moment);
}

export function wished(state: Lobby, number: number, drawn: Ticket, moment: Moment): Step {
  if (state.phase.name !== "waiting" || state.phase.search.number !== number) return [state, [{ do: "drop", number }]];
  return submit(waiting(state, { ...state.phase.search, wish: drawn }), moment);
}

/** Who wants to hide and cannot is not shown instead. */
export function relayFailed(state: Lobby, number: number, why: RelayFailure): Step {
  return giveUp(state, number, why);
}

/** The `join` may have left already. */
export function wishFailed(state: Lobby, number: number): Step {
  return giveUp(state, number, "wish");
}

function giveUp(state: Lobby, number: number, notice: RelayFailure | "wish"): Step {
  const { phase, link } = state;
  if (phase.name !== "waiting" || phase.search.number !== number) return [state, []];
  const effects: Effect[] = [{ do: "drop", number }, ...still];
  if (phase.search.wish?.seat && link.name === "up") {
    effects.push({ do: "lobby", message: { kind: "cancel", life: link.life, ticket: phase.search.wish.ticket } });
  }
  return [{ ...state, phase: { name: "lobby" }, notice }, effects];
}

function usableIce({ ice }: Lobby, { now }: Moment): readonly IceServer[] {
  return ice && ice.untilMs - now > ICE_MARGIN_MS ? ice.servers : [];
}

/** Sends the first `join` of a ticket as soon as there are a ticket, a service, a stamp if asked for, and a living seat. */
export function submit(state: Lobby, moment: Moment): Step {
  const { phase, link } = state;
  if (phase.name !== "waiting" || link.name !== "up" || !state.welcomed) return [state, []];
  const { search } = phase;
  if (!search.wish || search.wish.seat || search.proof) return [state, []];
  if (!search.wish.stamp && answerable(state.challenge, moment)) {
    return prove(state, search.wish, search, state.challenge, moment);
  }
  if (usable(state.seat, moment.now)) return join(state, { ...search.wish, seat: state.seat }, search, moment);
  const next = waiting(state, { ...search, joins: search.joins + 1 });
  return [
    next,
    [
      { do: "presence", message: { kind: "ping", life: link.life, wantSeat: true } },
      { do: "wake", timer: "join", inMs: delay(JOIN_AFTER_MS, search.joins) },
    ],
  ];
}

function join(state: Lobby, wish: Ticket, search: Search, moment: Moment): Step {
  const waitedS = Math.min(86_400, Math.max(0, Math.floor((moment.now - search.sinceMs) / 1_000)));
  const next = waiting(state, { ...search, joins: 1, wish: { ...wish, ...(waitedS > 0 ? { waitedS } : {}) } });
  return [
    next,
    [
      ...said(next, moment),
      { do: "joined", number: search.number, rttMs: moment.rttMs ?? 0 },
      { do: "wake", timer: "join", inMs: delay(JOIN_AFTER_MS, 0) },
    ],
  ];
}

export function joinAgain(state: Lobby, moment: Moment): Step {
  const { phase } = state;
  if (phase.name !== "waiting" || state.link.name !== "up" || !state.welcomed) return [state, []];
  const { search } = phase;
  if (search.proof) return joinAgain(unproved(state), moment); // too late: the service will ask anew
  if (!search.wish?.seat) return submit(state, moment);
  if (!usable(search.wish.seat, moment.now)) return renew(state, search, moment);
  const next = waiting(state, { ...search, joins: search.joins + 1 });
  return [next, [...said(next, moment), { do: "wake", timer: "join", inMs: delay(JOIN_AFTER_MS, search.joins) }]];
}

/** After a `welcome`: this service, or this life of ours, has not heard the wish yet. */
export function resume(state: Lobby, moment: Moment): Step {
  if (state.phase.name !== "waiting") return [state, []];
  const { search } = state.phase;
  const { wish, proof } = search;
  if (proof) return [state, []];
  if (!wish?.seat) return submit(state, moment);
  if (!usable(wish.seat, moment.now)) return renew(state, search, moment);
  const { stamp: _used, ...unstamped } = wish;
  if (answerable(state.challenge, moment)) return prove(state, unstamped, search, state.challenge, moment);
  return join(state, unstamped, search, moment);
}

export function again(state: Lobby, { ticket }: Pick<Again, "ticket">, moment: Moment): Step {
  const search = searchOf(state, ticket);
  return search ? renew(state, search, moment) : [state, []];
}

export function refusedJoin(state: Lobby, { ticket, reason, retry, challenge }: Refused, moment: Moment): Step {
  const search = searchOf(state, ticket);
  if (!search) return [state, []];
  if (reason === "relay") {
    const drop = { do: "drop", number: search.number } as const;
    return [{ ...state, phase: { name: "lobby" }, notice: "relay" }, [drop, ...still]];
  }
  if (reason === "stamp" && challenge) {
    if (search.proof) return [state, []]; // of a repetition
    const asked = heldChallenge({ challenge }, moment);
    if (asked && search.wish && !search.wish.stamp) return prove(state, search.wish, search, asked, moment);
    return renew({ ...state, challenge: asked }, search, moment);
  }
  if (reason !== "seat") {
    const forMs = Math.max(1, retry) * 1_000 + Math.ceil(HOLD_MARGIN_MS * (1 + moment.random));
    const [held, effects] = hold(state, search, reason, forMs, moment);
    return [{ ...held, pause: { reason, untilMs: moment.now + forMs } }, effects];
  }
  // The seat that was refused is no good for the next ticket either.
  const spent = state.seat?.seat === search.wish?.seat?.seat;
  return renew(spent ? { ...state, seat: undefined } : state, search, moment);
}

/** A new ticket, at once the first time, then ever later. */
function renew(state: Lobby, search: Search, moment: Moment): Step {
  // A ticket that was asked for again and again lived its life: its end is not part of a storm.
  const voided = search.joins > 3 ? 0 : search.voided;
  const afterMs = delay(RETRY_AFTER_MS, voided);
  const older = { ...search, voided: voided + 1 };
  if (afterMs > 0) return hold(state, older, "seat", afterMs, moment);
  const [next, effects] = look(state, older, moment);
  return [next, [{ do: "drop", number: search.number }, { do: "sleep", timer: "join" }, ...effects]];
}

function hold(state: Lobby, search: Search, reason: HoldReason, forMs: number, moment: Moment): Step {
  const { wish: _gone, proof: _stopped, ...rest } = search;
  return [
    waiting(state, { ...rest, hold: { reason, untilMs: moment.now + forMs } }),
    [
      { do: "drop", number: search.number },
      { do: "sleep", timer: "join" },
      { do: "wake", timer: "retry", inMs: forMs },
    ],
  ];
}

/** The timer alone tells that a pause is over: the clock on the wall may be put back. */
export function retry(state: Lobby, moment: Moment): Step {
  const rested: Lobby = state.pause ? { ...state, pause: undefined } : state;
  if (state.phase.name !== "waiting" || !state.phase.search.hold) return [rested, []];
  return look(rested, state.phase.search, moment);
}

export function cancel(state: Lobby): Step {
  const { phase, link } = state;
  if (phase.name !== "waiting") return [state, []];
  const { number, wish, hold } = phase.search;
  const effects: Effect[] = hold ? [] : [{ do: "drop", number }];
  if (wish?.seat && link.name === "up") {
    effects.push({ do: "lobby", message: { kind: "cancel", life: link.life, ticket: wish.ticket } });
  }
  return [{ ...state, phase: { name: "lobby" } }, [...effects, ...(state.pause ? [] : still)]];
}

/** Works on a challenge, which is used up by that; the ticket waits meanwhile, with its seat if it has one. */
function prove(state: Lobby, wish: Ticket, search: Search, challenge: HeldChallenge, moment: Moment): Step {
  const { seed, effort, untilMs } = challenge;
  return [
    waiting({ ...state, challenge: undefined }, { ...search, wish, proof: { ...challenge, tried: 0 } }),
    [
      { do: "prove", seed, effort },
      { do: "wake", timer: "join", inMs: untilMs - moment.now },
    ],
  ];
}

export function tried(state: Lobby, seed: string, hashes: number): Step {
  const { phase } = state;
  if (phase.name !== "waiting" || phase.search.proof?.seed !== seed) return [state, []];
  return [waiting(state, { ...phase.search, proof: { ...phase.search.proof, tried: hashes } }), []];
}

export function proved(state: Lobby, seed: string, stamp: string, moment: Moment): Step {
  const { phase } = state;
  if (phase.name !== "waiting" || phase.search.proof?.seed !== seed || !phase.search.wish) return [state, []];
  const { proof: _done, ...rest } = phase.search;
  const search: Search = { ...rest, wish: { ...phase.search.wish, stamp } };
  const { seat } = phase.search.wish;
  if (!seat) return submit(waiting(state, search), moment);
  if (!usable(seat, moment.now)) return renew(state, search, moment);
  return join(state, { ...phase.search.wish, stamp }, search, moment);
}

/** Without what was asked for, and done, for a life or a service that is no more. */
export function unproved(state: Lobby): Lobby {
  const { phase } = state;
  const next: Lobby = { ...state, challenge: undefined };
  if (phase.name !== "waiting") return next;
  const { proof: _vain, wish, ...rest } = phase.search;
  if (!wish) return waiting(next, rest);
  const { stamp: _void, ...unstamped } = wish;
  return waiting(next, { ...rest, wish: unstamped });
}

export function proofOf({ phase }: Lobby): Proof | undefined {
  return phase.name === "waiting" ? phase.search.proof : undefined;
}

export function heldChallenge(
  { challenge }: { challenge?: Challenge | null | undefined },
  moment: Moment,
): HeldChallenge | undefined {
  if (!challenge) return undefined;
  const { seed, effort, ttl } = challenge;
  return { seed, effort, untilMs: moment.now + ttl * 1_000 };
}

function answerable(challenge: HeldChallenge | undefined, moment: Moment): challenge is HeldChallenge {
  return challenge !== undefined && challenge.untilMs - moment.now >= CHALLENGE_LEAST_MS;
}

function searchOf({ phase }: Lobby, ticket: string): Search | undefined {
  return phase.name === "waiting" && phase.search.wish?.ticket === ticket ? phase.search : undefined;
}

function waiting(state: Lobby, search: Search): Lobby {
  return { ...state, phase: { name: "waiting", search } };
}

/** The wish in the words of the wire: the same each time within one service and life, since `join` is idempotent. */
function said({ phase, link, profile }: Lobby, moment: Moment): Effect[] {
  if (phase.name !== "waiting" || link.name !== "up" || !phase.search.wish?.seat) return [];
  const { again } = phase.search;
  const { ticket, key, seat, waitedS, stamp } = phase.search.wish;
  const message: Join & LobbyMessage = {
    kind: "join",
    life: link.life,
    ticket,
    seat: seat.seat,
    key,
    mode: "text",
    tags: [...profile.tags],
    languages: [...profile.languages],
    relay: profile.relay,
    ...rtt(moment),
    ...(waitedS === undefined ? {} : { waited: waitedS }),
    ...(again === undefined ? {} : { again }),
    ...(stamp === undefined ? {} : { stamp }),
  };
  return [{ do: "lobby", message }];
}

const still: readonly Effect[] = [
  { do: "sleep", timer: "join" },
  { do: "sleep", timer: "retry" },
];
