// Voice and picture on the connection of a talk. Each of the two has one transceiver, which is added with the first call
// that needs it and used again by the next: a call begins and ends by directions. Between calls, and for a picture in a
// call by voice, they are inactive, so that a stranger who sends without having been told yes is not even received.
//
// Who is role a adds them: both could, and there would be two of each (RFC 8829 §5.10 takes none of mine for one of
// theirs). The other takes part in what comes by `track`, before the answer is made. Codecs are left to the browsers:
// Firefox that was told to prefer some writes an offer that Chromium refuses (feedback for those that it left out), and
// with all of them a description has half of what the wire takes.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Role } from "../seal";
import type { Kind } from "./devices";

const kinds: readonly Kind[] = ["audio", "video"];
const videoBitsPerSecond = 900_000;
const audioBitsPerSecond = 40_000;

/**
 * The stranger's voice, and picture: streams of one track each. An element that were given both would be silent until the
 * first picture has come, and of a camera that is off none does (Chromium).
 */
export type Incoming = Readonly<Partial<Record<Kind, MediaStream>>>;

export interface CallMedia {
  /** Nothing as long as there is no call. */
  readonly incoming: ReadonlySignal<Incoming>;
  begin(video: boolean): void;
  /** What is sent, now or as soon as there is a call. */
  send(kind: Kind, track: MediaStreamTrack | undefined): void;
  end(): void;
  close(): void;
}

export function openCallMedia(pc: RTCPeerConnection, role: Role): CallMedia {
  const incoming = signal<Incoming>({});
  const lines: Partial<Record<Kind, RTCRtpTransceiver>> = {};
  const outgoing: Partial<Record<Kind, MediaStreamTrack | undefined>> = {};
  const live = { audio: false, video: false };

  function arrive({ transceiver }: RTCTrackEvent): void {
    const kind = transceiver.receiver.track.kind as Kind;
    const mine = lines[kind];
    if (!mine) lines[kind] = transceiver;
    else if (mine !== transceiver) aim(transceiver, false); // one of each is enough
    direct(kind);
  }

  function direct(kind: Kind): void {
    const line = lines[kind];
    if (!line) return;
    aim(line, live[kind]);
    line.receiver.track.enabled = live[kind];
    void put(line.sender, kind, live[kind] ? outgoing[kind] : undefined);
    show();
  }

  function show(): void {
    const shown = incoming.value;
    const next: Partial<Record<Kind, MediaStream>> = {};
    for (const kind of kinds) {
      const track = lines[kind]?.receiver.track;
      if (live[kind] && track)
        next[kind] = shown[kind]?.getTracks()[0] === track ? shown[kind] : new MediaStream([track]);
    }
    if (kinds.some((kind) => next[kind] !== shown[kind])) incoming.value = next;
  }

  function turn(audio: boolean, video: boolean): void {
    live.audio = audio;
    live.video = video;
    for (const kind of kinds) {
      if (live[kind] && !lines[kind] && role === "a")
        lines[kind] = pc.addTransceiver(kind, { direction: "sendrecv", sendEncodings: [{ maxBitrate: most(kind) }] });
      direct(kind);
    }
  }

  pc.addEventListener("track", arrive);
  return {
    incoming,
    begin: (video) => turn(true, video),
    send(kind, track) {
      if (outgoing[kind] === track) return;
      outgoing[kind] = track;
      const line = lines[kind];
      if (line && live[kind]) void put(line.sender, kind, track);
    },
    end() {
      outgoing.audio = outgoing.video = undefined;
      turn(false, false);
    },
    close() {
      pc.removeEventListener("track", arrive);
      incoming.value = {};
      outgoing.audio = outgoing.video = undefined;
    },
  };
}

/** A direction that is set to what it is would not be agreed on anew; one that changes is, by itself. */
function aim(line: RTCRtpTransceiver, on: boolean): void {
  const direction = on ? "sendrecv" : "inactive";
  if (line.direction !== direction && line.direction !== "stopped" && line.currentDirection !== "stopped")
    line.direction = direction;
}

async function put(sender: RTCRtpSender, kind: Kind, track: MediaStreamTrack | undefined): Promise<void> {
  try {
    if (sender.track !== (track ?? null)) await sender.replaceTrack(track ?? null);
    if (track) await limit(sender, kind);
  } catch {
    // The connection was closed meanwhile; or, of the limits, a browser that has none.
  }
}

/** A voice goes before a picture, and a picture that moves before one that is sharp. */
async function limit(sender: RTCRtpSender, kind: Kind): Promise<void> {
  const parameters = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string };
  if (!parameters.encodings?.length) return;
  for (const encoding of parameters.encodings) {
    encoding.maxBitrate = most(kind);
    encoding.priority = encoding.networkPriority = kind === "audio" ? "high" : "low";
  }
  if (kind === "video") parameters.degradationPreference = "maintain-framerate";
  await sender.setParameters(parameters);
}

function most(kind: Kind): number {
  return kind === "audio" ? audioBitsPerSecond : videoBitsPerSecond;
}
