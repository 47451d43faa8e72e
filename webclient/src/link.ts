// Keeps a connection to the broker up. Each connection is a life of its own, with a new random name; a message of another
// life is a late one. Reconnecting is spread by full jitter (0.5 s doubling to 30 s), so that a restarted broker does not
// meet everyone at once; a refusal (CONNACK 5: full, or banned) waits from 5 s up to 5 min; and after a notice that we said
// too much (`limit`) the wait is never shorter than it told. The cell is put before topics here, and taken off.

import { type Identity, randomId } from "./identity";
import { type Connection, connect, type LinkPorts } from "./mqtt";

export type { LinkPorts } from "./mqtt";

const retryMs = { first: 500, most: 30_000 };
const refusalMs = { first: 5_000, most: 300_000 };
/** A connection that lived so long was a good one: the next failure starts from the shortest wait again. */
const goodLifeMs = 30_000;
/** A connection that ends so soon after a probe slept with us: who wakes is alone in it and need not spread out. */
const wakingMs = 5_000;
const wakingRetryMs = 100;
const serverUnavailable = 3;

export interface LinkOptions {
  readonly url: string;
  /** The word that all topics of this server are in, if it has one. */
  readonly cell?: string | null | undefined;
  readonly identity: Identity;
  /** What leaves with CONNECT, with QoS 1. */
  readonly first: (life: string) => { topic: string; payload: string }[];
  readonly filters: string[];
  readonly will: (life: string) => { topic: string; payload: string };
  readonly events: LinkEvents;
  readonly ports?: Partial<LinkPorts>;
}

export interface LinkEvents {
  connected(life: string, rttMs: number): void;
  message(topic: string, payload: Uint8Array): void;
  /** A connection ended, or an attempt came to nothing; the next one is under way. */
  lost(): void;
  /** The broker does not want us; it is asked again in `retryS` seconds. */
  refused(retryS: number): void;
  /** The connection ended after `limit`; the next one is tried in `retryS` seconds. */
  limited(retryS: number): void;
}

export interface Link {
  /** The name of this connection, or of the one being tried. */
  readonly life: string;
  readonly rttMs: number | undefined;
  /** Dropped silently when not connected. */
  publish(topic: string, payload: string | Uint8Array, qos?: 0 | 1): void;
  /** For seats: not replayed after a reconnect, since a new life gets a new seat. */
  subscribe(filters: string[]): void;
  unsubscribe(filters: string[]): void;
  /** The broker said that it ends this connection, and that none is welcome before `retryS` seconds from now. */
  limit(retryS: number): void;
  /** After waking up: is the connection still there? While waiting to reconnect, or resting: try now. */
  probe(): void;
  /** Says a last thing and lets go of the connection until `probe`. */
  rest(last: { topic: string; payload: string }): void;
  close(last?: { topic: string; payload: string }): void;
}

export function openLink(options: LinkOptions): Link {
  const ports = { ...browserPorts(), ...options.ports };
  const { events } = options;
  const before = options.cell ? `${options.cell}/` : "";
  let life = "";
  let rttMs: number | undefined;
  let connection: Connection | undefined;
  let retry: unknown;
  let connectedMs: number | undefined;
  let refusedMs: number | undefined;
  /** By the clock on the wall: to sleep through a limit is to wait, too. */
  let limitedUntilMs: number | undefined;
  let failures = 0;
  let refusals = 0;
  let probedMs = Number.NEGATIVE_INFINITY;
  let resting = false;

  function start(): void {
    life = randomId(8);
    connectedMs = limitedUntilMs = undefined;
    connection = connect(
      {
        url: options.url,
        identity: options.identity,
        filters: options.filters.map(outer),
        first: options.first(life).map(within),
        will: within(options.will(life)),
      },
      { connected, roundTrip, message, closed },
      ports,
    );
  }

  function outer(topic: string): string {
    return before + topic;
  }

  function within<T extends { topic: string }>(message: T): T {
    return { ...message, topic: outer(message.topic) };
  }

  function message(topic: string, payload: Uint8Array): void {
    if (topic.startsWith(before)) events.message(topic.slice(before.length), payload);
  }

  function connected(): void {
    connectedMs = ports.now();
    events.connected(life, rttMs ?? 0);
  }

  function roundTrip(ms: number): void {
    // CONNACK comes first and starts afresh: the way to the broker may be another one than in the last life.
    rttMs = Math.round(connectedMs === undefined || rttMs === undefined ? ms : rttMs * 0.75 + ms * 0.25);
  }

  function closed(code: number | undefined): void {
    connection = undefined;
    if (connectedMs !== undefined && ports.now() - connectedMs >= goodLifeMs) failures = refusals = 0;
    if (limitLeftMs() > 0) wasLimited();
    else if (code === undefined || code === serverUnavailable) wasLost();
    else wasRefused();
  }

  // All set the timer before they tell: who is told may want to close us.
  function wasLost(): void {
    const longestMs = Math.min(retryMs.most, retryMs.first * 2 ** failures++);
    const woken = ports.now() - probedMs < wakingMs;
    probedMs = Number.NEGATIVE_INFINITY; // once: a broker that is away is not to be met by everybody who comes back
    wait(ports.random() * (woken ? Math.min(wakingRetryMs, longestMs) : longestMs));
    events.lost();
  }

  function wasRefused(): void {
    refusedMs = ports.now();
    // Jitter on top instead of full jitter: who refuses is not to be asked again at once.
    const ms = Math.min(refusalMs.most, refusalMs.first * 2 ** refusals++ * (1 + ports.random() / 2));
    wait(ms);
    events.refused(Math.ceil(ms / 1000));
  }

  function wasLimited(): void {
    const leftMs = limitLeftMs();
    // Jitter on top, and no shortening: who comes too early may only be sent away for longer.
    const ms = leftMs + ports.random() * Math.min(leftMs / 2, retryMs.most);
    wait(ms);
    events.limited(Math.ceil(ms / 1000));
  }

  /** A connection that stays open after all has no limit once its time is over. */
  function limitLeftMs(): number {
    return limitedUntilMs === undefined ? 0 : Math.max(0, limitedUntilMs - ports.wall());
  }

  function wait(ms: number): void {
    retry = ports.setTimeout(() => {
      retry = undefined;
      start();
    }, ms);
  }

  function probe(): void {
    if (resting) {
      resting = false;
      if (limitLeftMs() > 0) wasLimited();
      else start();
    } else if (connection) {
      probedMs = ports.now();
      connection.probe();
    } else retryNow();
  }

  function rest(last: { topic: string; payload: string }): void {
    if (!connection && retry === undefined) return;
    end(last);
    resting = true;
    events.lost();
  }

  function end(last?: { topic: string; payload: string }): void {
    ports.clearTimeout(retry);
    retry = undefined;
    resting = false;
    connection?.close(last && within(last));
    connection = undefined;
  }

  function retryNow(): void {
    if (retry === undefined || limitLeftMs() > 0) return;
    if (refusedMs !== undefined && ports.now() - refusedMs < refusalMs.first) return;
    ports.clearTimeout(retry);
    retry = undefined;
    start();
  }

  start();
  return {
    get life() {
      return life;
    },
    get rttMs() {
      return rttMs;
    },
    publish: (topic, payload, qos = 0) => connection?.publish(within({ topic, payload }), qos),
    subscribe: (filters) => connection?.subscribe(filters.map(outer)),
    unsubscribe: (filters) => connection?.unsubscribe(filters.map(outer)),
    limit(retryS) {
      limitedUntilMs = ports.wall() + retryS * 1_000;
    },
    probe,
    rest,
    close: end,
  };
}

function browserPorts(): LinkPorts {
  return {
    WebSocket: globalThis.WebSocket,
    now: () => performance.now(),
    wall: () => Date.now(),
    random: Math.random,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as number | undefined),
  };
}
