// What the page says about calls.

import type { CallNote } from "./call";
import type { Kind, Trouble } from "./devices";

export const callTexts = {
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
    ring: (video: boolean) => (video ? "Call with video" : "Call by voice"),
    accept: (video: boolean) => (video ? "Answer with video" : "Answer by voice"),
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
