// The words around advertisements, in the language that the page speaks. `speakAds` loads them.

import { live } from "../speech";

export const adsTexts = live(({ ads }) => {
  if (!ads) throw new Error("the words around advertisements were not loaded");
  return ads;
});
