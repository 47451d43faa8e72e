// For the gallery: every state of a call, with painted pictures in place of cameras.

import { signal } from "@preact/signals";
import { type Call, type CallPhase, makeCall, type Sends } from "../extras/call";
import { CallButtonsView, CallStageView } from "../extras/callstage";
import { Check } from "../extras/check";
import { type Gear, type Kind, noGear, type Source, type Trouble } from "../extras/devices";
import type { Extras } from "../extras/extras";
import { callTexts } from "../extras/texts";

const both = { audio: true, video: true };
const voice = { audio: true, video: false };
const nothing = () => undefined;

interface Shown {
  phase: CallPhase;
  mine?: Sends;
  trouble?: Partial<Record<Kind, Trouble>>;
  choices?: boolean;
  press?: readonly string[];
}

const sinceMs = Date.now() - 154_000;
const calling = (video: boolean, theirs: Sends | undefined): CallPhase => ({
  name: "calling",
  nth: 1,
  video,
  sinceMs,
  theirs,
});

const shown: Record<string, Shown> = {
  "call-asked": { phase: { name: "asked", nth: 1, video: true } },
  "call-asked-voice": { phase: { name: "asked", nth: 1, video: false } },
  "call-preview": { phase: { name: "preview", video: true }, mine: both, choices: true },
  "call-preview-voice": { phase: { name: "preview", video: false }, mine: voice },
  "call-preview-denied": {
    phase: { name: "preview", video: true },
    mine: both,
    trouble: { audio: "denied", video: "denied" },
  },
  "call-answering": { phase: { name: "preview", video: true, answering: 1 }, mine: voice },
  "call-ringing": { phase: { name: "ringing", nth: 1, video: true }, mine: both },
  "call-joining": { phase: calling(true, undefined), mine: both },
  "call-video": { phase: calling(true, both), mine: both, choices: true },
  "call-small": { phase: calling(true, both), mine: both, press: [callTexts.smaller] },
  "call-devices": { phase: calling(true, both), mine: both, choices: true, press: [callTexts.devices] },
  "call-dark": { phase: calling(true, { audio: false, video: false }), mine: { audio: false, video: false } },
  "call-lost": { phase: calling(true, both), mine: both, trouble: { video: "lost" } },
  "call-voice": { phase: calling(false, voice), mine: voice, choices: true },
  "call-declined": { phase: { name: "idle", note: "declined" } },
  "call-idle": { phase: { name: "idle" } },
  "call-hidden": { phase: { name: "idle" } },
};

/** Their names, and what is to be pressed then. */
export const callScreens = Object.entries(shown).map(([name, { press = [] }]) => [name, press] as const);

export function callExtras(name: string): Extras | undefined {
  const state = shown[name];
  if (!state) return undefined;
  const { phase, mine = { audio: false, video: false } } = state;
  const gear = gearOf(state, mine);
  const call: Call = {
    ...makeCall(),
    phase,
    mine,
    gear: { audio: gear.audio.name === "on", video: gear.video.name === "on" },
  };
  const incoming = phase.name === "calling" ? { video: painted("#7a8f6a", "#31423a", "😀") } : {};
  return {
    rings: signal(phase.name === "asked"),
    views: {
      Tools: () => null,
      ParcelView: () => null,
      CallButtons: () => <CallButtonsView call={call} send={nothing} />,
      CallStage: ({ stranger }) => (
        <CallStageView
          stranger={stranger}
          call={call}
          gear={gear}
          incoming={incoming}
          send={nothing}
          choose={nothing}
          retry={nothing}
        />
      ),
      Check,
    },
    hear: nothing,
    give: nothing,
    ended: nothing,
    close: nothing,
  };
}

function gearOf({ trouble = {}, choices = false }: Shown, mine: Sends): Gear {
  const source = (kind: Kind): Source => {
    const why = trouble[kind];
    if (why) return { name: "trouble", why };
    if (!mine[kind]) return { name: "off" };
    const [track] = painted("#c9a27e", "#5b3d2b", "🙂").getTracks();
    return track ? { name: "on", track } : { name: "off" };
  };
  const named = (...labels: string[]) => labels.map((label) => ({ id: label, label }));
  return {
    audio: source("audio"),
    video: source("video"),
    chosen: { audio: "Built-in microphone", video: "Camera" },
    choices: choices
      ? {
          audio: named("Built-in microphone", "Headset of a very long name (USB Audio Class 2)"),
          video: named("Camera", ""),
        }
      : noGear.choices,
  };
}

function painted(light: string, dark: string, face: string): MediaStream {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const paint = canvas.getContext("2d");
  if (paint) {
    const fill = paint.createLinearGradient(0, 0, 640, 480);
    fill.addColorStop(0, light);
    fill.addColorStop(1, dark);
    const draw = () => {
      paint.fillStyle = fill;
      paint.fillRect(0, 0, 640, 480);
      paint.font = "200px serif";
      paint.textAlign = "center";
      paint.fillText(face, 320, 310);
    };
    draw();
    setInterval(draw, 200);
  }
  return canvas.captureStream(10);
}
