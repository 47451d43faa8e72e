// The sealed exchange over the two seats: in order, bounded, and once more when something was lost. MQTT carries it at
// QoS 0, so a message may be lost when a connection breaks or a subscription comes late.
//
//   my first ──► (the channel is not open 2 s later) ──► all of mine once more, the same bytes
//
// It is the open channel that counts, and not whether the stranger's first came: that one says nothing of mine, and when
// both were lost, the quicker repetition would keep the other from repeating too.
//
// In a talk whose way is lost the two reach each other at later seats, which they have told each other; nothing is
// repeated there, since what is asked in vain is asked anew.

import { type Bytes, fromJson, utf8 } from "./bytes";
import type { Seal } from "./seal";
import { read, type SessionMessage } from "./wire";

const repeatAfterMs = 2_000;
const payloadBytes = 16 * 1024;
/** What a seat lets through in all: whoever sends more is no stranger of ours. */
const payloadsWaiting = 64;

export interface PostPorts {
  /** To the seat of the match, or to a later one. */
  publish(payload: Bytes, to?: string): void;
  /** What comes before the first message is looked at. */
  start(): Promise<unknown>;
  /** The next message waits until this one is done with. */
  message(message: SessionMessage): Promise<void>;
  /** The seal could not be made. */
  failed(): void;
}

export interface Post {
  /** How many counters are used: of 256 that there are. */
  readonly sealed: number;
  send(message: SessionMessage, to?: string): void;
  receive(payload: Uint8Array, at?: string): void;
  /** The two have found each other: nothing needs to be repeated any more. */
  settle(): void;
  /** Hears nothing any more; a last message still leaves. */
  close(last?: SessionMessage, to?: string): void;
}

export function openPost(sealing: Promise<Seal>, ports: PostPorts): Post {
  let sent: Bytes[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mayRepeat = true;
  let deaf = false;
  let silent = false;
  let pending = 0;
  let sealed = 0;
  let queue: Promise<unknown> = Promise.resolve().then(() => ports.start());
  sealing.catch(() => ports.failed());

  async function send(message: SessionMessage, to?: string): Promise<void> {
    sealed++;
    const payload = await sealing.then(
      (seal) => seal.seal(utf8(JSON.stringify(message)), to),
      () => undefined,
    );
    if (!payload || silent) return;
    ports.publish(payload, to);
    if (!mayRepeat) return;
    sent.push(payload);
    timer ??= setTimeout(repeat, repeatAfterMs);
  }

  function repeat(): void {
    const again = sent;
    settle();
    for (const payload of again) ports.publish(payload);
  }

  function settle(): void {
    mayRepeat = false;
    clearTimeout(timer);
    sent = [];
  }

  async function open(payload: Uint8Array, at?: string): Promise<void> {
    if (deaf) return;
    const plain = await (await sealing).open(payload, at);
    const message = plain && !deaf && read("session", fromJson(plain));
    if (message) await ports.message(message);
  }

  return {
    get sealed() {
      return sealed;
    },
    send: (message, to) => void send(message, to),
    receive(payload, at) {
      if (deaf || pending >= payloadsWaiting || payload.length > payloadBytes) return;
      pending++;
      queue = queue
        .then(() => open(payload, at))
        .catch(() => undefined)
        .finally(() => pending--);
    },
    settle,
    close(last, to) {
      deaf = true;
      settle();
      const quiet = () => {
        silent = true;
      };
      if (last) send(last, to).finally(quiet);
      else quiet();
    },
  };
}
