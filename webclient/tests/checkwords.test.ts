import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import vectors from "../../tests/vectors/checkwords.json";
import { fromBase64url } from "../src/bytes";
import { type CheckOptions, type CheckWords, check, checkWords, commit } from "../src/checkwords";
import { WORDS } from "../src/extras/words";
import type { Role } from "../src/seal";
import type { Nonce } from "../src/wire";

const bytes = (text: string) => fromBase64url(text) ?? new Uint8Array(0);

describe.each(vectors.cases)("the vectors of $why", ({ session, a, b, numbers, words }) => {
  it("are bound by the commitments", async () => {
    expect((await commit(session, "a", bytes(a.nonce))).commitment).toBe(a.commitment);
    expect((await commit(session, "b", bytes(b.nonce))).commitment).toBe(b.commitment);
  });

  it("are the same words, whoever counts", async () => {
    const nonces = { a: bytes(a.nonce), b: bytes(b.nonce) };
    expect(await checkWords(session, [a, b], nonces)).toEqual(numbers);
    expect(await checkWords(session, [b, a], nonces)).toEqual(numbers);
    expect(numbers.map((number) => WORDS[number])).toEqual(words);
  });
});

describe("the list", () => {
  it("is the one that others have, too", () => {
    expect(WORDS).toEqual(vectors.list);
  });

  it("has 256 plain words, no two of which begin alike", () => {
    expect(WORDS).toHaveLength(256);
    expect(new Set(WORDS.map((word) => word.slice(0, 3))).size).toBe(256);
    for (const word of WORDS) expect(word).toMatch(/^[a-z]{4,9}$/);
  });
});

describe("checking", () => {
  const [vector] = vectors.cases;
  if (!vector) throw new Error("no vector");
  let told: (Nonce | CheckWords | string)[];
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    told = [];
  });
  afterEach(() => void vi.useRealTimers());

  function begin(role: Role, change: Partial<CheckOptions> = {}) {
    const [mine, theirs] = role === "a" ? [vector?.a, vector?.b] : [vector?.b, vector?.a];
    if (!vector || !mine || !theirs) throw new Error("no vector");
    const me = { ...mine, nonce: bytes(mine.nonce) };
    const begun = check(
      { session: vector.session, role, me, stranger: theirs, ...change },
      { send: (message) => told.push(message), words: (words) => told.push(words), alarm: (why) => told.push(why) },
    );
    return { hear: (nonce: string) => begun.hear({ kind: "nonce", nonce }), close: begun.close, mine, theirs };
  }

  it.each(["a", "b"] as const)("tells my nonce at once, and ends in the words, at role %s", async (role) => {
    const { hear, mine, theirs } = begin(role);
    expect(told).toEqual([{ kind: "nonce", nonce: mine.nonce }]);
    await hear(theirs.nonce);
    expect(told.slice(1)).toEqual([vector.numbers]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes no second nonce, neither for words nor for an alarm", async () => {
    const { hear, theirs, mine } = begin("a");
    await hear(theirs.nonce);
    await hear(mine.nonce);
    expect(told).toHaveLength(2);
  });

  it("is an alarm with my own nonce sent back, as with any other that was not committed to", async () => {
    const { hear, mine } = begin("a");
    await hear(mine.nonce);
    expect(told.slice(1)).toEqual(["commitment"]);
  });

  it("takes a nonce that is late", async () => {
    const { hear, theirs } = begin("a");
    await vi.advanceTimersByTimeAsync(5_000);
    await hear(theirs.nonce);
    expect(told.slice(1)).toEqual(["missing", vector.numbers]);
  });

  it("has no words without a certificate of which it knows", async () => {
    const { hear, theirs } = begin("a", { me: { ...vector.a, nonce: bytes(vector.a.nonce), fingerprint: undefined } });
    await hear(theirs.nonce);
    expect(told.slice(1)).toEqual(["missing"]);
  });

  it("says nothing any more once it is closed", async () => {
    const { hear, close, theirs } = begin("a");
    const hearing = hear(theirs.nonce);
    close();
    await hearing;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toHaveLength(1);
  });
});
