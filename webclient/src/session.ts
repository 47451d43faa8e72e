// From a match to its end, as the service sees it. What is said in between is `talk.ts`; how the two browsers come
// together is `meeting.ts`.
//
//   matched ─ meet ─► opened ─ talking … over ─ leave ─► Next (a new wish) or Stop
//                └──► failed ─ leave{failed} ─► a new wish by itself
//                                     a report or a block: `report.ts` · both again: `reunion.ts`
//
// While the channel is open nothing the service says ends a talk: it is kept as advice, and colours the end when it comes.

import { held, heldIce, here, reload } from "./presence";
import { reach } from "./reach";
import { forget, offered, remember } from "./reunion";
import { again, cancel, look } from "./search";
import {
  CONNECT_LIMIT_MS,
  type Effect,
  type End,
  type Lobby,
  type LobbyEvent,
  type Moment,
  type RelayFailure,
  type Step,
} from "./state";
import type { Ended, Leave, Matched } from "./wire";

type LeaveMood = Leave["mood"];
type Opening = Pick<Extract<LobbyEvent, { type: "opened" }>, "session" | "nickname" | "relay" | "rendezvous">;

export function matched(state: Lobby, message: Matched, moment: Moment): Step {
  const { phase } = state;
  if (message.epoch < state.epoch || phase.name !== "waiting") return [state, []];
  const { search } = phase;
  const { wish } = search;
  if (wish?.ticket !== message.ticket || !wish.seat || state.link.name !== "up") return [state, []];
  const { session, tags, epoch } = message;
  const match = { session, tags, epoch, seat: wish.seat, life: state.link.life };
  const meet = {
    do: "meet",
    number: search.number,
    matched: message,
    seat: wish.seat.seat,
    nickname: state.profile.nickname,
  } as const;
  return [
    {
      ...state,
      epoch,
      seat: held(message, moment),
      ice: heldIce(message, moment),
      phase: { name: "connecting", search, match },
    },
    [{ do: "sleep", timer: "join" }, meet, { do: "wake", timer: "connect", inMs: CONNECT_LIMIT_MS }],
  ];
}

export function opened(state: Lobby, opening: Opening, moment: Moment): Step {
  const { phase, link } = state;
  const { session, nickname, relay, rendezvous } = opening;
  if (phase.name !== "connecting" || phase.match.session !== session) return [state, []];
  const { match } = phase;
  const [remembering, forgotten] = forget({ ...state, phase: { name: "talking", match, rendezvous } });
  const [next, told] = reach(remembering, moment);
  const effects: Effect[] = [
    { do: "sleep", timer: "connect" },
    ...forgotten,
    {
      do: "talk",
      me: state.profile.nickname,
      stranger: nickname,
      tags: match.tags,
      hides: { me: state.profile.relay, stranger: relay },
    },
    ...told,
  ];
  if (link.name === "up") {
    // A service or life that is younger than the match may not know of it: claim it, as a running talk would.
    const younger = match.life !== link.life || match.epoch !== state.epoch;
    if (younger) effects.push({ do: "presence", message: here(next, link.life, moment) });
    effects.push({ do: "lobby", message: { kind: "talking", life: link.life, session } });
    // The next wish needs a seat of its own.
    if (state.welcomed) effects.push({ do: "presence", message: { kind: "ping", life: link.life, wantSeat: true } });
  }
  return [next, effects];
}

export function over(state: Lobby, session: string, mood: "left" | "lost" | "failed", moment: Moment): Step {
  const { phase } = state;
  if (phase.name === "connecting" && phase.match.session === session) return connectFailed(state, "failed", moment);
  if (phase.name !== "talking" || phase.match.session !== session) return [state, []];
  // The channel only knows that it broke; the service may know that the stranger left.
  const left = mood === "left" || phase.advice === "left";
  const told = phase.advice !== undefined;
  // Who was left says nothing yet: the stranger's own word tells how it ended, and must not come second to mine.
  const effects: Effect[] = [
    { do: "finish", mood: left ? "left" : "lost" },
    ...(left ? [] : leave(state, session, "lost")),
  ];
  const { match, end, reported, rendezvous } = phase;
  const after: Lobby = {
    ...state,
    phase: {
      name: "over",
      match,
      told: told || !left,
      end: end ?? endOf(state, moment),
      ...(reported ? { reported } : {}),
    },
  };
  return both(effects, remember(after, rendezvous, moment));
}

/** No connection came about, or the stranger gave up before it did: look for somebody else, keeping one's place. */
function connectFailed(state: Lobby, mood: LeaveMood | undefined, moment: Moment): Step {
  const { phase } = state;
  if (phase.name !== "connecting") return [state, []];
  const { search, match } = phase;
  const farewell = mood ? leave(state, match.session, mood) : [];
  const [next, effects] = look(state, { ...search, voided: 0, failures: search.failures + 1 }, moment);
  return [next, [{ do: "sleep", timer: "connect" }, { do: "end" }, ...farewell, ...effects]];
}

export function connectLate(state: Lobby, moment: Moment): Step {
  return connectFailed(state, "failed", moment);
}

/** Found somebody, and the relay does not let me through to them. */
export function relayFailed(state: Lobby, number: number, why: RelayFailure, moment: Moment): Step {
  const { phase } = state;
  if (phase.name !== "connecting" || phase.search.number !== number) return [state, []];
  const [parted, effects] = part(state, "failed", moment);
  return [{ ...parted, notice: why }, effects];
}

export function ended(state: Lobby, { session, mood, ticket }: Ended, moment: Moment): Step {
  const { phase } = state;
  if (phase.name === "waiting") return ticket ? again(state, { ticket }, moment) : [state, []];
  if (phase.name === "connecting" && phase.match.session === session) return connectFailed(state, undefined, moment);
  if (phase.name === "talking" && phase.match.session === session) {
    const end = phase.end ?? endOf(state, moment);
    return [{ ...state, phase: { ...phase, advice: mood, end } }, [{ do: "advise", mood }]];
  }
  if (phase.name === "over" && phase.match.session === session) {
    return [{ ...state, phase: { ...phase, told: true } }, []];
  }
  return [state, []];
}

export function alarm(state: Lobby, session: string, reason: string): Step {
  const { phase } = state;
  if ((phase.name !== "connecting" && phase.name !== "talking") || phase.match.session !== session) return [state, []];
  const effects: Effect[] = [{ do: "sleep", timer: "connect" }, { do: "end" }, ...leave(state, session, "failed")];
  return [{ ...state, phase: { name: "alarm", reason } }, [...effects, { do: "forget" }]];
}

export function next(state: Lobby, moment: Moment): Step {
  const [parted, effects] = part(state, "skipped", moment);
  if (parted === state) return [state, []];
  if (state.stale) return both(effects, reload(parted));
  return both(effects, look(parted, { sinceMs: moment.now, voided: 0, failures: 0 }, moment));
}

export function stop(state: Lobby, moment: Moment): Step {
  if (state.phase.name === "alarm") {
    const parted: Lobby = { ...state, phase: { name: "lobby" } };
    return state.stale ? reload(parted) : [parted, []];
  }
  const [parted, effects] = part(state, "left", moment);
  return parted !== state && state.stale ? both(effects, reload(parted)) : [parted, effects];
}

/** Loads the newer page. Who waits or talks is not to be asked, and is not heard if they ask by mistake. */
export function renew(state: Lobby, moment: Moment): Step {
  if (!renewable(state)) return [state, []];
  const [parted, effects] = part(state, "left", moment);
  return [parted, [...effects, { do: "reload" }]];
}

/** Nothing goes on that would be lost. */
export function renewable({ newer, phase: { name } }: Lobby): boolean {
  return newer && (name === "gate" || name === "lobby" || name === "over" || name === "parted");
}

/** Looks for the last stranger: instead of the next one, whose wish gives way if it waits already. */
export function askAgain(state: Lobby, moment: Moment): Step {
  const { phase } = state;
  const reunion = offered(state, moment.now);
  if (!reunion || (phase.name === "lobby" && !state.welcomed)) return [state, []];
  const [free, effects] = phase.name === "waiting" ? cancel(state) : part(state, "left", moment);
  const history = { sinceMs: moment.now, voided: 0, failures: 0, again: reunion.rendezvous };
  return both(effects, look(free, history, moment));
}

/** The time in which the two could find each other is over. */
export function timeOver(state: Lobby): Step {
  const [next, effects] = forget(state);
  if (next.phase.name !== "waiting" || next.phase.search.again === undefined) return [next, effects];
  const [lobby, more] = cancel(next);
  return [{ ...lobby, notice: "alone" }, [...effects, ...more]];
}

/** Leaves what there is to leave and forgets it; the same state when there is nothing. */
function part(state: Lobby, mood: "left" | "skipped" | "failed", moment: Moment): Step {
  const { phase } = state;
  const lobby: Lobby = { ...state, phase: { name: "lobby" } };
  switch (phase.name) {
    case "connecting":
      return [lobby, [{ do: "sleep", timer: "connect" }, { do: "end" }, ...leave(state, phase.match.session, mood)]];
    case "talking":
      return both(
        [{ do: "end" }, ...leave(state, phase.match.session, mood), { do: "forget" }],
        remember(lobby, phase.rendezvous, moment),
      );
    case "over":
      return [lobby, [...(phase.told ? [] : leave(state, phase.match.session, "left")), { do: "forget" }]];
    case "parted":
      return [lobby, []];
    default:
      return [state, []];
  }
}

function endOf({ epoch }: Lobby, moment: Moment): End {
  return { atMs: moment.now, epoch };
}

function leave({ link }: Lobby, session: string, mood: LeaveMood): Effect[] {
  if (link.name !== "up") return [];
  return [{ do: "lobby", message: { kind: "leave", life: link.life, session, mood } }];
}

function both(first: readonly Effect[], [state, second]: Step): Step {
  return [state, [...first, ...second]];
}
