import { describe, expect, it } from "vitest";
import { addTag, LANGUAGES, makeProfile, presetLanguages, suggestName, tidyName, tidyTag } from "../src/profile";
import { texts } from "../src/texts";

describe("a name", () => {
  it.each([0, 0.1, 0.5, 0.999_999])("is suggested for %d", (random) => {
    expect(suggestName(texts.nicknames, random)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(suggestName(texts.nicknames, random).length).toBeLessThanOrEqual(32);
  });

  it("is cut to 32 code points, without control characters", () => {
    expect(tidyName("  a\u0000b\n\tc  ")).toBe("a b c");
    expect([...tidyName("🌙".repeat(40))]).toHaveLength(32);
    expect(tidyName(" \n ")).toBe("");
    expect(tidyName("half \ud83d")).toBe("half");
  });
});

describe("topics", () => {
  it("have one spelling", () => {
    expect(tidyTag("  #Night   TRAINS ")).toBe("night trains");
    expect(tidyTag("Cafe\u0301")).toBe("caf\u00e9");
    expect([...tidyTag("x".repeat(30))]).toHaveLength(24);
  });

  it("are at most five, each once", () => {
    const tags = ["a", "B", "a", " ", "c", "d", "e", "f"].reduce<readonly string[]>(addTag, []);
    expect(tags).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("languages", () => {
  it("are preset from the browser's, at most four, each once", () => {
    expect(presetLanguages(["en-US", "en", "de-AT", "zh-Hant-TW", "fil", "pt"])).toEqual(["en", "de", "zh", "fil"]);
    expect(presetLanguages(["", "x-klingon", "C"])).toEqual([]);
  });

  it("to choose from are all of the wire's form", () => {
    for (const code of LANGUAGES) expect(code).toMatch(/^[a-z]{2,3}$/);
  });

  it("no profile begins with more than a name and languages", () => {
    expect(makeProfile("Calm Moth", ["en"])).toEqual({
      nickname: "Calm Moth",
      tags: [],
      languages: ["en"],
      relay: false,
    });
  });
});
