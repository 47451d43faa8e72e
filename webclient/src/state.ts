// The words of the lobby's machine: where a visitor stands (`Phase`), what may happen to them (`LobbyEvent`), and what is
// to be done about it (`Effect`). Nothing here acts. Moments are milliseconds of one clock, handed in with each event, as
// is the randomness; the reducers know neither clock nor dice.

import type {
  Counts,
  IceServer,
  InboxMessage,
  Leave,
  LobbyMessage,
  Matched,
  PresenceMessage,
  PulseMessage,
  Report,
  Welcome,
} from "./wire";

/** Seats are not used in the last part of their life: a publish may take a while, and clocks differ. */
export const SEAT_MARGIN_MS = 30_000;
/** With less than this left a ping asks for a fresh seat. */
export const SEAT_RENEW_MS = 120_000;
/** Where a stranger can reach us is told anew when it has less than this left … */
export const REACH_RENEW_MS = 180_000;
/** … by a seat that we have, if that has so much left, or else by one that is asked for. */
export const REACH_LEAST_MS = 300_000;
/** Credentials of a relay are not begun with in their last part … */
export const ICE_MARGIN_MS = 30_000;
/** … and with less than this left a ping asks for fresh ones, which come with a seat. */
export const ICE_RENEW_MS = 120_000;
/** `here` is repeated after these, then every last of them, until `welcome`. */
export const HERE_AFTER_MS = [1_000, 2_000, 4_000, 8_000] as const;
/** `join` is repeated after these, then every last of them. */
export const JOIN_AFTER_MS = [2_000, 4_000, 8_000, 15_000] as const;
/** A meeting ends itself 6 s before an open channel, and 5 s before a hello; this catches one that forgot. */
export const CONNECT_LIMIT_MS = 13_000;
/** A stranger's ticket voided again and again must not become a storm of key pairs and peer connections. */
export const RETRY_AFTER_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;
/** Who was told to wait comes back so much later, and up to twice that: a timer may ring early, and others wait, too. */
export const HOLD_MARGIN_MS = 500;
/** So long after its end a talk can be reported or blocked; the service remembers it for 60 s. */
export const REPORT_WITHIN_MS = 50_000;
/** What was said of a talk that is over is not repeated later than this: nobody would know of which. */
export const KNOWN_MS = 55_000;
/** A report or a block is said once more after this. */
export const REPEAT_MS = 3_000;
/** So long after its end the two of a talk can find each other again. */
export const REUNION_MS = 120_000;
/** A ban of no more than this is a moment's pause. */
export const KICK_S = 60;
/** With less than this left no work is begun on a challenge: a slow device might not be done in time. */
export const CHALLENGE_LEAST_MS = 60_000;

/** What the visitor tells of themselves. The nickname goes to the stranger only, the rest to the service. */
export interface Profile {
  nickname: string;
  tags: readonly string[];
  languages: readonly string[];
  relay: boolean;
}

export interface HeldSeat {
  seat: string;
  untilMs: number;
}

/** Servers that help to find a way, and relay, with credentials that end. */
export interface HeldIce {
  servers: readonly IceServer[];
  untilMs: number;
}

/** Work that the service asks for before a wish, of this life. */
export interface HeldChallenge {
  seed: string;
  effort: number;
  untilMs: number;
}

/** The work on a challenge, and how many hashes it has tried so far. */
export interface Proof extends HeldChallenge {
  tried: number;
}

/** One wish to be matched, once its ticket and key are drawn. `seat` is given with its first `join` and stays. */
export interface Ticket {
  ticket: string;
  key: string;
  seat?: HeldSeat;
  waitedS?: number;
  /** What the work came to; good for one `join` and its repetitions. */
  stamp?: string;
}

/** Looking for somebody, over as many tickets as it takes. */
export interface Search {
  /** Tells this ticket's answer from that of an earlier one, since drawing one takes a moment. */
  number: number;
  sinceMs: number;
  /** Tickets voided in a row, without an answer in between. */
  voided: number;
  /** Strangers in a row with whom no connection came about. */
  failures: number;
  joins: number;
  /** For the last stranger, and for nobody else: the word that both know. */
  again?: string;
  wish?: Ticket;
  /** While it lasts nothing is joined: the stamp goes with the `join`. */
  proof?: Proof;
  hold?: Hold;
}

export type HoldReason = "busy" | "slow" | "stamp" | "seat";

/** Until then nothing is joined. */
export interface Hold {
  reason: HoldReason;
  untilMs: number;
}

export interface Match {
  session: string;
  /** My own seat in it. */
  seat: HeldSeat;
  tags: readonly string[];
  /** Whom the service knew when it matched us; when they differ at the opening, the session is claimed anew. */
  life: string;
  epoch: number;
}

/** Where the stranger can reach us when the channel carries nothing, and where they could until they were told of that. */
export interface Reach {
  seat: HeldSeat;
  before?: HeldSeat;
  /** Of the service that gave it: of another one no gate may know it. */
  epoch: number;
}

/** All that is kept of a talk that is over: how to find its stranger again, and for how long. */
export interface Reunion {
  rendezvous: string;
  untilMs: number;
}

/** When, and under which service, a talk was over for the service: from then on it forgets. */
export interface End {
  atMs: number;
  epoch: number;
}

/** What is said of a stranger and must not be lost; in the words of the wire but for the life. */
export interface Word {
  message: Omit<Report, "life"> | Omit<Leave, "life">;
  untilMs: number;
}

export type ReportReason = Report["reason"];
export type Advice = "left" | "lost" | "failed" | "expired";
export type Lack = "insecure" | "webrtc" | "crypto" | "websocket";

export type Phase =
  | { name: "unsupported"; lack: Lack }
  | { name: "gate" }
  | { name: "lobby" }
  | { name: "waiting"; search: Search }
  | { name: "connecting"; search: Search; match: Match }
  | { name: "talking"; match: Match; rendezvous?: string; reach?: Reach; advice?: Advice; end?: End; reported?: true }
  | { name: "over"; match: Match; told: boolean; end: End; reported?: true }
  | { name: "parted"; reported: boolean }
  | { name: "alarm"; reason: string }
  | { name: "banned"; reason: string; kick: boolean; untilMs: number; code: string; contact?: string }
  | { name: "reload" };

export type Link =
  | { name: "closed" }
  | { name: "opening" }
  | { name: "up"; life: string }
  | { name: "lost" }
  | { name: "refused"; untilMs: number }
  | { name: "limited"; untilMs: number };

/** Why the relay lets nobody through: its credentials are no good to it, or it does not answer. */
export type RelayFailure = "relayRefused" | "relayUnreachable";
export type Notice = "relay" | RelayFailure | "wish" | "alone" | undefined;

export interface Lobby {
  phase: Phase;
  link: Link;
  /** The highest seen; 0 before any. */
  epoch: number;
  /** The service of this epoch has answered this life. */
  welcomed: boolean;
  down: boolean;
  /** This page is older than the service; said when no talk would be disturbed. */
  stale: boolean;
  /** The server has a newer page; this one goes on as well, and the visitor says when to load it. */
  newer: boolean;
  heres: number;
  pingMs: number;
  seat: HeldSeat | undefined;
  /** Whether there is a relay to hide behind; `preset`: as the operator suggests. */
  relay: Welcome["relay"];
  /** The visitor has decided whether to hide, so nobody suggests it any more. */
  relayDecided: boolean;
  ice: HeldIce | undefined;
  /** Not yet worked on. */
  challenge: HeldChallenge | undefined;
  counts: Counts | undefined;
  profile: Profile;
  notice: Notice;
  /** The service asked for a pause, whether one waits or not; it is over when the timer `retry` rings. */
  pause: Hold | undefined;
  reunion: Reunion | undefined;
  /** Said once and kept for once more. */
  words: readonly Word[];
  /** How many tickets this page has drawn. */
  wishes: number;
}

export type Timer = "here" | "ping" | "join" | "retry" | "connect" | "words" | "reunion";

/** What comes with every event. */
export interface Moment {
  now: number;
  /** In [0, 1). */
  random: number;
  /** Round trip to the broker, when one was measured. */
  rttMs?: number | undefined;
}

export type LobbyEvent =
  /** `relay`: the choice to hide, where the operator says that there is one. */
  | { type: "accept"; relay?: boolean }
  | { type: "profile"; profile: Profile }
  | { type: "start" }
  | { type: "cancel" }
  | { type: "next" }
  | { type: "again" }
  | { type: "stop" }
  | { type: "report"; reason: ReportReason; block: boolean }
  | { type: "block" }
  | { type: "connected"; life: string }
  | { type: "lost" }
  | { type: "refused" | "limited"; retryS: number }
  | { type: "stale" }
  | { type: "newer" }
  | { type: "renew" }
  | { type: "inbox"; message: InboxMessage }
  | { type: "pulse"; message: PulseMessage }
  | { type: "wished"; number: number; ticket: string; key: string }
  | { type: "wishFailed"; number: number }
  | { type: "relayFailed"; number: number; why: RelayFailure }
  | { type: "tried"; seed: string; hashes: number }
  | { type: "proved"; seed: string; stamp: string }
  | { type: "opened"; session: string; nickname: string; relay: boolean; rendezvous: string }
  | { type: "over"; session: string; mood: "left" | "lost" | "failed" }
  | { type: "alarm"; session: string; reason: string }
  | { type: "wake"; timer: Timer };

export type Effect =
  | { do: "open" }
  | { do: "close"; mood?: "left" }
  | { do: "limit"; retryS: number }
  | { do: "presence"; message: PresenceMessage }
  | { do: "lobby"; message: LobbyMessage }
  | { do: "subscribe"; seats: readonly string[] }
  | { do: "unsubscribe"; seats: readonly string[] }
  | { do: "wake"; timer: Timer; inMs: number }
  | { do: "sleep"; timer: Timer }
  | { do: "wish"; number: number; relay: boolean; ice: readonly IceServer[] }
  | { do: "refresh"; ice: readonly IceServer[]; ttlS: number }
  | { do: "joined"; number: number; rttMs: number }
  | { do: "drop"; number: number }
  | { do: "prove"; seed: string; effort: number }
  | { do: "unprove" }
  | { do: "meet"; number: number; matched: Matched; seat: string; nickname: string }
  | { do: "end" }
  | { do: "talk"; me: string; stranger: string; tags: readonly string[]; hides: { me: boolean; stranger: boolean } }
  | { do: "reach"; seat: string; ttlS: number }
  | { do: "finish"; mood: "left" | "lost" }
  | { do: "advise"; mood: Advice }
  | { do: "notice"; what: "reported" }
  | { do: "forget" }
  | { do: "reload" };

export type Step = readonly [Lobby, readonly Effect[]];

export function makeLobby(profile: Profile, lack?: Lack): Lobby {
  return {
    phase: lack ? { name: "unsupported", lack } : { name: "gate" },
    link: { name: "closed" },
    epoch: 0,
    welcomed: false,
    down: false,
    stale: false,
    newer: false,
    heres: 0,
    pingMs: 15_000,
    seat: undefined,
    relay: "none",
    relayDecided: false,
    ice: undefined,
    challenge: undefined,
    counts: undefined,
    profile,
    notice: undefined,
    pause: undefined,
    reunion: undefined,
    words: [],
    wishes: 0,
  };
}

export function usable(held: HeldSeat | undefined, now: number): held is HeldSeat {
  return held !== undefined && held.untilMs - now > SEAT_MARGIN_MS;
}

/** The nth of a row of delays, the last one for all that follow. */
export function delay(row: readonly number[], nth: number): number {
  return row[Math.min(nth, row.length - 1)] ?? 0;
}

/** The round trip as the wire wants it. */
export function rtt(moment: Moment): { rtt?: number } {
  if (moment.rttMs === undefined) return {};
  return { rtt: Math.max(0, Math.min(60_000, Math.round(moment.rttMs))) };
}
