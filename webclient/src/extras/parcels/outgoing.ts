// Sends parcels, one after the other: announces each on the channel of words, sends its bytes on the other one in small
// pieces, and waits for the stranger's word about it before the next begins.
//
//   me ── parcel{id, size} ──►                   words
//      ── id ‖ bytes, id ‖ bytes, … ──►          bytes
//      ◄── taken{id}  or  refuse{id, why} ──     words
//      ── drop{id} ──►                           words, when I change my mind
//
// It knows nothing of pictures and sound.

import { type Bytes, uint } from "../../bytes";
import type { Drop, Parcel } from "../../wire";
import { type Goods, HEAD_BYTES, PARCEL_BYTES, type Progress, type Refusal, type Wire, worthTelling } from "./goods";

/** SCTP sends a message whole: what is typed waits for at most one of these. */
export const CHUNK_BYTES = 16 * 1024;
/** So much may lie in the browser's buffer; from the lower of the two on there is more. */
const bufferedBytes = { high: 32 * 1024, low: 16 * 1024 };
/** What may wait for its turn. */
export const WAITING_LIMIT = 8;
/** A stranger whose page says nothing about a parcel does not hold up the next for longer. */
const answerMs = 30_000;

export interface OutgoingPorts {
  say(message: Parcel | Drop): void;
  /** A parcel has its place in the line. */
  begun(parcel: Parcel): void;
  progress(nth: number, progress: Progress): void;
}

export interface Outgoing {
  /** Its number; undefined when too many wait, or nothing can be sent any more. The bytes are its own from now on. */
  give(goods: Goods): number | undefined;
  taken(nth: number): void;
  refused(nth: number, why: Refusal): void;
  /** There is room in the channel. */
  pump(): void;
  /** I do not want to send it any more. */
  drop(nth: number): void;
  /** No more can be sent. Nothing of it is kept; what was under way is told as lost. */
  close(): void;
}

interface Piece {
  readonly parcel: Parcel;
  readonly bytes: Bytes;
  sent: number;
  told: number;
}

export function openOutgoing(wire: Wire, ports: OutgoingPorts): Outgoing {
  const waiting: Piece[] = [];
  /** Sent, and not yet spoken of by the stranger. */
  const unanswered = new Set<number>();
  let current: Piece | undefined;
  let count = 0;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  wire.bufferedAmountLowThreshold = bufferedBytes.low;

  function give({ bytes, ...about }: Goods): number | undefined {
    const size = bytes.length;
    if (closed || wire.readyState !== "open" || waiting.length >= WAITING_LIMIT || size < 1 || size > PARCEL_BYTES)
      return undefined;
    const parcel: Parcel = { kind: "parcel", id: count, size, ...about };
    count += 1;
    waiting.push({ parcel, bytes, sent: 0, told: 0 });
    ports.begun(parcel);
    next();
    return parcel.id;
  }

  function next(): void {
    if (current) return;
    current = waiting.shift();
    if (!current) return;
    ports.say(current.parcel);
    pump();
  }

  function pump(): void {
    const piece = current;
    if (!piece || piece.sent === piece.parcel.size) return;
    const { id, size } = piece.parcel;
    while (piece.sent < size && wire.readyState === "open" && wire.bufferedAmount < bufferedBytes.high) {
      const part = piece.bytes.subarray(piece.sent, piece.sent + CHUNK_BYTES);
      const message = new Uint8Array(HEAD_BYTES + part.length);
      message.set(uint(id, 4));
      message.set(part, HEAD_BYTES);
      try {
        wire.send(message);
      } catch {
        break; // the browser's buffer is full after all: again when it has drained
      }
      piece.sent += part.length;
    }
    if (piece.sent === size) rest(piece);
    if (!worthTelling(piece.sent, piece.told, size)) return;
    piece.told = piece.sent;
    ports.progress(id, { name: "going", done: piece.sent });
  }

  /** All of it is on its way. */
  function rest({ parcel, bytes }: Piece): void {
    bytes.fill(0);
    unanswered.add(parcel.id);
    patience = setTimeout(leave, answerMs);
  }

  function leave(): void {
    clearTimeout(patience);
    current?.bytes.fill(0);
    current = undefined;
    next();
  }

  /** The last word about a parcel. */
  function settle(nth: number, progress: Progress): void {
    unanswered.delete(nth);
    ports.progress(nth, progress);
    if (current?.parcel.id === nth) leave();
  }

  function drop(nth: number): void {
    const at = waiting.findIndex(({ parcel }) => parcel.id === nth);
    const [early] = at < 0 ? [] : waiting.splice(at, 1);
    early?.bytes.fill(0); // not announced, so there is nobody to tell
    if (!early && current?.parcel.id !== nth && !unanswered.has(nth)) return;
    if (!early) ports.say({ kind: "drop", id: nth });
    settle(nth, { name: "gone", why: "stopped" });
  }

  function close(): void {
    if (closed) return;
    closed = true;
    clearTimeout(patience);
    const left = [...unanswered, ...waiting.map(({ parcel }) => parcel.id)];
    if (current && !unanswered.has(current.parcel.id)) left.unshift(current.parcel.id);
    for (const piece of waiting.splice(0)) piece.bytes.fill(0);
    current?.bytes.fill(0);
    current = undefined;
    unanswered.clear();
    for (const nth of left) ports.progress(nth, { name: "gone", why: "lost" });
  }

  return {
    give,
    taken(nth) {
      if (unanswered.has(nth)) settle(nth, { name: "here" });
    },
    refused(nth, why) {
      if (unanswered.has(nth) || current?.parcel.id === nth) settle(nth, { name: "gone", why });
    },
    pump,
    drop,
    close,
  };
}
