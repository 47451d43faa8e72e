import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeSound, type Sound } from "../../src/attention/sound";

class Param {
  setValueAtTime() {}
  linearRampToValueAtTime() {}
  exponentialRampToValueAtTime() {}
}

class Node extends EventTarget {
  gain = new Param();
  connect<T>(next: T): T {
    return next;
  }
}

class Oscillator extends Node {
  constructor(
    readonly context: Card,
    { frequency }: { frequency: number },
  ) {
    super();
    context.notes.push(frequency);
  }
  start() {}
  stop() {
    queueMicrotask(() => this.dispatchEvent(new Event("ended")));
  }
}

/** A sound card that a page may use once somebody has pressed something. */
class Card {
  notes: number[] = [];
  state = "suspended";
  currentTime = 0;
  destination = {};
  constructor(public pressed = true) {}
  async resume() {
    if (!this.pressed) await new Promise(() => undefined);
    this.state = "running";
  }
  async suspend() {
    this.state = "suspended";
  }
}

let card: Card;
let shaken: number;
let sound: Sound;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("OscillatorNode", Oscillator);
  vi.stubGlobal("GainNode", Node);
  card = new Card();
  shaken = 0;
  sound = makeSound({
    makeContext: () => card as unknown as AudioContext,
    vibrate: () => {
      shaken += 1;
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a sound", () => {
  it("is heard once a press has woken the sound card, which is let go of in between", async () => {
    sound.unlock();
    await settle();
    expect([sound.awake, card.state]).toEqual([true, "suspended"]);
    sound.chime("met");
    await settle();
    expect(card.notes).toHaveLength(2);
    expect(card.state).toBe("suspended");
  });

  it("does not come late, from a card that was asleep when it was news", async () => {
    card.pressed = false;
    sound.unlock();
    await settle();
    sound.chime("met");
    expect([sound.awake, card.notes]).toEqual([false, []]);
    sound.chime("wrote");
    expect(shaken).toBe(2);
  });

  it("is none where there is no sound card", () => {
    const silent = makeSound({
      makeContext: () => {
        throw new DOMException("none here", "NotSupportedError");
      },
      vibrate: () => undefined,
    });
    silent.unlock();
    silent.chime("met");
    silent.ring(true);
    silent.ring(false);
    expect(silent.awake).toBe(false);
  });
});

describe("ringing", () => {
  it("goes on until it is over", async () => {
    sound.unlock();
    await settle();
    sound.ring(true);
    await settle();
    const once = card.notes.length;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(card.notes).toHaveLength(2 * once);
    sound.ring(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(card.notes).toHaveLength(2 * once);
    expect(shaken).toBe(2);
  });
});
