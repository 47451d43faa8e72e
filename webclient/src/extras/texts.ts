// The words of what a talk can do beyond text, in the language that the page speaks. `speakExtras` loads them.

import type { ExtraTexts } from "../languages/en/extras";
import { live, type Spoken } from "../speech";

export const checkTexts = live((words) => extras(words).check);
export const callTexts = live((words) => extras(words).calls);
export const parcelTexts = live((words) => extras(words).parcels);

function extras(words: Spoken): ExtraTexts {
  if (!words.extras) throw new Error("the words of the extras were not loaded");
  return words.extras;
}
