// Topics and seats, from the same vectors as Python's.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inboxTopic, lobbyTopic, PULSE, presenceTopic, seatOf, sessionTopic } from "../src/topics";
import { read } from "../src/wire";

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}`, import.meta.url), "utf8")) as T;
}

const builders: Record<string, (subject: string) => string> = {
  presence: presenceTopic,
  lobby: lobbyTopic,
  inbox: inboxTopic,
  session: sessionTopic,
  pulse: () => PULSE,
};

describe("topics", () => {
  const { valid } = vectors<{ valid: { topic: string; kind: string; subject: string }[] }>("topics.json");
  const ours = valid.filter(({ kind }) => kind in builders);

  it("covers every topic that a page uses", () => {
    expect(ours.map(({ kind }) => kind).sort()).toEqual(Object.keys(builders).sort());
  });

  it.each(ours)("builds $topic", ({ topic, kind, subject }) => {
    expect(builders[kind]?.(subject)).toBe(topic);
    expect(seatOf(topic)).toBe(kind === "session" ? subject : undefined);
  });
});

describe("seats", () => {
  const { verified, refused } = vectors<{ verified: { seat: string }[]; refused: { why: string; seat: string }[] }>(
    "seats.json",
  );
  const told = (seat: string) => read("inbox", { kind: "seat", life: "L".repeat(11), seat, ttl: 600, ice: [] });

  it.each(verified)("takes a seat of the service: $seat", ({ seat }) => {
    expect(told(seat)).toBeDefined();
  });

  it.each(refused.filter(({ why }) => /short|long|empty|not /.test(why)))(
    "refuses what has no seat's shape: $why",
    ({ seat }) => {
      expect(told(seat)).toBeUndefined();
    },
  );
});
