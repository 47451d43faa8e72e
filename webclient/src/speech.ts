// Which language the page speaks now. Its words are read through `live`, so that whatever shows some of them is drawn
// anew when the visitor chooses another one.

import { signal } from "@preact/signals";
import { type Language, loadExtraTexts, loadPage } from "./languages";
import type { ExtraTexts } from "./languages/en/extras";
import type { PageTexts } from "./languages/en/page";

export interface Spoken {
  readonly language: Language;
  readonly page: PageTexts;
  /** They come with what they are for. */
  readonly extras?: ExtraTexts;
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
  const extras = current.peek()?.extras ? loadExtraTexts(language) : undefined;
  const [page, more] = await Promise.all([loadPage(language), extras]);
  if (mine === asked) current.value = { language, page, ...(more && { extras: more }) };
}

/** Loads the words of what a talk can do beyond text. */
export async function speakExtras(): Promise<void> {
  for (;;) {
    const before = spoken();
    if (before.extras) return;
    const extras = await loadExtraTexts(before.language);
    // Another language may have been chosen meanwhile.
    if (current.peek() === before) current.value = { ...before, extras };
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
