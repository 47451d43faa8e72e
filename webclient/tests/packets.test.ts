import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../src/bytes";
import { connectPacket, Decoder, Malformed, packetBytes, publishPacket, subscribePacket } from "../src/packets";

const publish = (payload: Uint8Array | string) => publishPacket({ topic: "t", payload });

describe("writing", () => {
  it("says CONNECT byte for byte as the standard has it", () => {
    const will = { topic: "w", payload: "gone" };
    const bytes = connectPacket({ clientId: "me", password: "pw", keepAliveS: 30, will });
    const expected = [0x10, 31, 0, 4, ..."MQTT", 4, 0xce, 0, 30, 0, 2, ..."me", 0, 1, "w", 0, 4, ..."gone"];
    expected.push(0, 2, ..."me", 0, 2, ..."pw");
    expect([...bytes]).toEqual(expected.map((part) => (typeof part === "string" ? part.charCodeAt(0) : part)));
  });

  it("subscribes with QoS 0 and the reserved flags set", () => {
    expect([...subscribePacket(258, ["a", "bc"])]).toEqual([0x82, 11, 1, 2, 0, 1, 97, 0, 0, 2, 98, 99, 0]);
  });

  it("publishes with an id when, and only when, it wants an answer", () => {
    expect([...publish("x")]).toEqual([0x30, 4, 0, 1, 116, 120]);
    expect([...publishPacket({ topic: "t", payload: "x" }, 7)]).toEqual([0x32, 6, 0, 1, 116, 0, 7, 120]);
  });

  it.each([
    [127 - 3, 1],
    [128 - 3, 2],
    [16_383 - 3, 2],
    [16_384 - 3, 3],
  ])("writes the length of a payload of %i bytes in %i", (size, width) => {
    expect(publish(new Uint8Array(size)).length).toBe(1 + width + 3 + size);
  });
});

describe("reading", () => {
  const stream = concat(
    Uint8Array.of(0x20, 2, 0, 0),
    publish("hello"),
    publishPacket({ topic: "ü/1", payload: new Uint8Array(300).fill(9) }, 513),
    Uint8Array.of(0x90, 4, 0, 1, 0, 0x80, 0x40, 2, 0, 5, 0xb0, 2, 0, 6, 0xd0, 0),
  );
  const packets = [
    { type: "connack", code: 0 },
    { type: "publish", topic: "t", payload: utf8("hello"), id: undefined },
    { type: "publish", topic: "ü/1", payload: new Uint8Array(300).fill(9), id: 513 },
    { type: "suback" },
    { type: "puback", id: 5 },
    { type: "unsuback" },
    { type: "pingresp" },
  ];

  it.each([1, 2, 3, 7, 64, 1000])("finds the same packets in frames of %i bytes", (size) => {
    const decoder = new Decoder();
    const found = [];
    for (let at = 0; at < stream.length; at += size) found.push(...decoder.push(stream.subarray(at, at + size)));
    expect(found).toEqual(packets);
  });

  it.each([
    ["a CONNECT", [0x10, 0]],
    ["reserved flags", [0x41, 2, 0, 1]],
    ["a PUBACK without an id", [0x40, 0]],
    ["a PINGRESP with a body", [0xd0, 1, 0]],
    ["QoS 2", [0x34, 5, 0, 1, 116, 0, 1]],
    ["QoS 3", [0x36, 5, 0, 1, 116, 0, 1]],
    ["a topic longer than its packet", [0x30, 3, 0, 9, 116]],
    ["a topic that is not UTF-8", [0x30, 4, 0, 2, 0xc3, 0x28]],
    ["QoS 1 without room for an id", [0x32, 3, 0, 1, 116]],
    ["an empty PUBLISH", [0x30, 0]],
    ["a length that does not end", [0x30, 0x80, 0x80, 0x80, 0x80]],
    ["a length beyond the bound", [0x30, 0x81, 0x80, 0x04]],
  ])("refuses %s", (_, bytes) => {
    expect(() => new Decoder().push(Uint8Array.from(bytes))).toThrow(Malformed);
  });

  it("takes the longest packet it allows, and no longer one", () => {
    expect(new Decoder().push(publish(new Uint8Array(packetBytes - 3)))).toHaveLength(1);
    expect(() => new Decoder().push(publish(new Uint8Array(packetBytes - 2)))).toThrow(Malformed);
  });

  it("never throws anything else, whatever arrives", () => {
    for (let round = 0; round < 3000; round++) {
      const noise = crypto.getRandomValues(new Uint8Array(round % 40));
      if (round % 2 && noise.length > 1) noise[1] = noise.length - 2;
      try {
        new Decoder().push(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }
  });
});
