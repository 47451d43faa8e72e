import { describe, expect, it } from "vitest";
import { LINES_LIMIT, makeTalk, sendable, stepTalk, type Talk, type TalkEffect, type TalkEvent } from "../src/talk";

class Walk {
  state: Talk = makeTalk("me", "stranger", ["tea"]);
  effects: readonly TalkEffect[] = [];
  now = 0;

  on(...events: TalkEvent[]): this {
    for (const event of events) {
      [this.state, this.effects] = stepTalk(this.state, { now: this.now, random: 0, ...event });
    }
    return this;
  }

  later(ms: number): this {
    this.now += ms;
    return this;
  }

  get last() {
    return this.state.lines.at(-1);
  }
}

const typed = { type: "draft", empty: false } as const;

describe("saying", () => {
  it("adds the line and sends it, trimmed", () => {
    const walk = new Walk().on({ type: "say", text: "  hello\nyou  " });
    expect(walk.last).toMatchObject({ who: "me", text: "hello\nyou" });
    expect(walk.effects[0]).toEqual({ do: "say", message: { kind: "text", id: 0, text: "hello\nyou" } });
  });

  it("refuses nothing, and more than 4,000 characters, however they are counted", () => {
    expect(sendable(" \n ")).toBeUndefined();
    expect(sendable("x".repeat(4_001))).toBeUndefined();
    expect(sendable("x".repeat(4_000))).toHaveLength(4_000);
    expect(sendable("🌙".repeat(4_000))).toHaveLength(8_000);
    expect(sendable("🌙".repeat(4_001))).toBeUndefined();
    expect(new Walk().on({ type: "say", text: "" }).effects).toEqual([]);
  });

  it("leaves out what has no shape, so that what may be typed also fits on the wire", () => {
    expect(sendable("a\u0000b\u001b\ud800c\n\td")).toBe("abc\n\td");
    expect(sendable("\u0007\u0000")).toBeUndefined();
    const letters = '🌙"\n\u200d\u202eä'.repeat(800);
    const message = { kind: "text", id: 999_999, text: sendable(letters) };
    expect(new TextEncoder().encode(JSON.stringify(message)).length).toBeLessThan(16 * 1024);
  });

  it("ends one's own typing without another word", () => {
    const walk = new Walk().on(typed, { type: "say", text: "x" }, { type: "wake", timer: "typing" });
    expect(walk.effects).toEqual([]);
  });
});

describe("arriving", () => {
  const mine = (walk: Walk) =>
    walk.state.lines.flatMap((line) => (line.who === "me" && "text" in line ? (line.arrived ?? false) : []));

  it("is told to the stranger, line by line", () => {
    const walk = new Walk().on({ type: "heard", nth: 4, text: "x" });
    expect(walk.effects).toContainEqual({ do: "say", message: { kind: "got", id: 4 } });
  });

  it("is believed of the line that is named, and of no other: one before it may have been dropped", () => {
    const walk = new Walk().on(...["a", "b", "c"].map((text) => ({ type: "say", text }) as const));
    expect(mine(walk.on({ type: "got", nth: 1 }))).toEqual([false, true, false]);
    expect(mine(walk.on({ type: "got", nth: 1 }, { type: "got", nth: 99 }))).toEqual([false, true, false]);
    expect(mine(walk.on({ type: "got", nth: 0 }))).toEqual([true, true, false]);
    expect(mine(walk.on({ type: "say", text: "d" }))).toEqual([true, true, false, false]);
  });
});

describe("the check words", () => {
  it("are coming, until they are known or known to be missing", () => {
    const walk = new Walk();
    expect(walk.state.words).toBe("coming");
    expect(walk.on({ type: "words", words: "missing" }).state.words).toBe("missing");
    expect(walk.on({ type: "words", words: [1, 2, 3, 4] }).state.words).toEqual([1, 2, 3, 4]);
  });
});

describe("typing", () => {
  it("is said at most every 2.5 s", () => {
    const walk = new Walk().on(typed);
    expect(walk.effects).toEqual([
      { do: "say", message: { kind: "typing", on: true } },
      { do: "wake", timer: "typing", inMs: 4_000 },
    ]);
    expect(walk.later(2_499).on(typed).effects).toEqual([{ do: "wake", timer: "typing", inMs: 4_000 }]);
    expect(walk.later(1).on(typed).effects[0]).toEqual({ do: "say", message: { kind: "typing", on: true } });
  });

  it("ends when the keys rest, and when the box is emptied", () => {
    expect(new Walk().on(typed, { type: "wake", timer: "typing" }).effects[0]).toEqual({
      do: "say",
      message: { kind: "typing", on: false },
    });
    expect(new Walk().on(typed, { type: "draft", empty: true }).effects[0]).toEqual({
      do: "say",
      message: { kind: "typing", on: false },
    });
    expect(new Walk().on({ type: "draft", empty: true }).effects).toEqual([]);
  });

  it("of the stranger is believed for 6 s", () => {
    const walk = new Walk().on({ type: "typing", on: true });
    expect(walk.state.theyType).toBe(true);
    expect(walk.effects).toEqual([{ do: "wake", timer: "theirTyping", inMs: 6_000 }]);
    expect(walk.on({ type: "wake", timer: "theirTyping" }).state.theyType).toBe(false);
  });

  it("of the stranger ends with their text", () => {
    expect(new Walk().on({ type: "typing", on: true }, { type: "heard", nth: 0, text: "x" }).state.theyType).toBe(
      false,
    );
  });
});

describe("the lines", () => {
  it("begin with whom one met", () => {
    expect(new Walk().last).toEqual({ id: 0, who: "note", note: "here" });
  });

  it("never repeat the same note in a row", () => {
    const walk = new Walk().on({ type: "notice", what: "flood" }, { type: "notice", what: "flood" });
    expect(walk.state.lines).toHaveLength(2);
  });

  it("are bounded, the oldest going first, and keep their ids", () => {
    const walk = new Walk();
    for (let nth = 0; nth < LINES_LIMIT + 50; nth++) walk.on({ type: "heard", nth: 0, text: `${nth}` });
    expect(walk.state.lines).toHaveLength(LINES_LIMIT);
    expect(walk.last).toMatchObject({ id: LINES_LIMIT + 50 });
  });
});

describe("the end", () => {
  it("is told, and nothing is said or heard after it", () => {
    const walk = new Walk().on(typed, { type: "typing", on: true }, { type: "finish", mood: "lost" });
    expect(walk.last).toMatchObject({ note: "lost" });
    expect(walk.state).toMatchObject({ over: "lost", theyType: false });
    const before = walk.state;
    walk.on({ type: "say", text: "x" }, { type: "heard", nth: 0, text: "x" }, typed, { type: "typing", on: true });
    expect(walk.state).toBe(before);
    expect(walk.effects).toEqual([]);
  });

  it("advice is a line, not an end", () => {
    const walk = new Walk().on({ type: "advise", mood: "lost" });
    expect(walk.last).toMatchObject({ note: "sight" });
    expect(walk.state.over).toBeUndefined();
  });
});

describe("a way that is lost", () => {
  it("is seen, takes the typing with it, and lets one go on saying things", () => {
    const walk = new Walk().on({ type: "typing", on: true }, typed, { type: "broken" });
    expect(walk.state).toMatchObject({ reconnecting: true, theyType: false });
    expect(walk.on(typed).effects).toEqual([]);
    walk.on({ type: "say", text: "x" });
    expect(walk.effects[0]).toMatchObject({ do: "say", message: { text: "x" } });
    expect(walk.on({ type: "mended" }).state.reconnecting).toBe(false);
    expect(walk.on(typed).effects[0]).toMatchObject({ do: "say", message: { kind: "typing", on: true } });
  });

  it("is forgotten in the end", () => {
    expect(new Walk().on({ type: "broken" }, { type: "finish", mood: "lost" }).state.reconnecting).toBe(false);
  });

  it("is told as it is, and nothing changes while it stays so", () => {
    const walk = new Walk().on({ type: "path", path: { relayed: false, rttMs: 9 } });
    const { state } = walk;
    expect(state.path).toEqual({ relayed: false, rttMs: 9 });
    expect(walk.on({ type: "path", path: { relayed: false, rttMs: 9 } }).state).toBe(state);
    expect(walk.on({ type: "path", path: { relayed: true, rttMs: 9 } }).state.path?.relayed).toBe(true);
  });
});
