// What the legal pages say of the browser's side, read from the constants that the page uses. `make legal` writes it into
// facts.json, which the server reads; a test compares the two.

import { WORDS } from "../src/checkwords";
import { type Choices, KEY } from "../src/choices";
import { PARCEL_BYTES } from "../src/extras/parcels/goods";
import { KEPT_BYTES, KEPT_LIMIT } from "../src/extras/parcels/keep";
import { VOICE_LIMIT_MS } from "../src/extras/parcels/voice";
import { LANGUAGES_LIMIT, NICKNAME_LIMIT, TAG_LIMIT, TAGS_LIMIT } from "../src/profile";
import { lostAfterMs } from "../src/rescue";
import { REPORT_WITHIN_MS, REUNION_MS } from "../src/state";
import { LINES_LIMIT, TEXT_LIMIT } from "../src/talk";

/** A choice that is new must stand here, or this does not compile. */
const stored: Record<keyof Choices, true> = { language: true, theme: true, sound: true, notify: true, ads: true };

export const facts: Readonly<Record<string, number | string | readonly string[]>> = {
  check_words: WORDS,
  kept: KEPT_BYTES,
  kept_pieces: KEPT_LIMIT,
  languages_most: LANGUAGES_LIMIT,
  lines: LINES_LIMIT,
  nickname: NICKNAME_LIMIT,
  parcel: PARCEL_BYTES,
  report_within: REPORT_WITHIN_MS,
  reunion: REUNION_MS,
  storage_key: KEY,
  stored: Object.keys(stored),
  tag: TAG_LIMIT,
  talk_lost: lostAfterMs,
  text: TEXT_LIMIT,
  topics_most: TAGS_LIMIT,
  voice: VOICE_LIMIT_MS,
};
