import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Bytes } from "../../src/bytes";
import type { Goods, Progress, Wire } from "../../src/extras/parcels/goods";
import { CHUNK_BYTES, type Outgoing, openOutgoing, WAITING_LIMIT } from "../../src/extras/parcels/outgoing";
import type { Drop, Parcel } from "../../src/wire";

/** A channel that keeps what it is given until `drain`. */
class FakeWire {
  readyState = "open";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readonly sent: Bytes[] = [];
  full = false;

  send(data: Bytes): void {
    if (this.full) throw new Error("OperationError");
    this.sent.push(data.slice());
    this.bufferedAmount += data.length;
  }
}

let wire: FakeWire;
let said: (Parcel | Drop)[];
let news: [number, Progress][];
let out: Outgoing;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new FakeWire();
  said = [];
  news = [];
  out = openOutgoing(wire as unknown as Wire, {
    say: (message) => void said.push(message),
    begun: () => undefined,
    progress: (nth, progress) => void news.push([nth, progress]),
  });
});
afterEach(() => vi.useRealTimers());

const goods = (size: number, fill = 7): Goods => ({
  what: "image",
  type: "image/jpeg",
  bytes: new Uint8Array(size).fill(fill),
});
const ids = () => wire.sent.map((message) => new DataView(message.buffer).getUint32(0));
const last = (nth: number) => news.filter(([of]) => of === nth).at(-1)?.[1];

function drain(): void {
  for (let before = -1; before !== wire.sent.length; ) {
    before = wire.sent.length;
    wire.bufferedAmount = 0;
    out.pump();
  }
}

describe("sending", () => {
  it("announces a parcel, and sends its bytes in order, in small pieces with its number before each", () => {
    const bytes = Uint8Array.from({ length: 3 * CHUNK_BYTES + 5 }, (_, nth) => nth % 251);
    out.give({ what: "voice", type: "audio/webm", ms: 900, wave: [1, 2], bytes: bytes.slice() });
    drain();
    expect(said).toEqual([
      { kind: "parcel", id: 0, what: "voice", type: "audio/webm", ms: 900, wave: [1, 2], size: bytes.length },
    ]);
    expect(ids()).toEqual([0, 0, 0, 0]);
    expect(wire.sent.every((message) => message.length <= CHUNK_BYTES + 4)).toBe(true);
    expect(wire.sent.flatMap((message) => [...message.subarray(4)])).toEqual([...bytes]);
  });

  it("puts no more into the browser's buffer than a little, and goes on when that has drained", () => {
    out.give(goods(40 * CHUNK_BYTES));
    expect(wire.sent).toHaveLength(2);
    out.pump();
    expect(wire.sent).toHaveLength(2);
    wire.bufferedAmount = wire.bufferedAmountLowThreshold;
    out.pump();
    expect(wire.sent.length).toBeGreaterThan(2);
    expect(wire.bufferedAmount).toBeLessThan(4 * CHUNK_BYTES);
    drain();
    expect(wire.sent).toHaveLength(40);
  });

  it("loses nothing when the browser refuses a piece", () => {
    out.give(goods(6 * CHUNK_BYTES));
    wire.full = true;
    drain();
    wire.full = false;
    drain();
    expect(wire.sent).toHaveLength(6);
  });

  it("begins the next only when the stranger has spoken about the one before", () => {
    out.give(goods(10));
    out.give(goods(10));
    out.give(goods(10));
    expect(ids()).toEqual([0]);
    out.taken(0);
    expect(last(0)).toEqual({ name: "here" });
    expect(ids()).toEqual([0, 1]);
    out.refused(1, "size");
    expect(last(1)).toEqual({ name: "gone", why: "size" });
    expect(ids()).toEqual([0, 1, 2]);
  });

  it("is not held up for ever by a stranger who says nothing, and hears them later all the same", () => {
    out.give(goods(10));
    out.give(goods(10));
    vi.advanceTimersByTime(30_000);
    expect(ids()).toEqual([0, 1]);
    out.taken(0);
    expect(last(0)).toEqual({ name: "here" });
    expect(last(1)).toEqual({ name: "going", done: 10 });
  });

  it("tells how far it is, and not for every piece", () => {
    out.give(goods(400 * CHUNK_BYTES));
    drain();
    const told = news.flatMap(([, progress]) => (progress.name === "going" ? [progress.done] : []));
    expect(told.length).toBeLessThanOrEqual(21);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(400 * CHUNK_BYTES);
  });

  it("takes only so many, none that is empty or too big, and none when there is no way", () => {
    for (let nth = 0; nth <= WAITING_LIMIT; nth += 1) expect(out.give(goods(1))).toBe(nth);
    expect(out.give(goods(1))).toBeUndefined();
    out.taken(0);
    expect(out.give(goods(0))).toBeUndefined();
    expect(out.give(goods(8 * 1024 * 1024 + 1))).toBeUndefined();
    wire.readyState = "closed";
    expect(out.give(goods(1))).toBeUndefined();
  });
});

describe("changing one's mind", () => {
  it("stops at once, says so, and goes on with the next", () => {
    out.give(goods(100 * CHUNK_BYTES));
    out.give(goods(10));
    out.drop(0);
    drain();
    expect(said.map(({ kind }) => kind)).toEqual(["parcel", "drop", "parcel"]);
    expect(ids().filter((id) => id === 0)).toHaveLength(2);
    expect(last(0)).toEqual({ name: "gone", why: "stopped" });
    expect(ids().at(-1)).toBe(1);
  });

  it("says nothing of what was never announced", () => {
    out.give(goods(100 * CHUNK_BYTES));
    out.give(goods(10));
    out.drop(1);
    expect(said).toHaveLength(1);
    expect(last(1)).toEqual({ name: "gone", why: "stopped" });
    out.taken(0);
    out.drop(7);
    expect(said).toHaveLength(1);
  });

  it("goes for the stranger, too, in the middle of it", () => {
    out.give(goods(100 * CHUNK_BYTES));
    out.refused(0, "unwanted");
    drain();
    expect(wire.sent).toHaveLength(2);
    expect(last(0)).toEqual({ name: "gone", why: "unwanted" });
  });
});

describe("a stranger's word", () => {
  it("counts for nothing where there is nothing to speak about", () => {
    out.give(goods(100 * CHUNK_BYTES));
    const before = news.length;
    out.taken(0); // before it can have arrived
    out.taken(5);
    out.refused(5, "size");
    expect(news).toHaveLength(before);
    drain();
    out.taken(0);
    out.refused(0, "size");
    out.taken(0);
    expect(last(0)).toEqual({ name: "here" });
  });
});

describe("the end", () => {
  it("leaves zeros where the bytes were, and tells what was under way as lost", () => {
    const [first, second] = [goods(100 * CHUNK_BYTES), goods(10)];
    out.give(first);
    out.give(second);
    out.close();
    expect(first.bytes.every((byte) => byte === 0)).toBe(true);
    expect(second.bytes.every((byte) => byte === 0)).toBe(true);
    expect([last(0), last(1)]).toEqual([
      { name: "gone", why: "lost" },
      { name: "gone", why: "lost" },
    ]);
    expect(out.give(goods(1))).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves zeros also of what has been sent", () => {
    const sent = goods(10);
    out.give(sent);
    expect(sent.bytes.every((byte) => byte === 0)).toBe(true);
  });
});
