// The packets of MQTT 3.1.1 that a peer needs, written and read (OASIS mqtt-v3.1.1). It knows bytes only: no socket, no
// clock. What arrives is bounded and refused when malformed; whoever reads then closes the connection (§4.8).

import { type Bytes, concat, fromUtf8, uint, utf8 } from "./bytes";

/** The most that an incoming packet may hold behind its fixed header. */
export const packetBytes = 64 * 1024;

export type Packet =
  | { readonly type: "connack"; readonly code: number }
  | { readonly type: "publish"; readonly topic: string; readonly payload: Bytes; readonly id: number | undefined }
  | { readonly type: "puback"; readonly id: number }
  | { readonly type: "suback" | "unsuback" | "pingresp" };

export interface Publication {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

export interface Credentials {
  readonly clientId: string;
  readonly password: string;
  readonly keepAliveS: number;
  readonly will: Publication;
}

/** CONNECT (§3.1): clean session, Will of QoS 1 that is not retained, the ClientID as user name too. */
export function connectPacket({ clientId, password, keepAliveS, will }: Credentials): Bytes {
  const flags = Uint8Array.of(4, 0b1100_1110); // protocol level; user name, password, Will QoS 1, Will, clean session
  return packet(
    0x10,
    field("MQTT"),
    flags,
    uint(keepAliveS, 2),
    field(clientId),
    field(will.topic),
    field(will.payload),
    field(clientId),
    field(password),
  );
}

/** PUBLISH (§3.3): QoS 1 when it has an id, else QoS 0. */
export function publishPacket({ topic, payload }: Publication, id?: number): Bytes {
  return id === undefined
    ? packet(0x30, field(topic), raw(payload))
    : packet(0x32, field(topic), uint(id, 2), raw(payload));
}

/** SUBSCRIBE (§3.8), all at QoS 0. */
export function subscribePacket(id: number, filters: readonly string[]): Bytes {
  return packet(0x82, uint(id, 2), ...filters.flatMap((filter) => [field(filter), Uint8Array.of(0)]));
}

export function unsubscribePacket(id: number, filters: readonly string[]): Bytes {
  return packet(0xa2, uint(id, 2), ...filters.map(field));
}

export function pubackPacket(id: number): Bytes {
  return packet(0x40, uint(id, 2));
}

export function pingreqPacket(): Bytes {
  return packet(0xc0);
}

export function disconnectPacket(): Bytes {
  return packet(0xe0);
}

function packet(head: number, ...parts: Uint8Array[]): Bytes {
  const body = concat(...parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest > 127 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return concat(Uint8Array.of(head, ...length), body);
}

function field(value: string | Uint8Array): Bytes {
  const bytes = raw(value);
  return concat(uint(bytes.length, 2), bytes);
}

function raw(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? utf8(value) : value;
}

/** The broker sent something that is not MQTT, or nothing that a peer asked for. */
export class Malformed extends Error {}

/** Puts packets together: they may be split over frames, and a frame may hold several. */
export class Decoder {
  #rest: Bytes = new Uint8Array(0);

  /** @throws {Malformed} and is of no use afterwards. */
  push(frame: Uint8Array): Packet[] {
    let rest = this.#rest.length === 0 ? frame : concat(this.#rest, frame);
    const packets: Packet[] = [];
    for (;;) {
      const header = headerOf(rest);
      if (header === undefined || rest.length < header.end) break;
      packets.push(read(rest[0] ?? 0, rest.subarray(header.start, header.end)));
      rest = rest.subarray(header.end);
    }
    this.#rest = rest.slice();
    return packets;
  }
}

/** Where the first packet's body starts and ends; undefined while its length has not arrived. */
function headerOf(bytes: Uint8Array): { start: number; end: number } | undefined {
  let length = 0;
  for (let i = 1; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    length += (byte & 127) * 128 ** (i - 1);
    if (length > packetBytes || (i === 4 && byte > 127)) throw new Malformed();
    if (byte < 128) return { start: i + 1, end: i + 1 + length };
  }
  return undefined;
}

function read(head: number, body: Uint8Array): Packet {
  if (head >> 4 === 3) return readPublish(head, body);
  switch (head) {
    case 0x20:
      return { type: "connack", code: exactly(body, 2)[1] ?? 0 };
    case 0x40:
      return { type: "puback", id: uint16(exactly(body, 2), 0) };
    case 0x90:
      return { type: "suback" };
    case 0xb0:
      return { type: "unsuback" };
    case 0xd0:
      exactly(body, 0);
      return { type: "pingresp" };
    default:
      throw new Malformed();
  }
}

function readPublish(head: number, body: Uint8Array): Packet {
  const qos = (head >> 1) & 3;
  if (qos > 1) throw new Malformed(); // QoS 3 does not exist, and nobody subscribed with 2
  const idAt = 2 + uint16(body, 0);
  const payloadAt = idAt + 2 * qos;
  if (payloadAt > body.length) throw new Malformed();
  const topic = fromUtf8(body.subarray(2, idAt));
  if (topic === undefined) throw new Malformed();
  // A copy, so that a payload kept for later does not keep the whole frame.
  return { type: "publish", topic, payload: body.slice(payloadAt), id: qos === 1 ? uint16(body, idAt) : undefined };
}

function exactly(body: Uint8Array, length: number): Uint8Array {
  if (body.length !== length) throw new Malformed();
  return body;
}

function uint16(bytes: Uint8Array, at: number): number {
  const high = bytes[at];
  const low = bytes[at + 1];
  if (high === undefined || low === undefined) throw new Malformed();
  return high * 256 + low;
}
