import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Way } from "../src/handshake";
import { makeWishes, type Wish } from "../src/wish";
import { FakeWorld } from "./fakes/peers";

const way: Way = { ice: [], relay: false };
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});
afterEach(() => void vi.useRealTimers());

async function begun(given: Partial<Way> = {}): Promise<Wish> {
  const wish = await makeWishes({ makePeer: world.makePeer }).draw({ ...way, ...given });
  vi.useFakeTimers();
  wish.begin();
  return wish;
}

/** Whether each is closed, how it began, and whether it pools. */
const peers = () =>
  world.peers.map(({ closed, answeredNothing, configuration }) => [
    closed,
    answeredNothing,
    configuration.iceCandidatePoolSize,
  ]);

describe("what is prepared", () => {
  it("is there at once, and for one wish only", async () => {
    const wishes = makeWishes({ makePeer: world.makePeer });
    wishes.prepare();
    wishes.prepare();
    await vi.waitUntil(() => !(wishes.draw(way) instanceof Promise));
    expect(wishes.draw(way)).toBeInstanceOf(Promise);
  });

  it("is a connection that neither knows servers nor describes itself before the wish begins", async () => {
    const wishes = makeWishes({ makePeer: world.makePeer });
    wishes.prepare();
    expect(world.peers.map(({ configuration }) => configuration)).toEqual([{ bundlePolicy: "max-bundle" }]);
    const wish = await wishes.draw(way);
    expect(world.peers.map(({ localDescription }) => localDescription)).toEqual([null]);
    wish.begin();
    await vi.waitUntil(() => world.peers[0]?.localDescription?.type === "offer");
    expect(world.peers).toHaveLength(1);
  });

  it("goes with a wish that is dropped before it begins, which then never does", async () => {
    const wishes = makeWishes({ makePeer: world.makePeer });
    wishes.prepare();
    const wish = await wishes.draw(way);
    wish.drop();
    wish.begin();
    expect(world.peers.map(({ closed, localDescription }) => [closed, localDescription])).toEqual([[true, null]]);
  });

  it("may fail, and is tried again by the wish, which says so", async () => {
    const wishes = makeWishes({
      makePeer: () => {
        throw new DOMException("too many", "UnknownError");
      },
    });
    wishes.prepare();
    const wish = await wishes.draw(way);
    expect(() => wish.begin()).toThrow("too many");
  });
});

describe("who waits", () => {
  it.each([0, 150])("over %i ms gets the connection ready that role b will need", async (rttMs) => {
    const wish = await begun();
    wish.joined(rttMs);
    await vi.advanceTimersByTimeAsync(rttMs + 99);
    expect(peers()).toEqual([[false, false, 0]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers()).toEqual([
      [true, false, 0],
      [false, true, 0],
    ]);
    wish.drop();
    expect(peers().map(([closed]) => closed)).toEqual([true, true]);
  });

  it("and hides keeps the address at the relay that it has", async () => {
    const wish = await begun({ relay: true });
    wish.joined(50);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(peers()).toEqual([[false, false, 0]]);
  });

  it("counts anew with a join that had to be said to another service", async () => {
    const wish = await begun();
    wish.joined(0);
    await vi.advanceTimersByTimeAsync(60);
    wish.joined(0);
    await vi.advanceTimersByTimeAsync(60);
    expect(world.peers).toHaveLength(1);
  });

  it("gathers anew where its page has moved to another network", async () => {
    const wish = await begun();
    wish.joined(50);
    wish.moved();
    expect(peers()).toEqual([
      [true, false, 0],
      [false, false, 0],
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
    wish.moved();
    expect(peers().map(([closed]) => closed)).toEqual([true, true, true, false]);
    wish.drop();
    wish.moved();
    expect(world.peers).toHaveLength(4);
  });

  it("makes nothing more once the wish is dropped", async () => {
    const wish = await begun();
    wish.joined(0);
    wish.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(peers()).toEqual([[true, false, 0]]);
  });
});
