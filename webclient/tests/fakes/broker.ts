// A broker in memory, behind a WebSocket that a test opens by hand. It reads MQTT on its own, so that the client is not
// judged by its own code. Packets are told as short sentences: "PUBLISH v1/lobby/x hello qos1".

import type { LinkPorts } from "../../src/mqtt";

export interface Heard {
  readonly type: string;
  readonly body: Uint8Array;
  readonly head: number;
}

export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  binaryType = "blob";
  readonly frames: Uint8Array[] = [];
  closed = false;
  /** Answers as a broker does; a test that wants silence switches it off. */
  answering = true;
  connackCode = 0;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  accept(): void {
    this.onopen?.();
  }

  send(frame: Uint8Array): void {
    if (this.closed) throw new Error("sent on a closed socket");
    this.frames.push(frame.slice());
    if (this.answering) for (const packet of split(frame)) this.answer(packet);
  }

  close(): void {
    this.closed = true;
  }

  /** The other end hangs up. */
  hangUp(): void {
    this.closed = true;
    this.onclose?.();
  }

  reply(...bytes: number[]): void {
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  publish(topic: string, payload: string, id?: number): void {
    const name = new TextEncoder().encode(topic);
    const said = new TextEncoder().encode(payload);
    const body = [0, name.length, ...name, ...(id === undefined ? [] : [id >> 8, id & 255]), ...said];
    this.reply(id === undefined ? 0x30 : 0x32, body.length, ...body);
  }

  get heard(): Heard[] {
    return this.frames.flatMap((frame) => split(frame));
  }

  get told(): string[] {
    return this.heard.map(sentence);
  }

  private answer({ type, body, head }: Heard): void {
    // A broker answers after the call, never within it.
    const later = (...bytes: number[]) => queueMicrotask(() => this.closed || this.reply(...bytes));
    const id = [body[0] ?? 0, body[1] ?? 0];
    if (type === "CONNECT") later(0x20, 2, 0, this.connackCode);
    if (type === "SUBSCRIBE") later(0x90, 3, ...id, 0);
    if (type === "UNSUBSCRIBE") later(0xb0, 2, ...id);
    if (type === "PINGREQ") later(0xd0, 0);
    if (type === "PUBLISH" && (head & 6) === 2) {
      const at = 2 + (body[0] ?? 0) * 256 + (body[1] ?? 0);
      later(0x40, 2, body[at] ?? 0, body[at + 1] ?? 0);
    }
  }
}

/** Every socket that the client opens, in order. */
export function fakeSockets(): { sockets: FakeSocket[]; WebSocket: LinkPorts["WebSocket"]; last(): FakeSocket } {
  const sockets: FakeSocket[] = [];
  const WebSocket = class extends FakeSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      sockets.push(this);
    }
  };
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };
  return { sockets, WebSocket: WebSocket as unknown as LinkPorts["WebSocket"], last };
}

const names: Record<number, string> = {
  1: "CONNECT",
  3: "PUBLISH",
  4: "PUBACK",
  8: "SUBSCRIBE",
  10: "UNSUBSCRIBE",
  12: "PINGREQ",
  14: "DISCONNECT",
};

export function split(frame: Uint8Array): Heard[] {
  const packets: Heard[] = [];
  let at = 0;
  while (at < frame.length) {
    const head = frame[at++] ?? 0;
    let length = 0;
    let shift = 0;
    let byte = 0;
    do {
      byte = frame[at++] ?? 0;
      length |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    packets.push({ type: names[head >> 4] ?? `? ${head}`, head, body: frame.slice(at, at + length) });
    at += length;
  }
  if (at !== frame.length) throw new Error("a frame that ends within a packet");
  return packets;
}

function sentence({ type, body, head }: Heard): string {
  const text = new TextDecoder();
  const fields: string[] = [];
  let at = type === "SUBSCRIBE" || type === "UNSUBSCRIBE" ? 2 : 0;
  const field = () => {
    const length = (body[at] ?? 0) * 256 + (body[at + 1] ?? 0);
    at += 2 + length;
    return text.decode(body.subarray(at - length, at));
  };
  if (type === "SUBSCRIBE" || type === "UNSUBSCRIBE")
    while (at < body.length) {
      fields.push(field());
      if (type === "SUBSCRIBE") at++;
    }
  if (type === "PUBLISH") {
    const qos = (head >> 1) & 3;
    fields.push(field());
    at += qos > 0 ? 2 : 0;
    fields.push(text.decode(body.subarray(at)), `qos${qos}`);
    if (head & 1) fields.push("retain");
  }
  return [type, ...fields].join(" ");
}
