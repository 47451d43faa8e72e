// @vitest-environment happy-dom
// What the page says is in the language that is spoken, and changes with it.

import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { extras } from "../src/languages/en/extras";
import { page } from "../src/languages/en/page";

vi.mock("../src/languages", async (original) => ({
  ...(await original<typeof import("../src/languages")>()),
  loadPage: vi.fn(),
  loadExtraTexts: vi.fn(),
}));

// What `setup.ts` has loaded already loads its languages from where they are.
vi.resetModules();
const { loadExtraTexts, loadPage } = await import("../src/languages");
const { say, speak, speakExtras, spoken } = await import("../src/speech");
const { checkTexts } = await import("../src/extras/texts");
const { inTime, lasting, texts } = await import("../src/texts");

const inGerman = { ...page, lobby: { ...page.lobby, start: "Los" } };
const moreInGerman = { ...extras, check: { ...extras.check, open: "Verbindung prüfen" } };

function later<T>(): { promise: Promise<T>; come: (value: T) => void } {
  let come: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    come = resolve;
  });
  return { promise, come };
}

beforeEach(() => {
  say({ language: "en", page, extras });
  vi.mocked(loadPage).mockResolvedValue(inGerman);
  vi.mocked(loadExtraTexts).mockResolvedValue(moreInGerman);
});

afterEach(() => void vi.resetAllMocks());

describe("another language", () => {
  it("draws what is shown anew", async () => {
    const place = document.createElement("div");
    const Button = () => <button type="button">{texts.lobby.start}</button>;
    act(() => render(<Button />, place));
    expect(place.textContent).toBe("Start");
    await act(() => speak("de"));
    expect(place.textContent).toBe("Los");
  });

  it("brings the words of the extras, too, when those are there", async () => {
    await speak("de");
    expect(checkTexts.open).toBe("Verbindung prüfen");
    say({ language: "en", page });
    await speak("de");
    expect(spoken().extras).toBeUndefined();
    expect(() => checkTexts.open).toThrow("not loaded");
  });

  it("tells times in its own way", async () => {
    expect([inTime(40_000), lasting(120_000)]).toEqual(["in 40 seconds", "2 minutes"]);
    await speak("de");
    expect([inTime(40_000), lasting(120_000)]).toEqual(["in 40 Sekunden", "2 Minuten"]);
  });

  it("that does not come leaves the one that is spoken", async () => {
    vi.mocked(loadPage).mockRejectedValue(new Error("offline"));
    await expect(speak("de")).rejects.toThrow("offline");
    expect([spoken().language, texts.lobby.start]).toEqual(["en", "Start"]);
  });

  it("that was asked for last wins, whichever comes first", async () => {
    const slow = later<typeof page>();
    vi.mocked(loadPage).mockReturnValueOnce(slow.promise);
    const first = speak("fr");
    await speak("de");
    slow.come(page);
    await first;
    expect(spoken().language).toBe("de");
  });
});

describe("the words of the extras", () => {
  it("are loaded once", async () => {
    say({ language: "de", page: inGerman });
    await speakExtras();
    await speakExtras();
    expect(checkTexts.open).toBe("Verbindung prüfen");
    expect(loadExtraTexts).toHaveBeenCalledTimes(1);
  });

  it("are those of the language that is spoken when they come", async () => {
    const slow = later<typeof extras>();
    say({ language: "en", page });
    vi.mocked(loadExtraTexts).mockReturnValueOnce(slow.promise);
    const loading = speakExtras();
    await speak("de");
    slow.come(extras);
    await loading;
    expect([spoken().language, checkTexts.open]).toEqual(["de", "Verbindung prüfen"]);
  });
});
