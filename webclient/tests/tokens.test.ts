import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const sheet = readFileSync(new URL("../src/style/tokens.css", import.meta.url), "utf8");
const index = readFileSync(new URL("../index.html", import.meta.url), "utf8");

type Tokens = Readonly<Record<string, string>>;

/** The colours of the first block after this. */
function colours(after: string): Tokens {
  const block = sheet.slice(sheet.indexOf(after)).match(/\{([^{}]*)\}/)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]));
}

const light = colours(":root {");
const dark = colours(':root[data-theme="dark"]');

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

describe("the colours", () => {
  it("of the lamp are the same whether the system or the visitor has lit it", () => {
    expect(Object.keys(dark).length).toBeGreaterThan(10);
    expect(colours(':root:not([data-theme="light"])')).toEqual(dark);
  });

  it.each([
    ["light", light],
    ["dark", dark],
  ])("let everything be read: %s", (_, tokens) => {
    const read: readonly (readonly [ink: string, grounds: string, least: number])[] = [
      ["ink", "paper paper-deep card theirs glow", 4.5],
      ["soft", "paper paper-deep card glow line", 4.5],
      ["wrong", "paper card", 4.5],
      ["dusk", "paper card", 4.5],
      ["on-clay", "clay clay-deep", 4.5],
      ["mine-ink", "mine", 4.5],
      ["edge", "paper paper-deep card", 3],
      ["clay", "paper card glow", 3],
    ];
    for (const [ink, grounds, least] of read) {
      for (const ground of grounds.split(" ")) {
        const ratio = contrast(tokens[ink] ?? "", tokens[ground] ?? "");
        expect(ratio, `${ink} on ${ground}`).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it("of the browser's own bars are those of the paper", () => {
    const bars = [...index.matchAll(/name="theme-color" content="(#\w+)"/g)].map(([, colour]) => colour);
    expect(bars).toEqual([light.paper, dark.paper]);
  });
});
