import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../src/bytes";
import { measure, sniff, tooBig } from "../../src/extras/parcels/formats";

const be16 = (value: number) => [value >> 8, value & 0xff];
const be32 = (value: number) => [...be16(value >>> 16), ...be16(value & 0xffff)];
const le24 = (value: number) => [value & 0xff, (value >> 8) & 0xff, value >> 16];
const le32 = (value: number) => [...le24(value & 0xffffff), value >>> 24];
const of = (...bytes: (number | readonly number[] | string)[]) =>
  concat(...bytes.map((part) => (typeof part === "string" ? utf8(part) : Uint8Array.from([part].flat()))));

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const chunk = (name: string, data: readonly number[]) => of(be32(data.length), name, data, be32(0));
const ihdr = (width: number, height: number) => chunk("IHDR", [...be32(width), ...be32(height), 8, 2, 0, 0, 0]);
const end = chunk("IEND", []);
const png = (...chunks: Uint8Array[]) => concat(of(PNG), ...chunks);

const segment = (marker: number, data: readonly number[]) => of(0xff, marker, be16(data.length + 2), data);
const frame = (width: number, height: number, marker = 0xc0) =>
  segment(marker, [8, ...be16(height), ...be16(width), 1, 1, 0x11, 0]);
const scan = concat(segment(0xda, [1, 1, 0, 0, 63, 0]), of(1, 2, 0xff, 0, 3, 0xff, 0xd9));
const jpeg = (...segments: Uint8Array[]) => concat(of(0xff, 0xd8), ...segments);

const webp = (name: string, data: readonly number[]) =>
  of("RIFF", le32(12 + data.length), "WEBP", name, le32(data.length), data);
const vp8x = (width: number, height: number, flags = 0) =>
  webp("VP8X", [flags, 0, 0, 0, ...le24(width - 1), ...le24(height - 1)]);

describe("what bytes are", () => {
  it.each([
    ["image/jpeg", jpeg(scan)],
    ["image/png", png(ihdr(1, 1))],
    ["image/webp", vp8x(1, 1)],
    ["image/gif", of("GIF89a", 0, 0)],
    ["image/avif", of(0, 0, 0, 32, "ftypavif")],
    ["audio/mp4", of(0, 0, 0, 32, "ftypisom")],
    ["audio/webm", of(0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84, "webm")],
    ["audio/ogg", of("OggS", 0)],
  ] as const)("%s", (type, bytes) => {
    expect(sniff(bytes)).toBe(type);
  });

  it.each([
    ["an SVG", utf8('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ["a page", utf8("<!doctype html><script>alert(1)</script>")],
    ["Matroska", of(0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x88, "matroska")],
    ["a WAV", of("RIFF", le32(4), "WAVE")],
    ["nothing", new Uint8Array()],
  ])("is unknown of %s", (_, bytes) => {
    expect(sniff(bytes)).toBeUndefined();
  });
});

describe("how big a picture says it is", () => {
  it.each([
    ["a PNG", "image/png", png(ihdr(640, 480), chunk("IDAT", [1]), end)],
    ["a JPEG", "image/jpeg", jpeg(segment(0xe0, [1, 2, 3]), frame(640, 480), scan)],
    ["a progressive JPEG, with filling", "image/jpeg", jpeg(of(0xff, 0xff), frame(640, 480, 0xc2), scan)],
    ["a plain WebP", "image/webp", webp("VP8 ", [0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1])],
    ["a lossless WebP", "image/webp", webp("VP8L", [0x2f, ...le32(639 | (479 << 14))])],
    ["an extended WebP", "image/webp", vp8x(640, 480)],
  ] as const)("%s", (_, type, bytes) => {
    expect(measure(bytes, type)).toEqual({ width: 640, height: 480, animated: false });
  });

  it("is no secret of one that moves", () => {
    expect(measure(vp8x(9, 9, 0x02), "image/webp")?.animated).toBe(true);
    expect(measure(png(ihdr(9, 9), chunk("acTL", [0, 0]), end), "image/png")?.animated).toBe(true);
  });

  it.each([
    ["a PNG without an end", "image/png", png(ihdr(640, 480), chunk("IDAT", [1]))],
    ["a PNG with two sizes", "image/png", png(ihdr(640, 480), ihdr(9, 9), end)],
    ["a PNG whose chunk is longer than all", "image/png", png(ihdr(640, 480), of(be32(0xffffffff), "IDAT"))],
    ["a PNG of no width", "image/png", png(ihdr(0, 480), end)],
    ["a JPEG without an end", "image/jpeg", jpeg(frame(640, 480), scan.subarray(0, -2))],
    ["a JPEG with two sizes", "image/jpeg", jpeg(frame(640, 480), frame(9, 9), scan)],
    ["a JPEG without a size", "image/jpeg", jpeg(scan)],
    ["a JPEG with rubbish between", "image/jpeg", jpeg(of(1, 2, 3), frame(640, 480), scan)],
    ["a JPEG with a segment of no length", "image/jpeg", jpeg(of(0xff, 0xe0, 0, 0), frame(640, 480), scan)],
    ["a WebP cut short", "image/webp", vp8x(640, 480).subarray(0, -1)],
    ["a WebP of an unknown kind", "image/webp", webp("VP9X", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ] as const)("is not believed of %s", (_, type, bytes) => {
    expect(measure(bytes, type)).toBeUndefined();
  });

  it("may be no more than 25 million pixels and 12,000 a side", () => {
    expect(tooBig({ width: 5_000, height: 5_000, animated: false })).toBe(false);
    expect(tooBig({ width: 5_001, height: 5_000, animated: false })).toBe(true);
    expect(tooBig({ width: 12_001, height: 1, animated: false })).toBe(true);
    expect(tooBig({ width: 50_000, height: 50_000, animated: false })).toBe(true);
  });
});

describe("whatever the bytes", () => {
  /** Numbers that look random, and are the same each time. */
  function draw(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }

  function spoil(seed: Uint8Array, random: () => number): Uint8Array {
    const bytes = seed.slice(0, Math.ceil(random() * seed.length * 1.2));
    for (let hits = random() * 8; hits > 0; hits -= 1)
      bytes[Math.floor(random() * bytes.length)] = random() < 0.3 ? 0xff : random() * 256;
    return bytes;
  }

  const seeds = [
    png(ihdr(640, 480), chunk("IDAT", [1, 2, 3]), end),
    jpeg(segment(0xe0, [1, 2, 3]), frame(640, 480), scan),
    vp8x(640, 480),
    webp("VP8L", [0x2f, 1, 2, 3, 4]),
    new Uint8Array(200),
  ];

  it("an answer comes, and it is a size or none", () => {
    const random = draw(7);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = spoil(seeds[round % seeds.length] ?? new Uint8Array(), random);
      sniff(bytes);
      for (const type of ["image/png", "image/jpeg", "image/webp"] as const) {
        const found = measure(bytes, type);
        if (found) expect(found.width * found.height).toBeGreaterThan(0);
      }
    }
  });

  it("an answer comes soon, also from eight megabytes of what is worst", () => {
    const size = 8 * 1024 * 1024;
    const filled = new Uint8Array(size).fill(0xff);
    filled[1] = 0xd8;
    expect(measure(filled, "image/jpeg")).toBeUndefined();
    const empty = png(ihdr(9, 9), new Uint8Array(size)); // nothing but chunks of no length
    expect(measure(empty, "image/png")).toBeUndefined();
    const scans = jpeg(frame(9, 9), segment(0xda, [0]), new Uint8Array(size).fill(0xff));
    expect(measure(scans, "image/jpeg")).toBeUndefined();
  });
});
