import { describe, expect, it } from "vitest";
import {
  ASKED_MS,
  type Call,
  type CallEffect,
  type CallEvent,
  type CallMessage,
  makeCall,
  NOTE_MS,
  REFUSALS_MS,
  RING_MS,
  sends,
  stepCall,
} from "../src/extras/call";

const both = { audio: true, video: true };
const voice = { audio: true, video: false };
const none = { audio: false, video: false };

/** A machine that is walked with events, keeping the effects of the last; time stands still unless it is moved. */
class Walk {
  state: Call = makeCall();
  effects: readonly CallEffect[] = [];
  now = 1_000_000;

  on(...events: CallEvent[]): this {
    for (const event of events) [this.state, this.effects] = stepCall(this.state, { now: this.now, ...event });
    return this;
  }

  hear(message: CallMessage): this {
    return this.on({ type: "heard", message });
  }

  /** Opens the look at oneself; the devices give what was wished. */
  open(video: boolean): this {
    return this.on({ type: "open", video }, { type: "gear", gear: video ? both : voice });
  }

  ring(video: boolean): this {
    return this.open(video).on({ type: "go" });
  }

  rung(call: number, video: boolean): this {
    return this.hear({ kind: "ring", call, video });
  }

  get phase(): Call["phase"] {
    return this.state.phase;
  }

  get said(): CallMessage[] {
    return this.effects.flatMap((effect) => (effect.do === "say" ? effect.message : []));
  }

  get done(): string[] {
    return this.effects.flatMap((effect) => (effect.do === "say" || effect.do === "sleep" ? [] : effect.do));
  }
}

const calling = (video: boolean) => new Walk().ring(video).hear({ kind: "accept", call: 1 });
const asked = (video: boolean) => new Walk().rung(1, video);

describe("ringing", () => {
  it("opens devices for oneself alone, and says nothing", () => {
    const walk = new Walk().on({ type: "open", video: true });
    expect(walk.phase).toEqual({ name: "preview", video: true });
    expect(walk.effects).toContainEqual({ do: "devices", ...both });
    expect(walk.said).toEqual([]);
  });

  it("cannot go on before a device gives something", () => {
    const walk = new Walk().on({ type: "open", video: false }, { type: "go" });
    expect(walk.phase.name).toBe("preview");
    walk.on({ type: "gear", gear: none }, { type: "go" });
    expect([walk.phase.name, walk.said]).toEqual(["preview", []]);
  });

  it("asks for what was chosen last", () => {
    const walk = new Walk().open(true).on({ type: "choose", video: false });
    expect(walk.effects).toContainEqual({ do: "devices", ...voice });
    walk.on({ type: "go" });
    expect(walk.said).toEqual([{ kind: "ring", call: 1, video: false }]);
    expect(walk.effects).toContainEqual({ do: "wake", timer: "ring", inMs: RING_MS });
  });

  it("is withdrawn when nobody answers", () => {
    const walk = new Walk().ring(true).on({ type: "wake", timer: "ring" });
    expect(walk.said).toEqual([{ kind: "hangup", call: 1 }]);
    expect(walk.phase).toEqual({ name: "idle", note: "unanswered" });
    expect(walk.done).toEqual(["release", "wake"]);
  });

  it("is withdrawn by who rang", () => {
    const walk = new Walk().ring(true).on({ type: "stop" });
    expect(walk.said).toEqual([{ kind: "hangup", call: 1 }]);
    expect([walk.phase, walk.done]).toEqual([{ name: "idle", note: undefined }, ["release"]]);
  });

  it("ends when they say no, and lets go of the devices", () => {
    const walk = new Walk().ring(true).hear({ kind: "hangup", call: 1 });
    expect([walk.phase, walk.said]).toEqual([{ name: "idle", note: "declined" }, []]);
    expect(walk.done).toContain("release");
  });

  it("becomes a call when they say yes, and tells what is sent", () => {
    const walk = new Walk().ring(true).hear({ kind: "accept", call: 1 });
    expect(walk.phase).toEqual({ name: "calling", nth: 1, video: true, sinceMs: walk.now, theirs: undefined });
    expect(walk.effects).toContainEqual({ do: "begin", video: true });
    expect(walk.said).toEqual([{ kind: "sending", ...both }]);
  });

  it("numbers each call one more than the highest yet, whoever began it", () => {
    const walk = new Walk().rung(1, false).hear({ kind: "hangup", call: 1 }).ring(false);
    expect(walk.said).toEqual([{ kind: "ring", call: 2, video: false }]);
    expect(walk.on({ type: "stop" }).ring(true).said).toEqual([{ kind: "ring", call: 3, video: true }]);
  });

  it("leaves the preview without a word", () => {
    const walk = new Walk().open(true).on({ type: "stop" });
    expect([walk.phase.name, walk.said, walk.done]).toEqual(["idle", [], ["release"]]);
  });
});

describe("being asked", () => {
  it("opens no device", () => {
    expect(asked(true).phase).toEqual({ name: "asked", nth: 1, video: true });
    expect(asked(true).done).toEqual(["wake"]);
  });

  it("leads to the look at oneself, and from there to yes", () => {
    const walk = asked(true).open(true);
    expect(walk.phase).toEqual({ name: "preview", video: true, answering: 1 });
    expect(walk.said).toEqual([]);
    walk.on({ type: "switch", what: "audio", on: false }, { type: "switch", what: "video", on: false });
    walk.on({ type: "gear", gear: voice }, { type: "go" });
    expect(walk.said).toEqual([
      { kind: "accept", call: 1 },
      { kind: "sending", ...none },
    ]);
    expect(walk.phase.name).toBe("calling");
  });

  it("does not let who answers change how", () => {
    const walk = asked(false).open(false).on({ type: "choose", video: true });
    expect(walk.phase).toMatchObject({ name: "preview", video: false });
    walk.on({ type: "switch", what: "video", on: true });
    expect(walk.effects).toContainEqual({ do: "devices", ...voice });
  });

  it.each(["asked", "answering"] as const)("can be said no to while %s", (when) => {
    const walk = asked(true);
    if (when === "answering") walk.open(true);
    walk.on({ type: "stop" });
    expect([walk.phase.name, walk.said]).toEqual(["idle", [{ kind: "hangup", call: 1 }]]);
    expect(walk.done).toEqual(["release"]);
  });

  it.each(["asked", "answering"] as const)("ends when they withdraw while I am %s", (when) => {
    const walk = asked(true);
    if (when === "answering") walk.open(true);
    walk.hear({ kind: "hangup", call: 1 });
    expect([walk.phase, walk.said]).toEqual([{ name: "idle", note: "withdrawn" }, []]);
    expect(walk.done).toContain("release");
  });

  it("ends by itself where their page never withdraws", () => {
    const walk = asked(true);
    expect(walk.effects).toContainEqual({ do: "wake", timer: "ring", inMs: ASKED_MS });
    walk.on({ type: "wake", timer: "ring" });
    expect([walk.phase, walk.said]).toEqual([{ name: "idle", note: "missed" }, [{ kind: "hangup", call: 1 }]]);
  });

  it("makes an answer of the call that I was about to begin", () => {
    const walk = new Walk().open(true).rung(1, false);
    expect(walk.phase).toEqual({ name: "preview", video: false, answering: 1 });
    expect(walk.effects).toContainEqual({ do: "devices", ...voice }); // they asked for no picture
    expect(walk.on({ type: "go" }).said[0]).toEqual({ kind: "accept", call: 1 });
  });

  it("is a no by itself while another call is on, or asked for", () => {
    for (const walk of [calling(true), asked(true), asked(true).open(true)]) {
      const { name } = walk.phase;
      walk.rung(2, true);
      expect([walk.phase.name, walk.said]).toEqual([name, [{ kind: "hangup", call: 2 }]]);
    }
  });
});

describe("rings that cross", () => {
  it("are two yeses", () => {
    const walk = new Walk().ring(true).rung(1, true);
    expect(walk.phase).toMatchObject({ name: "calling", nth: 1, video: true });
    expect(walk.said).toEqual([{ kind: "sending", ...both }]);
    expect(walk.effects).toContainEqual({ do: "sleep", timer: "ring" });
  });

  it.each([
    [true, false],
    [false, true],
  ])("are a call by voice where one had only that in mind (mine with video: %s)", (mine, theirs) => {
    const walk = new Walk().ring(mine).rung(1, theirs);
    expect(walk.phase).toMatchObject({ name: "calling", video: false });
    expect(walk.effects).toContainEqual({ do: "devices", ...voice });
    expect(walk.effects).toContainEqual({ do: "begin", video: false });
    expect(walk.said).toEqual([{ kind: "sending", ...voice }]);
  });

  it("come to nothing when mine was withdrawn, on both sides", () => {
    const messages: CallMessage[] = [
      { kind: "ring", call: 1, video: true },
      { kind: "hangup", call: 1 },
    ];
    const other = new Walk().ring(true);
    for (const message of messages) other.hear(message);
    const mine = new Walk().ring(true).on({ type: "stop" }).rung(1, true);
    expect([other.phase.name, mine.phase.name]).toEqual(["idle", "idle"]);
    expect(mine.said).toEqual([]);
  });

  it("do not mix with a later ring of mine", () => {
    const walk = new Walk().ring(true).on({ type: "stop" }).ring(true).rung(1, true);
    expect(walk.phase).toMatchObject({ name: "ringing", nth: 2 });
  });
});

describe("what is late", () => {
  it.each<CallMessage>([
    { kind: "accept", call: 1 },
    { kind: "hangup", call: 1 },
    { kind: "ring", call: 1, video: true },
    { kind: "sending", ...both },
  ])("is nothing: %o", (message) => {
    const walk = new Walk().ring(true).on({ type: "stop" });
    for (const again of [walk, walk.ring(false)]) {
      const { name } = again.phase;
      again.hear(message);
      expect([again.phase.name, again.effects]).toEqual([name, []]);
    }
  });

  it("does not end a later call, nor say yes to it", () => {
    const walk = calling(true).on({ type: "stop" }).ring(true).hear({ kind: "accept", call: 2 });
    walk.hear({ kind: "hangup", call: 1 }).hear({ kind: "accept", call: 1 });
    expect(walk.phase).toMatchObject({ name: "calling", nth: 2 });
  });

  it("says no yes to what nobody rang for", () => {
    expect(new Walk().hear({ kind: "accept", call: 1 }).phase.name).toBe("idle");
    expect(asked(true).hear({ kind: "accept", call: 1 }).phase.name).toBe("asked");
  });
});

describe("the call", () => {
  it("tells what I send whenever it changes, and only then", () => {
    const walk = calling(true).on({ type: "switch", what: "audio", on: false });
    expect(walk.said).toEqual([{ kind: "sending", audio: false, video: true }]);
    expect(walk.on({ type: "switch", what: "audio", on: false }).said).toEqual([]);
    // A camera that is pulled out is as good as one that was switched off.
    expect(walk.on({ type: "gear", gear: voice }).said).toEqual([{ kind: "sending", ...none }]);
    expect(sends(walk.state)).toEqual(none);
  });

  it("knows what they send, and of a call by voice no picture", () => {
    const seen = calling(true).hear({ kind: "sending", audio: false, video: true });
    expect(seen.phase).toMatchObject({ theirs: { audio: false, video: true } });
    const heard = calling(false).hear({ kind: "sending", ...both });
    expect(heard.phase).toMatchObject({ theirs: voice });
  });

  it("by voice stays one: no camera is opened", () => {
    const walk = calling(false).on({ type: "switch", what: "video", on: true });
    expect(walk.effects).toEqual([{ do: "devices", ...voice }]);
  });

  it("is ended by either, and another can begin", () => {
    const mine = calling(true).on({ type: "stop" });
    expect(mine.said).toEqual([{ kind: "hangup", call: 1 }]);
    expect([mine.phase.name, mine.done]).toEqual(["idle", ["end", "release"]]);
    const theirs = calling(true).hear({ kind: "hangup", call: 1 });
    expect([theirs.phase, theirs.said]).toEqual([{ name: "idle", note: "ended" }, []]);
    expect(theirs.done).toEqual(["end", "release", "wake"]);
    expect(theirs.ring(true).hear({ kind: "accept", call: 2 }).phase).toMatchObject({ name: "calling", nth: 2 });
  });

  it("leaves a note for a while", () => {
    const walk = calling(true).hear({ kind: "hangup", call: 1 });
    expect(walk.effects).toContainEqual({ do: "wake", timer: "note", inMs: NOTE_MS });
    expect(walk.on({ type: "wake", timer: "note" }).phase).toEqual({ name: "idle" });
  });
});

describe("who rings for nothing again and again", () => {
  it.each(["declined", "withdrawn"] as const)("is not heard any more after two that were %s", (how) => {
    const walk = new Walk();
    for (const call of [1, 2]) {
      expect(walk.rung(call, true).phase.name).toBe("asked");
      if (how === "declined") walk.on({ type: "stop" });
      else walk.hear({ kind: "hangup", call });
    }
    walk.rung(3, true);
    expect([walk.phase.name, walk.said, walk.done]).toEqual(["idle", [{ kind: "hangup", call: 3 }], []]);
    walk.now += REFUSALS_MS;
    expect(walk.rung(4, true).phase.name).toBe("asked");
  });

  it("cannot get into a preview of mine, either", () => {
    const walk = asked(true).on({ type: "stop" }).rung(2, true).on({ type: "stop" }).open(false).rung(3, true);
    expect(walk.phase).toEqual({ name: "preview", video: false });
    expect(walk.said).toEqual([{ kind: "hangup", call: 3 }]);
  });

  it("is forgiven by whom they rang", () => {
    const walk = asked(true).on({ type: "stop" }).rung(2, true).on({ type: "stop" }).ring(false);
    walk.hear({ kind: "hangup", call: 3 }).rung(4, true);
    expect(walk.phase.name).toBe("asked");
  });
});

describe("the end of the talk", () => {
  it.each<[string, () => Walk]>([
    ["idle", () => new Walk()],
    ["preview", () => new Walk().open(true)],
    ["ringing", () => new Walk().ring(true)],
    ["asked", () => asked(true)],
    ["calling", () => calling(true)],
  ])("stops everything from %s on, without a word, and nothing begins again", (name, begin) => {
    const walk = begin();
    expect(walk.phase.name).toBe(name);
    walk.on({ type: "over" });
    expect([walk.phase.name, walk.said]).toEqual(["over", []]);
    if (name !== "idle") expect(walk.done).toContain("release");
    if (name === "calling") expect(walk.done).toContain("end");
    walk.rung(9, true).open(true);
    expect([walk.phase.name, walk.effects]).toEqual(["over", []]);
  });
});

describe("two pages, and a way between them that keeps the order", () => {
  /** Plays random presses on both sides with messages under way, as a seeded walk, and then lets everything arrive. */
  function play(seed: number): [Walk, Walk] {
    let state = seed;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const sides = [new Walk(), new Walk()] as const;
    const ways: [CallMessage[], CallMessage[]] = [[], []];
    const act = (side: 0 | 1, event: CallEvent) => {
      const walk = sides[side].on(event);
      ways[side].push(...walk.said);
    };
    const arrive = (from: 0 | 1) => {
      const message = ways[from].shift();
      if (message) act(from === 0 ? 1 : 0, { type: "heard", message });
    };
    const presses: CallEvent[] = [
      { type: "open", video: true },
      { type: "open", video: false },
      { type: "go" },
      { type: "go" },
      { type: "stop" },
      { type: "wake", timer: "ring" },
    ];
    for (let step = 0; step < 60; step += 1) {
      const side = random(2) as 0 | 1;
      sides[side].now += random(5_000);
      sides[side].state = { ...sides[side].state, gear: both };
      const press = presses[random(presses.length)];
      if (random(2) === 0 && press) act(side, press);
      else arrive(side);
    }
    while (ways[0].length + ways[1].length > 0) for (const side of [0, 1] as const) arrive(side);
    return [sides[0], sides[1]];
  }

  it("never leaves one in a call and the other not, nor in another, nor one that is seen and one that is not", () => {
    let calls = 0;
    for (let seed = 1; seed <= 3_000; seed += 1) {
      const [one, other] = play(seed);
      const [a, b] = [one.phase, other.phase];
      expect([seed, a.name === "calling"]).toEqual([seed, b.name === "calling"]);
      if (a.name === "calling" && b.name === "calling") {
        calls += 1;
        expect([seed, a.nth, a.video]).toEqual([seed, b.nth, b.video]);
        expect([seed, a.theirs]).toEqual([seed, sends(other.state)]);
        expect([seed, b.theirs]).toEqual([seed, sends(one.state)]);
      } else if (a.name === "ringing") expect([seed, b]).toMatchObject([seed, ringsWith(b, a.nth)]);
    }
    expect(calls).toBeGreaterThan(100);
  });

  function ringsWith(other: Call["phase"], nth: number): object {
    return other.name === "asked" ? { name: "asked", nth } : { name: "preview", answering: nth };
  }
});
