// The languages that the page speaks, each in a chunk of its own, and which one a visitor most likely reads.

import type { AdsTexts } from "./en/ads";
import type { ExtraTexts } from "./en/extras";
import type { PageTexts } from "./en/page";

/** By their own names, in the order in which they are offered. */
export const LANGUAGE_NAMES = {
  en: "English",
  es: "Español",
  pt: "Português",
  fr: "Français",
  de: "Deutsch",
  ru: "Русский",
  ar: "العربية",
  hi: "हिन्दी",
  ja: "日本語",
  zh: "中文",
} as const;

export type Language = keyof typeof LANGUAGE_NAMES;

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(["ar"]);

export const PAGE_LANGUAGES = Object.keys(LANGUAGE_NAMES) as readonly Language[];

export function direction(language: Language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(LANGUAGE_NAMES, value);
}

/** The first of the visitor's languages ("de-AT", "en") that the page speaks; English when it speaks none. */
export function likely(preferred: readonly string[]): Language {
  return preferred.map((tag) => tag.split("-")[0]?.toLowerCase()).find(isLanguage) ?? "en";
}

const pages = import.meta.glob<{ page: PageTexts }>("./*/page.ts");
const extras = import.meta.glob<{ extras: ExtraTexts }>("./*/extras.ts");
const ads = import.meta.glob<{ ads: AdsTexts }>("./*/ads.ts");

export async function loadPage(language: Language): Promise<PageTexts> {
  return (await found(pages, language, "page")()).page;
}

export async function loadExtraTexts(language: Language): Promise<ExtraTexts> {
  return (await found(extras, language, "extras")()).extras;
}

export async function loadAdsTexts(language: Language): Promise<AdsTexts> {
  return (await found(ads, language, "ads")()).ads;
}

function found<T>(all: Record<string, () => Promise<T>>, language: Language, what: string): () => Promise<T> {
  const load = all[`./${language}/${what}.ts`];
  if (!load) throw new Error(`no ${what} in ${language}`);
  return load;
}
