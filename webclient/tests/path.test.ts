import { describe, expect, it } from "vitest";
import { readPath } from "../src/path";

const stats = (...entries: Record<string, unknown>[]) => ({
  getStats: async () => new Map(entries.map((entry) => [entry.id as string, entry])) as unknown as RTCStatsReport,
});

const transport = { id: "T", type: "transport", selectedCandidatePairId: "P" };
const pair = { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R" };
const end = (id: string, candidateType: string) => ({ id, type: "candidate", candidateType });
const counted = { requestsSent: 9, responsesReceived: 7, currentRoundTripTime: 0.0125 };

describe("the way between two", () => {
  it("is the pair in use, with how long it takes and how many checks were answered on it", async () => {
    const idle = { ...pair, id: "Q", localCandidateId: "X" };
    expect(
      await readPath(
        stats(transport, idle, { ...pair, ...counted }, end("L", "host"), end("R", "srflx"), end("X", "relay")),
      ),
    ).toEqual({ pair: "P", relayed: false, rttMs: 13, asked: 9, answered: 7 });
  });

  it.each(["L", "R"])("is relayed when the end %s is", async (relay) => {
    const ends = ["L", "R"].map((id) => end(id, id === relay ? "relay" : "host"));
    expect((await readPath(stats(transport, pair, ...ends)))?.relayed).toBe(true);
  });

  it("is the one that is marked, where no transport is told of", async () => {
    const told = await readPath(stats({ ...pair, selected: true }));
    expect(told).toEqual({ pair: "P", relayed: false, rttMs: undefined, asked: 0, answered: 0 });
  });

  it.each([
    ["no pair", []],
    ["a pair that is not told of", [transport]],
  ])("is unknown with %s", async (_, entries) => {
    expect(await readPath(stats(...entries))).toBeUndefined();
  });
});
