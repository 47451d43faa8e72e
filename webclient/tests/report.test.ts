import { describe, expect, it } from "vitest";
import { reportable } from "../src/report";
import { at, ended, LIFE, LIFE2, profile, pulse, SESSION, seat, welcome } from "./fakes/lobby";

const said = (life = LIFE) => ({ do: "lobby", message: { kind: "report", life, session: SESSION, reason: "scam" } });
const blocked = (life = LIFE) => ({
  do: "lobby",
  message: { kind: "leave", life, session: SESSION, mood: "blocked" },
});
const wake = { do: "wake", timer: "words", inMs: 3_000 };
const report = (block = false) => ({ type: "report", reason: "scam", block }) as const;

describe("a report", () => {
  it("tells the service the session and the reason, and the talk goes on", () => {
    const walk = at.talking().on(report());
    expect(walk.effects).toEqual([said(), wake, { do: "notice", what: "reported" }]);
    expect(walk.phase("talking").reported).toBe(true);
  });

  it("with a block leaves, too, and forgets what was said", () => {
    const walk = at.talking().on(report(true));
    expect(walk.effects).toEqual([
      said(),
      wake,
      { do: "end" },
      blocked(),
      wake,
      { do: "forget" },
      { do: "unsubscribe", seats: [seat("seat1")] },
    ]);
    expect(walk.state.phase).toEqual({ name: "parted", reported: true });
  });

  it("is one per session, also over its end", () => {
    const walk = at.reported();
    const before = walk.state;
    expect(walk.on(report()).state).toBe(before);
    walk.on({ type: "over", session: SESSION, mood: "left" });
    expect(walk.phase("over").reported).toBe(true);
    expect(walk.on(report()).effects).toEqual([]);
  });

  it("can come up to 50 s after the end, and no later", () => {
    expect(at.over().later(49_999).on(report()).did("lobby")).toHaveLength(1);
    expect(at.over().later(50_000).on(report()).effects).toEqual([]);
    expect(at.over().later(50_000).on({ type: "block" }).effects).toEqual([]);
    expect(at.talking().later(3_600_000).on(report()).did("lobby")).toHaveLength(1);
  });

  it("counts from when the service said that it is over, though the channel lives on", () => {
    const walk = at.talking().inbox(ended("lost")).later(30_000).inbox(ended("lost"));
    expect(reportable(walk.state, walk.moment.now)).toBe(true);
    walk.later(20_000);
    expect(reportable(walk.state, walk.moment.now)).toBe(false);
    walk.on({ type: "over", session: SESSION, mood: "left" });
    expect(reportable(walk.state, walk.moment.now)).toBe(false);
  });

  it("is not for a service that never knew the talk that is over; a living one was claimed from it", () => {
    const over = at.over().pulse(pulse({ epoch: 8 }));
    expect(over.on(report()).effects).toEqual([]);
    const talking = at.talking().pulse(pulse({ epoch: 8 }));
    expect(reportable(talking.state, talking.moment.now)).toBe(true);
  });

  it.each(["lobby", "waiting", "connecting", "parted", "alarm", "banned"] as const)("means nothing in %s", (name) => {
    const walk = at[name]();
    const before = walk.state;
    expect(walk.on(report(true)).state).toBe(before);
    expect(walk.on({ type: "block" }).state).toBe(before);
  });
});

describe("a block", () => {
  it("ends the talk as any end does, and tells only the service why", () => {
    const walk = at.talking().on({ type: "block" });
    expect(walk.effects).toEqual([
      { do: "end" },
      blocked(),
      wake,
      { do: "forget" },
      { do: "unsubscribe", seats: [seat("seat1")] },
    ]);
    expect(walk.state.phase).toEqual({ name: "parted", reported: false });
  });

  it("after the stranger left is all that is said of it", () => {
    const walk = at.over().on({ type: "block" });
    expect(walk.effects).toEqual([blocked(), wake, { do: "sleep", timer: "reunion" }, { do: "forget" }]);
    expect(walk.on({ type: "stop" }).did("lobby")).toEqual([]);
  });

  it("can follow a report", () => {
    expect(at.reportedOver().on({ type: "block" }).state.phase).toEqual({ name: "parted", reported: true });
  });

  it("leads to the next stranger or to the lobby", () => {
    const walk = at.parted().on({ type: "next" });
    expect(walk.effects).toEqual([{ do: "wish", number: 2, relay: profile.relay, ice: [] }]);
    expect(at.parted().on({ type: "stop" }).state.phase.name).toBe("lobby");
  });

  it("leads to a newer page when there is one", () => {
    const walk = at.talking().on({ type: "stale" }, { type: "block" });
    expect(walk.state.phase.name).toBe("parted");
    expect(walk.on({ type: "next" }).state.phase.name).toBe("reload");
  });
});

describe("what was said of a stranger", () => {
  it("is said once more a little later, and then no more", () => {
    const walk = at.talking().on(report(true)).later(3_000).on({ type: "wake", timer: "words" });
    expect(walk.effects).toEqual([said(), blocked()]);
    expect(walk.on({ type: "wake", timer: "words" }).effects).toEqual([]);
    expect(walk.inbox(welcome()).did("lobby")).toEqual([]);
  });

  it("waits for the next life when nobody is there to hear it", () => {
    const walk = at.talking().on({ type: "lost" }, report(true));
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.on({ type: "wake", timer: "words" }).effects).toEqual([]);
    walk.on({ type: "connected", life: LIFE2 }, { type: "wake", timer: "words" });
    expect(walk.effects).toEqual([]);
    walk.inbox(welcome({ life: LIFE2 }));
    expect(walk.did("lobby")).toEqual([said(LIFE2), blocked(LIFE2)]);
  });

  it("comes before the wish for the next stranger", () => {
    const walk = at.talking().on({ type: "lost" }, { type: "block" }, { type: "next" });
    walk.on({ type: "wished", number: 2, ticket: "ticket2aaaaaaaaaaaaaaa", key: `B${"k".repeat(86)}` });
    walk.on({ type: "connected", life: LIFE2 }).inbox(welcome({ life: LIFE2, seat: seat("seat3") }));
    expect(walk.did("lobby").map(({ message }) => message.kind)).toEqual(["leave", "join"]);
  });

  it("is dropped when the service has forgotten of whom it speaks", () => {
    const walk = at.over().later(40_000).on({ type: "lost" }, report());
    walk
      .later(15_000)
      .on({ type: "connected", life: LIFE2 })
      .inbox(welcome({ life: LIFE2 }));
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.state.words).toEqual([]);
  });
});
