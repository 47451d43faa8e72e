// Which language the page speaks now. Its words are read through `live`, so that whatever shows some of them is drawn
// anew when the visitor chooses another one.

import { signal } from "@preact/signals";
import { type Language, loadAdsTexts, loadExtraTexts, loadPage } from "./languages";
import type { AdsTexts } from "./languages/en/ads";
import type { ExtraTexts } from "./languages/en/extras";
import type { PageTexts } from "./languages/en/page";

export interface Spoken {
  readonly language: Language;
  readonly page: PageTexts;
  /** They come with what they are for. */
  readonly extras?: ExtraTexts;
  /** Likewise. */
  readonly ads?: AdsTexts;
}

const current = signal<Spoken | undefined>(undefined);
let asked = 0;

export function spoken(): Spoken {
  if (!current.value) throw new Error("no language was chosen yet");
  return current.value;
}

/** Sets the words at once. */
export function say(words: Spoken): void {
  asked += 1;
  current.value = words;
}

/** Loads a language and speaks it; the last one asked for wins. Throws what the network throws, and goes on as before. */
export async function speak(language: Language): Promise<void> {
  asked += 1;
  const mine = asked;
  for (;;) {
    const now = current.peek();
    const [page, extras, ads] = await Promise.all([
      loadPage(language),
      now?.extras && loadExtraTexts(language),
      now?.ads && loadAdsTexts(language),
    ]);
    if (mine !== asked) return;
    // What came meanwhile, in the language of before, is to be said in this one, too.
    const then = current.peek();
    if ((then?.extras && !extras) || (then?.ads && !ads)) continue;
    current.value = { language, page, ...(extras && { extras }), ...(ads && { ads }) };
    return;
  }
}

/** Loads the words of what a talk can do beyond text. */
export function speakExtras(): Promise<void> {
  return speakMore("extras", loadExtraTexts);
}

/** Loads the words around advertisements. */
export function speakAds(): Promise<void> {
  return speakMore("ads", loadAdsTexts);
}

async function speakMore<P extends "extras" | "ads">(
  part: P,
  load: (language: Language) => Promise<NonNullable<Spoken[P]>>,
): Promise<void> {
  for (;;) {
    const before = spoken();
    if (before[part]) return;
    const words = await load(before.language);
    // Another language may have been chosen meanwhile, or other words have come.
    if (current.peek() === before) current.value = { ...before, [part]: words };
  }
}

/** A part of the words that is looked up whenever one of it is read. */
export function live<T extends object>(part: (words: Spoken) => T): T {
  const now = () => part(spoken());
  return new Proxy({} as T, {
    get: (_, key) => Reflect.get(now(), key),
    has: (_, key) => Reflect.has(now(), key),
    ownKeys: () => Reflect.ownKeys(now()),
    getOwnPropertyDescriptor: (_, key) => ({ ...Reflect.getOwnPropertyDescriptor(now(), key), configurable: true }),
  });
}
