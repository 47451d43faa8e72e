import { beforeAll, describe, expect, it } from "vitest";
import vectors from "../../tests/vectors/sealing.json";
import { type Bytes, concat, fromBase64url, toBase64url, utf8 } from "../src/bytes";
import { makeSeal, makeSealKeys, type Role, type Seal, type SealKeys } from "../src/seal";

const seats = { a: "A".repeat(56), b: "B".repeat(56) };
const bytes = (text: string): Bytes => fromBase64url(text) ?? new Uint8Array();

async function imported(key: JsonWebKey, point: string): Promise<SealKeys> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  return { private: await crypto.subtle.importKey("jwk", key, curve, false, ["deriveBits"]), public: point };
}

function side(role: Role, keys: SealKeys, peerKey: string, { a, b } = seats): Promise<Seal> {
  return makeSeal({ role, keys, peerKey, mySeat: role === "a" ? a : b, peerSeat: role === "a" ? b : a });
}

async function pair(): Promise<{ a: Seal; b: Seal; keysA: SealKeys; keysB: SealKeys }> {
  const [keysA, keysB] = await Promise.all([makeSealKeys(), makeSealKeys()]);
  return { a: await side("a", keysA, keysB.public), b: await side("b", keysB, keysA.public), keysA, keysB };
}

describe.each(vectors.cases)("the vectors of $name", (vector) => {
  let sides: { a: Seal; b: Seal };
  beforeAll(async () => {
    const told = { a: vector.seatA, b: vector.seatB };
    sides = {
      a: await side("a", await imported(vector.privateA, vector.keyA), vector.keyB, told),
      b: await side("b", await imported(vector.privateB, vector.keyB), vector.keyA, told),
    };
  });

  it("are sealed and opened byte for byte", async () => {
    for (const { from, plain, payload } of vector.messages) {
      const [sender, receiver] = from === "a" ? [sides.a, sides.b] : [sides.b, sides.a];
      expect(toBase64url((await sender.seal(bytes(plain))) ?? new Uint8Array())).toBe(payload);
      expect(await receiver.open(bytes(payload))).toEqual(bytes(plain));
    }
  });

  it("lead to the same rendezvous on both sides", () => {
    expect([sides.a.rendezvous, sides.b.rendezvous]).toEqual([vector.rendezvous, vector.rendezvous]);
  });

  it.each(vector.drops)("drop what is $why", async ({ to, payload }) => {
    expect(await (to === "a" ? sides.a : sides.b).open(bytes(payload))).toBeUndefined();
  });
});

describe("a seal", () => {
  it("keeps the order of the calls", async () => {
    const { a, b } = await pair();
    const payloads = await Promise.all(["one", "two", "three"].map((text) => a.seal(utf8(text))));
    expect(payloads.map((payload) => payload?.[3])).toEqual([0, 1, 2]);
    const last = payloads[2] ?? new Uint8Array();
    expect(await b.open(last)).toEqual(utf8("three"));
    expect(await b.open(payloads[0] ?? new Uint8Array())).toEqual(utf8("one"));
  });

  it("opens nothing twice, also not at the same time", async () => {
    const { a, b } = await pair();
    const payload = (await a.seal(utf8("once"))) ?? new Uint8Array();
    const opened = await Promise.all([b.open(payload), b.open(payload)]);
    expect(opened.filter(Boolean)).toHaveLength(1);
    expect(await b.open(payload)).toBeUndefined();
  });

  it("opens nothing that was changed, cut, turned round or meant for others", async () => {
    const { a, b, keysA, keysB } = await pair();
    const others = await pair();
    const payload = (await a.seal(utf8("a secret"))) ?? new Uint8Array();
    for (let i = 0; i < payload.length; i++) {
      const bent = payload.slice();
      bent[i] = (bent[i] ?? 0) ^ (1 << (i % 8));
      expect(await b.open(bent)).toBeUndefined();
      expect(await b.open(payload.subarray(0, i))).toBeUndefined();
    }
    expect(await b.open(concat(payload, new Uint8Array(1)))).toBeUndefined();
    expect(await a.open(payload)).toBeUndefined();
    expect(await others.b.open(payload)).toBeUndefined();
    const seatTaken = await side("b", keysB, keysA.public, { a: seats.a, b: "C".repeat(56) });
    expect(await seatTaken.open(payload)).toBeUndefined();
    const roleTaken = await side("a", keysB, keysA.public);
    expect(await roleTaken.open(payload)).toBeUndefined();
    // None of it used up the counter of the real one.
    expect(await b.open(payload)).toEqual(utf8("a secret"));
  });

  it("knows a rendezvous that another session of the same two, or another's, does not have", async () => {
    const [one, other] = [await pair(), await pair()];
    expect(one.a.rendezvous).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(one.b.rendezvous).toBe(one.a.rendezvous);
    expect(other.a.rendezvous).not.toBe(one.a.rendezvous);
    const [evil, { keysA, keysB }] = [await makeSealKeys(), one];
    expect((await side("a", evil, keysB.public)).rendezvous).not.toBe(one.a.rendezvous);
    // Who swapped the keys knows one with each side, and the two do not have the same.
    const swapped = [await side("a", keysA, evil.public), await side("b", keysB, evil.public)];
    expect(swapped[0]?.rendezvous).not.toBe(swapped[1]?.rendezvous);
  });

  it("ends with its counters", async () => {
    const { a } = await pair();
    const payloads = await Promise.all(Array.from({ length: 257 }, () => a.seal(utf8("x"))));
    expect(payloads[255]?.[3]).toBe(255);
    expect(payloads[256]).toBeUndefined();
  });

  it.each([
    ["no point", "B".repeat(87)],
    ["no key", "?"],
  ])("is not made with %s", async (_, peerKey) => {
    await expect(side("a", await makeSealKeys(), peerKey)).rejects.toThrow();
  });

  it("keeps its private key", async () => {
    const keys = await makeSealKeys();
    expect(keys.public).toMatch(/^B[A-Za-z0-9_-]{86}$/);
    await expect(crypto.subtle.exportKey("jwk", keys.private)).rejects.toThrow();
  });
});
