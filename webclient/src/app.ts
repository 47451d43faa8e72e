// The shell: keeps the two machines' states in signals, feeds them events one at a time, and runs their effects against
// the link, the wishes and the meeting. All that decides is in the reducers; here is only doing.

import { type ReadonlySignal, signal } from "@preact/signals";
import { fromJson } from "./bytes";
import type { openExtras } from "./extras/extras";
import type { Identity } from "./identity";
import type { Link, openLink } from "./link";
import { step } from "./lobby";
import type { Meeting, MeetingPorts } from "./meeting";
import { here } from "./presence";
import type { SolveEvents } from "./stamp";
import {
  type Effect,
  type Lack,
  type Lobby,
  type LobbyEvent,
  type Moment,
  makeLobby,
  type Phase,
  type Profile,
  type RelayFailure,
} from "./state";
import type { TalkEvent } from "./talk";
import { makeTalking, type Talking } from "./talking";
import { inboxTopic, lobbyTopic, PULSE, presenceTopic, seatOf, sessionTopic } from "./topics";
import { type IceServer, isRecord, type Matched, read, VERSION } from "./wire";
import type { Wish, Wishes } from "./wish";

/** The most that an inbox or pulse payload may have; more is not even parsed. */
const PAYLOAD_BYTES = 4 * 1024;
/** Where nobody is looked for. */
const restful: ReadonlySet<Phase["name"]> = new Set(["lobby", "over", "parted"]);
/** Sealed messages that overtook their `matched`, kept for it. */
const EARLY_LIMIT = 8;

/** The outside, so that tests can stand in for it. */
export interface Outside {
  url: string;
  /** Another one each time. */
  makeIdentity(): Identity | Promise<Identity>;
  openLink: typeof openLink;
  wishes: Wishes;
  loadExtras(): Promise<typeof openExtras>;
  /** Begins the work on a challenge, and answers how to stop it. */
  solve(seed: string, effort: number, events: SolveEvents): () => void;
  /** Loads the page anew. */
  reload(): void;
  /** Soon, when there is nothing better to do. */
  idle(run: () => void): void;
  now(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface App {
  readonly lobby: ReadonlySignal<Lobby>;
  readonly talking: Talking;
  send(event: LobbyEvent): void;
  /** The page came back from the background, or the network from wherever it was; `moved`: perhaps it is another one. */
  wake(moved?: boolean): void;
  /** The page is about to stand still, for a while or for ever: nobody is to be matched with it. */
  freeze(): void;
  /** The page goes away: say so, to the stranger and to the service. */
  leave(): void;
}

interface Meet {
  session: string;
  seat: string;
  meeting: Meeting;
}

export function makeApp(outside: Outside, profile: Profile, lack?: Lack): App {
  const lobby = signal(makeLobby(profile, lack));
  const { loadExtras } = outside;
  const talking = makeTalking({ moment, soon, wake, sleep, loadExtras });
  const wishes = new Map<number, Wish>();
  const timers = new Map<string, unknown>();
  const waiting: (() => void)[] = [];
  let early: { seat: string; payload: Uint8Array }[] = [];
  let running = false;
  let peer = "";
  let link: Link | undefined;
  let current: Meet | undefined;
  let opening = 0;
  let stopWork: (() => void) | undefined;

  function moment(): Moment {
    return { now: outside.now(), random: outside.random(), rttMs: link?.rttMs };
  }

  /** Events that arise while effects run wait for their turn, so a state is never seen half done. */
  function soon(turn: () => void): void {
    waiting.push(turn);
    if (running) return;
    running = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) next();
    } finally {
      running = false;
    }
  }

  function send(event: LobbyEvent): void {
    soon(() => {
      const { name } = lobby.value.phase;
      const [next, effects] = step(lobby.value, { ...moment(), ...event });
      lobby.value = next;
      for (const effect of effects) run(effect);
      if (next.phase.name !== name) outside.idle(prepare);
    });
  }

  /** What the next wish needs, and the talk that may come of it: never while somebody waits for that. */
  function prepare(): void {
    const { phase, welcomed } = lobby.value;
    if (!welcomed || !restful.has(phase.name)) return;
    outside.wishes.prepare();
    talking.prepare();
  }

  function wake(name: string, inMs: number, then: () => void): void {
    sleep(name);
    timers.set(
      name,
      outside.setTimeout(() => {
        timers.delete(name);
        then();
      }, inMs),
    );
  }

  function sleep(name: string): void {
    outside.clearTimeout(timers.get(name));
    timers.delete(name);
  }

  function run(effect: Effect): void {
    switch (effect.do) {
      case "open":
        open();
        break;
      case "close":
        close(effect.mood);
        break;
      case "limit":
        link?.limit(effect.retryS);
        break;
      case "presence":
        link?.publish(presenceTopic(peer), JSON.stringify(effect.message), 1);
        break;
      case "lobby":
        link?.publish(lobbyTopic(peer), JSON.stringify(effect.message), 0);
        break;
      case "subscribe":
        link?.subscribe(effect.seats.map(sessionTopic));
        break;
      case "unsubscribe":
        link?.unsubscribe(effect.seats.map(sessionTopic));
        break;
      case "wake":
        wake(effect.timer, effect.inMs, () => send({ type: "wake", timer: effect.timer }));
        break;
      case "sleep":
        sleep(effect.timer);
        break;
      case "wish":
        wish(effect.number, effect.relay, effect.ice);
        break;
      case "joined":
        wishes.get(effect.number)?.joined(effect.rttMs);
        break;
      case "refresh":
        current?.meeting.refresh(effect.ice, effect.ttlS);
        break;
      case "drop":
        wishes.get(effect.number)?.drop();
        wishes.delete(effect.number);
        break;
      case "prove":
        prove(effect.seed, effect.effort);
        break;
      case "unprove":
        unprove();
        break;
      case "meet":
        meet(effect.number, effect.matched, effect.seat, effect.nickname);
        break;
      case "end":
        endMeeting();
        break;
      case "talk":
        if (current) talking.begin(current.meeting, effect.me, effect.stranger, effect.tags, effect.hides);
        break;
      case "reach":
        current?.meeting.reach(effect.seat, effect.ttlS);
        break;
      case "finish":
      case "advise":
        talking.send({ type: effect.do, mood: effect.mood } as TalkEvent);
        break;
      case "notice":
        talking.send({ type: "notice", what: effect.what });
        break;
      case "forget":
        talking.forget();
        break;
      case "reload":
        outside.reload();
        break;
    }
  }

  function open(): void {
    opening += 1;
    const mine = opening;
    const drawn = outside.makeIdentity();
    if (!(drawn instanceof Promise)) come(drawn);
    else void drawn.then((late) => mine === opening && come(late));
  }

  function come(identity: Identity): void {
    peer = identity.peer;
    const own = presenceTopic(peer);
    link = outside.openLink({
      url: outside.url,
      identity,
      filters: [inboxTopic(peer), PULSE],
      first: (life) => [{ topic: own, payload: JSON.stringify(here(lobby.value, life)) }],
      will: (life) => ({ topic: own, payload: gone(life, "lost") }),
      events: {
        connected(life) {
          send({ type: "connected", life });
          soon(() => current?.meeting.linked());
        },
        message: receive,
        lost: () => send({ type: "lost" }),
        refused: (retryS) => send({ type: "refused", retryS }),
        limited: (retryS) => send({ type: "limited", retryS }),
      },
    });
    outside.wishes.prepare(); // while the way is made
  }

  function close(mood?: "left"): void {
    opening += 1;
    if (mood && link) link.close({ topic: presenceTopic(peer), payload: gone(link.life, mood) });
    else link?.close();
    link = undefined;
    early = [];
  }

  function receive(topic: string, payload: Uint8Array): void {
    const seat = seatOf(topic);
    if (seat !== undefined) {
      sealed(seat, payload);
      return;
    }
    const value = payload.length > PAYLOAD_BYTES ? undefined : fromJson(payload);
    if (topic === PULSE) {
      const message = read("pulse", value);
      if (message) send({ type: "pulse", message });
      return;
    }
    const message = read("inbox", value);
    if (message) send({ type: "inbox", message });
    else if (isRecord(value) && value.kind === "welcome" && otherVersion(value.version)) send({ type: "stale" });
  }

  function sealed(seat: string, payload: Uint8Array): void {
    if (current?.seat === seat || (current && reaching(seat))) current.meeting.receive(payload, seat);
    else if (lobby.value.phase.name === "waiting" && early.length < EARLY_LIMIT) early.push({ seat, payload });
  }

  /** The stranger may have been told of it, in this talk. */
  function reaching(seat: string): boolean {
    const { phase } = lobby.value;
    if (phase.name !== "talking") return false;
    return phase.reach?.seat.seat === seat || phase.reach?.before?.seat === seat;
  }

  function wish(number: number, relay: boolean, ice: readonly IceServer[]): void {
    early = [];
    const failed = () => send({ type: "wishFailed", number });
    const relayFailed = (why: RelayFailure) => send({ type: "relayFailed", number, why });
    const drawn = outside.wishes.draw({ ice, relay, relayFailed });
    if (drawn instanceof Promise) drawn.then((late) => join(number, late), failed);
    else join(number, drawn);
  }

  /** The join leaves first; then there is time to make a connection. */
  function join(number: number, drawn: Wish): void {
    wishes.set(number, drawn);
    send({ type: "wished", number, ticket: drawn.ticket, key: drawn.key });
    soon(() => {
      try {
        drawn.begin();
      } catch {
        send({ type: "wishFailed", number });
      }
    });
  }

  function prove(seed: string, effort: number): void {
    unprove();
    stopWork = outside.solve(seed, effort, {
      tried: (hashes) => send({ type: "tried", seed, hashes }),
      solved: (stamp) => send({ type: "proved", seed, stamp }),
    });
  }

  function unprove(): void {
    stopWork?.();
    stopWork = undefined;
  }

  function meet(number: number, matched: Matched, seat: string, nickname: string): void {
    const { session } = matched;
    const drawn = wishes.get(number);
    wishes.delete(number);
    if (!drawn) {
      send({ type: "over", session, mood: "failed" });
      return;
    }
    endMeeting();
    // What an older meeting still has to say must not reach the talk of this one.
    const mine = () => lobby.value.phase.name === "talking" && lobby.value.phase.match.session === session;
    const ports: MeetingPorts = {
      publish: (topic, payload) => link?.publish(topic, payload, 0),
      linked: () => lobby.value.link.name === "up",
      open: (stranger) => send({ type: "opened", session, ...stranger }),
      heard: (message) => soon(() => mine() && talking.heard(message)),
      notice: (what) => soon(() => mine() && talking.send({ type: "notice", what })),
      broken: (on) => soon(() => mine() && talking.send({ type: on ? "broken" : "mended" })),
      path: (path) => soon(() => mine() && talking.send({ type: "path", path })),
      over: (mood) => {
        // It has ended itself; nothing of it is to be held on to.
        soon(() => {
          if (current?.session === session) current = undefined;
        });
        send({ type: "over", session, mood });
      },
      alarm: (reason) => send({ type: "alarm", session, reason }),
      words: (words) => soon(() => mine() && talking.send({ type: "words", words })),
    };
    let meeting: Meeting;
    try {
      meeting = drawn.meet(matched, seat, nickname, ports);
    } catch {
      // The servers that the match names may be none that this browser accepts.
      send({ type: "over", session, mood: "failed" });
      return;
    }
    current = { session, seat, meeting };
    for (const waited of early) if (waited.seat === seat) meeting.receive(waited.payload, seat);
    early = [];
  }

  function endMeeting(): void {
    const ending = current;
    current = undefined;
    ending?.meeting.end();
  }

  function leave(): void {
    endMeeting();
    talking.forget();
    unprove();
    for (const drawn of wishes.values()) drawn.drop();
    wishes.clear();
    close("left");
  }

  function awake(moved = false): void {
    link?.probe();
    current?.meeting.wake(moved);
    if (moved) for (const drawn of wishes.values()) drawn.moved();
    // The service may have left us out meanwhile, or given us up: it hears of us at once, not with the next ping.
    send({ type: "wake", timer: "ping" });
  }

  function freeze(): void {
    if (link) link.rest({ topic: presenceTopic(peer), payload: gone(link.life, "lost") });
  }

  return { lobby, talking, send, wake: awake, freeze, leave };
}

function gone(life: string, mood: "left" | "lost"): string {
  return JSON.stringify({ kind: "gone", life, mood });
}

function otherVersion(version: unknown): boolean {
  return Number.isInteger(version) && version !== VERSION;
}
