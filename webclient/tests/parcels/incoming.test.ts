import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Bytes, concat, uint } from "../../src/bytes";
import type { Progress, Refusal } from "../../src/extras/parcels/goods";
import { type Incoming, openIncoming } from "../../src/extras/parcels/incoming";
import type { Parcel, Refuse, Taken } from "../../src/wire";

let said: (Refuse | Taken)[];
let begun: number[];
let news: [number, Progress][];
let notices: string[];
let kept: number[];
let lent: Bytes[];
let check: (parcel: Parcel, bytes: Bytes) => Promise<Blob | Refusal>;
let now: number;
let into: Incoming;

beforeEach(() => {
  vi.useFakeTimers();
  [said, begun, news, notices, kept, lent, now] = [[], [], [], [], [], [], 0];
  check = async () => new Blob(["fine"]);
  into = openIncoming({
    say: (message) => void said.push(message),
    begun: ({ id }) => void begun.push(id),
    progress: (nth, progress) => void news.push([nth, progress]),
    notice: (what) => void notices.push(what),
    check: (parcel, bytes) => {
      lent.push(bytes);
      return check(parcel, bytes);
    },
    keep: (nth) => void kept.push(nth),
    now: () => now,
  });
});
afterEach(() => vi.useRealTimers());

const parcel = (id: number, size: number, more: Partial<Parcel> = {}): Parcel => ({
  kind: "parcel",
  id,
  what: "image",
  type: "image/jpeg",
  size,
  ...more,
});
const bytes = (id: number, size: number) => into.hear(concat(uint(id, 4), new Uint8Array(size).fill(id + 1)).buffer);
const last = (nth: number) => news.filter(([of]) => of === nth).at(-1)?.[1];
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("receiving", () => {
  it("puts a parcel together, has it checked, and says that it was taken", async () => {
    let seen: number[] = [];
    check = async (_, whole) => {
      seen = [...whole];
      return new Blob(["fine"]);
    };
    into.announced(parcel(0, 5));
    bytes(0, 2);
    bytes(0, 3);
    await settle();
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    expect(kept).toEqual([0]);
    expect(last(0)).toEqual({ name: "here" });
    expect(said).toEqual([{ kind: "taken", id: 0 }]);
    expect(lent[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it("takes bytes that come before the word about them", async () => {
    bytes(0, 2);
    into.announced(parcel(0, 5));
    bytes(0, 3);
    await settle();
    expect(said).toEqual([{ kind: "taken", id: 0 }]);
  });

  it("tells the sender why it was not good, and checks the next", async () => {
    const answers: (Blob | Refusal | Error)[] = ["type", new Error("hm"), new Blob(["fine"])];
    check = async () => {
      const answer = answers.shift() ?? "type";
      if (answer instanceof Error) throw answer;
      return answer;
    };
    for (const id of [0, 1, 2]) {
      into.announced(parcel(id, 1));
      bytes(id, 1);
    }
    await settle();
    expect(said).toEqual([
      { kind: "refuse", id: 0, why: "type" },
      { kind: "refuse", id: 1, why: "unreadable" },
      { kind: "taken", id: 2 },
    ]);
  });

  it("checks one at a time", async () => {
    const done: (() => void)[] = [];
    check = () => new Promise((then) => done.push(() => then(new Blob(["fine"]))));
    for (const id of [0, 1]) {
      into.announced(parcel(id, 1));
      bytes(id, 1);
    }
    await settle();
    expect(done).toHaveLength(1);
    done[0]?.();
    await settle();
    expect(done).toHaveLength(2);
  });

  it("gives up what stalls", () => {
    into.announced(parcel(0, 5));
    vi.advanceTimersByTime(29_000);
    bytes(0, 1);
    vi.advanceTimersByTime(29_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual([{ kind: "refuse", id: 0, why: "unreadable" }]);
  });
});

describe("changing one's mind", () => {
  it("is the sender's right, also while it is being checked", async () => {
    let done: (() => void) | undefined;
    check = () =>
      new Promise((then) => {
        done = () => then(new Blob(["fine"]));
      });
    into.announced(parcel(0, 1));
    bytes(0, 1);
    await settle();
    into.dropped(0);
    done?.();
    await settle();
    expect(last(0)).toEqual({ name: "gone", why: "stopped" });
    expect(kept).toEqual([]);
    expect(said).toEqual([]);
  });

  it("is the receiver's right, and what is still under way costs no word", () => {
    into.announced(parcel(0, 8 * 1024 * 1024));
    bytes(0, 16_384);
    into.refuse(0);
    for (let nth = 0; nth < 100; nth += 1) bytes(0, 16_384);
    expect(said).toEqual([{ kind: "refuse", id: 0, why: "unwanted" }]);
    expect(last(0)).toEqual({ name: "gone", why: "unwanted" });
    expect(notices).toEqual([]);
  });
});

describe("a stranger who does not keep to it", () => {
  it("sends more than announced: refused", () => {
    into.announced(parcel(0, 5));
    bytes(0, 6);
    expect(said).toEqual([{ kind: "refuse", id: 0, why: "size" }]);
    into.announced(parcel(1, 5));
    bytes(1, 5);
    bytes(1, 1);
    expect(said.at(-1)).toEqual({ kind: "refuse", id: 1, why: "size" });
  });

  it("sends what was never announced: one word about it, however much", () => {
    for (let nth = 0; nth < 10_000; nth += 1) bytes(1_000 + (nth % 7), 16_384);
    for (const nonsense of ["text", new ArrayBuffer(0), new ArrayBuffer(4), new Blob(), undefined]) into.hear(nonsense);
    expect(notices).toEqual(["stray"]);
    expect(said).toEqual([]);
    expect(begun).toEqual([]);
  });

  it("goes on with what was refused, far beyond what can have been under way: one word", () => {
    into.announced(parcel(0, 5));
    into.refuse(0);
    for (let nth = 0; nth < 1_100; nth += 1) bytes(0, 16_384);
    expect(notices).toEqual(["stray"]);
  });

  it("uses a number again, or a lower one: nothing begins, and nothing under way is harmed", async () => {
    into.announced(parcel(3, 2));
    into.announced(parcel(3, 9));
    into.announced(parcel(1, 9));
    bytes(3, 2);
    await settle();
    expect(begun).toEqual([3]);
    expect(said).toEqual([{ kind: "taken", id: 3 }]);
    expect(notices).toEqual(["stray"]);
  });

  it("begins many at once: three, and one word about the rest", () => {
    for (let id = 0; id < 100; id += 1) into.announced(parcel(id, 8 * 1024 * 1024));
    expect(begun).toEqual([0, 1, 2]);
    expect(said.every((word) => word.kind === "refuse" && word.why === "many")).toBe(true);
    expect(notices).toEqual(["flood"]);
  });

  it("sends small ones without end: so many a minute", async () => {
    for (let id = 0; id < 200; id += 1) {
      into.announced(parcel(id, 1));
      bytes(id, 1);
      await settle();
    }
    expect(kept).toHaveLength(20);
    now += 60_000;
    for (let id = 200; id < 400; id += 1) {
      into.announced(parcel(id, 1));
      bytes(id, 1);
      await settle();
    }
    expect(kept).toHaveLength(35);
    expect(notices).toEqual(["flood"]);
  });

  it("calls a sound a picture: refused before a byte is taken", () => {
    into.announced(parcel(0, 5, { type: "audio/webm" }));
    bytes(0, 5);
    expect(said).toEqual([{ kind: "refuse", id: 0, why: "type" }]);
    expect(lent).toEqual([]);
  });

  it("speaks about what is not there: nothing happens", () => {
    into.dropped(5);
    into.refuse(5);
    expect([said, news, notices]).toEqual([[], [], []]);
  });
});

describe("the end", () => {
  it("leaves zeros, tells what was under way as lost, and takes nothing more", async () => {
    check = () => new Promise(() => undefined);
    into.announced(parcel(0, 2));
    bytes(0, 2);
    await settle();
    into.announced(parcel(1, 9));
    bytes(1, 2);
    into.close();
    expect(lent[0]?.every((byte) => byte === 0)).toBe(true);
    expect([last(0), last(1)]).toEqual([
      { name: "gone", why: "lost" },
      { name: "gone", why: "lost" },
    ]);
    into.announced(parcel(2, 9));
    bytes(2, 2);
    expect(begun).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
