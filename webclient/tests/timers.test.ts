import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeTimers, messageHop } from "../src/timers";

/** The messages that the page has sent to itself, until they arrive. */
function made() {
  const under: (() => void)[] = [];
  const timers = makeTimers((run) => void under.push(run));
  const arrive = () => {
    for (const run of under.splice(0)) run();
  };
  return { timers, arrive };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("timers", () => {
  it("are never set from within another timer, which a hidden tab would hold back", async () => {
    const { timers, arrive } = made();
    const rung: number[] = [];
    const chain = () => {
      rung.push(performance.now());
      timers.setTimeout(chain, 50);
    };
    timers.setTimeout(chain, 50);
    expect(vi.getTimerCount()).toBe(0);
    arrive();
    await pass(50);
    expect(rung).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    arrive();
    await pass(50);
    expect(rung).toHaveLength(2);
  });

  it("lose no time on the way", async () => {
    const { timers, arrive } = made();
    const ring = vi.fn();
    timers.setTimeout(ring, 50);
    await pass(30);
    arrive();
    await pass(19);
    expect(ring).not.toHaveBeenCalled();
    await pass(1);
    expect(ring).toHaveBeenCalledOnce();
  });

  it("do not ring once cleared, on the way or afterwards", async () => {
    const { timers, arrive } = made();
    const ring = vi.fn();
    const early = timers.setTimeout(ring, 50);
    timers.clearTimeout(early);
    const late = timers.setTimeout(ring, 50);
    arrive();
    timers.clearTimeout(late);
    timers.clearTimeout(late);
    timers.clearTimeout(undefined);
    expect(vi.getTimerCount()).toBe(0);
    await pass(100);
    expect(ring).not.toHaveBeenCalled();
  });
});

describe("the channel to oneself", () => {
  it("runs what is sent through it, in order, in a later task", async () => {
    vi.useRealTimers();
    const hop = messageHop();
    const ran: number[] = [];
    await new Promise<void>((done) => {
      hop(() => ran.push(1));
      hop(() => ran.push(2));
      hop(done);
      expect(ran).toEqual([]);
    });
    expect(ran).toEqual([1, 2]);
  });
});
