import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AdsTexts } from "../src/languages/en/ads";
import { ads } from "../src/languages/en/ads";
import { extras } from "../src/languages/en/extras";
import { page } from "../src/languages/en/page";

/** What was asked of the network, in order, each answered when the test says so. */
const waiting = vi.hoisted(() => [] as { what: string; answer: () => void }[]);

vi.mock("../src/languages", () => {
  const load = (what: string, of: (language: string) => unknown) => (language: string) =>
    new Promise((then) => waiting.push({ what: `${what} ${language}`, answer: () => then(of(language)) }));
  return {
    loadPage: load("page", () => page),
    loadExtraTexts: load("extras", () => extras),
    loadAdsTexts: load("ads", (language): AdsTexts => ({ ...ads, change: language })),
  };
});

// The set-up has loaded it already, with the true ones.
vi.resetModules();
const { say, speak, speakAds, spoken } = await import("../src/speech");

async function answer(...names: string[]): Promise<void> {
  for (const name of names) {
    await vi.waitFor(() => expect(waiting.map(({ what }) => what)).toContain(name));
    const nth = waiting.findIndex(({ what }) => what === name);
    waiting.splice(nth, 1)[0]?.answer();
  }
}

beforeEach(() => {
  waiting.length = 0;
  say({ language: "en", page });
});

describe("words that come with what they are for", () => {
  it("are loaded once, and again with another language", async () => {
    const first = speakAds();
    await answer("ads en");
    await first;
    await speakAds();
    expect(waiting).toEqual([]);
    const second = speak("fr");
    await answer("page fr", "ads fr");
    await second;
    expect(spoken()).toMatchObject({ language: "fr", ads: { change: "fr" } });
    expect(spoken().extras).toBeUndefined();
  });

  it("are not lost when they come while another language does", async () => {
    const language = speak("fr");
    const words = speakAds();
    await answer("ads en");
    await words;
    await answer("page fr", "page fr", "ads fr");
    await language;
    expect(spoken()).toMatchObject({ language: "fr", ads: { change: "fr" } });
  });

  it("are asked for anew when the language came first", async () => {
    const language = speak("fr");
    const words = speakAds();
    await answer("page fr");
    await language;
    await answer("ads en", "ads fr");
    await words;
    expect(spoken()).toMatchObject({ language: "fr", ads: { change: "fr" } });
  });
});
