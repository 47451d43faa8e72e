import { describe, expect, it } from "vitest";
import { loudness, WAVE_PARTS, waveOf } from "../../src/extras/parcels/wave";

describe("a wave", () => {
  it("has 64 parts from 0 to 31, however many levels there were", () => {
    for (const count of [0, 1, 5, 63, 64, 65, 2_400]) {
      const wave = waveOf(Array.from({ length: count }, (_, nth) => (nth % 11) / 10));
      expect(wave).toHaveLength(WAVE_PARTS);
      expect(wave.every((part) => Number.isInteger(part) && part >= 0 && part <= 31)).toBe(true);
    }
  });

  it("shows the loudest of each part, in its place", () => {
    const levels = Array.from({ length: 640 }, (_, nth) => (nth === 325 ? 1 : 0.1));
    const wave = waveOf(levels);
    expect(wave[32]).toBe(31);
    expect(wave.filter((part) => part > 3)).toHaveLength(1);
  });

  it("keeps what is no level within its bounds", () => {
    expect(waveOf([-3, 7], 2)).toEqual([0, 31]);
  });
});

describe("loudness", () => {
  it("is none of silence, all of the loudest, and grows as one hears it", () => {
    const sine = (by: number) => Float32Array.from({ length: 2_048 }, (_, nth) => by * Math.sin(nth / 5));
    expect(loudness(new Float32Array(2_048))).toBe(0);
    expect(loudness(new Float32Array(0))).toBe(0);
    expect(loudness(Float32Array.from({ length: 64 }, () => 1))).toBe(1);
    expect(loudness(sine(0.01))).toBeLessThan(loudness(sine(0.1)));
    expect(loudness(sine(0.1)) - loudness(sine(0.01))).toBeCloseTo(0.4, 1);
  });
});
