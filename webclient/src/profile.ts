// What a visitor tells of themselves, brought into the bounds of the wire: names, topics, languages. Nothing is kept.

import type { Profile } from "./state";

export const NICKNAME_LIMIT = 32;
export const TAG_LIMIT = 24;
export const TAGS_LIMIT = 5;
export const LANGUAGES_LIMIT = 4;

/** The languages to choose from, ISO 639-1; the browser knows their names. */
export const LANGUAGES = (
  "ar bg bn ca cs da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn mr " +
  "ms my nb ne nl pa pl pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi yo zh zu"
).split(" ");

/** A friendly name for somebody who has none, out of those that the language has; `random` in [0, 1). */
export function suggestName(names: readonly string[], random: number): string {
  return names[Math.floor(random * names.length)] ?? "";
}

/** A nickname as it is sent: no control characters, no surrounding space, at most 32 code points; may be empty. */
export function tidyName(typed: string): string {
  return cut(tidy(typed), NICKNAME_LIMIT);
}

/** A topic in the one spelling in which two people may share it; may be empty. */
export function tidyTag(typed: string): string {
  return cut(
    tidy(typed)
      .replace(/^[#\s]+/, "")
      .normalize("NFC")
      .toLowerCase(),
    TAG_LIMIT,
  );
}

export function addTag(tags: readonly string[], typed: string): readonly string[] {
  const tag = tidyTag(typed);
  return tag === "" || tags.includes(tag) || tags.length >= TAGS_LIMIT ? tags : [...tags, tag];
}

export function addLanguage(languages: readonly string[], code: string): readonly string[] {
  const known = /^[a-z]{2,3}$/.test(code) && !languages.includes(code) && languages.length < LANGUAGES_LIMIT;
  return known ? [...languages, code] : languages;
}

/** From what the browser prefers, "en-US" or "de", to the plain languages. */
export function presetLanguages(preferred: readonly string[]): readonly string[] {
  return preferred.reduce<readonly string[]>(
    (all, tag) => addLanguage(all, tag.split("-")[0]?.toLowerCase() ?? ""),
    [],
  );
}

export function makeProfile(nickname: string, preferred: readonly string[]): Profile {
  return { nickname, tags: [], languages: presetLanguages(preferred), relay: false };
}

function tidy(typed: string): string {
  return typed.replace(/[\p{Cc}\p{Cs}\s]+/gu, " ").trim();
}

function cut(text: string, limit: number): string {
  return [...text].slice(0, limit).join("").trim();
}
