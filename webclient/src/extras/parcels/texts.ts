// The words for pictures and voice notes. They load with them.

import type { Who } from "../../talk";
import type { Parcel } from "../../wire";
import type { Progress } from "./goods";
import type { VoiceTrouble } from "./voice";

type Why = Extract<Progress, { name: "gone" }>["why"];
type What = Parcel["what"];

const noun = { image: "picture", voice: "voice note" } satisfies Record<What, string>;
const kilo = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const mega = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** 12 KB, 1.3 MB. */
export function bytesInWords(bytes: number): string {
  return bytes < 1_000_000 ? `${kilo.format(Math.max(1, bytes / 1_000))} KB` : `${mega.format(bytes / 1_000_000)} MB`;
}

export const words = {
  sendPicture: "Send a picture",
  record: "Record a voice note",
  recordHint: "Record a voice note: tap to start and to stop, or hold and let go",
  stopRecording: "Stop recording",
  recording: "Recording",
  asking: "Your browser asks whether it may listen…",
  review: "what you recorded",
  deleteNote: "Delete",
  sendNote: "Send it",
  level: "How loud you are",
  preparing: "Preparing the picture…",
  dropHere: "Let go to send it as a picture",
  close: "Close",

  tooMany: (limit: number) => `That is a lot at once. At most ${limit} can wait; the others were not sent.`,
  notSent: "It could not be sent: the way for pictures and sound is closed.",
  pictureTrouble: {
    type: "Only pictures can be sent so: JPEG, PNG, WebP, GIF or AVIF.",
    size: "That picture is too big.",
    unreadable: "Your browser cannot read that picture.",
  },
  voiceTrouble: {
    denied: "The browser was not allowed to listen. You can change that beside the address of this page.",
    none: "No microphone was found.",
    unsupported: "This browser cannot record sound.",
    failed: "The recording did not work. Something else may be using the microphone.",
  } satisfies Record<VoiceTrouble, string>,

  picture: (who: Who, stranger: string) => (who === "me" ? "Your picture" : `Picture from ${stranger}`),
  covered: (stranger: string) => `Picture from ${stranger}, covered`,
  show: "Show the picture",
  cover: "Cover it again",
  enlarge: "Show it large",
  voice: (who: Who, stranger: string) => (who === "me" ? "your voice note" : `the voice note from ${stranger}`),
  play: (what: string) => `Play ${what}`,
  pause: (what: string) => `Pause ${what}`,
  position: (what: string) => `Position in ${what}`,
  of: (at: string, all: string) => `${at} of ${all}`,

  going: (who: Who, what: What, size: number) =>
    `${who === "me" ? "Sending" : "Receiving"} a ${noun[what]}, ${bytesInWords(size)}`,
  stopSending: "Stop sending",
  stopReceiving: "Do not take it",

  gone: (who: Who, what: What, why: Why): string => (who === "me" ? mine : theirs)[why](noun[what]),
} as const;

const mine = {
  stopped: (it) => `You stopped sending this ${it}.`,
  size: (it) => `This ${it} is too big for your stranger’s page.`,
  type: (it) => `Your stranger’s browser cannot show this kind of ${it}.`,
  unreadable: (it) => `Your stranger’s browser could not read this ${it}.`,
  many: (it) => `Too much at once: this ${it} was not taken. Wait a moment, then try again.`,
  unwanted: (it) => `Your stranger did not take this ${it}.`,
  lost: (it) => `The talk ended before this ${it} had arrived.`,
  old: (it) => `This ${it} was let go, to make room for newer ones.`,
} satisfies Record<Why, (it: string) => string>;

const theirs = {
  ...mine,
  stopped: (it) => `Your stranger stopped sending this ${it}.`,
  size: (it) => `A ${it} that is too big was refused.`,
  type: (it) => `A ${it} of a kind that is not shown here was refused.`,
  unreadable: (it) => `A ${it} came that cannot be read.`,
  unwanted: (it) => `You did not take this ${it}.`,
} satisfies Record<Why, (it: string) => string>;
