// For the gallery: the place for advertisements, with one that is painted here and asks for nothing.

import { openAds } from "../ads/ads";
import { adsTexts } from "../ads/texts";
import { choices } from "../choices";
import { filling } from "../slot";
import { texts } from "../texts";

const painted = `<!doctype html><meta name="color-scheme" content="light dark"><title>Painted</title>
<body style="margin:0;height:100vh;display:grid;place-content:center;font:600 1rem sans-serif;text-align:center;
background:repeating-linear-gradient(45deg,#cfe3e8 0 12px,#dcebef 12px 24px);color:#21343a">Buy two umbrellas</body>`;

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
