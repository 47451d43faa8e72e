// What the validators accept and refuse, from the same vectors as Python's.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Directions, read } from "../src/wire";

interface Case {
  direction: keyof Directions;
  why?: string;
  message?: Record<string, unknown>;
  grow?: Record<string, number>;
  raw?: string;
  times?: number;
}

const vectors = JSON.parse(readFileSync(new URL("../../tests/vectors/messages.json", import.meta.url), "utf8")) as {
  accepted: Case[];
  refused: Case[];
};

function value(example: Case): unknown {
  if (example.raw !== undefined) {
    try {
      return JSON.parse(example.raw.repeat(example.times ?? 1));
    } catch {
      return undefined;
    }
  }
  const grown = Object.entries(example.grow ?? {}).map(([field, times]) => [
    field,
    String(example.message?.[field]).repeat(times),
  ]);
  return { ...JSON.parse(JSON.stringify(example.message)), ...Object.fromEntries(grown) };
}

describe("the wire", () => {
  it.each(vectors.accepted)("accepts $direction $message.kind", (example) => {
    expect(read(example.direction, value(example))).toEqual(value(example));
  });

  it.each(vectors.refused)("refuses on $direction: $why", (example) => {
    expect(read(example.direction, value(example))).toBeUndefined();
  });
});
