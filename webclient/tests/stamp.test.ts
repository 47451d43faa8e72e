import { describe, expect, it } from "vitest";
import vectors from "../../tests/vectors/stamps.json";
import { concat, fromBase64url, toBase64url, uint, utf8 } from "../src/bytes";
import { makeHash, SLICE_MS, type SolvePorts, solve } from "../src/stamp";

const bytes = (text: string) => fromBase64url(text) ?? new Uint8Array();
const hex = (all: Uint8Array) => Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("");

function hashed(seed: Uint8Array, counter: number): string {
  return hex(concat(...Array.from(makeHash(seed)(counter), (word) => uint(word, 4))));
}

/** A page's thread, task by task, on a clock that ticks at each look. */
function thread(tickMs = 0.5) {
  const tasks: (() => void)[] = [];
  const lookedMs: number[] = [];
  const ports: SolvePorts = {
    hop: (run) => void tasks.push(run),
    now: () => {
      lookedMs.push((lookedMs.at(-1) ?? 0) + tickMs);
      return lookedMs.at(-1) ?? 0;
    },
  };
  const stamps: string[] = [];
  const tried: number[] = [];
  const events = {
    tried: (hashes: number) => void tried.push(hashes),
    solved: (stamp: string) => void stamps.push(stamp),
  };
  const slices: number[] = [];
  const turn = () => {
    const from = lookedMs.length;
    tasks.shift()?.();
    if (lookedMs.length > from) slices.push((lookedMs.at(-1) ?? 0) - (lookedMs[from] ?? 0));
    return tasks.length > 0;
  };
  return { ports, events, stamps, tried, tasks, slices, turn };
}

describe("the hash", () => {
  it.each(vectors.digests)("is that of the vectors: $digest", ({ seed, counter, digest }) => {
    expect(hashed(bytes(seed), counter)).toBe(digest);
  });

  it("is what the browser's own is, for random seeds and counters", async () => {
    for (let nth = 0; nth < 200; nth++) {
      const seed = crypto.getRandomValues(new Uint8Array(32));
      const counter = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      const whole = concat(utf8("passerby/v1/work"), seed, uint(counter, 4));
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
      expect(hashed(seed, counter)).toBe(hex(digest));
    }
  });
});

describe("the work", () => {
  it.each(vectors.solved)("makes the stamp of the vectors: $effort bits", ({ seed, effort, stamp }) => {
    const { ports, events, stamps, turn } = thread();
    solve(seed, effort, events, ports);
    while (turn());
    expect(stamps).toEqual([stamp]);
  });

  it("is done in slices of at most 8 ms, and tells now and then how far it is", () => {
    const { ports, events, stamps, tried, slices, turn } = thread();
    solve(toBase64url(new Uint8Array(32).fill(7)), 18, events, ports);
    while (turn());
    expect(stamps).toHaveLength(1);
    expect(slices.length).toBeGreaterThan(10);
    expect(Math.max(...slices)).toBeLessThanOrEqual(SLICE_MS);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.length).toBeLessThan(slices.length / 10);
    expect(tried).toEqual([...tried].sort((one, other) => one - other));
  });

  it("leaves the thread before it begins, and stops when it is told to", () => {
    const { ports, events, stamps, tasks, turn } = thread();
    const stop = solve(toBase64url(new Uint8Array(32)), 24, events, ports);
    expect(tasks).toHaveLength(1);
    expect(turn()).toBe(true);
    stop();
    expect(turn()).toBe(false);
    expect(stamps).toEqual([]);
  });

  it("does not begin on what is no seed", () => {
    const { ports, events, stamps, turn } = thread();
    solve("short", 1, events, ports);
    expect(turn()).toBe(false);
    expect(stamps).toEqual([]);
  });
});
