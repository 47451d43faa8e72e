import { describe, expect, it } from "vitest";
import { offered } from "../src/reunion";
import type { Reunion } from "../src/state";
import {
  at,
  banned,
  ended,
  KEY,
  LIFE,
  matched,
  profile,
  refused,
  SESSION,
  seat,
  TICKET2,
  type Walk,
  WORD,
  welcome,
} from "./fakes/lobby";

const TICKET3 = "ticket3aaaaaaaaaaaaaaa";
const SESSION2 = "session2aaaaaaaaaaaaaa";
const again = { type: "again" } as const;
const timeUp = { type: "wake", timer: "reunion" } as const;
const offer = (walk: Walk): Reunion | undefined => offered(walk.state, walk.moment.now);
const drawn = (number: number, ticket: string) => ({ type: "wished", number, ticket, key: KEY }) as const;
const lost = () => at.talking().on({ type: "over", session: SESSION, mood: "lost" });
const cancelled = (ticket: string) => ({ do: "lobby", message: { kind: "cancel", life: LIFE, ticket } });

describe("the offer to talk again", () => {
  it.each([
    ["the stranger left", at.over],
    ["the connection was lost", lost],
    ["Next", () => at.talking().on({ type: "next" })],
    ["Stop", at.stopped],
    ["Next after the end", () => at.over().on({ type: "next" })],
    ["Stop after the end", () => at.over().on({ type: "stop" })],
    ["a report without a block", at.reportedOver],
  ])("is made after %s, for two minutes", (_, make) => {
    const walk = make();
    expect(offer(walk)).toEqual({ rendezvous: WORD, untilMs: 1_120_000 });
    expect(offer(walk.later(119_999))).toBeDefined();
    expect(offer(walk.later(1))).toBeUndefined();
  });

  it.each([
    ["a block", at.parted],
    ["a block after the end", () => at.over().on({ type: "block" })],
    ["a report with a block", () => at.talking().on({ type: "report", reason: "spam", block: true })],
    ["an alarm", () => at.alarm().on({ type: "stop" })],
    ["a connection that never came about", () => at.connecting().on({ type: "cancel" })],
  ])("is never made after %s", (_, make) => {
    const walk = make();
    expect(walk.state.reunion).toBeUndefined();
    expect(walk.on({ type: "stop" }, again).state.phase.name).toBe("lobby");
  });

  it("is gone with a ban, and with the page", () => {
    expect(at.over().inbox(banned()).state.reunion).toBeUndefined();
    expect(at.stopped().inbox(welcome({ version: 2 })).state.reunion).toBeUndefined();
  });

  it("is all that is kept: no name, no text, no session", () => {
    const walk = at.stopped();
    expect(Object.keys(walk.state.reunion ?? {}).sort()).toEqual(["rendezvous", "untilMs"]);
    expect(JSON.stringify(walk.state)).not.toMatch(new RegExp(`Merry Fox|${SESSION}`));
    expect(JSON.stringify(walk.on(timeUp).state)).not.toContain(WORD);
    expect(JSON.stringify(at.over().on(timeUp).state)).not.toContain(WORD);
  });

  it("is of the last stranger only: the next talk ends it", () => {
    const walk = at
      .stopped()
      .on({ type: "start" }, drawn(2, TICKET2))
      .inbox(matched({ ticket: TICKET2 }));
    expect(walk.state.reunion?.rendezvous).toBe(WORD);
    walk.on({ type: "opened", session: SESSION, nickname: "Calm Hare", relay: false, rendezvous: "another" });
    expect(walk.state.reunion).toBeUndefined();
    expect(walk.effects).toContainEqual({ do: "sleep", timer: "reunion" });
    expect(offer(walk.on({ type: "stop" }))?.rendezvous).toBe("another");
  });

  it("is made to who hides their address since, too: the new wish hides it", () => {
    const walk = at.stopped().on({ type: "profile", profile: { ...profile, relay: true } });
    expect(walk.on(again).did("wish")).toMatchObject([{ relay: true }]);
  });
});

describe("who asks", () => {
  it("joins with the word, each time, and with nothing else of the talk", () => {
    const walk = at.askingAgain();
    const [{ message } = { message: undefined }] = walk.did("lobby");
    expect(message).toMatchObject({ kind: "join", ticket: TICKET2, again: WORD, seat: seat("seat2") });
    expect(JSON.stringify(message)).not.toContain(SESSION);
    walk.on({ type: "wake", timer: "join" });
    expect(walk.did("lobby")[0]?.message).toEqual(message);
  });

  it("leaves the talk that is over first", () => {
    const walk = at.over().on(again);
    expect(walk.effects).toEqual([
      { do: "lobby", message: { kind: "leave", life: LIFE, session: SESSION, mood: "left" } },
      { do: "forget" },
      { do: "wish", number: 2, relay: false, ice: [] },
    ]);
    expect(walk.on(drawn(2, TICKET2)).did("lobby")[0]?.message).toMatchObject({ again: WORD });
  });

  it("gives up the wish for anybody that waits", () => {
    const walk = at.talking().on({ type: "next" }, drawn(2, TICKET2));
    expect(walk.did("lobby")[0]?.message).not.toHaveProperty("again");
    walk.on(again);
    expect(walk.effects.slice(0, 2)).toEqual([{ do: "drop", number: 2 }, cancelled(TICKET2)]);
    expect(walk.on(drawn(3, TICKET3)).did("lobby")[0]?.message).toMatchObject({ ticket: TICKET3, again: WORD });
  });

  it("is offered it no second time meanwhile, but after Cancel", () => {
    const walk = at.askingAgain();
    expect(offer(walk)).toBeUndefined();
    const before = walk.state;
    expect(walk.on(again).state).toBe(before);
    walk.on({ type: "cancel" });
    expect(walk.effects).toContainEqual(cancelled(TICKET2));
    expect(offer(walk)).toBeDefined();
  });

  it("goes on asking with every new ticket", () => {
    for (const message of [
      { kind: "again", life: LIFE, ticket: TICKET2 } as const,
      ended("lost", { ticket: TICKET2 }),
    ]) {
      const walk = at.askingAgain().inbox(message).on(drawn(3, TICKET3));
      expect(walk.did("lobby")[0]?.message).toMatchObject({ ticket: TICKET3, again: WORD });
    }
    const held = at.askingAgain().inbox({ ...refused("slow", 5), ticket: TICKET2 });
    held.later(6_000).on({ type: "wake", timer: "retry" }, drawn(3, TICKET3));
    expect(held.did("lobby")[0]?.message).toMatchObject({ ticket: TICKET3, again: WORD });
  });

  it("asks anew when no connection came about, as the stranger does", () => {
    const walk = at.askingAgain().inbox(matched({ ticket: TICKET2, session: SESSION2 }));
    walk.on({ type: "over", session: SESSION2, mood: "failed" }, drawn(3, TICKET3));
    expect(walk.did("lobby")[0]?.message).toMatchObject({ ticket: TICKET3, again: WORD });
  });

  it("may ask again after they have met again, with the new word", () => {
    const walk = at.askingAgain().inbox(matched({ ticket: TICKET2, session: SESSION2 }));
    walk.on(
      { type: "opened", session: SESSION2, nickname: "Merry Fox", relay: false, rendezvous: "a new word" },
      { type: "next" },
    );
    expect(walk.phase("waiting").search.again).toBeUndefined();
    expect(offer(walk)?.rendezvous).toBe("a new word");
  });

  it("cannot ask before the lobby has answered", () => {
    const walk = at.stopped().on({ type: "lost" });
    expect(walk.on(again).state.phase.name).toBe("lobby");
  });
});

describe("when the time is over", () => {
  it("who asks is back in the lobby, and told so; the service hears that the wish is withdrawn", () => {
    const walk = at.alone();
    expect(walk.state).toMatchObject({ phase: { name: "lobby" }, notice: "alone", reunion: undefined });
    expect(walk.effects).toContainEqual(cancelled(TICKET2));
    expect(walk.on({ type: "start" }).state.notice).toBeUndefined();
  });

  it("who does not ask is where they were, and told nothing", () => {
    for (const make of [at.stopped, at.over, () => at.talking().on({ type: "next" })]) {
      const walk = make();
      const { phase } = walk.state;
      walk.on(timeUp);
      expect(walk.state).toMatchObject({ phase, notice: undefined, reunion: undefined });
      expect(walk.did("lobby")).toEqual([]);
    }
  });

  it("while they connect nothing is disturbed, but when that fails nobody else is looked for", () => {
    const connecting = () =>
      at
        .askingAgain()
        .inbox(matched({ ticket: TICKET2, session: SESSION2 }))
        .on(timeUp);
    const met = connecting().on({
      type: "opened",
      session: SESSION2,
      nickname: "Merry Fox",
      relay: false,
      rendezvous: "new",
    });
    expect(met.state.phase.name).toBe("talking");
    const failed = connecting().on({ type: "over", session: SESSION2, mood: "failed" });
    expect(failed.state).toMatchObject({ phase: { name: "lobby" }, notice: "alone" });
    expect(failed.did("wish")).toEqual([]);
  });
});
