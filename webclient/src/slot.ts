// The one place of the page that an operator may give to somebody else, for advertisements. Here is only whether it may be
// filled at all, and with what; without a word of the operator nothing more of it is ever loaded.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Ads, Site } from "./wire";

/** Where it is: on the screens on which nobody is looked for or talked with. */
export type Place = "lobby" | "over";

/** What is drawn of it, once it is loaded. */
export interface Filling {
  readonly Slot: ComponentType<{ place: Place }>;
  /** Where the visitor can change their mind at any time. */
  readonly Choice: ComponentType;
}

export const filling = signal<Filling | undefined>(undefined);

/** What may be asked for: not of who says no to all of it by Global Privacy Control, and nothing that is our own page. */
export function offered({ ads }: Site, own: URL | Location, browser: object): Ads | undefined {
  if (!ads || ("globalPrivacyControl" in browser && browser.globalPrivacyControl === true)) return undefined;
  const { origin, protocol } = new URL(ads.url);
  // On our own origin a frame that forgot its sandbox would be the page itself.
  if (origin === own.origin) return undefined;
  return protocol === "https:" || own.protocol === "http:" ? ads : undefined;
}
