// The machine of the page: (state, event) → [state, effects]. It holds where the visitor stands between the gate and a
// talk, and what the service knows of them. No DOM, no MQTT, no clock, no dice: the shell (`app.ts`) runs the effects.
//
//   gate ─accept─► lobby ─start─► waiting ─matched─► connecting ─opened─► talking ─over─► over
//                    ▲               ▲                   │ failed            │ next        │ next, stop
//                    └──cancel, stop─┴───────────────────┴───────────────────┴─────────────┘
//   from talking and over: block ─► parted ─ next, stop
//   from over, waiting and lobby, for a while after a talk: again ─► waiting for the last stranger
//   from anywhere: banned, reload · from a meeting: alarm
//   where nothing goes on: renew, when the server has a newer page

import {
  banned,
  connected,
  limited,
  lost,
  newSeat,
  ping,
  pulse,
  sayHere,
  stale,
  turnedAway,
  usedSeats,
  welcome,
} from "./presence";
import { block, report, sayAgain } from "./report";
import {
  again,
  cancel,
  joinAgain,
  proofOf,
  proved,
  refusedJoin,
  relayFailed,
  retry,
  start,
  tried,
  wished,
  wishFailed,
} from "./search";
import {
  alarm,
  askAgain,
  connectLate,
  ended,
  matched,
  next,
  opened,
  over,
  relayFailed as relayFailedMeeting,
  renew,
  stop,
  timeOver,
} from "./session";
import type { Effect, Lobby, LobbyEvent, Moment, Profile, Step, Timer } from "./state";
import type { InboxMessage } from "./wire";

export function step(state: Lobby, event: LobbyEvent & Moment): Step {
  const [after, effects] = react(state, event);
  // Whoever is spoken to must listen first, and whoever left need not listen any longer.
  const before = usedSeats(state);
  const now = usedSeats(after);
  const gained = event.type === "connected" ? [] : now.filter((seat) => !before.includes(seat));
  const freed = open(after) ? before.filter((seat) => !now.includes(seat)) : [];
  // Work that nobody waits for any longer, for whatever reason, is not gone on with.
  const proof = proofOf(state);
  const idle = proof !== undefined && proof.seed !== proofOf(after)?.seed && event.type !== "proved";
  return [
    after,
    [
      ...(idle ? [{ do: "unprove" } satisfies Effect] : []),
      ...(gained.length > 0 ? [{ do: "subscribe", seats: gained } satisfies Effect] : []),
      ...effects,
      ...(freed.length > 0 ? [{ do: "unsubscribe", seats: freed } satisfies Effect] : []),
    ],
  ];
}

function react(state: Lobby, event: LobbyEvent & Moment): Step {
  switch (event.type) {
    case "accept":
      return accept(state, event.relay, event);
    case "profile":
      return profile(state, event.profile);
    case "start":
      return start(state, event);
    case "cancel":
      return state.phase.name === "connecting" ? stop(state, event) : cancel(state);
    case "next":
      return next(state, event);
    case "stop":
      return stop(state, event);
    case "again":
      return askAgain(state, event);
    case "report":
      return report(state, event.reason, event.block, event);
    case "block":
      return block(state, event);
    case "connected":
      return open(state) ? connected(state, event.life, event) : [state, []];
    case "lost":
      return open(state) ? lost(state) : [state, []];
    case "refused":
    case "limited":
      return open(state) ? turnedAway(state, event.type, event.retryS, event) : [state, []];
    case "stale":
      return open(state) ? stale(state) : [state, []];
    case "newer":
      return [{ ...state, newer: true }, []];
    case "renew":
      return renew(state, event);
    case "inbox":
      return inbox(state, event.message, event);
    case "pulse":
      return open(state) ? pulse(state, event.message, event) : [state, []];
    case "wished":
      return wished(state, event.number, { ticket: event.ticket, key: event.key }, event);
    case "wishFailed":
      return wishFailed(state, event.number);
    case "relayFailed":
      return state.phase.name === "connecting"
        ? relayFailedMeeting(state, event.number, event.why, event)
        : relayFailed(state, event.number, event.why);
    case "tried":
      return tried(state, event.seed, event.hashes);
    case "proved":
      return proved(state, event.seed, event.stamp, event);
    case "opened":
      return opened(state, event, event);
    case "over":
      return over(state, event.session, event.mood, event);
    case "alarm":
      return alarm(state, event.session, event.reason);
    case "wake":
      return wake(state, event.timer, event);
  }
}

/** What comes from a link that was closed on purpose is too late to matter. */
function open({ link }: Lobby): boolean {
  return link.name !== "closed";
}

/** Nothing is contacted before this. After a ban, and not before its end, it is the way to try again. */
function accept(state: Lobby, relay: boolean | undefined, moment: Moment): Step {
  const { phase } = state;
  const outside = phase.name === "gate" || (phase.name === "banned" && phase.untilMs <= moment.now);
  if (!outside) return [state, []];
  const chosen = relay === undefined ? {} : { profile: { ...state.profile, relay }, relayDecided: true };
  return [{ ...state, ...chosen, phase: { name: "lobby" }, link: { name: "opening" } }, [{ do: "open" }]];
}

function profile(state: Lobby, changed: Profile): Step {
  if (state.phase.name !== "lobby") return [state, []];
  const decided = changed.relay !== state.profile.relay;
  const relayDecided = state.relayDecided || decided;
  return [{ ...state, profile: changed, relayDecided, notice: decided ? undefined : state.notice }, []];
}

/** Messages to another life are late answers to a connection that is gone. The gate knows none: it means this one. */
function inbox(state: Lobby, message: InboxMessage, moment: Moment): Step {
  if (state.link.name !== "up") return [state, []];
  if (message.kind === "limited") return limited(state, message);
  if (message.life !== state.link.life) return [state, []];
  switch (message.kind) {
    case "welcome":
      return welcome(state, message, moment);
    case "matched":
      return matched(state, message, moment);
    case "seat":
      return newSeat(state, message, moment);
    case "ended":
      return ended(state, message, moment);
    case "again":
      return again(state, message, moment);
    case "refused":
      return refusedJoin(state, message, moment);
    case "banned":
      return banned(state, message, moment);
  }
}

function wake(state: Lobby, timer: Timer, moment: Moment): Step {
  switch (timer) {
    case "here":
      return sayHere(state, moment);
    case "ping":
      return ping(state, moment);
    case "join":
      return joinAgain(state, moment);
    case "retry":
      return retry(state, moment);
    case "words":
      return sayAgain(state, moment);
    case "connect":
      return connectLate(state, moment);
    case "reunion":
      return timeOver(state);
  }
}
