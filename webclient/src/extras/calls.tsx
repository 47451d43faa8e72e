// The calls of one talk: feeds the machine (`call.ts`) with what the visitor presses, what the stranger says and what the
// devices give, and runs its effects against devices and connection.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Role } from "../seal";
import { type CallEffect, type CallEvent, type CallMessage, type CallTimer, makeCall, stepCall } from "./call";
import { openCallMedia } from "./callmedia";
import { CallButtonsView, CallStageView } from "./callstage";
import { type DeviceWorld, type Gear, noGear, openDevices } from "./devices";
import type { ExtrasViews } from "./extras";

export interface CallPorts {
  readonly role: Role;
  readonly pc: RTCPeerConnection;
  say(message: CallMessage): void;
  now(): number;
}

export interface Calls extends Pick<ExtrasViews, "CallButtons" | "CallStage"> {
  /** They ask, and nothing was answered yet. */
  readonly rings: ReadonlySignal<boolean>;
  hear(message: CallMessage): void;
  /** The talk is over: nothing is sent, and no device is in use. */
  ended(): void;
  close(): void;
}

export function openCalls(ports: CallPorts, world: DeviceWorld = browser()): Calls {
  const call = signal(makeCall());
  const gear = signal(noGear);
  const timers: Partial<Record<CallTimer, ReturnType<typeof setTimeout>>> = {};
  const events: CallEvent[] = [];
  let running = false;
  const media = openCallMedia(ports.pc, ports.role);
  const devices = openDevices(world, opened);

  /** What arises while effects run waits for its turn, so that no state is seen half done. */
  function send(event: CallEvent): void {
    events.push(event);
    if (running) return;
    running = true;
    try {
      for (let next = events.shift(); next; next = events.shift()) {
        const [state, effects] = stepCall(call.value, { now: ports.now(), ...next });
        call.value = state;
        for (const effect of effects) run(effect);
      }
    } finally {
      running = false;
    }
  }

  function run(effect: CallEffect): void {
    switch (effect.do) {
      case "say":
        ports.say(effect.message);
        break;
      case "devices":
        devices.want(effect.audio, effect.video);
        break;
      case "release":
        devices.release();
        break;
      case "begin":
        media.begin(effect.video);
        break;
      case "end":
        media.end();
        break;
      case "wake":
        clearTimeout(timers[effect.timer]);
        timers[effect.timer] = setTimeout(() => send({ type: "wake", timer: effect.timer }), effect.inMs);
        break;
      case "sleep":
        clearTimeout(timers[effect.timer]);
        break;
    }
  }

  function opened(now: Gear): void {
    gear.value = now;
    const { audio, video } = now;
    // Kept ready from the first preview on; `media` sends nothing of it before a call has begun.
    media.send("audio", audio.name === "on" ? audio.track : undefined);
    media.send("video", video.name === "on" ? video.track : undefined);
    send({ type: "gear", gear: { audio: audio.name === "on", video: video.name === "on" } });
  }

  function ended(): void {
    send({ type: "over" });
  }

  return {
    rings: computed(() => call.value.phase.name === "asked"),
    hear: (message) => send({ type: "heard", message }),
    ended,
    close() {
      ended();
      media.close();
    },
    CallButtons: () => <CallButtonsView call={call.value} send={send} />,
    CallStage: ({ stranger }) => (
      <CallStageView
        stranger={stranger}
        call={call.value}
        gear={gear.value}
        incoming={media.incoming.value}
        send={send}
        choose={devices.choose}
        retry={devices.retry}
      />
    ),
  };
}

function browser(): DeviceWorld {
  return { media: navigator.mediaDevices, permissions: navigator.permissions };
}
