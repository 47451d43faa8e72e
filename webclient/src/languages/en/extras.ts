// English, the words of what a talk can do beyond text: check words, calls, pictures and voice notes. They load with it.

import type { CallNote } from "../../extras/call";
import type { Kind, Trouble } from "../../extras/devices";
import type { Progress } from "../../extras/parcels/goods";
import type { VoiceTrouble } from "../../extras/parcels/voice";
import type { Who } from "../../talk";
import type { Parcel } from "../../wire";
import { bytesIn } from "../grammar";

type Why = Extract<Progress, { name: "gone" }>["why"];
type What = Parcel["what"];

const bytes = bytesIn("en");
const noun = { image: "picture", voice: "voice note" } satisfies Record<What, string>;

const check = {
  open: "Check the connection",
  title: "Is anybody between you?",
  lead: "Your stranger sees four words, too. If they are the same, in the same order, nobody sits between your two browsers.",
  how: "Compare them by voice or video, or on another channel: text could be rewritten by whoever sits in between.",
  limit: "They do not tell who your stranger is, nor that they do not record.",
  numbers: "The numbers stand for the words, for two who share no alphabet.",
  coming: "One moment: the two browsers are still agreeing on the words.",
  missing:
    "There are no words in this talk: your stranger’s browser did not send its part of them, or it got lost. So nobody can say whether somebody sits in between. Tell nothing that you would mind.",
  close: "Close",
};

const calls = {
  voice: "Call by voice",
  video: "Call with video",
  stage: (stranger: string) => `Call with ${stranger}`,

  asked: (stranger: string, video: boolean) =>
    video ? `${stranger} would like to call you, with video` : `${stranger} would like to call you, by voice`,
  askedHint: "You see and hear yourself first. Nothing is sent before you say so.",
  open: "Answer…",
  decline: "Decline",

  preview: {
    title: (stranger: string) => `Call ${stranger}?`,
    answering: (stranger: string, video: boolean) =>
      video ? `${stranger} waits for you, with video` : `${stranger} waits for you, by voice`,
    private: "Only you see and hear this.",
    kind: "How",
    byVoice: "Voice",
    byVideo: "Video",
    ring: (video: boolean): string => (video ? "Call with video" : "Call by voice"),
    accept: (video: boolean): string => (video ? "Answer with video" : "Answer by voice"),
    acceptDark: "Answer without a picture",
    back: "Not now",
  },

  ringing: (stranger: string, video: boolean) =>
    video ? `Asking ${stranger} for a video call…` : `Asking ${stranger} for a call…`,
  ringingHint: "They can say no, or nothing. You can go on writing.",
  cancel: "Cancel the call",

  joining: "Connecting the call…",
  inCall: (stranger: string, video: boolean) =>
    video ? `In a video call with ${stranger}.` : `In a call with ${stranger}.`,
  hangUp: "Hang up",
  mute: "Mute the microphone",
  unmute: "Unmute the microphone",
  cameraOff: "Switch the camera off",
  cameraOn: "Switch the camera on",
  devices: "Choose devices",
  device: { audio: "Microphone", video: "Camera" } satisfies Record<Kind, string>,
  unnamed: (kind: Kind, nth: number) => (kind === "audio" ? `Microphone ${nth}` : `Camera ${nth}`),
  float: "Picture in picture",
  full: "Full screen",
  leaveFull: "Leave full screen",
  smaller: "Make the call smaller",
  larger: "Make the call larger",
  tapToHear: "Tap to hear",
  you: "You",
  youMuted: "You are muted.",

  theirs: (stranger: string, audio: boolean, video: boolean, picture: boolean): string => {
    if (!audio && picture && !video) return `${stranger} is muted, with the camera off.`;
    if (!audio) return `${stranger} is muted.`;
    return picture && !video ? `${stranger} has the camera off.` : "";
  },

  notes: {
    declined: (stranger: string) => `${stranger} does not want to call just now.`,
    unanswered: (stranger: string) => `${stranger} did not answer.`,
    withdrawn: (stranger: string) => `${stranger} no longer asks for a call.`,
    missed: (stranger: string) => `You did not answer ${stranger}.`,
    ended: (stranger: string) => `${stranger} hung up. You can go on writing.`,
  } satisfies Record<CallNote, (stranger: string) => string>,

  asking: "Your browser asks whether this page may use it.",
  retry: "Try again",
  trouble: {
    audio: {
      denied: "The microphone was not allowed. You can allow it in the address bar of your browser.",
      none: "No microphone was found.",
      busy: "The microphone cannot be opened. Another program may be using it.",
      unsupported: "This browser gives no microphone to this page.",
      lost: "The microphone was unplugged, or taken away.",
    },
    video: {
      denied: "The camera was not allowed. You can allow it in the address bar of your browser.",
      none: "No camera was found.",
      busy: "The camera cannot be opened. Another program may be using it.",
      unsupported: "This browser gives no camera to this page.",
      lost: "The camera was unplugged, or taken away.",
    },
  } satisfies Record<Kind, Record<Trouble, string>>,
};

const parcels = {
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
    `${who === "me" ? "Sending" : "Receiving"} a ${noun[what]}, ${bytes(size)}`,
  stopSending: "Stop sending",
  stopReceiving: "Do not take it",

  gone: (who: Who, what: What, why: Why): string => (who === "me" ? mine : theirs)[why](noun[what]),
};

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

export const extras = { check, calls, parcels };

export type ExtraTexts = typeof extras;
