// Every language says everything that English says: no word missing or empty, nothing lost of what a word is given, and in
// the forms that the language has for numbers.

import { describe, expect, it, test, vi } from "vitest";
import { direction, LANGUAGE_NAMES, PAGE_LANGUAGES } from "../src/languages";
import type { Form } from "../src/languages/grammar";
import { NICKNAME_LIMIT } from "../src/profile";
import { type Given, given } from "./catalogue";

/** The forms that were written down, by language. */
const plurals = vi.hoisted(() => new Map<string, Set<string>>());

vi.mock("../src/languages/grammar", async (original) => {
  const real = await original<typeof import("../src/languages/grammar")>();
  return {
    ...real,
    grammar: (language: string) => {
      const known = real.grammar(language);
      const written = plurals.get(language) ?? new Set();
      plurals.set(language, written);
      return {
        ...known,
        plural: (...[count, forms]: Parameters<typeof known.plural>) => {
          written.add(Object.keys(forms).sort().join(" "));
          return known.plural(count, forms);
        },
      };
    },
  };
});

type Word = string | ((...given: Given[]) => string);
type Words = ReadonlyMap<string, Word>;

const COUNTS = Array.from({ length: 1_001 }, (_, count) => count);
/** Lists that differ from language to language. */
const OWN = new Set(["nicknames"]);

// What `setup.ts` has loaded already counts with a grammar of its own.
vi.resetModules();
const folders = new Map<string, Map<string, unknown>>();
for (const [path, load] of Object.entries(import.meta.glob<Record<string, unknown>>("../src/languages/*/*.ts"))) {
  const [, folder = "", name = ""] = /languages\/(\w+)\/(\w+)\.ts$/.exec(path) ?? [];
  const { [name]: words } = await load();
  folders.set(folder, (folders.get(folder) ?? new Map()).set(name, words));
}
const catalogues = [...(folders.get("en")?.keys() ?? [])];
const english = wordsOf("en");
const samples = given();

/** All of them by "lobby.title", "gate.terms.0". */
function wordsOf(language: string): Words {
  return new Map(catalogues.flatMap((name) => [...flat(folders.get(language)?.get(name), "")]));
}

function* flat(value: unknown, key: string): Iterable<readonly [string, Word]> {
  if (typeof value === "string" || typeof value === "function") yield [key, value as Word];
  else
    for (const [name, part] of Object.entries(value ?? {}))
      if (!OWN.has(name)) yield* flat(part, key ? `${key}.${name}` : name);
}

/** For each number that a word is given, that one counting up. */
function* counted(): Iterable<readonly [key: string, values: readonly Given[]]> {
  for (const [key, lists] of samples)
    for (const [nth, list] of lists.entries())
      if (typeof list[0] === "number")
        for (const values of product(lists.map((each, at) => (at === nth ? COUNTS : each.slice(0, 2)))))
          yield [key, values];
}

function product(lists: readonly (readonly Given[])[]): readonly (readonly Given[])[] {
  return lists.reduce<readonly (readonly Given[])[]>(
    (all, list) => all.flatMap((before) => list.map((each) => [...before, each])),
    [[]],
  );
}

function say(words: Words, key: string, values: readonly Given[]): string {
  const word = words.get(key);
  return typeof word === "function" ? word(...values) : (word ?? "");
}

test("all ten are there, each with all of its words", () => {
  expect([...folders.keys()].sort()).toEqual([...PAGE_LANGUAGES].sort());
  for (const [language, found] of folders) expect([...found.keys()], language).toEqual(catalogues);
});

describe.each([...folders.keys()])("%s", (language) => {
  const words = wordsOf(language);

  it("has every word of English and no other, and none is empty", () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...words].filter(([, word]) => typeof word === "string" && word.trim() === "")).toEqual([]);
  });

  it("loses nothing of what a word is given", () => {
    const lost = [...samples].flatMap(([key, lists]) =>
      product(lists).flatMap((values) => {
        const [said, model] = [say(words, key, values), say(english, key, values)];
        const missing = values.filter((value) => tells(model, "en", value) && !tells(said, language, value));
        const empty = (said.trim() === "") !== (model.trim() === "");
        return empty || missing.length > 0 ? [`${key}(${values}) is “${said}”, without ${missing}`] : [];
      }),
    );
    expect(lost).toEqual([]);
  });

  it("has the forms for numbers that the language has", () => {
    for (const [key, values] of counted()) say(words, key, values);
    const rules = new Intl.PluralRules(language);
    const needed = new Set<Form>(["other", ...COUNTS.map((count) => rules.select(count))]);
    const known = rules.resolvedOptions().pluralCategories;
    const written = [...(plurals.get(language) ?? [])];
    expect(written.length).toBeGreaterThan(0);
    for (const forms of written.map((each) => each.split(" "))) {
      expect(forms).toEqual(expect.arrayContaining([...needed]));
      expect(known).toEqual(expect.arrayContaining(forms));
    }
  });

  it("suggests many names, none twice, and none longer than a name may be", () => {
    const page = folders.get(language)?.get("page") as { nicknames: string[] } | undefined;
    const nicknames = page?.nicknames ?? [];
    expect(nicknames.length).toBeGreaterThanOrEqual(100);
    expect(new Set(nicknames).size).toBe(nicknames.length);
    expect(
      nicknames.filter((name) => name.trim() !== name || name === "" || [...name].length > NICKNAME_LIMIT),
    ).toEqual([]);
  });
});

describe.each(PAGE_LANGUAGES)("%s", (language) => {
  it("is called as its speakers call it, and runs the way it is written", () => {
    const own = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? "";
    expect(LANGUAGE_NAMES[language].toLocaleLowerCase(language)).toBe(own.toLocaleLowerCase(language));
    const locale = new Intl.Locale(language) as Intl.Locale & { getTextInfo(): { direction: string } };
    expect(direction(language)).toBe(locale.getTextInfo().direction);
  });
});

/** A number as it is written in that language; the least ones are words of their own in some. */
function tells(said: string, language: string, value: Given): boolean {
  if (typeof value === "number") return value > 2 && said.includes(new Intl.NumberFormat(language).format(value));
  return typeof value === "string" && value.startsWith("⟨") && said.includes(value);
}
