// One MQTT connection over one WebSocket, from its opening to its end. It knows no reconnecting (link.ts does) and no
// message of Passerby.
//
//   page                                                     broker
//     ── WebSocket, subprotocol mqtt ────────────────────────►
//     ── CONNECT SUBSCRIBE PUBLISH… in one frame ────────────►    without waiting for CONNACK (§3.1.4 allows it)
//     ◄─ CONNACK SUBACK PUBACK ───────────────────────────────
//     ── PINGREQ when nothing was sent for 15 s ─────────────►
//
// What the broker owes us (CONNACK, PUBACK, PINGRESP) has a deadline: a half-open connection, whose other end vanished
// without a word, shows itself by nothing else.

import { concat } from "./bytes";
import type { Identity } from "./identity";
import * as packets from "./packets";

const keepAliveS = 30;
const quietMs = 15_000;
const answerTimeoutMs = 10_000;
/** Of the 3 s within which a page that wakes is to be usable; the rest is for connecting anew. */
const probeTimeoutMs = 1_500;
/** Over a satellite an answer may take longer; that is no reason to connect anew with each glance at the page. */
const slowFactor = 3;
/** After this long without a word of ours the broker has let go of us (§3.1.2.10): nothing need be asked. */
const forgottenMs = keepAliveS * 1_500;

/** Keys in the table of what is owed; the numbers above 0 are packet ids. */
const connack = 0;
const pingresp = 65_536;

export interface LinkPorts {
  WebSocket: new (url: string, protocol: string) => WebSocket;
  /** Milliseconds that never go back, and may stand still while the machine sleeps. */
  now(): number;
  /** Milliseconds of the clock on the wall, which does not stand still. */
  wall(): number;
  /** 0 ≤ x < 1. */
  random(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly identity: Identity;
  readonly filters: readonly string[];
  readonly first: readonly packets.Publication[];
  readonly will: packets.Publication;
}

export interface ConnectionEvents {
  connected(): void;
  /** A round trip was measured: CONNECT→CONNACK, or PUBLISH→PUBACK. */
  roundTrip(ms: number): void;
  message(topic: string, payload: Uint8Array): void;
  /** It is over, once, whatever the reason; `code` is what a refusing CONNACK said. Not told after `close`. */
  closed(code: number | undefined): void;
}

export interface Connection {
  publish(publication: packets.Publication, qos: 0 | 1): void;
  subscribe(filters: readonly string[]): void;
  unsubscribe(filters: readonly string[]): void;
  /** Asks for a sign of life within 1.5 s; ends at once what cannot have lived through the silence. */
  probe(): void;
  /** Says a last thing and goes; the broker then sends no Will. */
  close(last?: packets.Publication): void;
}

/** @throws {SyntaxError} for a URL that is none. */
export function connect(options: ConnectionOptions, events: ConnectionEvents, ports: LinkPorts): Connection {
  const socket = new ports.WebSocket(options.url, "mqtt");
  const decoder = new packets.Decoder();
  const owed = new Map<number, { sinceMs: number; dueMs: number }>();
  let connected = false;
  let over = false;
  let sentMs = 0;
  let sentWallMs = ports.wall();
  let lastId = 0;
  let rttMs = 0;
  let deadline: unknown;
  let quiet: unknown;

  socket.binaryType = "arraybuffer";
  socket.onopen = open;
  socket.onmessage = ({ data }) => (data instanceof ArrayBuffer ? receive(new Uint8Array(data)) : finish());
  socket.onclose = socket.onerror = () => finish();
  owe(connack, answerTimeoutMs);

  function open(): void {
    const { identity, will, filters, first } = options;
    const credentials = { clientId: identity.peer, password: identity.password, keepAliveS, will };
    owe(connack, answerTimeoutMs);
    send(
      packets.connectPacket(credentials),
      packets.subscribePacket(nextId(), filters),
      ...first.map((publication) => packets.publishPacket(publication, owedId())),
    );
  }

  function send(...some: Uint8Array[]): void {
    sentMs = ports.now();
    sentWallMs = ports.wall();
    socket.send(concat(...some));
  }

  function receive(frame: Uint8Array): void {
    let some: packets.Packet[];
    try {
      some = decoder.push(frame);
    } catch {
      finish();
      return;
    }
    for (const packet of some) {
      if (over) return;
      obey(packet);
    }
    listenQuietly();
  }

  function obey(packet: packets.Packet): void {
    // Exactly one CONNACK, and before everything else (§3.2).
    if (connected === (packet.type === "connack")) finish();
    else if (packet.type === "connack") acknowledge(packet.code);
    else if (packet.type === "puback") settle(packet.id);
    else if (packet.type === "pingresp") forgive(pingresp);
    else if (packet.type === "publish") {
      if (packet.id !== undefined) send(packets.pubackPacket(packet.id));
      events.message(packet.topic, packet.payload);
    }
  }

  function acknowledge(code: number): void {
    if (code === 0) {
      connected = true;
      settle(connack);
      events.connected();
    } else finish(code);
  }

  function settle(id: number): void {
    const debt = forgive(id);
    if (!debt) return;
    rttMs = ports.now() - debt.sinceMs;
    events.roundTrip(rttMs);
  }

  function forgive(id: number): { sinceMs: number } | undefined {
    const debt = owed.get(id);
    owed.delete(id);
    watch();
    return debt;
  }

  function owe(id: number, withinMs: number): void {
    const nowMs = ports.now();
    owed.set(id, { sinceMs: nowMs, dueMs: nowMs + withinMs });
    watch();
  }

  /** Sets the one timer to the debt that is due first. */
  function watch(): void {
    ports.clearTimeout(deadline);
    const dueMs = Math.min(...[...owed.values()].map((debt) => debt.dueMs));
    deadline = over || owed.size === 0 ? undefined : ports.setTimeout(finish, Math.max(0, dueMs - ports.now()));
  }

  // Set from what the socket says and not from the timer itself: a chain of timers may be held back in a hidden tab
  // (`timers.ts`), which would miss the keep-alive.
  function listenQuietly(): void {
    ports.clearTimeout(quiet);
    if (over || owed.has(pingresp)) return;
    const leftMs = sentMs + quietMs - ports.now();
    quiet = ports.setTimeout(() => (ports.now() - sentMs >= quietMs ? ping(answerTimeoutMs) : listenQuietly()), leftMs);
  }

  function ping(withinMs: number): void {
    if (forgotten()) return;
    const dueMs = owed.get(pingresp)?.dueMs ?? Number.POSITIVE_INFINITY; // asking again gives no more time
    owe(pingresp, Math.min(withinMs, dueMs - ports.now()));
    send(packets.pingreqPacket());
  }

  /** Ends what slept longer than a broker waits, instead of speaking into it. */
  function forgotten(): boolean {
    if (ports.wall() - sentWallMs <= forgottenMs) return false;
    finish();
    return true;
  }

  function nextId(): number {
    do lastId = (lastId % 65_535) + 1;
    while (owed.has(lastId));
    return lastId;
  }

  function owedId(): number {
    const id = nextId();
    owe(id, answerTimeoutMs);
    return id;
  }

  /** Lets go of socket and timers; whether it was not so already. */
  function release(): boolean {
    if (over) return false;
    over = true;
    owed.clear();
    ports.clearTimeout(deadline);
    ports.clearTimeout(quiet);
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
    return true;
  }

  function finish(code?: number): void {
    if (release()) events.closed(code);
  }

  return {
    publish(publication, qos) {
      if (connected && !over && !forgotten())
        send(packets.publishPacket(publication, qos === 1 ? owedId() : undefined));
    },
    subscribe(filters) {
      if (connected && !over) send(packets.subscribePacket(nextId(), filters));
    },
    unsubscribe(filters) {
      if (connected && !over) send(packets.unsubscribePacket(nextId(), filters));
    },
    probe() {
      if (connected && !over) ping(Math.max(probeTimeoutMs, slowFactor * rttMs));
      // An attempt of before the waking may be waiting for a network that is no more.
      else owe(connack, probeTimeoutMs);
    },
    close(last) {
      if (connected && !over) {
        const end = packets.disconnectPacket();
        send(...(last ? [packets.publishPacket(last, owedId()), end] : [end]));
      }
      release();
    },
  };
}
