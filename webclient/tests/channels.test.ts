import { beforeEach, describe, expect, it } from "vitest";
import { type Channel, openChannel } from "../src/channels";
import { FakeChannel } from "./fakes/peers";

let raw: FakeChannel;
let other: FakeChannel;
let channel: Channel;
let told: string[];
let nowMs: number;

beforeEach(() => {
  raw = new FakeChannel({});
  other = new FakeChannel({});
  told = [];
  nowMs = 0;
  const ports = {
    opened: () => told.push("opened"),
    message: (message: { kind: string } | undefined) => told.push(message?.kind ?? "nothing"),
    closed: () => told.push("closed"),
    notice: (what: string) => told.push(what),
  };
  channel = openChannel(raw as unknown as RTCDataChannel, ports, () => nowMs);
  raw.open(other);
  told.length = 0;
});

const hear = (data: unknown) => raw.onmessage?.({ data });
const text = (length: number) => JSON.stringify({ kind: "text", id: 0, text: "x".repeat(length) });

describe("hearing", () => {
  it("reads messages, and knows what is none", () => {
    hear(text(4000));
    hear('{"kind":"typing","on":true}');
    for (const nothing of [text(4001), "", "{", '{"kind":"plain"}', '{"kind":"bye","extra":1}', new ArrayBuffer(3)])
      hear(nothing);
    expect(told).toEqual(["text", "typing", ...Array(6).fill("nothing")]);
  });

  it.each([
    ["letters", "x".repeat(16_385)],
    ["bytes", "ü".repeat(8_193)],
  ])("drops what has too many %s and says so once", (_, data) => {
    hear(data);
    hear(data);
    hear('{"kind":"bye"}');
    expect(told).toEqual(["oversize", "bye"]);
  });

  it("lets 80 messages through at once, then 40 a second, and says so once", () => {
    for (let i = 0; i < 100; i++) hear('{"kind":"typing","on":true}');
    expect(told).toEqual([...Array(80).fill("typing"), "flood"]);
    nowMs += 500;
    told.length = 0;
    for (let i = 0; i < 100; i++) hear('{"kind":"typing","on":true}');
    expect(told).toEqual(Array(20).fill("typing"));
    nowMs += 3_600_000;
    told.length = 0;
    for (let i = 0; i < 100; i++) hear('{"kind":"typing","on":true}');
    expect(told).toHaveLength(80);
  });
});

describe("somebody who types very fast", () => {
  it("is never taken for a flood: ten lines a second, typing in between, and a sign for each that arrives", () => {
    for (let second = 0; second < 120; second++) {
      hear('{"kind":"typing","on":true}');
      for (let line = 0; line < 10; line++) {
        nowMs += 100;
        hear(text(20));
        hear(JSON.stringify({ kind: "got", id: second * 10 + line }));
      }
    }
    expect(told).not.toContain("flood");
    expect(told.filter((kind) => kind === "text")).toHaveLength(1_200);
  });

  it("may have twenty lines come at once, after the way was blocked for two seconds", () => {
    for (let line = 0; line < 20; line++) {
      hear(text(4_000));
      hear(JSON.stringify({ kind: "got", id: line }));
    }
    expect(told).not.toContain("flood");
  });
});

describe("saying", () => {
  it("sends nothing that the other side would refuse", () => {
    channel.send({ kind: "text", id: 0, text: "" });
    channel.send({ kind: "text", id: 0, text: "x".repeat(4001) });
    channel.send({ kind: "text", id: 0, text: "\u0001".repeat(4000) });
    channel.send({ kind: "text", id: 0, text: "hi" });
    expect(raw.sent).toEqual(['{"kind":"text","id":0,"text":"hi"}']);
  });

  it("waits while the browser's buffer is full, and keeps the order", () => {
    raw.bufferedAmount = 256 * 1024;
    channel.send({ kind: "text", id: 0, text: "one" });
    channel.send({ kind: "text", id: 0, text: "two" });
    expect(raw.sent).toEqual([]);
    raw.bufferedAmount = 0;
    raw.onbufferedamountlow?.({});
    expect(raw.sent.map((sent) => JSON.parse(sent).text)).toEqual(["one", "two"]);
  });

  it("is silent once the channel has closed", () => {
    raw.close();
    channel.send({ kind: "bye" });
    expect(channel.open).toBe(false);
    expect(raw.sent).toEqual([]);
  });
});

describe("ending", () => {
  it("tells of a channel that closed", async () => {
    other.other = raw;
    other.close();
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(["closed"]);
  });

  it("finishes with the closing handshake, and hears nothing more", async () => {
    const handler = raw.onmessage;
    await new Promise<void>((done) => channel.finish(done));
    expect(handler).not.toBeNull();
    expect(raw).toMatchObject({ onmessage: null, onopen: null, readyState: "closed" });
    expect(told).toEqual([]);
  });
});
