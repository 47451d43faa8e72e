import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Surroundings, watchWaking } from "../src/waking";

function watched() {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" as DocumentVisibilityState });
  const window = new EventTarget();
  const connection = new EventTarget();
  const told: string[] = [];
  const surroundings = { page, window, connection, wall: () => Date.now() } as unknown as Surroundings;
  watchWaking(surroundings, {
    wake: (moved) => void told.push(moved ? "moved" : "wake"),
    freeze: () => void told.push("freeze"),
  });
  const happens = (where: EventTarget, what: string) => where.dispatchEvent(new Event(what));
  return { page, window, connection, told, happens };
}

const sleepFor = (ms: number) => vi.setSystemTime(Date.now() + ms);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("waking", () => {
  it.each([
    ["window", "pageshow", "wake"],
    ["window", "online", "moved"],
    ["page", "resume", "moved"],
    ["page", "visibilitychange", "wake"],
    ["connection", "change", "wake"],
  ] as const)("is noticed by the %s's %s, and whether it may be elsewhere", async (where, what, how) => {
    const { told, happens, ...places } = watched();
    happens(places[where], what);
    expect(told).toEqual([how]);
  });

  it("is elsewhere on another kind of network, and not when the same one is judged anew", async () => {
    const { connection, told, happens } = watched();
    happens(connection, "change");
    await pass(1_000);
    Object.assign(connection, { type: "cellular" });
    happens(connection, "change");
    expect(told).toEqual(["wake", "moved"]);
  });

  it("elsewhere is told though something else was just before", () => {
    const { window, told, happens } = watched();
    happens(window, "pageshow");
    happens(window, "online");
    happens(window, "pageshow");
    expect(told).toEqual(["wake", "moved"]);
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
    expect(told).toEqual(["moved"]);
    await pass(500);
    happens(window, "online");
    expect(told).toEqual(["moved", "moved"]);
  });

  it("of a laptop that was closed over the page is noticed within a second, by the clock", async () => {
    const { told } = watched();
    await pass(10_000);
    expect(told).toEqual([]);
    sleepFor(60_000);
    await pass(1_000);
    expect(told).toEqual(["moved"]);
    await pass(10_000);
    expect(told).toEqual(["moved"]);
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
    expect(told).toEqual(["wake", "freeze", "moved"]);
  });
});
