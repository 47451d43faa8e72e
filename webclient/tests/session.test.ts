import { describe, expect, it } from "vitest";
import {
  at,
  ended,
  KEY,
  LIFE,
  LIFE2,
  matched,
  profile,
  pulse,
  SESSION,
  seat,
  TICKET2,
  WORD,
  welcome,
} from "./fakes/lobby";

const leave = (mood: string) => ({ do: "lobby", message: { kind: "leave", life: LIFE, session: SESSION, mood } });
const keepWord = { do: "wake", timer: "reunion", inMs: 120_000 } as const;
const opened = { type: "opened", session: SESSION, nickname: "Merry Fox", relay: false, rendezvous: WORD } as const;

describe("matched", () => {
  it("meets the stranger at the seat of the wish, and does not listen on the next one yet", () => {
    const walk = at.connecting();
    expect(walk.effects).toEqual([
      { do: "sleep", timer: "join" },
      { do: "meet", number: 1, matched: matched(), seat: seat("seat1"), nickname: profile.nickname },
      { do: "wake", timer: "connect", inMs: 13_000 },
    ]);
  });

  it("is obeyed for the current ticket only", () => {
    const walk = at.waiting();
    const before = walk.state;
    expect(walk.inbox(matched({ ticket: TICKET2 })).state).toBe(before);
  });

  it("is obeyed for the current life only", () => {
    const walk = at.waiting();
    const before = walk.state;
    expect(walk.inbox(matched({ life: LIFE2 })).state).toBe(before);
  });

  it("is obeyed of the highest epoch only", () => {
    const walk = at.waiting().pulse(pulse({ epoch: 8 }));
    const before = walk.state;
    expect(walk.inbox(matched({ epoch: 7 })).state).toBe(before);
    expect(walk.inbox(matched({ epoch: 8 })).state.phase.name).toBe("connecting");
  });

  it.each(["lobby", "drawing", "held", "connecting", "talking", "over"] as const)("means nothing in %s", (name) => {
    const walk = at[name]();
    const before = walk.state;
    expect(walk.inbox(matched()).state).toBe(before);
    expect(walk.effects).toEqual([]);
  });
});

describe("connecting", () => {
  it("opens the talk and tells the service", () => {
    expect(at.opened().effects).toEqual([
      { do: "subscribe", seats: [seat("seat2")] },
      { do: "sleep", timer: "connect" },
      { do: "talk", me: profile.nickname, stranger: "Merry Fox", tags: ["tea"], hides: { me: false, stranger: false } },
      { do: "reach", seat: seat("seat2"), ttlS: 600 },
      { do: "lobby", message: { kind: "talking", life: LIFE, session: SESSION } },
      { do: "presence", message: { kind: "ping", life: LIFE, wantSeat: true } },
    ]);
  });

  it("claims the session from a service that is younger than the match", () => {
    const walk = at
      .connecting()
      .pulse(pulse({ epoch: 8 }))
      .on(opened);
    expect(walk.did("presence")[0]?.message).toMatchObject({ kind: "here", session: SESSION });
    const later = at.connecting().on({ type: "lost" }, { type: "connected", life: LIFE2 }, opened);
    expect(later.did("presence")[0]?.message).toMatchObject({ kind: "here", life: LIFE2, session: SESSION });
    expect(later.did("lobby")[0]?.message).toMatchObject({ kind: "talking", life: LIFE2 });
  });

  it("looks for somebody else by itself when it fails, with a new ticket", () => {
    const walk = at.connecting().later(6_000).on({ type: "over", session: SESSION, mood: "failed" });
    expect(walk.effects).toEqual([
      { do: "subscribe", seats: [seat("seat2")] },
      { do: "sleep", timer: "connect" },
      { do: "end" },
      leave("failed"),
      { do: "wish", number: 2, relay: false, ice: [] },
      { do: "unsubscribe", seats: [seat("seat1")] },
    ]);
    expect(walk.phase("waiting").search.failures).toBe(1);
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("lobby")[0]?.message).toMatchObject({
      kind: "join",
      ticket: TICKET2,
      seat: seat("seat2"),
      waited: 6,
    });
  });

  it("does so too when the service says that the stranger has gone, without a word back", () => {
    const walk = at.connecting().inbox(ended("failed"));
    expect(walk.state.phase.name).toBe("waiting");
    expect(walk.did("lobby")).toEqual([]);
    expect(walk.did("end")).toHaveLength(1);
  });

  it("does so too when a meeting forgets to end", () => {
    const walk = at.connecting().on({ type: "wake", timer: "connect" });
    expect(walk.effects).toContainEqual(leave("failed"));
    expect(walk.state.phase.name).toBe("waiting");
  });

  it("can be cancelled", () => {
    const walk = at.connecting().on({ type: "cancel" });
    expect(walk.effects).toContainEqual(leave("left"));
    expect(walk.state.phase.name).toBe("lobby");
  });

  it("hears nothing of another session", () => {
    const walk = at.connecting();
    const before = walk.state;
    walk.on(
      { ...opened, session: "x" },
      { type: "over", session: "x", mood: "failed" },
      { type: "alarm", session: "x", reason: "key" },
    );
    expect(walk.inbox(ended("left", { session: "x" })).state).toBe(before);
  });
});

describe("while talking", () => {
  it.each(["lost", "left", "failed", "expired"] as const)("ended{%s} is advice", (mood) => {
    const walk = at.talking().inbox(ended(mood));
    expect(walk.state.phase.name).toBe("talking");
    expect(walk.effects).toEqual([{ do: "advise", mood }]);
  });

  it("advice colours the end when the channel closes", () => {
    const walk = at.talking().inbox(ended("left")).on({ type: "over", session: SESSION, mood: "lost" });
    expect(walk.effects[0]).toEqual({ do: "finish", mood: "left" });
  });

  it("a new welcome or seat leaves the talk alone", () => {
    expect(at.talking().inbox(welcome({ epoch: 8 })).state.phase.name).toBe("talking");
    expect(at.talking().inbox({ kind: "again", life: LIFE, ticket: "x" }).effects).toEqual([]);
  });

  it("Next leaves as skipped and looks for the next at once", () => {
    const walk = at.talking().on({ type: "next" });
    expect(walk.effects).toEqual([
      { do: "end" },
      leave("skipped"),
      { do: "forget" },
      keepWord,
      { do: "wish", number: 2, relay: false, ice: [] },
      { do: "unsubscribe", seats: [seat("seat1"), seat("seat2")] },
    ]);
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("lobby")[0]?.message).toMatchObject({ kind: "join", seat: seat("seat3") });
    expect(walk.did("lobby")[0]?.message).not.toHaveProperty("waited");
  });

  it("Stop leaves and goes back to the lobby", () => {
    const walk = at.talking().on({ type: "stop" });
    expect(walk.effects.slice(0, 3)).toEqual([{ do: "end" }, leave("left"), { do: "forget" }]);
    expect(walk.state.phase.name).toBe("lobby");
  });

  it("Next without a link waits for the next welcome", () => {
    const walk = at.talking().on({ type: "lost" }, { type: "next" });
    expect(walk.did("lobby")).toEqual([]);
    walk.on({ type: "wished", number: 2, ticket: TICKET2, key: KEY });
    expect(walk.did("lobby")).toEqual([]);
    walk.on({ type: "connected", life: LIFE2 }).inbox(welcome({ life: LIFE2, seat: seat("seat3") }));
    expect(walk.did("lobby")[0]?.message).toMatchObject({ kind: "join", ticket: TICKET2, seat: seat("seat3") });
  });
});

describe("the end", () => {
  it("when the stranger left says nothing first: theirs is the word on how it ended", () => {
    const walk = at.over();
    expect(walk.effects).toEqual([
      { do: "finish", mood: "left" },
      keepWord,
      { do: "unsubscribe", seats: [seat("seat1"), seat("seat2")] },
    ]);
  });

  it("when the connection was lost tells the service so", () => {
    const walk = at.talking().on({ type: "over", session: SESSION, mood: "lost" });
    expect(walk.effects.slice(0, 2)).toEqual([{ do: "finish", mood: "lost" }, leave("lost")]);
    expect(walk.on({ type: "next" }).did("lobby")).toEqual([]);
  });

  it("leaves on moving on, unless the service knows already", () => {
    expect(at.over().on({ type: "stop" }).effects).toEqual([leave("left"), { do: "forget" }]);
    expect(at.over().inbox(ended("left")).on({ type: "stop" }).effects).toEqual([{ do: "forget" }]);
  });

  it("is followed by Next", () => {
    const walk = at.over().inbox(ended("left")).on({ type: "next" });
    expect(walk.effects).toEqual([{ do: "forget" }, { do: "wish", number: 2, relay: false, ice: [] }]);
  });
});

describe("the alarm", () => {
  it.each(["connecting", "talking"] as const)("ends everything in %s", (name) => {
    const walk = at[name]().on({ type: "alarm", session: SESSION, reason: "key" });
    expect(walk.effects).toEqual([
      ...(name === "connecting" ? [{ do: "subscribe", seats: [seat("seat2")] }] : []),
      { do: "sleep", timer: "connect" },
      { do: "end" },
      leave("failed"),
      { do: "forget" },
      { do: "unsubscribe", seats: name === "talking" ? [seat("seat1"), seat("seat2")] : [seat("seat1")] },
    ]);
    expect(walk.state.phase).toEqual({ name: "alarm", reason: "key" });
  });

  it("leads back to the lobby, not to the next stranger", () => {
    expect(at.alarm().on({ type: "next" }).state.phase.name).toBe("alarm");
    expect(at.alarm().on({ type: "stop" }).state.phase.name).toBe("lobby");
  });
});
