import { describe, expect, it } from "vitest";
import type { LobbyEvent, Timer } from "../src/state";
import { isLobbyMessage, isPresenceMessage } from "../src/wire";
import {
  at,
  banned,
  ended,
  KEY,
  LIFE,
  LIFE2,
  limited,
  matched,
  profile,
  pulse,
  refused,
  SESSION,
  seat,
  TICKET,
  WORD,
  welcome,
} from "./fakes/lobby";

const timers: Timer[] = ["here", "ping", "join", "retry", "connect", "words", "reunion"];
const everything: LobbyEvent[] = [
  { type: "accept" },
  { type: "profile", profile },
  { type: "start" },
  { type: "cancel" },
  { type: "next" },
  { type: "stop" },
  { type: "again" },
  { type: "report", reason: "spam", block: false },
  { type: "report", reason: "minor", block: true },
  { type: "block" },
  { type: "connected", life: LIFE2 },
  { type: "lost" },
  { type: "refused", retryS: 3 },
  { type: "limited", retryS: 3 },
  { type: "stale" },
  { type: "newer" },
  { type: "renew" },
  ...[welcome(), welcome({ version: 9 }), matched(), ended("left"), refused("seat"), refused("relay"), banned()].map(
    (message) => ({ type: "inbox", message }) as const,
  ),
  { type: "inbox", message: { kind: "seat", life: LIFE, seat: seat("new"), ttl: 600, ice: [] } },
  { type: "inbox", message: { kind: "again", life: LIFE, ticket: TICKET } },
  { type: "inbox", message: limited() },
  { type: "pulse", message: pulse() },
  { type: "pulse", message: pulse({ epoch: 8 }) },
  { type: "pulse", message: { kind: "down", epoch: 7 } },
  { type: "wished", number: 1, ticket: TICKET, key: KEY },
  { type: "wishFailed", number: 1 },
  { type: "opened", session: SESSION, nickname: "x", relay: false, rendezvous: WORD },
  { type: "over", session: SESSION, mood: "left" },
  { type: "over", session: SESSION, mood: "failed" },
  { type: "alarm", session: SESSION, reason: "key" },
  ...timers.map((timer) => ({ type: "wake", timer }) as const),
];

describe("everywhere", () => {
  const places = Object.entries(at);

  it.each(places)("takes every two events in a row from %s, and says only what is a message", (_name, make) => {
    for (const first of everything) {
      for (const second of everything) {
        const walk = make().on(first).later(1_000).on(second);
        for (const { message } of walk.did("lobby")) expect(isLobbyMessage(message)).toBe(true);
        for (const { message } of walk.did("presence")) expect(isPresenceMessage(message)).toBe(true);
      }
    }
  });

  it.each(["gate", "unsupported"] as const)("contacts nothing from %s but by accepting", (name) => {
    for (const event of everything.filter(({ type }) => type !== "accept")) {
      const walk = at[name]().on(event);
      expect(walk.effects.filter((effect) => effect.do !== "drop")).toEqual([]);
      expect(walk.state.phase.name).toBe(name);
    }
  });

  it.each(places)("is never left by a message to another life in %s", (_name, make) => {
    for (const event of everything) {
      if (event.type !== "inbox" || event.message.kind === "limited") continue; // it has no life
      const before = make();
      const after = make().inbox({ ...event.message, life: "otherother1" });
      expect(after.state).toEqual(before.state);
      expect(after.effects).toEqual([]);
    }
  });
});

describe("the gate", () => {
  it("opens the link once it is accepted", () => {
    expect(at.opening().effects).toEqual([{ do: "open" }]);
    expect(at.opening().state.phase).toEqual({ name: "lobby" });
  });

  it("hides, or does not, as was chosen at it, whatever is suggested later", () => {
    for (const relay of [true, false]) {
      const walk = at.gate().on({ type: "accept", relay });
      expect(walk.state.profile.relay).toBe(relay);
      walk.on({ type: "connected", life: LIFE }).inbox(welcome({ relay: "preset" }));
      expect(walk.state.profile.relay).toBe(relay);
    }
  });

  it("leaves the suggestion open where it offered no choice", () => {
    const walk = at.gate().on({ type: "accept" }, { type: "connected", life: LIFE });
    expect(walk.inbox(welcome({ relay: "preset" })).state.profile.relay).toBe(true);
  });

  it("stays shut where the browser cannot do it", () => {
    expect(at.unsupported().on({ type: "accept" }).effects).toEqual([]);
  });
});

describe("the lobby", () => {
  it("does not start before the welcome", () => {
    expect(at.unwelcome().on({ type: "start" }).effects).toEqual([]);
  });

  it("keeps what the visitor tells of themselves, and in the lobby only", () => {
    const changed = { ...profile, nickname: "Brave Moth" };
    expect(at.lobby().on({ type: "profile", profile: changed }).state.profile).toBe(changed);
    expect(at.talking().on({ type: "profile", profile: changed }).state.profile).toEqual(profile);
  });

  it("clears the word on relays when the choice changes", () => {
    const walk = at.waiting().inbox(refused("relay"));
    expect(walk.state.notice).toBe("relay");
    expect(walk.on({ type: "profile", profile: { ...profile, nickname: "x" } }).state.notice).toBe("relay");
    expect(walk.on({ type: "profile", profile: { ...profile, relay: true } }).state.notice).toBeUndefined();
  });
});

describe("a ban", () => {
  it("ends even a talk, and closes the link without a word", () => {
    const walk = at.talking().inbox(banned());
    expect(walk.phase("banned")).toEqual({
      name: "banned",
      reason: "pace",
      kick: false,
      code: "abc",
      untilMs: walk.moment.now + 600_000,
    });
    expect(walk.effects).toEqual([
      { do: "end" },
      { do: "forget" },
      { do: "sleep", timer: "here" },
      { do: "sleep", timer: "ping" },
      { do: "close" },
    ]);
  });

  it("drops a wish under way", () => {
    expect(at.waiting().inbox(banned()).did("drop")).toEqual([{ do: "drop", number: 1 }]);
  });

  it("of a minute or less is a moment's pause, and says whom to ask", () => {
    expect(
      at
        .lobby()
        .inbox(banned({ seconds: 60 }))
        .phase("banned").kick,
    ).toBe(true);
    expect(
      at
        .lobby()
        .inbox(banned({ seconds: 61 }))
        .phase("banned").kick,
    ).toBe(false);
    expect(
      at
        .lobby()
        .inbox(banned({ contact: "a@b.example" }))
        .phase("banned").contact,
    ).toBe("a@b.example");
  });

  it("lets one try again by the same gate, and not before its time is up", () => {
    const walk = at.banned().later(599_999).on({ type: "accept" });
    expect(walk.state.phase.name).toBe("banned");
    expect(walk.effects).toEqual([]);
    expect(walk.later(1).on({ type: "accept" }).did("open")).toHaveLength(1);
    expect(walk.state.phase.name).toBe("lobby");
  });

  it.each(["paused", "reported", "parted"] as const)("leaves nothing to be waited for or said of %s", (name) => {
    const walk = at[name]().inbox(banned());
    expect(walk.state).toMatchObject({ pause: undefined, words: [] });
    expect(walk.on({ type: "wake", timer: "retry" }, { type: "wake", timer: "words" }).effects).toEqual([]);
  });

  it("hears nothing any more from the link it closed", () => {
    const walk = at.banned();
    const before = walk.state;
    walk.on({ type: "lost" }, { type: "refused", retryS: 5 }, { type: "limited", retryS: 5 });
    walk.on({ type: "stale" }, { type: "connected", life: LIFE2 });
    expect(walk.pulse(pulse({ epoch: 9 })).state).toBe(before);
  });
});

describe("a newer page", () => {
  const newer = (walk: ReturnType<typeof at.gate>) => walk.on({ type: "newer" });

  it.each(["gate", "lobby", "parted"] as const)("is loaded when the visitor says so in %s, and not before", (name) => {
    const walk = newer(at[name]());
    expect(walk.state.phase.name).toBe(name);
    expect(walk.effects).toEqual([]);
    expect(walk.on({ type: "renew" }).effects).toEqual([{ do: "reload" }]);
  });

  it("is loaded after a talk, which is left as by Stop", () => {
    const walk = newer(at.talking()).on({ type: "over", session: SESSION, mood: "lost" });
    expect(walk.on({ type: "renew" }).effects).toEqual([{ do: "forget" }, { do: "reload" }]);
    expect(newer(at.over()).on({ type: "renew" }).did("lobby")).toHaveLength(1);
  });

  it.each(["waiting", "held", "connecting", "talking", "alarm", "banned"] as const)(
    "is never loaded in %s, whatever is pressed",
    (name) => {
      const walk = newer(at[name]());
      const before = walk.state;
      expect(walk.on({ type: "renew" }).effects).toEqual([]);
      expect(walk.state).toBe(before);
    },
  );

  it("is not loaded when there is none", () => {
    for (const make of Object.values(at)) expect(make().on({ type: "renew" }).did("reload")).toEqual([]);
  });

  it("changes nothing of how one goes on without it", () => {
    expect(newer(at.talking()).on({ type: "next" }).did("wish")).toHaveLength(1);
    expect(newer(at.lobby()).on({ type: "start" }).did("wish")).toHaveLength(1);
  });
});

describe("a newer version", () => {
  it("asks for a reload at once when no talk is on, and says good-bye", () => {
    expect(at.reload().state.phase.name).toBe("reload");
    expect(at.reload().did("close")).toEqual([{ do: "close", mood: "left" }]);
    expect(at.unwelcome().on({ type: "stale" }).state.phase.name).toBe("reload");
    expect(at.waiting().on({ type: "stale" }).did("drop")).toHaveLength(1);
  });

  it("waits for the end of a talk", () => {
    const walk = at.talking().on({ type: "stale" });
    expect(walk.state.phase.name).toBe("talking");
    walk.on({ type: "over", session: SESSION, mood: "left" });
    expect(walk.state.phase.name).toBe("over");
    walk.on({ type: "next" });
    expect(walk.state.phase.name).toBe("reload");
    expect(walk.did("wish")).toEqual([]);
    expect(at.talking().on({ type: "stale" }, { type: "stop" }).state.phase.name).toBe("reload");
    expect(at.alarm().on({ type: "stale" }, { type: "stop" }).state.phase.name).toBe("reload");
  });
});
