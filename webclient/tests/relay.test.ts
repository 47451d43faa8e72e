import { describe, expect, it } from "vitest";
import { makeTalk, stepTalk, type TalkEffect, type TalkEvent } from "../src/talk";
import type { IceServer } from "../src/wire";
import { at, KEY, LIFE, matched, profile, SESSION, seat, TICKET, welcome } from "./fakes/lobby";

const ice: IceServer[] = [{ urls: ["turn:relay.test"], username: "1:u", credential: "c" }];
const other: IceServer[] = [{ urls: ["turn:relay.test"], username: "2:u", credential: "d" }];
const start = { type: "start" } as const;
const hide = { type: "profile", profile: { ...profile, relay: true } } as const;

describe("what the operator suggests", () => {
  it("is taken up by who has not decided", () => {
    expect(at.unwelcome().inbox(welcome({ relay: "preset", ice })).state.profile.relay).toBe(true);
    expect(at.unwelcome().inbox(welcome({ relay: "offered", ice })).state.profile.relay).toBe(false);
  });

  it("is left alone by who has, whichever way", () => {
    const shown = at.unwelcome().on(hide, { ...hide, profile });
    expect(shown.inbox(welcome({ relay: "preset", ice })).state.profile.relay).toBe(false);
    const hidden = at.unwelcome().on(hide);
    expect(hidden.inbox(welcome({ relay: "none" })).state.profile.relay).toBe(true);
  });

  it("changes nothing under way", () => {
    expect(at.waiting().inbox(welcome({ relay: "preset", ice })).state.profile.relay).toBe(false);
  });
});

describe("credentials", () => {
  it("are used for a wish while they live", () => {
    const lobby = () => at.unwelcome().inbox(welcome({ relay: "offered", ice, iceTtl: 100 }));
    expect(lobby().on(start).did("wish")).toMatchObject([{ ice }]);
    expect(lobby().later(71_000).on(start).did("wish")).toMatchObject([{ ice: [] }]);
  });

  it("are asked for anew, with a seat, before they end", () => {
    const walk = at.unwelcome().inbox(welcome({ relay: "offered", ice, iceTtl: 300 }));
    const wants = () => walk.on({ type: "wake", timer: "ping" }).did("presence")[0]?.message;
    expect(wants()).not.toHaveProperty("wantSeat");
    walk.later(181_000);
    expect(wants()).toMatchObject({ wantSeat: true });
  });

  it("reach a talk that goes on, and no other", () => {
    const fresh = { kind: "seat" as const, life: LIFE, seat: seat("fresh"), ttl: 600, ice: other, iceTtl: 600 };
    expect(at.talking().inbox(fresh).did("refresh")).toEqual([{ do: "refresh", ice: other }]);
    expect(at.lobby().inbox(fresh).did("refresh")).toEqual([]);
    expect(
      at
        .talking()
        .inbox({ ...fresh, ice: [] })
        .did("refresh"),
    ).toEqual([]);
  });
});

describe("a relay that gives no address", () => {
  const failed = { type: "relayFailed", number: 1, why: "relayRefused" } as const;

  it("takes who waits back to the lobby, and says why", () => {
    const walk = at.waiting().on(failed);
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "relayRefused" });
    expect(walk.did("drop")).toEqual([{ do: "drop", number: 1 }]);
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: { kind: "cancel", life: LIFE, ticket: TICKET } }]);
  });

  it("takes who has just found somebody back, too, and frees the stranger", () => {
    const walk = at.connecting().on(failed);
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "relayRefused" });
    expect(walk.did("end")).toHaveLength(1);
    const leave = { kind: "leave", life: LIFE, session: SESSION, mood: "failed" };
    expect(walk.did("lobby")).toEqual([{ do: "lobby", message: leave }]);
  });

  it("is of no interest once it is of another wish, or they talk", () => {
    expect(
      at
        .waiting()
        .on({ ...failed, number: 7 })
        .phase("waiting"),
    ).toBeDefined();
    expect(at.talking().on(failed).phase("talking")).toBeDefined();
    const second = at.waiting().on({ type: "cancel" }, start);
    second.on({ type: "wished", number: 2, ticket: TICKET, key: KEY }).inbox(matched()).on(failed);
    expect(second.phase("connecting")).toBeDefined();
  });
});

describe("going direct", () => {
  const me = (on: boolean): TalkEvent => ({ type: "direct", who: "me", on });
  const stranger = (on: boolean): TalkEvent => ({ type: "direct", who: "stranger", on });

  function walk(hides: { me: boolean; stranger: boolean }, ...events: TalkEvent[]) {
    let state = makeTalk("me", "stranger", [], hides);
    let effects: readonly TalkEffect[] = [];
    for (const event of events) [state, effects] = stepTalk(state, { now: 0, random: 0, ...event });
    return { state, went: effects.some((effect) => effect.do === "goDirect"), effects };
  }

  it("needs both where both hide, in either order", () => {
    const hides = { me: true, stranger: true };
    expect(walk(hides, me(true)).went).toBe(false);
    expect(walk(hides, stranger(true)).went).toBe(false);
    for (const order of [
      [me(true), stranger(true)],
      [stranger(true), me(true)],
    ]) {
      const done = walk(hides, ...order);
      expect(done.went).toBe(true);
      expect(done.state.hides).toEqual({ me: false, stranger: false });
    }
  });

  it("can be taken back until then", () => {
    const hides = { me: true, stranger: true };
    expect(walk(hides, me(true), me(false), stranger(true)).went).toBe(false);
    expect(walk(hides, stranger(true), stranger(false), me(true)).went).toBe(false);
  });

  it("is the choice of the one who hides alone where the other does not", () => {
    expect(walk({ me: true, stranger: false }, me(true)).went).toBe(true);
    expect(walk({ me: true, stranger: false }, stranger(true)).went).toBe(false);
    expect(walk({ me: false, stranger: true }, me(true)).effects).toEqual([]);
    expect(walk({ me: false, stranger: true }, stranger(true)).went).toBe(true);
  });

  it("happens once, and is told to the stranger", () => {
    const hides = { me: true, stranger: true };
    expect(walk(hides, me(true)).effects).toContainEqual({ do: "say", message: { kind: "direct", on: true } });
    expect(walk(hides, me(true), stranger(true), stranger(true)).went).toBe(false);
    expect(walk(hides, me(true), stranger(true), stranger(false)).state.hides.me).toBe(false);
  });
});
