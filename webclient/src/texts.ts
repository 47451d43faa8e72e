// The words of the page in the language it speaks, and times and numbers as one says them there.

import type { Language } from "./languages";
import { live, spoken } from "./speech";

export const texts = live(({ page }) => page);

interface Clocks {
  relative: Intl.RelativeTimeFormat;
  clock: Intl.DateTimeFormat;
  second: Intl.NumberFormat;
  minute: Intl.NumberFormat;
}

const made = new Map<Language, Clocks>();

function clocks(): Clocks {
  const { language } = spoken();
  const known = made.get(language) ?? makeClocks(language);
  made.set(language, known);
  return known;
}

function makeClocks(language: Language): Clocks {
  const unit = (name: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long", maximumFractionDigits: 0 });
  return {
    relative: new Intl.RelativeTimeFormat(language, { numeric: "always" }),
    clock: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }),
    second: unit("second"),
    minute: unit("minute"),
  };
}

/** "in 40 seconds", "in 3 minutes", "in 2 hours"; never less than a second. */
export function inTime(ms: number): string {
  const { relative } = clocks();
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds < 90) return relative.format(seconds, "second");
  if (seconds < 5_400) return relative.format(Math.round(seconds / 60), "minute");
  return relative.format(Math.round(seconds / 3_600), "hour");
}

/** "40 seconds", "2 minutes"; never less than a second. */
export function lasting(ms: number): string {
  const { second, minute } = clocks();
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 90 ? second.format(seconds) : minute.format(Math.round(seconds / 60));
}

export function clockTime(ms: number): string {
  return clocks().clock.format(ms);
}

/** Elapsed time as 0:07 or 12:30. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The head count in kind words: small numbers would tell more about each than they tell of the place. */
export function headCount(counts: { here: number; talking: number } | undefined): string {
  if (!counts) return texts.lobby.counting;
  return counts.here <= 5 ? texts.lobby.few : texts.lobby.count(counts.here, counts.talking);
}
