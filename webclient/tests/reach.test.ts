import { describe, expect, it } from "vitest";
import { at, LIFE, LIFE2, newSeat, pulse, seat, type Walk, welcome } from "./fakes/lobby";

const reach = (walk: Walk) => walk.phase("talking").reach;
const minutes = (count: number) => count * 60_000;
const ping = (walk: Walk) => walk.on({ type: "wake", timer: "ping" });
const asked = (walk: Walk) => walk.did("presence").map(({ message }) => message);
const wanting = [{ kind: "ping", life: LIFE, wantSeat: true }];

describe("where a stranger can reach us", () => {
  it("is the newest seat when the talk opens, and a fresh one is asked for the next wish", () => {
    const walk = at.opened();
    expect(reach(walk)?.seat.seat).toBe(seat("seat2"));
    expect(walk.state.seat).toBeUndefined();
    expect(asked(walk)).toEqual(wanting);
    walk.inbox(newSeat());
    expect(walk.state.seat?.seat).toBe(seat("seat3"));
    expect(walk.did("subscribe")).toEqual([{ do: "subscribe", seats: [seat("seat3")] }]);
    expect(walk.did("reach")).toEqual([]);
  });

  it("is asked for when there was none to begin with", () => {
    const walk = at
      .connecting()
      .later(minutes(9.8))
      .on({ type: "opened", session: "session1aaaaaaaaaaaaaa", nickname: "Fox", relay: false, rendezvous: "word" });
    expect(reach(walk)).toBeUndefined();
    walk.inbox(newSeat());
    expect(walk.did("reach")).toEqual([{ do: "reach", seat: seat("seat3"), ttlS: 600 }]);
    expect(asked(ping(walk))).toEqual(wanting);
  });

  it("is not asked for while there is no service to ask, but with the next ping", () => {
    const walk = at
      .connecting()
      .pulse(pulse({ epoch: 8 }))
      .on({ type: "opened", session: "session1aaaaaaaaaaaaaa", nickname: "Fox", relay: false, rendezvous: "word" });
    expect(asked(walk).map(({ kind }) => kind)).toEqual(["here"]);
    walk.inbox(welcome({ epoch: 8, seat: seat("seat8") }));
    expect(asked(ping(walk))).toEqual(wanting);
  });

  it("is told anew with more than 120 s left, and the one before is listened to still", () => {
    const walk = at.talking().later(minutes(6.9));
    expect(asked(ping(walk))).toEqual([{ kind: "ping", life: LIFE }]);
    walk.later(minutes(0.2));
    expect(asked(ping(walk))).toEqual(wanting);
    walk.inbox(newSeat({ seat: seat("seat4") }));
    expect(walk.did("reach")).toEqual([{ do: "reach", seat: seat("seat4"), ttlS: 600 }]);
    expect(reach(walk)?.before?.seat).toBe(seat("seat2"));
    expect(walk.did("subscribe")).toEqual([{ do: "subscribe", seats: [seat("seat4")] }]);
    expect(walk.did("unsubscribe")).toEqual([{ do: "unsubscribe", seats: [seat("seat3")] }]);
    expect(asked(ping(walk))).toEqual(wanting);
    walk.inbox(newSeat({ seat: seat("seat5") }));
    ping(walk.later(minutes(7.5)));
    walk.inbox(newSeat({ seat: seat("seat6") }));
    expect(walk.did("unsubscribe")[0]?.seats).toContain(seat("seat2"));
  });

  it("is a younger seat that is there already, rather than one to be asked for", () => {
    const walk = at
      .talking()
      .later(minutes(5))
      .inbox(newSeat({ seat: seat("seat4") }))
      .later(minutes(2.1));
    ping(walk);
    expect(walk.did("reach")).toEqual([{ do: "reach", seat: seat("seat4"), ttlS: 474 }]);
    expect(asked(walk)).toEqual(wanting);
  });

  it("is another one under another service, which may know nothing of the old", () => {
    const walk = at.talking().inbox(welcome({ epoch: 8, seat: seat("seat8") }));
    expect(walk.did("reach")).toEqual([{ do: "reach", seat: seat("seat8"), ttlS: 600 }]);
    expect(
      at
        .talking()
        .inbox(welcome({ seat: seat("seat8") }))
        .did("reach"),
    ).toEqual([]);
  });

  it("is subscribed to again in a new life, as long as it lives", () => {
    const walk = at.talking().on({ type: "lost" }, { type: "connected", life: LIFE2 });
    expect(walk.did("subscribe")).toEqual([{ do: "subscribe", seats: [seat("seat3"), seat("seat1"), seat("seat2")] }]);
    walk.on({ type: "lost" }).later(minutes(11)).on({ type: "connected", life: LIFE2 });
    expect(walk.did("subscribe")).toEqual([]);
  });

  it("is nowhere any more when the talk is over", () => {
    const walk = at.over();
    expect(walk.did("unsubscribe")).toEqual([{ do: "unsubscribe", seats: [seat("seat1"), seat("seat2")] }]);
  });
});
