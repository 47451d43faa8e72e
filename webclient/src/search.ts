// Looking for somebody: one wish after another until one is matched.
//
//   Start ─ draw ticket and key ─ join ─ (2, 4, 8, 15, 15 … s) the same join … ─► matched, or
//     again{ticket}, refused{seat}   ─ a new ticket with the newest seat
//     refused{busy, slow, stamp}     ─ a new ticket after the time it tells
//     refused{relay}                 ─ back to the lobby: hiding the address is never faked
//     welcome (a new service or life) ─ the same join if its seat lives, else a new ticket
//
// Whatever speaks of another ticket than the current one is ignored: a late answer must not put a peer in two sessions.

import {
  delay,
  type Effect,
  type HoldReason,
  JOIN_AFTER_MS,
  type Lobby,
  type Moment,
  RETRY_AFTER_MS,
  rtt,
  type Search,
  type Step,
  type Ticket,
  usable,
} from "./state";
import type { Again, Join, LobbyMessage, Refused } from "./wire";

type History = Pick<Search, "sinceMs" | "voided" | "failures">;

/** Draws a new ticket; all that was known of the old one is gone. */
export function look(state: Lobby, { sinceMs, voided, failures }: History): Step {
  const number = state.wishes + 1;
  const search: Search = { number, sinceMs, voided, failures, joins: 0 };
  return [
    { ...state, wishes: number, notice: undefined, phase: { name: "waiting", search } },
    [{ do: "wish", number, relay: state.profile.relay }],
  ];
}

export function start(state: Lobby, moment: Moment): Step {
  if (state.phase.name !== "lobby" || !state.welcomed) return [state, []];
  return look(state, { sinceMs: moment.now, voided: 0, failures: 0 });
}

export function wished(state: Lobby, number: number, drawn: Ticket, moment: Moment): Step {
  if (state.phase.name !== "waiting" || state.phase.search.number !== number) return [state, [{ do: "drop", number }]];
  return submit(waiting(state, { ...state.phase.search, wish: drawn }), moment);
}

export function wishFailed(state: Lobby, number: number): Step {
  if (state.phase.name !== "waiting" || state.phase.search.number !== number) return [state, []];
  return [{ ...state, phase: { name: "lobby" }, notice: "wish" }, still];
}

/** Sends the first `join` of a ticket as soon as there are a ticket, a service and a living seat. */
export function submit(state: Lobby, moment: Moment): Step {
  const { phase, link } = state;
  if (phase.name !== "waiting" || link.name !== "up" || !state.welcomed) return [state, []];
  const { search } = phase;
  if (!search.wish || search.wish.seat) return [state, []];
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
  return [next, [...said(next, moment), { do: "wake", timer: "join", inMs: delay(JOIN_AFTER_MS, 0) }]];
}

export function joinAgain(state: Lobby, moment: Moment): Step {
  const { phase } = state;
  if (phase.name !== "waiting" || state.link.name !== "up" || !state.welcomed) return [state, []];
  const { search } = phase;
  if (!search.wish?.seat) return submit(state, moment);
  if (!usable(search.wish.seat, moment.now)) return renew(state, search, moment);
  const next = waiting(state, { ...search, joins: search.joins + 1 });
  return [next, [...said(next, moment), { do: "wake", timer: "join", inMs: delay(JOIN_AFTER_MS, search.joins) }]];
}

/** After a `welcome`: this service, or this life of ours, has not heard the wish yet. */
export function resume(state: Lobby, moment: Moment): Step {
  if (state.phase.name !== "waiting") return [state, []];
  const { search } = state.phase;
  const { wish } = search;
  if (!wish?.seat) return submit(state, moment);
  return usable(wish.seat, moment.now) ? join(state, wish, search, moment) : renew(state, search, moment);
}

export function again(state: Lobby, { ticket }: Pick<Again, "ticket">, moment: Moment): Step {
  const search = searchOf(state, ticket);
  return search ? renew(state, search, moment) : [state, []];
}

export function refusedJoin(state: Lobby, { ticket, reason, retry }: Refused, moment: Moment): Step {
  const search = searchOf(state, ticket);
  if (!search) return [state, []];
  if (reason === "relay") {
    const drop = { do: "drop", number: search.number } as const;
    return [{ ...state, phase: { name: "lobby" }, notice: "relay" }, [drop, ...still]];
  }
  if (reason !== "seat") return hold(state, search, reason, Math.max(1, retry) * 1_000, moment);
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
  const [next, effects] = look(state, older);
  return [next, [{ do: "drop", number: search.number }, { do: "sleep", timer: "join" }, ...effects]];
}

function hold(state: Lobby, search: Search, reason: HoldReason, forMs: number, moment: Moment): Step {
  const { wish: _gone, ...rest } = search;
  return [
    waiting(state, { ...rest, hold: { reason, untilMs: moment.now + forMs } }),
    [
      { do: "drop", number: search.number },
      { do: "sleep", timer: "join" },
      { do: "wake", timer: "retry", inMs: forMs },
    ],
  ];
}

export function retry(state: Lobby): Step {
  if (state.phase.name !== "waiting" || !state.phase.search.hold) return [state, []];
  return look(state, state.phase.search);
}

export function cancel(state: Lobby): Step {
  const { phase, link } = state;
  if (phase.name !== "waiting") return [state, []];
  const { number, wish, hold } = phase.search;
  const effects: Effect[] = hold ? [] : [{ do: "drop", number }];
  if (wish?.seat && link.name === "up") {
    effects.push({ do: "lobby", message: { kind: "cancel", life: link.life, ticket: wish.ticket } });
  }
  return [{ ...state, phase: { name: "lobby" } }, [...effects, ...still]];
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
  const { ticket, key, seat, waitedS } = phase.search.wish;
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
  };
  return [{ do: "lobby", message }];
}

const still: readonly Effect[] = [
  { do: "sleep", timer: "join" },
  { do: "sleep", timer: "retry" },
];
