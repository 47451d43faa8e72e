import { describe, expect, it } from "vitest";
import { attend, CHIME_EVERY_MS, makeAttention, type Sight, type Signal, see } from "../../src/attention/attention";
import { makeTalk, stepTalk, type TalkEvent } from "../../src/talk";
import { at } from "../fakes/lobby";

const nowhere: Sight = { session: undefined, heard: -1, rings: false, away: false };
const away: Sight = { ...nowhere, away: true };
const met: Sight = { ...away, session: "one" };
const seen: Sight = { ...met, away: false };

/** What is signalled on the way from sight to sight, a minute apart unless told. */
function signals(sights: readonly Sight[], everyMs = 60_000): Signal[][] {
  let attention = makeAttention();
  return sights.map((sight, nth) => {
    const [after, given] = attend(attention, sight, nth * everyMs);
    attention = after;
    return [...given];
  });
}

describe("a stranger who arrives", () => {
  it("is signalled to who looks elsewhere", () => {
    expect(signals([away, met]).at(-1)).toEqual([
      { do: "chime", what: "met" },
      { do: "tell", news: "met", loud: true },
    ]);
  });

  it("is no news to who looks on", () => {
    expect(signals([nowhere, seen, { ...seen, heard: 3 }]).flat()).toEqual([]);
  });

  it("is signalled again when it is the next one", () => {
    expect(signals([away, met, { ...met, session: "two" }]).at(-1)).toEqual([{ do: "chime", what: "met" }]);
  });
});

describe("what a stranger says", () => {
  it("is signalled to who looks elsewhere, and said in other words than the arrival", () => {
    expect(signals([away, met, { ...met, heard: 1 }]).at(-1)).toEqual([
      { do: "chime", what: "wrote" },
      { do: "tell", news: "wrote", loud: true },
    ]);
  });

  it("in a row sounds now and then, and is told once", () => {
    const row = [met, ...[1, 2, 3, 4].map((heard) => ({ ...met, heard }))];
    const chimes = signals(row, CHIME_EVERY_MS / 2).map((given) => given.map((one) => one.do).join());
    expect(chimes).toEqual(["chime,tell", "tell", "chime", "", "chime"]);
  });

  it("before one looked away is no news", () => {
    expect(signals([seen, { ...seen, heard: 2 }, { ...met, heard: 2 }]).at(-1)).toEqual([]);
  });
});

describe("looking at the page", () => {
  it("ends the signals, and what comes then is new", () => {
    const [, , back, gone, again] = signals([
      met,
      { ...met, heard: 1 },
      { ...seen, heard: 1 },
      { ...met, heard: 1 },
      { ...met, heard: 2 },
    ]);
    expect(back).toEqual([{ do: "hush" }]);
    expect(gone).toEqual([]);
    expect(again).toEqual([
      { do: "chime", what: "wrote" },
      { do: "tell", news: "wrote", loud: true },
    ]);
  });
});

describe("the end of a talk", () => {
  it("ends the signals, too: nobody is to be called back to somebody who left", () => {
    expect(signals([met, { ...met, heard: 1 }, away]).at(-1)).toEqual([{ do: "hush" }]);
    expect(signals([met, { ...met, rings: true }, away]).at(-1)).toEqual([{ do: "ring", on: false }, { do: "hush" }]);
  });
});

describe("a call", () => {
  it("rings before the eyes and elsewhere, until it is answered, declined or withdrawn", () => {
    expect(signals([seen, { ...seen, rings: true }, { ...seen, rings: true, heard: 4 }, seen])).toEqual([
      [],
      [{ do: "ring", on: true }],
      [],
      [{ do: "ring", on: false }],
    ]);
  });

  it("is the most urgent to who looks elsewhere, and leaves what was there before, quietly", () => {
    const unread = { ...met, heard: 1 };
    const [, , rings, withdrawn] = signals([met, unread, { ...unread, rings: true }, unread]);
    expect(rings).toEqual([
      { do: "ring", on: true },
      { do: "tell", news: "calls", loud: true },
    ]);
    expect(withdrawn).toEqual([
      { do: "ring", on: false },
      { do: "tell", news: "wrote", loud: false },
    ]);
  });

  it("is told to who looks away while it rings", () => {
    expect(
      signals([
        { ...seen, rings: true },
        { ...met, rings: true },
      ]).at(-1),
    ).toEqual([{ do: "tell", news: "calls", loud: true }]);
  });
});

describe("what is seen of a talk", () => {
  const talk = (...events: TalkEvent[]) =>
    events.reduce((state, event) => stepTalk(state, { now: 0, random: 0, ...event })[0], makeTalk("Ana", "Bo", []));

  it("is which it is, how much was heard and whether it rings: no name and no word", () => {
    const said = talk({ type: "heard", nth: 0, text: "a secret" }, { type: "say", text: "mine" });
    const sight = see(at.talking().state, said, true, true);
    expect(sight).toEqual({ session: at.talking().phase("talking").match.session, heard: 1, rings: true, away: true });
    expect(see(at.talking().state, talk({ type: "say", text: "mine" }), false, true).heard).toBe(-1);
  });

  it("is nothing before it and after its end", () => {
    for (const name of ["gate", "lobby", "waiting", "connecting", "over"] as const) {
      expect(see(at[name]().state, talk(), false, true)).toEqual(away);
    }
    expect(see(at.talking().state, talk({ type: "finish", mood: "left" }), true, true)).toEqual(away);
  });
});
