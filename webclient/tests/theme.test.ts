// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import index from "../index.html?raw";
import { showTheme } from "../src/theme";

describe("a theme", () => {
  beforeEach(() => {
    document.head.innerHTML = index.match(/<meta name="theme-color"[^>]*>/g)?.join("") ?? "";
  });

  const bars = () =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")].map((meta) => [
        meta.content,
        meta.getAttribute("media"),
      ]),
    );
  const asTheSystem = { "#faf4ea": "(prefers-color-scheme: light)", "#1a1613": "(prefers-color-scheme: dark)" };

  it("that was chosen is told to the style sheet and to the browser's own bars, and can be taken back", () => {
    showTheme(document, undefined);
    expect(bars()).toEqual(asTheSystem);
    showTheme(document, "dark");
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(bars()).toEqual({ "#faf4ea": "not all", "#1a1613": "all" });
    showTheme(document, "light");
    expect(bars()).toEqual({ "#faf4ea": "all", "#1a1613": "not all" });
    showTheme(document, undefined);
    expect(document.documentElement.dataset.theme).toBeUndefined();
    expect(bars()).toEqual(asTheSystem);
  });
});
