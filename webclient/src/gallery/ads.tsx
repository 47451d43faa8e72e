// For the gallery: the place for advertisements, with one that is painted here and asks for nothing.

import { openAds } from "../ads/ads";
import { adsTexts } from "../ads/texts";
import { choices } from "../choices";
import { filling } from "../slot";
import { texts } from "../texts";

// Without a style of its own: the page's policy holds for a document that has no origin, too.
const painted = `<!doctype html><html lang="en"><title>Painted</title>
<body bgcolor="#cfe3e8" text="#21343a"><main><h1 align="center">Buy two umbrellas</h1></main></body>`;

interface Shown {
  over?: true;
  allowed?: boolean;
  press?: readonly string[];
}

const shown: Record<string, Shown> = {
  "ads-ask": {},
  "ads-allowed": { allowed: true },
  "ads-refused": { allowed: false },
  "ads-change": { allowed: true, press: [adsTexts.change] },
  "ads-settings": { allowed: false, press: [texts.settings.open] },
  "ads-over": { allowed: true, over: true },
  "ads-over-change": { allowed: true, over: true, press: [adsTexts.change] },
};

export const adsScreens = Object.entries(shown);

/** Gives the place away for these screens, and for no other. */
export function fillFor(name: string): void {
  const screen = shown[name];
  if (!screen) return;
  const { ads: _, ...others } = choices.peek();
  choices.value = screen.allowed === undefined ? others : { ...others, ads: screen.allowed };
  filling.value = openAds({ url: `data:text/html,${encodeURIComponent(painted)}`, height: 100 }, "ads.example");
}
