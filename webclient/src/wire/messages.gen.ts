// Generated from broker/messages.py, conversation.py and site.py by `make wire`. Do not edit.
import { bool, is, int, list, match, obj, oneOf, opt, str, tagged } from "./check";

export const VERSION = 1;

/** Yes, to the call of this number. */
export interface Accept {
  kind: "accept";
  call: number;
}

export const isAccept = obj<Accept>({
  kind: is("accept"),
  call: int(1, 1000000),
});

/** A slot for advertisements: a page on another origin, shown in a sandboxed frame to who has agreed. */
export interface Ads {
  url: string;
  height: number;
}

export const isAds = obj<Ads>({
  url: match(/^https?:\/\/\S+$/),
  height: int(50, 600),
});

/** This ticket is void: join again with a new one. */
export interface Again {
  kind: "again";
  life: string;
  ticket: string;
}

export const isAgain = obj<Again>({
  kind: is("again"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  ticket: match(/^[A-Za-z0-9_-]{22}$/),
});

/** An SDP answer, to the `nth` offer of the other. */
export interface Answer {
  kind: "answer";
  sdp: string;
  nth?: number | null | undefined;
}

export const isAnswer = obj<Answer>({
  kind: is("answer"),
  sdp: str(1, 12000),
  nth: opt(int(1, 1000000)),
});

/** Said before the kick, because MQTT 3.1.1 cannot say why. */
export interface Banned {
  kind: "banned";
  life: string;
  reason: string;
  seconds: number;
  code: string;
  contact?: string | null | undefined;
}

export const isBanned = obj<Banned>({
  kind: is("banned"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  reason: match(/^[a-z-]{1,32}$/),
  seconds: int(0, 86400),
  code: match(/^[A-Za-z0-9_-]{1,32}$/),
  contact: opt(str(1, 200)),
});

/** A gate lets nobody in from this address key for so many seconds more; for none: it does again. */
export interface Bars {
  kind: "bars";
  address: string;
  day: number;
  seconds: number;
  reason: string;
}

export const isBars = obj<Bars>({
  kind: is("bars"),
  address: match(/^[A-Za-z0-9_-]{22}$/),
  day: int(0, 1000000000),
  seconds: int(0, 86400),
  reason: match(/^[a-z-]{1,32}$/),
});

/** I end the session. */
export interface Bye {
  kind: "bye";
}

export const isBye = obj<Bye>({
  kind: is("bye"),
});

/** The wish is withdrawn. */
export interface Cancel {
  kind: "cancel";
  life: string;
  ticket: string;
}

export const isCancel = obj<Cancel>({
  kind: is("cancel"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  ticket: match(/^[A-Za-z0-9_-]{22}$/),
});

/** An ICE candidate as RTCIceCandidateInit; an empty string ends them. */
export interface Candidate {
  candidate: string;
  sdpMid?: string | null | undefined;
  sdpMLineIndex?: number | null | undefined;
  usernameFragment?: string | null | undefined;
}

export const isCandidate = obj<Candidate>({
  candidate: str(0, 512),
  sdpMid: opt(str(0, 16)),
  sdpMLineIndex: opt(int(0, 15)),
  usernameFragment: opt(str(0, 256)),
});

/** ICE candidates, batched (trickle, RFC 8838). */
export interface Candidates {
  kind: "candidates";
  candidates: Candidate[];
}

export const isCandidates = obj<Candidates>({
  kind: is("candidates"),
  candidates: list(isCandidate, 20),
});

/** Work whose proof, a stamp, the next `join` must carry: good once, for `ttl` seconds, for this life. */
export interface Challenge {
  seed: string;
  effort: number;
  ttl: number;
}

export const isChallenge = obj<Challenge>({
  seed: match(/^[A-Za-z0-9_-]{43}$/),
  effort: int(1, 24),
  ttl: int(0, 86400),
});

/** How many are here, rounded, and how long one waits, unless few have met lately. */
export interface Counts {
  here: number;
  waiting: number;
  talking: number;
  wait?: number | null | undefined;
}

export const isCounts = obj<Counts>({
  here: int(0, 1000000000),
  waiting: int(0, 1000000000),
  talking: int(0, 1000000000),
  wait: opt(int(0, 86400)),
});

/** I would talk directly, so that you learn my address: it happens when both would. */
export interface Direct {
  kind: "direct";
  on: boolean;
}

export const isDirect = obj<Direct>({
  kind: is("direct"),
  on: bool,
});

/** The service is gone: its Will. */
export interface Down {
  kind: "down";
  epoch: number;
}

export const isDown = obj<Down>({
  kind: is("down"),
  epoch: int(1, 9007199254740991),
});

/** I send no more of this parcel. */
export interface Drop {
  kind: "drop";
  id: number;
}

export const isDrop = obj<Drop>({
  kind: is("drop"),
  id: int(0, 1000000000),
});

/** The stranger is gone. Advice while the channel is open. */
export interface Ended {
  kind: "ended";
  life: string;
  session: string;
  mood: "left" | "lost" | "failed" | "expired";
  ticket?: string | null | undefined;
}

export const isEnded = obj<Ended>({
  kind: is("ended"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  session: match(/^[A-Za-z0-9_-]{22}$/),
  mood: oneOf("left", "lost", "failed", "expired"),
  ticket: opt(match(/^[A-Za-z0-9_-]{22}$/)),
});

/** The connection of a peer has closed. */
export interface Off {
  kind: "off";
  peer: string;
}

export const isOff = obj<Off>({
  kind: is("off"),
  peer: match(/^[A-Za-z0-9_-]{22}$/),
});

/** A gate admitted a peer. `address` is the address key under the salt of `day`; who is `spared` is never banned. */
export interface On {
  kind: "on";
  peer: string;
  address: string;
  day: number;
  spared?: true | null | undefined;
}

export const isOn = obj<On>({
  kind: is("on"),
  peer: match(/^[A-Za-z0-9_-]{22}$/),
  address: match(/^[A-Za-z0-9_-]{22}$/),
  day: int(0, 1000000000),
  spared: opt(is(true)),
});

/** Refusals, counted and not listed; `peer` only where it proved who it is. */
export interface Tally {
  kind: "tally";
  what: string;
  count: number;
  peer?: string | null | undefined;
}

export const isTally = obj<Tally>({
  kind: is("tally"),
  what: match(/^[a-z-]{1,32}$/),
  count: int(0, 1000000000),
  peer: opt(match(/^[A-Za-z0-9_-]{22}$/)),
});

/** A batch from one gate, in the order in which it happened. */
export interface Facts {
  kind: "facts";
  gate: string;
  facts: (On | Off | Bars | Tally)[];
}

export const isFacts = obj<Facts>({
  kind: is("facts"),
  gate: match(/^[a-z0-9][a-z0-9-]{0,31}$/),
  facts: list(tagged({ bars: isBars, off: isOff, on: isOn, tally: isTally }), 32),
});

/** A peer leaves the page (`left`), or its connection broke (`lost`, the Will). */
export interface Gone {
  kind: "gone";
  life: string;
  mood: "left" | "lost";
}

export const isGone = obj<Gone>({
  kind: is("gone"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  mood: oneOf("left", "lost"),
});

/** The line of this number has arrived, and none that it does not name: a flood or a fault may have cost one. */
export interface Got {
  kind: "got";
  id: number;
}

export const isGot = obj<Got>({
  kind: is("got"),
  id: int(0, 1000000000),
});

/** No, or no longer: the call of this number is over. The talk goes on. */
export interface Hangup {
  kind: "hangup";
  call: number;
}

export const isHangup = obj<Hangup>({
  kind: is("hangup"),
  call: int(1, 1000000),
});

/** First on the channel: what signaling told me, for the other to compare, and the commitment of the check words. */
export interface Hello {
  kind: "hello";
  version: number;
  session: string;
  role: "a" | "b";
  key: string;
  peerKey: string;
  nickname: string;
  commitment: string;
  relay: boolean;
}

export const isHello = obj<Hello>({
  kind: is("hello"),
  version: int(1, 65535),
  session: match(/^[A-Za-z0-9_-]{22}$/),
  role: oneOf("a", "b"),
  key: match(/^B[A-Za-z0-9_-]{86}$/),
  peerKey: match(/^B[A-Za-z0-9_-]{86}$/),
  nickname: str(1, 32),
  commitment: match(/^[A-Za-z0-9_-]{43}$/),
  relay: bool,
});

/** A peer is here. Repeated with back-off until `welcome`; `session` claims a living talk back. */
export interface Here {
  kind: "here";
  life: string;
  version: number;
  rtt?: number | null | undefined;
  session?: string | null | undefined;
}

export const isHere = obj<Here>({
  kind: is("here"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  version: int(1, 65535),
  rtt: opt(int(0, 60000)),
  session: opt(match(/^[A-Za-z0-9_-]{22}$/)),
});

/** An RTCIceServer (W3C WebRTC §4.2.4). */
export interface IceServer {
  urls: string[];
  username?: string | null | undefined;
  credential?: string | null | undefined;
}

export const isIceServer = obj<IceServer>({
  urls: list(str(0, 256), 4),
  username: opt(str(0, 128)),
  credential: opt(str(0, 128)),
});

/** A wish to be matched. Idempotent by ticket. `waited` keeps the place of one whom a restart sent back.

With `again` it is matched with who says the same rendezvous, and with nobody else. */
export interface Join {
  kind: "join";
  life: string;
  ticket: string;
  seat: string;
  key: string;
  mode: "text" | "voice" | "video";
  tags: string[];
  languages: string[];
  relay: boolean;
  rtt?: number | null | undefined;
  waited?: number | null | undefined;
  again?: string | null | undefined;
  stamp?: string | null | undefined;
}

export const isJoin = obj<Join>({
  kind: is("join"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  ticket: match(/^[A-Za-z0-9_-]{22}$/),
  seat: match(/^[A-Za-z0-9_-]{56}$/),
  key: match(/^B[A-Za-z0-9_-]{86}$/),
  mode: oneOf("text", "voice", "video"),
  tags: list(str(1, 24), 5),
  languages: list(match(/^[a-z]{2,3}$/), 4),
  relay: bool,
  rtt: opt(int(0, 60000)),
  waited: opt(int(0, 86400)),
  again: opt(match(/^[A-Za-z0-9_-]{22}$/)),
  stamp: opt(match(/^[A-Za-z0-9_-]{50}$/)),
});

/** The session is over for this peer. */
export interface Leave {
  kind: "leave";
  life: string;
  session: string;
  mood: "left" | "skipped" | "blocked" | "lost" | "failed";
}

export const isLeave = obj<Leave>({
  kind: is("leave"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  session: match(/^[A-Za-z0-9_-]{22}$/),
  mood: oneOf("left", "skipped", "blocked", "lost", "failed"),
});

/** You sent more than the gate lets through; your connection ends now; come back after `retry` seconds.

The one inbox message without `life`: the gate reads no payloads, so it knows of none. It is always about the
connection on which it arrives. */
export interface Limited {
  kind: "limited";
  reason: "messages" | "bytes";
  retry: number;
}

export const isLimited = obj<Limited>({
  kind: is("limited"),
  reason: oneOf("messages", "bytes"),
  retry: int(0, 86400),
});

/** A stranger was found: publish to `to`; `seat` and `ttl` are a fresh seat for the next join. */
export interface Matched {
  kind: "matched";
  life: string;
  epoch: number;
  ticket: string;
  session: string;
  to: string;
  key: string;
  role: "a" | "b";
  handshake: "mirror" | "offer";
  tags: string[];
  ice: IceServer[];
  iceTtl?: number | null | undefined;
  seat: string;
  ttl: number;
}

export const isMatched = obj<Matched>({
  kind: is("matched"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  epoch: int(1, 9007199254740991),
  ticket: match(/^[A-Za-z0-9_-]{22}$/),
  session: match(/^[A-Za-z0-9_-]{22}$/),
  to: match(/^[A-Za-z0-9_-]{56}$/),
  key: match(/^B[A-Za-z0-9_-]{86}$/),
  role: oneOf("a", "b"),
  handshake: oneOf("mirror", "offer"),
  tags: list(str(1, 24), 5),
  ice: list(isIceServer, 4),
  iceTtl: opt(int(0, 86400)),
  seat: match(/^[A-Za-z0-9_-]{56}$/),
  ttl: int(0, 86400),
});

/** The fresh seat that was asked for, and with it fresh ICE credentials. */
export interface NewSeat {
  kind: "seat";
  life: string;
  seat: string;
  ttl: number;
  ice: IceServer[];
  iceTtl?: number | null | undefined;
}

export const isNewSeat = obj<NewSeat>({
  kind: is("seat"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  seat: match(/^[A-Za-z0-9_-]{56}$/),
  ttl: int(0, 86400),
  ice: list(isIceServer, 4),
  iceTtl: opt(int(0, 86400)),
});

/** What my commitment was to, told when I have the other's: the check words are made from both. */
export interface Nonce {
  kind: "nonce";
  nonce: string;
}

export const isNonce = obj<Nonce>({
  kind: is("nonce"),
  nonce: match(/^[A-Za-z0-9_-]{43}$/),
});

/** An SDP offer (RFC 8829); in `mirror` both send one. Once they talk it has a number (`nth`), also sealed. */
export interface Offer {
  kind: "offer";
  sdp: string;
  nth?: number | null | undefined;
}

export const isOffer = obj<Offer>({
  kind: is("offer"),
  sdp: str(1, 12000),
  nth: opt(int(1, 1000000)),
});

/** An image or a voice note begins: its bytes follow on the second channel, each message `id` (4 bytes) ‖ bytes.

Its sender numbers them from 0. The second channel (negotiated, id 1) is ordered, and apart from the first one so
that what is typed need not wait.
`ms` is how long a voice note plays, `wave` its loudness in even parts of that time. */
export interface Parcel {
  kind: "parcel";
  id: number;
  what: "image" | "voice";
  type: "image/jpeg" | "image/webp" | "image/png" | "audio/webm" | "audio/mp4" | "audio/ogg";
  size: number;
  ms?: number | null | undefined;
  wave?: number[] | null | undefined;
}

export const isParcel = obj<Parcel>({
  kind: is("parcel"),
  id: int(0, 1000000000),
  what: oneOf("image", "voice"),
  type: oneOf("image/jpeg", "image/webp", "image/png", "audio/webm", "audio/mp4", "audio/ogg"),
  size: int(1, 8388608),
  ms: opt(int(0, 600000)),
  wave: opt(list(int(0, 31), 64)),
});

/** A sign of life, QoS 1; `wantSeat` asks for a fresh seat. */
export interface Ping {
  kind: "ping";
  life: string;
  wantSeat?: boolean | null | undefined;
}

export const isPing = obj<Ping>({
  kind: is("ping"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  wantSeat: opt(bool),
});

/** My browser refused the mirrored answer: both start a new peer connection, as in `offer`. */
export interface Plain {
  kind: "plain";
}

export const isPlain = obj<Plain>({
  kind: is("plain"),
});

/** The service lives. On a new epoch every peer says `here` again, spread over `spread` seconds. */
export interface Pulse {
  kind: "pulse";
  epoch: number;
  here: number;
  waiting: number;
  talking: number;
  wait?: number | null | undefined;
  spread: number;
}

export const isPulse = obj<Pulse>({
  kind: is("pulse"),
  epoch: int(1, 9007199254740991),
  here: int(0, 1000000000),
  waiting: int(0, 1000000000),
  talking: int(0, 1000000000),
  wait: opt(int(0, 86400)),
  spread: int(0, 86400),
});

/** I take no more of this parcel. */
export interface Refuse {
  kind: "refuse";
  id: number;
  why: "size" | "type" | "unreadable" | "many" | "unwanted";
}

export const isRefuse = obj<Refuse>({
  kind: is("refuse"),
  id: int(0, 1000000000),
  why: oneOf("size", "type", "unreadable", "many", "unwanted"),
});

/** This join is refused; try again after `retry` seconds. With a `challenge`: with a stamp, and the same ticket. */
export interface Refused {
  kind: "refused";
  life: string;
  ticket: string;
  reason: "seat" | "relay" | "stamp" | "busy" | "slow";
  retry: number;
  challenge?: Challenge | null | undefined;
}

export const isRefused = obj<Refused>({
  kind: is("refused"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  ticket: match(/^[A-Za-z0-9_-]{22}$/),
  reason: oneOf("seat", "relay", "stamp", "busy", "slow"),
  retry: int(0, 86400),
  challenge: opt(isChallenge),
});

/** The stranger did something bad: a reason, and nothing else. */
export interface Report {
  kind: "report";
  life: string;
  session: string;
  reason: "minor" | "sexual" | "harassment" | "hate" | "spam" | "scam" | "threat" | "other";
}

export const isReport = obj<Report>({
  kind: is("report"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  session: match(/^[A-Za-z0-9_-]{22}$/),
  reason: oneOf("minor", "sexual", "harassment", "hate", "spam", "scam", "threat", "other"),
});

/** Shall we call? Calls are numbered from 1, by whoever begins one: one more than the highest number yet.

Two that ring at once have both said yes. */
export interface Ring {
  kind: "ring";
  call: number;
  video: boolean;
}

export const isRing = obj<Ring>({
  kind: is("ring"),
  call: int(1, 1000000),
  video: bool,
});

/** Where to reach me, sealed as before, should the way between us be lost. */
export interface SeatTold {
  kind: "seat";
  seat: string;
  ttl: number;
}

export const isSeatTold = obj<SeatTold>({
  kind: is("seat"),
  seat: match(/^[A-Za-z0-9_-]{56}$/),
  ttl: int(0, 86400),
});

/** What I send in the call just now. */
export interface Sending {
  kind: "sending";
  audio: boolean;
  video: boolean;
}

export const isSending = obj<Sending>({
  kind: is("sending"),
  audio: bool,
  video: bool,
});

/** The operator's part of the page. */
export interface Site {
  operator?: string | null | undefined;
  cell?: string | null | undefined;
  relay: "none" | "offered" | "preset";
  ads?: Ads | null | undefined;
}

export const isSite = obj<Site>({
  operator: opt(str(1, 200)),
  cell: opt(match(/^[a-z0-9][a-z0-9-]{0,31}$/)),
  relay: oneOf("none", "offered", "preset"),
  ads: opt(isAds),
});

/** All of this parcel has arrived and can be seen or heard. */
export interface Taken {
  kind: "taken";
  id: number;
}

export const isTaken = obj<Taken>({
  kind: is("taken"),
  id: int(0, 1000000000),
});

/** The data channel is open. */
export interface Talking {
  kind: "talking";
  life: string;
  session: string;
}

export const isTalking = obj<Talking>({
  kind: is("talking"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  session: match(/^[A-Za-z0-9_-]{22}$/),
});

/** A line of conversation. Its sender numbers them from 0. */
export interface Text {
  kind: "text";
  id: number;
  text: string;
}

export const isText = obj<Text>({
  kind: is("text"),
  id: int(0, 1000000000),
  text: str(1, 4000),
});

/** The other is typing, or stopped. */
export interface Typing {
  kind: "typing";
  on: boolean;
}

export const isTyping = obj<Typing>({
  kind: is("typing"),
  on: bool,
});

/** The service knows this life; `ping` is the interval in seconds, `ttl` the life of the seat.

`relay` tells whether there is a relay to hide behind, and whether that is what the operator suggests. Whenever a
seat is told, so are ICE servers, whose credentials are good for `iceTtl` seconds. */
export interface Welcome {
  kind: "welcome";
  life: string;
  epoch: number;
  version: number;
  seat: string;
  ttl: number;
  ping: number;
  pulse: Counts;
  relay: "none" | "offered" | "preset";
  ice: IceServer[];
  iceTtl?: number | null | undefined;
  challenge?: Challenge | null | undefined;
}

export const isWelcome = obj<Welcome>({
  kind: is("welcome"),
  life: match(/^[A-Za-z0-9_-]{11}$/),
  epoch: int(1, 9007199254740991),
  version: int(1, 65535),
  seat: match(/^[A-Za-z0-9_-]{56}$/),
  ttl: int(0, 86400),
  ping: int(1, 600),
  pulse: isCounts,
  relay: oneOf("none", "offered", "preset"),
  ice: list(isIceServer, 4),
  iceTtl: opt(int(0, 86400)),
  challenge: opt(isChallenge),
});

export type PresenceMessage = Gone | Here | Ping;

export const isPresenceMessage = tagged<PresenceMessage>({
  gone: isGone,
  here: isHere,
  ping: isPing,
});

export type LobbyMessage = Cancel | Join | Leave | Report | Talking;

export const isLobbyMessage = tagged<LobbyMessage>({
  cancel: isCancel,
  join: isJoin,
  leave: isLeave,
  report: isReport,
  talking: isTalking,
});

export type InboxMessage = Again | Banned | Ended | Limited | Matched | Refused | NewSeat | Welcome;

export const isInboxMessage = tagged<InboxMessage>({
  again: isAgain,
  banned: isBanned,
  ended: isEnded,
  limited: isLimited,
  matched: isMatched,
  refused: isRefused,
  seat: isNewSeat,
  welcome: isWelcome,
});

export type PulseMessage = Down | Pulse;

export const isPulseMessage = tagged<PulseMessage>({
  down: isDown,
  pulse: isPulse,
});

export type SessionMessage = Answer | Bye | Candidates | Offer | Plain;

export const isSessionMessage = tagged<SessionMessage>({
  answer: isAnswer,
  bye: isBye,
  candidates: isCandidates,
  offer: isOffer,
  plain: isPlain,
});

export type ChannelMessage = Accept | Answer | Bye | Candidates | Direct | Drop | Got | Hangup | Hello | Nonce | Offer | Parcel | Refuse | Ring | SeatTold | Sending | Taken | Text | Typing;

export const isChannelMessage = tagged<ChannelMessage>({
  accept: isAccept,
  answer: isAnswer,
  bye: isBye,
  candidates: isCandidates,
  direct: isDirect,
  drop: isDrop,
  got: isGot,
  hangup: isHangup,
  hello: isHello,
  nonce: isNonce,
  offer: isOffer,
  parcel: isParcel,
  refuse: isRefuse,
  ring: isRing,
  seat: isSeatTold,
  sending: isSending,
  taken: isTaken,
  text: isText,
  typing: isTyping,
});

export interface Directions {
  presence: PresenceMessage;
  lobby: LobbyMessage;
  inbox: InboxMessage;
  pulse: PulseMessage;
  session: SessionMessage;
  channel: ChannelMessage;
}

export const directions = {
  presence: isPresenceMessage,
  lobby: isLobbyMessage,
  inbox: isInboxMessage,
  pulse: isPulseMessage,
  session: isSessionMessage,
  channel: isChannelMessage,
};
