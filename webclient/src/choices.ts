// What a visitor has chosen about the page itself, and nothing else, is kept in this browser from one visit to the next:
// never a name, a topic or anything of a talk. Without a choice nothing is stored.

import { signal } from "@preact/signals";
import { isLanguage, type Language } from "./languages";
import { isRecord } from "./wire";

export interface Choices {
  readonly language?: Language;
  readonly theme?: "light" | "dark";
  /** A sound when somebody comes, writes or calls while one looks elsewhere; it is there unless this is false. */
  readonly sound?: boolean;
  /** The same as a message of the system. */
  readonly notify?: boolean;
  readonly ads?: boolean;
}

export const KEY = "passerby";

export const choices = signal<Choices>(read());

/** Changes some; `undefined` takes a choice back. */
export function choose(part: { [K in keyof Choices]: Choices[K] | undefined }): void {
  const next = Object.fromEntries(
    Object.entries({ ...choices.peek(), ...part }).filter(([, value]) => value !== undefined),
  );
  choices.value = next;
  try {
    if (Object.keys(next).length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage may be full, or forbidden: the choice holds for this visit.
  }
}

function read(): Choices {
  try {
    return tidy(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return {};
  }
}

/** Others can write into the storage, too: an older page, or whoever sits at the browser. */
function tidy(value: unknown): Choices {
  if (!isRecord(value)) return {};
  const { language, theme, sound, notify, ads } = value;
  return {
    ...(isLanguage(language) && { language }),
    ...((theme === "light" || theme === "dark") && { theme }),
    ...(typeof sound === "boolean" && { sound }),
    ...(typeof notify === "boolean" && { notify }),
    ...(typeof ads === "boolean" && { ads }),
  };
}
