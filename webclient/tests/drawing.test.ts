import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawing, makeDrawing } from "../src/drawing";

let queued: (() => void)[];
let drawn: string[];
let drawing: Drawing;

const settle = () => {
  for (const run of queued.splice(0)) run();
};
const draw = (what: string) => drawing.draw(() => drawn.push(what));

beforeEach(() => {
  vi.useFakeTimers();
  queued = [];
  drawn = [];
  drawing = makeDrawing((run) => queued.push(run), {
    setTimeout,
    clearTimeout: (timer) => clearTimeout(timer as number),
  });
});
afterEach(() => void vi.useRealTimers());

describe("a screen", () => {
  it("is drawn when what changed it is done, once", () => {
    draw("lobby");
    expect(drawn).toEqual([]);
    settle();
    settle();
    expect(drawn).toEqual(["lobby"]);
  });

  it("stays for a moment when somebody is looked for, and longer when one is found", () => {
    drawing.turn("waiting");
    draw("waiting");
    settle();
    vi.advanceTimersByTime(79);
    expect(drawn).toEqual([]);
    drawing.turn("connecting");
    vi.advanceTimersByTime(99);
    expect(drawn).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(drawn).toEqual(["waiting"]);
  });

  it("stays whichever comes first, what has changed or the phase", () => {
    draw("waiting");
    drawing.turn("waiting");
    settle();
    expect(drawn).toEqual([]);
    vi.advanceTimersByTime(80);
    expect(drawn).toEqual(["waiting"]);
  });

  it("does not stay when the two talk before", () => {
    drawing.turn("connecting");
    draw("connecting");
    drawing.turn("talking");
    settle();
    expect(drawn).toEqual(["connecting"]);
    vi.advanceTimersByTime(1_000);
    expect(drawn).toEqual(["connecting"]);
  });

  it("stays once: what changes later in the same phase is drawn at once", () => {
    drawing.turn("waiting");
    draw("waiting");
    vi.advanceTimersByTime(80);
    draw("seconds");
    settle();
    expect(drawn).toEqual(["waiting", "seconds"]);
  });
});
