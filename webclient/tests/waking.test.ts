import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Surroundings, watchWaking } from "../src/waking";

function watched() {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" as DocumentVisibilityState });
  const window = new EventTarget();
  const connection = new EventTarget();
  const told: string[] = [];
  const surroundings = { page, window, connection, wall: () => Date.now() } as unknown as Surroundings;
  watchWaking(surroundings, { wake: () => void told.push("wake"), freeze: () => void told.push("freeze") });
  const happens = (where: EventTarget, what: string) => where.dispatchEvent(new Event(what));
  return { page, window, connection, told, happens };
}

const sleepFor = (ms: number) => vi.setSystemTime(Date.now() + ms);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("waking", () => {
  it.each([
    ["window", "pageshow"],
    ["window", "online"],
    ["page", "resume"],
    ["page", "visibilitychange"],
    ["connection", "change"],
  ] as const)("is noticed by the %s's %s", async (where, what) => {
    const { told, happens, ...places } = watched();
    happens(places[where], what);
    expect(told).toEqual(["wake"]);
  });

  it("is no becoming hidden", () => {
    const { page, told, happens } = watched();
    page.visibilityState = "hidden";
    happens(page, "visibilitychange");
    expect(told).toEqual([]);
  });

  it("is told once, though several events tell of it", async () => {
    const { page, window, told, happens } = watched();
    happens(page, "resume");
    happens(window, "pageshow");
    happens(window, "online");
    expect(told).toEqual(["wake"]);
    await pass(500);
    happens(window, "online");
    expect(told).toEqual(["wake", "wake"]);
  });

  it("of a laptop that was closed over the page is noticed within a second, by the clock", async () => {
    const { told } = watched();
    await pass(10_000);
    expect(told).toEqual([]);
    sleepFor(60_000);
    await pass(1_000);
    expect(told).toEqual(["wake"]);
    await pass(10_000);
    expect(told).toEqual(["wake"]);
  });

  it("is not a hidden tab whose timers are held back", async () => {
    const { page, told } = watched();
    page.visibilityState = "hidden";
    await pass(1_000);
    sleepFor(60_000);
    await pass(1_000);
    expect(told).toEqual([]);
  });
});

describe("freezing", () => {
  it("is told, and waking right after it too", () => {
    const { page, told, happens } = watched();
    happens(page, "visibilitychange");
    happens(page, "freeze");
    happens(page, "resume");
    expect(told).toEqual(["wake", "freeze", "wake"]);
  });
});
