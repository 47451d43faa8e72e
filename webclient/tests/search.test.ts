import { describe, expect, it } from "vitest";
import {
  at,
  challenge,
  ended,
  KEY,
  LIFE,
  matched,
  profile,
  pulse,
  refused,
  SESSION,
  seat,
  TICKET,
  TICKET2,
  welcome,
} from "./fakes/lobby";

const JOIN = {
  kind: "join",
  life: LIFE,
  ticket: TICKET,
  seat: seat("seat1"),
  key: KEY,
  mode: "text",
  tags: ["tea"],
  languages: ["en"],
  relay: false,
  rtt: 12,
};

const freshSeat = { kind: "seat" as const, life: LIFE, seat: seat("fresh"), ttl: 600, ice: [] };

describe("start", () => {
  it("draws a wish, and joins with it", () => {
    const walk = at.drawing();
    expect(walk.effects).toEqual([{ do: "wish", number: 1, relay: false, ice: [] }]);
    walk.on({ type: "wished", number: 1, ticket: TICKET, key: KEY });
    expect(walk.effects).toEqual([
      { do: "lobby", message: JOIN },
      { do: "joined", number: 1, rttMs: 12.4 },
      { do: "wake", timer: "join", inMs: 2_000 },
    ]);
  });

  it("says in the wish that only the relay will do", () => {
    const walk = at.lobby().on({ type: "profile", profile: { ...profile, relay: true } }, { type: "start" });
    expect(walk.did("wish")).toEqual([{ do: "wish", number: 1, relay: true, ice: [] }]);
  });

  it("does not happen twice", () => {
    expect(at.drawing().on({ type: "start" }).effects).toEqual([]);
  });

  it("comes back to the lobby when the browser cannot draw a wish", () => {
    const walk = at.drawing().on({ type: "wishFailed", number: 1 });
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "wish" });
    expect(walk.did("lobby")).toEqual([]);
  });

  it("takes back a wish that turns out to be none after its join has left", () => {
    const walk = at.waiting().on({ type: "wishFailed", number: 1 });
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "wish" });
    expect(walk.did("drop")).toEqual([{ do: "drop", number: 1 }]);
    expect(walk.did("lobby")[0]?.message).toEqual({ kind: "cancel", life: LIFE, ticket: TICKET });
  });

  it("drops a wish that was drawn too late", () => {
    const walk = at.drawing().on({ type: "cancel" }, { type: "wished", number: 1, ticket: TICKET, key: KEY });
    expect(walk.effects).toEqual([{ do: "drop", number: 1 }]);
    expect(walk.state.phase.name).toBe("lobby");
  });
});

describe("join", () => {
  it("is the same again after 2, 4, 8, 15 s, then every 15 s", () => {
    const walk = at.waiting();
    const after: (number | undefined)[] = [2_000];
    for (let nth = 0; nth < 5; nth++) {
      walk.later(10).on({ type: "wake", timer: "join" });
      expect(walk.did("lobby")).toEqual([{ do: "lobby", message: JOIN }]);
      after.push(walk.did("wake")[0]?.inMs);
    }
    expect(after).toEqual([2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("asks for a seat first when the newest has less than 30 s left", () => {
    const walk = at.lobby().later(570_000).on({ type: "start" });
    walk.on({ type: "wished", number: 1, ticket: TICKET, key: KEY });
    expect(walk.effects).toEqual([
      { do: "presence", message: { kind: "ping", life: LIFE, wantSeat: true } },
      { do: "wake", timer: "join", inMs: 2_000 },
    ]);
    walk.inbox(freshSeat);
    expect(walk.did("lobby")[0]?.message).toMatchObject({ kind: "join", ticket: TICKET, seat: seat("fresh") });
  });

  it("is not kept busy by seats that are too old when they come", () => {
    const walk = at
      .lobby()
      .later(590_000)
      .on({ type: "start" }, { type: "wished", number: 1, ticket: TICKET, key: KEY });
    expect(walk.inbox({ ...freshSeat, ttl: 20 }).did("presence")).toEqual([]);
    expect(walk.on({ type: "wake", timer: "join" }).did("presence")).toHaveLength(1);
  });

  it("with a seat at its end becomes a new ticket that tells the time so far", () => {
    const walk = at.waiting().later(480_000).inbox(freshSeat);
    expect(walk.did("unsubscribe")).toEqual([]);
    walk.later(90_000).on({ type: "wake", timer: "join" });
    expect(walk.did("drop")).toEqual([{ do: "drop", number: 1 }]);
    expect(walk.did("wish")).toEqual([{ do: "wish", number: 2, relay: false, ice: [] }]);
    expect(walk.did("unsubscribe")).toEqual([{ do: "unsubscribe", seats: [seat("seat1")] }]);
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("lobby")[0]?.message).toMatchObject({ ticket: TICKET2, seat: seat("fresh"), waited: 570 });
  });

  it("goes to a new service with the same ticket and the time so far", () => {
    const walk = at
      .waiting()
      .later(7_900)
      .pulse(pulse({ epoch: 8 }))
      .inbox(welcome({ epoch: 8, seat: seat("seat8") }));
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, waited: 7 } }]);
    expect(walk.did("wish")).toEqual([]);
    walk.on({ type: "wake", timer: "join" });
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, waited: 7 } }]);
  });

  it("goes to a new service with a new ticket when its seat is at its end", () => {
    const walk = at
      .waiting()
      .later(571_000)
      .inbox(welcome({ epoch: 8, seat: seat("seat8") }));
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.did("wish")).toHaveLength(1);
  });
});

describe("again, and a refused seat", () => {
  it("make a new ticket with the newest seat, at once", () => {
    for (const message of [{ kind: "again", life: LIFE, ticket: TICKET } as const, refused("seat")]) {
      const walk = at.waiting().inbox(freshSeat).inbox(message);
      expect(walk.effects).toEqual([
        { do: "drop", number: 1 },
        { do: "sleep", timer: "join" },
        { do: "wish", number: 2, relay: false, ice: [] },
        { do: "unsubscribe", seats: [seat("seat1")] },
      ]);
    }
  });

  it("never use a refused seat a second time", () => {
    const walk = at.waiting().inbox(refused("seat")).on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.did("presence")[0]?.message).toMatchObject({ kind: "ping", wantSeat: true });
  });

  it("slow down when they come in a row", () => {
    const walk = at.waiting().inbox({ kind: "again", life: LIFE, ticket: TICKET });
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    walk.inbox({ kind: "again", life: LIFE, ticket: TICKET2 });
    expect(walk.did("wish")).toEqual([]);
    expect(walk.did("wake")).toEqual([{ do: "wake", timer: "retry", inMs: 1_000 }]);
    expect(walk.on({ type: "wake", timer: "retry" }).did("wish")).toEqual([
      { do: "wish", number: 3, relay: false, ice: [] },
    ]);
  });

  it("of an old ticket are ignored", () => {
    const walk = at.waiting();
    const before = walk.state;
    walk.inbox({ kind: "again", life: LIFE, ticket: TICKET2 }).inbox({ ...refused("busy", 5), ticket: TICKET2 });
    expect(walk.state).toBe(before);
  });

  it("a ticket that died with its session is replaced", () => {
    expect(
      at
        .waiting()
        .inbox(ended("left", { ticket: TICKET }))
        .did("wish"),
    ).toHaveLength(1);
    expect(
      at
        .waiting()
        .inbox(ended("left", { session: SESSION }))
        .did("wish"),
    ).toEqual([]);
  });
});

describe("refused", () => {
  it.each(["busy", "slow", "stamp"] as const)("%s holds for the time it tells, then draws a new ticket", (reason) => {
    const walk = at.waiting().inbox(refused(reason, 9));
    expect(walk.phase("waiting").search.hold).toEqual({ reason, untilMs: walk.moment.now + 9_750 });
    expect(walk.effects.slice(0, 3)).toEqual([
      { do: "drop", number: 1 },
      { do: "sleep", timer: "join" },
      { do: "wake", timer: "retry", inMs: 9_750 },
    ]);
    expect(walk.on({ type: "wake", timer: "join" }).did("lobby")).toEqual([]);
    expect(walk.on({ type: "wake", timer: "retry" }).did("wish")).toEqual([
      { do: "wish", number: 2, relay: false, ice: [] },
    ]);
  });

  it.each([0, 0.999])("never comes back before the time it was told, and hardly later: %d", (random) => {
    const walk = at.waiting();
    walk.moment = { ...walk.moment, random };
    const inMs = walk.inbox(refused("slow", 20)).did("wake")[0]?.inMs;
    expect(inMs).toBeGreaterThanOrEqual(20_500);
    expect(inMs).toBeLessThanOrEqual(21_000);
  });

  it("is no shorter for who cancels and starts again: the pause goes on, and is shown", () => {
    const walk = at.waiting().inbox(refused("slow", 9));
    const { hold } = walk.phase("waiting").search;
    walk.on({ type: "cancel" });
    expect(walk.did("sleep")).toEqual([]); // the timer goes on
    walk.later(2_000).on({ type: "start" });
    expect(walk.did("wish")).toEqual([]);
    expect(walk.phase("waiting").search.hold).toEqual(hold);
    walk.inbox(welcome({ seat: seat("seat2") }));
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.on({ type: "wake", timer: "retry" }).did("wish")).toEqual([
      { do: "wish", number: 3, relay: false, ice: [] },
    ]);
  });

  it("is forgotten when its time is over, wherever one is then", () => {
    const walk = at.paused().on({ type: "wake", timer: "retry" });
    expect(walk.effects).toEqual([]);
    expect(walk.on({ type: "start" }).did("wish")).toHaveLength(1);
  });

  it("for want of a relay leads back to the lobby: the mode is never faked", () => {
    const walk = at.waiting().inbox(refused("relay", 300));
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "relay" });
    expect(walk.did("drop")).toEqual([{ do: "drop", number: 1 }]);
    expect(walk.did("wish")).toEqual([]);
    expect(walk.on({ type: "start" }).state.notice).toBeUndefined();
  });
});

describe("cancel", () => {
  it("withdraws the wish", () => {
    expect(at.waiting().on({ type: "cancel" }).effects).toEqual([
      { do: "drop", number: 1 },
      { do: "lobby", message: { kind: "cancel", life: LIFE, ticket: TICKET } },
      { do: "sleep", timer: "join" },
      { do: "sleep", timer: "retry" },
    ]);
  });

  it("says nothing when nothing was joined yet, or nobody is there to hear it", () => {
    expect(at.drawing().on({ type: "cancel" }).did("lobby")).toEqual([]);
    expect(at.lost().on({ type: "cancel" }).did("lobby")).toEqual([]);
    expect(at.held().on({ type: "cancel" }).did("lobby")).toEqual([]);
  });
});

describe("a stamp", () => {
  const { seed } = challenge();
  const STAMP = "A".repeat(50);
  const proved = (of = seed, stamp = STAMP) => ({ type: "proved", seed: of, stamp }) as const;
  const asked = (of: string) => ({ ...refused("stamp"), challenge: challenge(of) });

  it("is worked for before the join when the welcome asks for it, and goes with the join and its repetitions", () => {
    const walk = at.proving();
    expect(walk.effects).toEqual([
      { do: "prove", seed, effort: 12 },
      { do: "wake", timer: "join", inMs: 120_000 },
    ]);
    walk.on(proved());
    expect(walk.effects).toEqual([
      { do: "lobby", message: { ...JOIN, stamp: STAMP } },
      { do: "joined", number: 1, rttMs: 12.4 },
      { do: "wake", timer: "join", inMs: 2_000 },
    ]);
    walk.on({ type: "wake", timer: "join" });
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, stamp: STAMP } }]);
  });

  it("is worked for when the join was refused for want of it, and the ticket stays", () => {
    const walk = at.waiting().inbox(asked("seed2"));
    expect(walk.effects).toEqual([
      { do: "prove", seed: challenge("seed2").seed, effort: 12 },
      { do: "wake", timer: "join", inMs: 120_000 },
    ]);
    expect(walk.inbox(asked("seed3")).effects).toEqual([]);
    walk.on(proved(challenge("seed2").seed));
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, stamp: STAMP } }]);
  });

  it("that was refused is followed by a new ticket, ever later", () => {
    const walk = at.proving().on(proved()).inbox(asked("seed2"));
    expect(walk.did("wish")).toHaveLength(1);
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("prove")).toEqual([{ do: "prove", seed: challenge("seed2").seed, effort: 12 }]);
    walk.on(proved(challenge("seed2").seed)).inbox({ ...asked("seed3"), ticket: TICKET2 });
    expect(walk.did("wish")).toEqual([]);
    expect(walk.did("wake")).toEqual([{ do: "wake", timer: "retry", inMs: 1_000 }]);
  });

  it("is for one ticket: the next one asks again", () => {
    const walk = at.proving().on(proved(), { type: "cancel" }, { type: "start" });
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("prove")).toEqual([]);
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, ticket: TICKET2 } }]);
  });

  it("is not begun with less than a minute left: the service is asked for another challenge", () => {
    const walk = at.unwelcome().inbox(welcome({ challenge: challenge() }));
    walk.later(60_001).on({ type: "start" }, { type: "wished", number: 1, ticket: TICKET, key: KEY });
    expect(walk.did("prove")).toEqual([]);
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: JOIN }]);
  });

  it("that was not ready in time is begun anew, on a challenge that lives", () => {
    const walk = at.proving().later(120_000).on({ type: "wake", timer: "join" });
    expect(walk.did("unprove")).toHaveLength(1);
    expect(walk.did("lobby")[0]?.message).not.toHaveProperty("stamp");
    expect(walk.inbox(asked("seed2")).did("prove")).toHaveLength(1);
    expect(walk.on(proved()).effects).toEqual([]);
  });

  it("waits with its join for a seat that lives", () => {
    const walk = at.proving().later(100_000);
    walk.state = { ...walk.state, seat: undefined };
    walk.on(proved());
    expect(walk.did("presence")[0]?.message).toMatchObject({ kind: "ping", wantSeat: true });
    walk.inbox(freshSeat);
    expect(walk.did("lobby")[0]?.message).toMatchObject({ seat: seat("fresh"), stamp: STAMP });
  });

  it("is nobody's business any longer after a cancel, a match, a lost connection or another service", () => {
    const ends: ((walk: ReturnType<typeof at.proving>) => unknown)[] = [
      (walk) => walk.on({ type: "cancel" }),
      (walk) => walk.on({ type: "lost" }),
      (walk) => walk.pulse(pulse({ epoch: 8 })),
      (walk) => walk.inbox(welcome({ version: 2 })),
    ];
    for (const end of ends) {
      const walk = at.proving();
      end(walk);
      expect(walk.did("unprove")).toEqual([{ do: "unprove" }]);
      expect(walk.on(proved()).did("lobby")).toEqual([]);
    }
    expect(at.waiting().inbox(asked("seed2")).inbox(matched()).did("unprove")).toHaveLength(1);
  });

  it("goes on when the same welcome comes twice", () => {
    const walk = at.proving().inbox(welcome({ challenge: challenge("seed2") }));
    expect(walk.did("prove")).toEqual([]);
    expect(walk.did("unprove")).toEqual([]);
    expect(walk.on(proved()).did("lobby")).toHaveLength(1);
  });

  it("is another one for a new service, before the same ticket joins there", () => {
    const walk = at
      .proving()
      .on(proved())
      .later(7_900)
      .pulse(pulse({ epoch: 8 }))
      .inbox(welcome({ epoch: 8, seat: seat("seat8"), challenge: challenge("seed8") }));
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.did("prove")).toEqual([{ do: "prove", seed: challenge("seed8").seed, effort: 12 }]);
    walk.on(proved(challenge("seed8").seed, "B".repeat(50)));
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { ...JOIN, waited: 7, stamp: "B".repeat(50) } }]);
  });

  it("is left out at a new service that asks for none", () => {
    const walk = at
      .proving()
      .on(proved())
      .inbox(welcome({ epoch: 8, seat: seat("seat8") }));
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: JOIN }]);
  });

  it("tells how far it is", () => {
    const walk = at.proving().on({ type: "tried", seed, hashes: 2_048 });
    expect(walk.phase("waiting").search.proof?.tried).toBe(2_048);
    const before = walk.state;
    expect(walk.on({ type: "tried", seed: "another", hashes: 1 }).state).toBe(before);
  });
});
