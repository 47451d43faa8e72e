import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Keep, openKeep } from "../../src/extras/parcels/keep";

let live: Set<string>;
let old: string[];
let keep: Keep;

beforeEach(() => {
  live = new Set();
  old = [];
  let count = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    const url = `blob:${count++}`;
    live.add(url);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void live.delete(url));
  keep = openKeep((who, nth) => void old.push(`${who} ${nth}`));
});
afterEach(() => vi.restoreAllMocks());

const sized = (size: number) => ({ size }) as Blob;

it("keeps a picture of each side under its own number, and lets go of it when asked", () => {
  keep.add("me", 0, sized(10));
  keep.add("stranger", 0, sized(10));
  expect(keep.url("me", 0)).not.toBe(keep.url("stranger", 0));
  keep.free("me", 0);
  keep.free("me", 0);
  expect(keep.url("me", 0)).toBeUndefined();
  expect(live.size).toBe(1);
});

it("lets the oldest go when there are too many, and tells which", () => {
  for (let nth = 0; nth < 63; nth += 1) keep.add("stranger", nth, sized(10));
  expect(live.size).toBe(60);
  expect(old).toEqual(["stranger 0", "stranger 1", "stranger 2"]);
});

it("lets the oldest go when they are too big together", () => {
  for (let nth = 0; nth < 10; nth += 1) keep.add("me", nth, sized(8 * 1024 * 1024));
  expect(live.size).toBe(8);
  expect(old).toEqual(["me 0", "me 1"]);
});

it("has nothing left when it is closed, and takes nothing more", () => {
  keep.add("me", 0, sized(10));
  keep.close();
  keep.add("me", 1, sized(10));
  expect(live.size).toBe(0);
  expect(keep.url("me", 1)).toBeUndefined();
});
