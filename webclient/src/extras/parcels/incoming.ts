// Puts together what a stranger sends beside words, and bounds it: how big a parcel is, how many are under way, how many
// come in a minute, and what of the rest is looked at. Nothing that comes can throw here, hold more than three parcels of
// memory, or cost the reader more than one line. What is complete is handed on to be checked, one at a time.
//
// The two channels do not wait for each other, so bytes may come before the word that announces them, and after the one
// that ends them.

import type { Bytes } from "../../bytes";
import type { Parcel, Refuse, Taken } from "../../wire";
import { HEAD_BYTES, type Progress, type Refusal, worthTelling } from "./goods";

/** Parcels under way, those that are being checked among them. A page sends one after the other. */
const OPEN_LIMIT = 3;
/** Parcels in a minute, and at once. */
const pace = { perMinute: 15, burst: 20 };
/** Bytes that overtook the word about them: so many messages are kept, for the one parcel that comes next. */
const EARLY_LIMIT = 64;
const EARLY_BYTES = 1024 * 1024;
/** What was already under way when I refused it is nobody's fault. */
const LATE_BYTES = 16 * 1024 * 1024;
/** Nothing has come for so long: it will not come. */
const stalledMs = 30_000;

export interface IncomingPorts {
  say(message: Refuse | Taken): void;
  /** A line for it. */
  begun(parcel: Parcel): void;
  progress(nth: number, progress: Progress): void;
  /** Said once each; what it is about was dropped. */
  notice(what: "flood" | "stray"): void;
  /** Checks it and makes of it what can be shown, or tells why not. The bytes are lent. */
  check(parcel: Parcel, bytes: Bytes): Promise<Blob | Refusal>;
  /** Still wanted, once it was checked. */
  keep(nth: number, made: Blob): void;
  now(): number;
}

export interface Incoming {
  announced(parcel: Parcel): void;
  /** The stranger sends no more of it. */
  dropped(nth: number): void;
  /** A message from the channel for what is big. */
  hear(data: unknown): void;
  /** I want no more of it. */
  refuse(nth: number): void;
  /** Nothing of it is kept; what was under way is told as lost. */
  close(): void;
}

interface Piece {
  readonly parcel: Parcel;
  /** Set up with the first of them. */
  bytes: Bytes;
  got: number;
  told: number;
  stalled: ReturnType<typeof setTimeout> | undefined;
}

export function openIncoming(ports: IncomingPorts): Incoming {
  const open = new Map<number, Piece>();
  const noticed = new Set<string>();
  let early: { nth: number; parts: Bytes[]; size: number } | undefined;
  let last = -1;
  let late = 0;
  let tokens = pace.burst;
  let filledMs = ports.now();
  let checking: Promise<void> = Promise.resolve();
  let closed = false;

  function announced(parcel: Parcel): void {
    const { id, what, type } = parcel;
    if (closed) return;
    if (id <= last) {
      notice("stray");
      return;
    }
    last = id;
    const overtook = early?.nth === id ? early.parts : [];
    early = undefined;
    if (open.size >= OPEN_LIMIT || !pays()) {
      ports.say({ kind: "refuse", id, why: "many" });
      notice("flood");
      return;
    }
    const piece: Piece = { parcel, bytes: new Uint8Array(0), got: 0, told: 0, stalled: undefined };
    open.set(id, piece);
    ports.begun(parcel);
    if (type.startsWith("image/") === (what === "image")) begin(piece, overtook);
    else decline(piece, "type");
  }

  function begin(piece: Piece, overtook: readonly Bytes[]): void {
    wait(piece);
    for (const part of overtook) take(piece.parcel.id, part);
  }

  function hear(data: unknown): void {
    if (closed) return;
    if (data instanceof ArrayBuffer && data.byteLength > HEAD_BYTES)
      take(new DataView(data).getUint32(0), new Uint8Array(data, HEAD_BYTES));
    else notice("stray");
  }

  function take(nth: number, part: Bytes): void {
    const piece = open.get(nth);
    if (piece) add(piece, part);
    else if (nth > last) keepEarly(nth, part);
    else {
      late += part.length;
      if (late > LATE_BYTES) notice("stray");
    }
  }

  function add(piece: Piece, part: Bytes): void {
    const { id, size } = piece.parcel;
    if (piece.got + part.length > size) {
      decline(piece, "size");
      return;
    }
    // One buffer, however small the parts: millions of tiny ones would weigh far more than what is in them.
    if (piece.got === 0) piece.bytes = new Uint8Array(size);
    piece.bytes.set(part, piece.got);
    piece.got += part.length;
    if (piece.got === size) {
      clearTimeout(piece.stalled);
      checking = checking.then(() => check(piece));
    } else wait(piece);
    if (!worthTelling(piece.got, piece.told, size)) return;
    piece.told = piece.got;
    ports.progress(id, { name: "going", done: piece.got });
  }

  function wait(piece: Piece): void {
    clearTimeout(piece.stalled);
    piece.stalled = setTimeout(() => decline(piece, "unreadable"), stalledMs);
  }

  function keepEarly(nth: number, part: Bytes): void {
    early ??= { nth, parts: [], size: 0 };
    if (early.nth !== nth || early.parts.length >= EARLY_LIMIT || early.size + part.length > EARLY_BYTES) {
      notice("stray");
      return;
    }
    early.parts.push(part);
    early.size += part.length;
  }

  async function check(piece: Piece): Promise<void> {
    if (!open.has(piece.parcel.id)) return; // taken back or refused while others were checked
    const made = await ports.check(piece.parcel, piece.bytes).catch(() => "unreadable" as const);
    if (!open.has(piece.parcel.id)) return;
    if (typeof made === "string") decline(piece, made);
    else {
      ports.keep(piece.parcel.id, made);
      end(piece, { name: "here" });
      ports.say({ kind: "taken", id: piece.parcel.id });
    }
  }

  function decline(piece: Piece, why: Refusal): void {
    ports.say({ kind: "refuse", id: piece.parcel.id, why });
    end(piece, { name: "gone", why });
  }

  function end(piece: Piece, progress: Progress): void {
    clearTimeout(piece.stalled);
    piece.bytes.fill(0);
    open.delete(piece.parcel.id);
    ports.progress(piece.parcel.id, progress);
  }

  function pays(): boolean {
    const nowMs = ports.now();
    tokens = Math.min(pace.burst, tokens + (Math.max(0, nowMs - filledMs) / 60_000) * pace.perMinute);
    filledMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function notice(what: "flood" | "stray"): void {
    if (noticed.has(what)) return;
    noticed.add(what);
    ports.notice(what);
  }

  return {
    announced,
    hear,
    dropped(nth) {
      const piece = open.get(nth);
      if (piece) end(piece, { name: "gone", why: "stopped" });
    },
    refuse(nth) {
      const piece = open.get(nth);
      if (piece) decline(piece, "unwanted");
    },
    close() {
      closed = true;
      early = undefined;
      for (const piece of [...open.values()]) end(piece, { name: "gone", why: "lost" });
    },
  };
}
