import { describe, expect, it } from "vitest";
import { here } from "../src/presence";
import { at, LIFE, LIFE2, limited, pulse, SESSION, seat, TICKET, welcome } from "./fakes/lobby";

const wakes = (walk: { did: ReturnType<typeof at.lobby>["did"] }) => walk.did("wake");

describe("here", () => {
  it("is repeated after 1, 2, 4, 8 s, then every 8 s, until the welcome", () => {
    const walk = at.unwelcome();
    const after = [walk.did("wake")[0]?.inMs];
    for (let nth = 0; nth < 6; nth++) after.push(walk.on({ type: "wake", timer: "here" }).did("wake")[0]?.inMs);
    expect(after).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
    expect(walk.did("presence")).toEqual([
      { do: "presence", message: { kind: "here", life: LIFE, version: 1, rtt: 12 } },
    ]);
    walk.inbox(welcome());
    expect(walk.did("sleep")).toEqual([{ do: "sleep", timer: "here" }]);
    expect(walk.on({ type: "wake", timer: "here" }).effects).toEqual([]);
  });

  it("claims a talk back, and nothing else", () => {
    expect(here(at.talking().state, LIFE2)).toEqual({ kind: "here", life: LIFE2, version: 1, session: SESSION });
    for (const name of ["lobby", "waiting", "connecting", "over"] as const) {
      expect(here(at[name]().state, LIFE2)).toEqual({ kind: "here", life: LIFE2, version: 1 });
    }
  });

  it("says the round trip within the bounds of the wire", () => {
    const walk = at.unwelcome();
    walk.moment.rttMs = 99_999.5;
    expect(walk.on({ type: "wake", timer: "here" }).did("presence")[0]?.message).toMatchObject({ rtt: 60_000 });
  });
});

describe("pulse", () => {
  it("tells how many are here, and how long one waits when the service says so", () => {
    const beat = { kind: "pulse", epoch: 7, here: 40, waiting: 10, talking: 20, spread: 1 } as const;
    const counted = at.lobby().on({ type: "pulse", message: { ...beat, wait: 5 } });
    expect(counted.state.counts).toEqual({ here: 40, waiting: 10, talking: 20, wait: 5 });
    expect(counted.on({ type: "pulse", message: beat }).state.counts?.wait).toBeUndefined();
  });
});

describe("welcome", () => {
  it("brings seat, counts and pings", () => {
    const walk = at.lobby();
    expect(walk.effects).toEqual([
      { do: "subscribe", seats: [seat("seat1")] },
      { do: "sleep", timer: "here" },
      { do: "wake", timer: "ping", inMs: 15_000 },
    ]);
    expect(walk.state).toMatchObject({ welcomed: true, epoch: 7, counts: { here: 10, waiting: 2, talking: 6 } });
  });

  it("of a lower epoch than one already seen is ignored", () => {
    const walk = at.unwelcome().pulse(pulse({ epoch: 9 }));
    const before = walk.state;
    expect(walk.inbox(welcome({ epoch: 8 })).state).toBe(before);
    expect(walk.inbox(welcome({ epoch: 9 })).state.welcomed).toBe(true);
  });

  it("a second time only exchanges the seat", () => {
    const walk = at.lobby().inbox(welcome({ seat: seat("seat9") }));
    expect(walk.did("subscribe")).toEqual([{ do: "subscribe", seats: [seat("seat9")] }]);
    expect(walk.did("unsubscribe")).toEqual([{ do: "unsubscribe", seats: [seat("seat1")] }]);
  });
});

describe("ping", () => {
  it("goes on at the interval that was told", () => {
    const walk = at
      .lobby()
      .inbox(welcome({ ping: 30 }))
      .on({ type: "wake", timer: "ping" });
    expect(walk.effects).toEqual([
      { do: "presence", message: { kind: "ping", life: LIFE } },
      { do: "wake", timer: "ping", inMs: 30_000 },
    ]);
  });

  it("asks for a seat when less than 120 s are left of the newest", () => {
    const walk = at.lobby().later(480_000).on({ type: "wake", timer: "ping" });
    expect(walk.did("presence")[0]?.message).not.toHaveProperty("wantSeat");
    walk.later(1).on({ type: "wake", timer: "ping" });
    expect(walk.did("presence")[0]?.message).toEqual({ kind: "ping", life: LIFE, wantSeat: true });
    walk.inbox({ kind: "seat", life: LIFE, seat: seat("fresh"), ttl: 600, ice: [] });
    expect(walk.effects).toEqual([
      { do: "subscribe", seats: [seat("fresh")] },
      { do: "unsubscribe", seats: [seat("seat1")] },
    ]);
    walk.on({ type: "wake", timer: "ping" });
    expect(walk.did("presence")[0]?.message).not.toHaveProperty("wantSeat");
  });

  it("stops with the link, and while a new service has not said welcome", () => {
    expect(at.lobby().on({ type: "lost" }, { type: "wake", timer: "ping" }).effects).toEqual([]);
    expect(
      at
        .lobby()
        .pulse(pulse({ epoch: 8 }))
        .on({ type: "wake", timer: "ping" }).effects,
    ).toEqual([]);
  });
});

describe("the pulse", () => {
  it("of the same epoch only counts", () => {
    const walk = at.lobby().pulse(pulse({ here: 99 }));
    expect(walk.effects).toEqual([]);
    expect(walk.state.counts?.here).toBe(99);
  });

  it("of a new epoch brings everyone back within the spread, each at its own moment", () => {
    const walk = at.lobby();
    walk.moment.random = 0.25;
    walk.pulse(pulse({ epoch: 8, spread: 40 }));
    expect(walk.effects).toEqual([
      { do: "sleep", timer: "ping" },
      { do: "wake", timer: "here", inMs: 10_000 },
    ]);
    walk.on({ type: "wake", timer: "here" });
    expect(walk.did("presence")).toHaveLength(1);
    expect(wakes(walk)).toEqual([{ do: "wake", timer: "here", inMs: 2_000 }]);
  });

  it("of a new epoch brings a talk back with its session", () => {
    const walk = at
      .talking()
      .pulse(pulse({ epoch: 8 }))
      .on({ type: "wake", timer: "here" });
    expect(walk.did("presence")[0]?.message).toMatchObject({ kind: "here", session: SESSION });
    expect(walk.state.phase.name).toBe("talking");
  });

  it("of an older epoch says nothing", () => {
    const walk = at.lobby();
    const before = walk.state;
    expect(walk.pulse(pulse({ epoch: 6, here: 1 })).state).toBe(before);
    expect(walk.pulse({ kind: "down", epoch: 6 }).state).toBe(before);
  });

  it("before the welcome leaves the repetition of here alone", () => {
    expect(at.unwelcome().pulse(pulse({ epoch: 8 })).effects).toEqual([]);
  });

  it("brings the next here forward when one was repeated in vain", () => {
    const here = { type: "wake", timer: "here" } as const;
    const walk = at.unwelcome().on(here).on(here);
    walk.moment.random = 0.25;
    walk.pulse(pulse({ spread: 1 }));
    expect(walk.effects).toEqual([{ do: "wake", timer: "here", inMs: 250 }]);
    expect(walk.on(here).did("presence")).toHaveLength(1);
    // Nor is it put off.
    expect(walk.pulse(pulse({ spread: 100 })).effects).toEqual([{ do: "wake", timer: "here", inMs: 8_000 }]);
    expect(walk.pulse({ kind: "down", epoch: 7 }).effects).toEqual([]);
    expect(walk.on({ type: "lost" }).pulse(pulse({ spread: 1 })).effects).toEqual([]);
  });

  it("tells that the service is down, until it is back", () => {
    const walk = at.waiting().pulse({ kind: "down", epoch: 7 });
    expect(walk.state.down).toBe(true);
    expect(walk.state.phase.name).toBe("waiting");
    expect(walk.pulse(pulse({ epoch: 8 })).state.down).toBe(false);
    expect(at.lobby().pulse({ kind: "down", epoch: 7 }).inbox(welcome()).state.down).toBe(false);
  });

  it("goes on with the service at work, when another one is down that it has never heard of", () => {
    const walk = at.waiting().pulse({ kind: "down", epoch: 9 });
    expect(walk.state.down).toBe(true);
    expect(walk.pulse(pulse({ epoch: 7 })).state.down).toBe(false);
    const newcomer = at.unwelcome().pulse({ kind: "down", epoch: 9 }).inbox(welcome());
    expect(newcomer.state).toMatchObject({ welcomed: true, down: false, epoch: 7 });
  });
});

describe("a broken link", () => {
  it("does not disturb a talk, and is mended with a claim and the old seats", () => {
    const walk = at.talking().on({ type: "lost" });
    expect(walk.state.phase.name).toBe("talking");
    expect(walk.effects).toEqual([
      { do: "sleep", timer: "here" },
      { do: "sleep", timer: "ping" },
    ]);
    walk.on({ type: "connected", life: LIFE2 });
    expect(walk.effects).toEqual([
      { do: "subscribe", seats: [seat("seat3"), seat("seat1"), seat("seat2")] },
      { do: "wake", timer: "here", inMs: 1_000 },
    ]);
  });

  it("keeps a wish, which is sent again as it was after the next welcome", () => {
    const walk = at.lost().on({ type: "wake", timer: "join" });
    expect(walk.effects).toEqual([]);
    walk
      .later(5_000)
      .on({ type: "connected", life: LIFE2 })
      .inbox(welcome({ life: LIFE2, seat: seat("seat3") }));
    expect(walk.did("lobby")[0]?.message).toMatchObject({
      kind: "join",
      life: LIFE2,
      ticket: TICKET,
      seat: seat("seat1"),
      waited: 5,
    });
    expect(walk.did("unsubscribe")).toEqual([]);
  });

  it("that is refused tells until when", () => {
    const walk = at.refused();
    expect(walk.state.link).toEqual({ name: "refused", untilMs: walk.moment.now + 5_000 });
    expect(walk.state.welcomed).toBe(false);
    expect(walk.on({ type: "connected", life: LIFE2 }).state.link.name).toBe("up");
  });
});

describe("a limit", () => {
  it("that is announced is only remembered: the connection may stay open", () => {
    for (const name of ["unwelcome", "lobby", "waiting", "connecting", "talking"] as const) {
      const before = at[name]().state;
      const walk = at[name]().inbox(limited());
      expect(walk.effects).toEqual([{ do: "limit", retryS: 30 }]);
      expect(walk.state).toEqual(before);
    }
  });

  it("is none of a connection that is gone", () => {
    expect(at.lost().inbox(limited()).effects).toEqual([]);
    expect(at.banned().inbox(limited()).effects).toEqual([]);
  });

  it("tells until when the connection stays away", () => {
    const walk = at.limited();
    expect(walk.state.link).toEqual({ name: "limited", untilMs: walk.moment.now + 40_000 });
    expect(walk.state.welcomed).toBe(false);
    expect(walk.effects).toEqual([
      { do: "sleep", timer: "here" },
      { do: "sleep", timer: "ping" },
    ]);
  });

  it("does not disturb a talk, which is claimed back afterwards", () => {
    const walk = at.talking().inbox(limited()).on({ type: "limited", retryS: 40 });
    expect(walk.phase("talking").match.session).toBe(SESSION);
    expect(walk.did("end")).toEqual([]);
    expect(here(walk.state, LIFE2)).toMatchObject({ life: LIFE2, session: SESSION });
    expect(walk.on({ type: "connected", life: LIFE2 }).state.link.name).toBe("up");
  });

  it("keeps a wish and its place", () => {
    const walk = at.waiting().inbox(limited()).on({ type: "limited", retryS: 40 });
    expect(walk.on({ type: "wake", timer: "join" }).effects).toEqual([]);
    walk
      .later(40_000)
      .on({ type: "connected", life: LIFE2 })
      .inbox(welcome({ life: LIFE2 }));
    expect(walk.did("lobby")[0]?.message).toMatchObject({ kind: "join", ticket: TICKET, waited: 40 });
  });
});
