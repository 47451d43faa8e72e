import { describe, expect, it } from "vitest";
import { concat, fromBase64url, fromJson, fromUtf8, toBase64url, uint, utf8 } from "../src/bytes";

describe("base64url", () => {
  it("reads back what it wrote, of every length", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }
  });

  it.each(["AA==", "A", "AAA+", "AAA/", "AB", "é", "A A", "AAAA\n"])("refuses %j", (text) => {
    expect(fromBase64url(text)).toBeUndefined();
  });
});

describe("text", () => {
  it("refuses malformed UTF-8", () => {
    expect(fromUtf8(Uint8Array.of(0xc3, 0x28))).toBeUndefined();
    expect(fromUtf8(utf8("grüß dich 🙂"))).toBe("grüß dich 🙂");
  });

  it.each(["", "{", "\ufeff{}", "[".repeat(100_000)])("reads no JSON out of %.10j", (text) => {
    expect(fromJson(utf8(text))).toBeUndefined();
  });
});

describe("bytes", () => {
  it("writes numbers big-endian", () => {
    expect([...uint(0x0102, 2), ...uint(0xfffe_fdfc, 4)]).toEqual([1, 2, 0xff, 0xfe, 0xfd, 0xfc]);
  });

  it("joins parts", () => {
    expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });
});
