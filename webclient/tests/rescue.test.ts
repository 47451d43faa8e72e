import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sight } from "../src/path";
import { type Rescue, rescue } from "../src/rescue";
import type { Role } from "../src/seal";

const look = (more: Partial<Sight> = {}): Sight => ({
  pair: "one",
  relayed: false,
  rttMs: 3,
  asked: 10,
  answered: 10,
  ...more,
});

/** One side, and all that it is told. A healthy way answers each second. */
class Side {
  sight: Sight | undefined = look();
  state: RTCPeerConnectionState = "connected";
  pending = false;
  visible = true;
  reaches = true;
  sleptMs = 0;
  healthy = true;
  looks = 0;
  told: string[] = [];
  readonly rescue: Rescue;

  constructor(role: Role) {
    const tell = (what: string) => () => void this.told.push(what);
    this.rescue = rescue(role, {
      look: async () => {
        this.looks += 1;
        if (this.sight && this.healthy) {
          this.sight = look({ ...this.sight, asked: this.sight.asked + 1, answered: this.sight.answered + 1 });
        } else if (this.sight) this.sight = { ...this.sight, asked: this.sight.asked + 20 };
        return this.sight;
      },
      state: () => this.state,
      pending: () => this.pending,
      visible: () => this.visible,
      now: () => performance.now() + this.sleptMs,
      reaches: (broken) => this.reaches || !broken,
      restart: tell("restart"),
      broken: tell("broken"),
      mended: tell("mended"),
      lost: () => {
        this.told.push("lost");
        this.rescue.close();
      },
      path: ({ relayed, rttMs }) => void this.paths.push(`${relayed} ${rttMs}`),
    });
  }

  readonly paths: string[] = [];

  become(state: RTCPeerConnectionState): void {
    this.state = state;
    this.healthy = state === "connected";
    this.rescue.changed();
  }

  async after(ms: number): Promise<string[]> {
    await vi.advanceTimersByTimeAsync(ms);
    return this.told.splice(0);
  }
}

let a: Side;
let b: Side;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  a = new Side("a");
  b = new Side("b");
});
afterEach(() => void vi.useRealTimers());

describe("a way that the browser calls disconnected", () => {
  it("is looked for by a at once and by b a moment later, then two seconds later, and every four", async () => {
    for (const side of [a, b]) side.become("disconnected");
    expect(await a.after(0)).toEqual(["broken", "restart"]);
    expect(await b.after(1_000)).toEqual(["broken"]);
    expect(await b.after(1_000)).toEqual(["restart"]);
    a.told = [];
    expect(await a.after(4_500)).toEqual(["restart"]);
    expect(await a.after(4_000)).toEqual(["restart"]);
  });

  it("is not looked for by b when the stranger does it", async () => {
    b.become("disconnected");
    b.rescue.offered();
    expect(await b.after(3_400)).toEqual(["broken"]);
    expect(await b.after(1_100)).toEqual(["restart"]);
  });

  it("is looked for by both at once when the browser has given up", async () => {
    b.become("failed");
    expect(await b.after(0)).toEqual(["broken", "restart"]);
  });

  it("is there again when the browser says so, and can be lost anew", async () => {
    a.become("disconnected");
    await a.after(3_000);
    a.become("connecting");
    expect(await a.after(500)).toEqual([]);
    a.become("connected");
    expect(await a.after(30_000)).toEqual(["mended"]);
    a.become("disconnected");
    expect(await a.after(0)).toEqual(["broken", "restart"]);
  });

  it("is lost for good after 20 s, and nothing is done any more", async () => {
    a.become("disconnected");
    expect(await a.after(19_900)).not.toContain("lost");
    expect(await a.after(600)).toEqual(["lost"]);
    expect(await a.after(60_000)).toEqual([]);
    expect(vi.getTimerCount()).toBe(1); // that of b
  });

  it("is not lost for having slept", async () => {
    a.become("disconnected");
    await a.after(10_000);
    a.sleptMs = 3_600_000;
    a.rescue.wake(true);
    expect(await a.after(3_000)).toContain("restart");
    expect(a.rescue.broken).toBe(true);
  });
});

describe("a way that falls silent", () => {
  it("is noticed before the browser says so", async () => {
    await a.after(5_000);
    a.healthy = false;
    expect(await a.after(3_000)).toEqual(["broken", "restart"]);
    expect(a.state).toBe("connected");
  });

  it("is there again with an answer on it, or on another one", async () => {
    for (const pair of ["one", "two"]) {
      const side = new Side("a");
      await side.after(3_000);
      side.healthy = false;
      await side.after(3_000);
      side.healthy = true;
      side.sight = look({ pair, answered: pair === "one" ? 999 : 0 });
      expect(await side.after(1_000)).toEqual(["mended"]);
      expect(await side.after(10_000)).toEqual([]);
    }
  });

  it("is believed to be there where the browser tells nothing of it", async () => {
    a.sight = undefined;
    expect(await a.after(20_000)).toEqual([]);
    a.become("disconnected");
    a.become("connected");
    expect(await a.after(1_000)).toEqual(["broken", "restart", "mended"]);
  });

  it("for a moment is nothing", async () => {
    await a.after(5_000);
    a.healthy = false;
    await a.after(1_000);
    a.healthy = true;
    expect(await a.after(10_000)).toEqual([]);
  });
});

describe("a way that the stranger calls lost", () => {
  it("is, so that the answer takes the other one, and theirs is the try that counts", async () => {
    await a.after(3_000);
    a.healthy = false;
    a.rescue.asked();
    expect(a.rescue.broken).toBe(true);
    expect(await a.after(3_900)).toEqual(["broken"]);
    expect(await a.after(600)).toEqual(["restart"]);
  });

  it("is there when they were wrong, as the next look shows", async () => {
    await a.after(3_000);
    a.rescue.asked();
    a.rescue.asked();
    expect(await a.after(1_000)).toEqual(["broken", "mended"]);
  });
});

describe("waking", () => {
  it("elsewhere restarts over the way in use, and means nothing more when that is answered", async () => {
    a.rescue.wake(true);
    expect(await a.after(10_000)).toEqual(["restart"]);
    a.rescue.wake(false);
    expect(await a.after(10_000)).toEqual([]);
  });

  it("elsewhere finds the way lost when nobody answers, and asks again by the other", async () => {
    await a.after(2_000);
    a.pending = true;
    a.healthy = false;
    a.sight = undefined;
    a.rescue.wake(true);
    expect(await a.after(2_900)).toEqual(["restart"]);
    expect(await a.after(1_200)).toEqual(["broken", "restart"]);
  });

  it("elsewhere is no loss when only the stranger's page sleeps, whose browser answers all the same", async () => {
    await a.after(2_000);
    a.pending = true;
    a.rescue.wake(true);
    expect(await a.after(30_000)).toEqual(["restart"]);
  });

  it("hurries what is under way, but not at the speed of its events", async () => {
    b.become("disconnected");
    b.rescue.wake(false);
    b.rescue.wake(true);
    expect(await b.after(0)).toEqual(["broken", "restart"]);
    b.rescue.wake(false);
    b.rescue.reaching();
    expect(await b.after(900)).toEqual([]);
    expect(await b.after(600)).toEqual(["restart"]);
  });
});

describe("a stranger who cannot be asked", () => {
  it("is asked as soon as that is possible", async () => {
    a.reaches = false;
    a.become("disconnected");
    expect(await a.after(3_300)).toEqual(["broken"]);
    a.reaches = true;
    a.rescue.reaching();
    expect(await a.after(0)).toEqual(["restart"]);
  });
});

describe("the way as it is", () => {
  it("is told every few seconds, and only while somebody looks", async () => {
    await a.after(6_600);
    expect(a.paths).toEqual(["false 3", "false 3", "false 3"]);
    a.visible = false;
    const { looks } = a;
    await a.after(10_000);
    expect([a.paths.length, a.looks]).toEqual([3, looks]);
  });

  it("is no longer looked at when all is over", async () => {
    for (const side of [a, b]) side.rescue.close();
    a.rescue.changed();
    a.rescue.wake(true);
    a.rescue.restart();
    expect(await a.after(5_000)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
