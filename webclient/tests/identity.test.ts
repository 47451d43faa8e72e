import { describe, expect, it, vi } from "vitest";
import vectors from "../../tests/vectors/identities.json";
import { fromBase64url } from "../src/bytes";
import { identityOf, makeIdentities, makeIdentity, randomId } from "../src/identity";

describe("identity", () => {
  it.each(vectors.accepted)("is $peer for its secret", async ({ password, peer }) => {
    const secret = fromBase64url(password);
    expect(secret && (await identityOf(secret))).toEqual({ peer, password });
  });

  it("is another one each time", async () => {
    const [one, other] = await Promise.all([makeIdentity(), makeIdentity()]);
    expect(one.peer).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(one.password).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(one).not.toEqual(other);
    expect(await identityOf(fromBase64url(one.password) ?? new Uint8Array())).toEqual(one);
  });

  it("that was prepared is there at once, and is used once", async () => {
    const identities = makeIdentities();
    identities.prepare();
    await vi.waitFor(() => expect(identities.make()).not.toBeInstanceOf(Promise));
    const next = identities.make();
    expect(next).toBeInstanceOf(Promise);
    identities.prepare();
    expect((await next).peer).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it("draws ids of the length that was asked for", () => {
    expect(randomId(8)).toMatch(/^[A-Za-z0-9_-]{11}$/);
    expect(randomId(16)).not.toBe(randomId(16));
  });
});
