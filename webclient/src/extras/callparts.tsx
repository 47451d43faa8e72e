// What the views of a call share: pictures, loudness, switches, the choice of devices, and what went wrong with one.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Sign } from "../views/icons";
import type { Call, CallEvent, Sends } from "./call";
import type { Gear, Kind, Source } from "./devices";
import { listen } from "./loudness";
import { signs } from "./signs";
import { callTexts as texts } from "./texts";

const kinds: readonly Kind[] = ["audio", "video"];

interface PressProps {
  icon: keyof typeof signs;
  off?: boolean;
  name: string;
  press: () => void;
  expanded?: boolean;
}

export function Press({ icon, off = false, name, press, expanded }: PressProps): JSX.Element {
  return (
    <button
      type="button"
      class={`call-button${off ? " off" : ""}${icon === "hangUp" ? " hang-up" : ""}`}
      aria-label={name}
      title={name}
      aria-expanded={expanded}
      onClick={press}
    >
      <Sign path={signs[icon]} struck={off} />
    </button>
  );
}

interface SwitchesProps {
  mine: Sends;
  video: boolean;
  send: (event: CallEvent) => void;
}

export function Switches({ mine, video, send }: SwitchesProps): JSX.Element {
  return (
    <>
      <Press
        icon="mic"
        off={!mine.audio}
        name={mine.audio ? texts.mute : texts.unmute}
        press={() => send({ type: "switch", what: "audio", on: !mine.audio })}
      />
      {video ? (
        <Press
          icon="video"
          off={!mine.video}
          name={mine.video ? texts.cameraOff : texts.cameraOn}
          press={() => send({ type: "switch", what: "video", on: !mine.video })}
        />
      ) : null}
    </>
  );
}

/** A stream of this one track, the same as long as the track is. */
export function useStream(source: Source): MediaStream | undefined {
  const track = source.name === "on" ? source.track : undefined;
  return useMemo(() => track && new MediaStream([track]), [track]);
}

interface PictureProps {
  stream: MediaStream;
  mine?: boolean;
  label: string;
}

/** Without a sound; of oneself it is mirrored. */
export function Picture({ stream, mine = false, label }: PictureProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => show(video.current, stream), [stream]);
  return <video ref={video} class={mine ? "picture mine" : "picture"} playsInline autoplay muted aria-label={label} />;
}

/** What makes a stranger heard. A browser may want a press first. */
export function Voice({ stream }: { stream: MediaStream }): JSX.Element {
  const audio = useRef<HTMLAudioElement>(null);
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    play();
    return show(audio.current, stream);
  }, [stream]);

  function play(): void {
    show(audio.current, stream);
    audio.current?.play().then(
      () => setBlocked(false),
      // A stream that was taken away meanwhile is an error, too, but nothing to press for.
      (error: unknown) => setBlocked((error as Error).name === "NotAllowedError"),
    );
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: what is said in a call has no captions */}
      <audio ref={audio} />
      {blocked ? (
        <button type="button" class="button primary room-play" onClick={play}>
          {texts.tapToHear}
        </button>
      ) : null}
    </>
  );
}

function show(element: HTMLMediaElement | null, stream: MediaStream): () => void {
  if (element && element.srcObject !== stream) element.srcObject = stream;
  return () => {
    if (element) element.srcObject = null;
  };
}

/** What stands for somebody without a picture. */
export function initial(name: string): string {
  return [...name][0] ?? "";
}

/** Rings that widen with the voice. */
export function Loudness({ stream, children }: { stream: MediaStream | undefined; children: string }): JSX.Element {
  const rings = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!stream) return;
    const stop = listen(stream, (level) => rings.current?.style.setProperty("--level", level.toFixed(2)));
    return () => {
      stop();
      rings.current?.style.removeProperty("--level");
    };
  }, [stream]);
  return (
    <span ref={rings} class="rings" aria-hidden="true">
      <i />
      <i />
      <b>{children}</b>
    </span>
  );
}

interface DevicesProps {
  gear: Gear;
  video: boolean;
  choose: (kind: Kind, id: string) => void;
}

/** The switch and the list it opens; nothing where there is nothing to choose. */
export function useDeviceChoice({
  gear,
  video,
  choose,
}: DevicesProps): readonly [JSX.Element, JSX.Element | null] | [] {
  const [open, setOpen] = useState(false);
  const offered = kinds.filter((kind) => gear.choices[kind].length > 1 && (video || kind === "audio"));
  if (offered.length === 0) return [];
  return [
    <Press key="press" icon="devices" name={texts.devices} expanded={open} press={() => setOpen(!open)} />,
    open ? <DeviceList key="list" offered={offered} gear={gear} choose={choose} /> : null,
  ];
}

interface ListProps extends Omit<DevicesProps, "video"> {
  offered: readonly Kind[];
}

function DeviceList({ offered, gear, choose }: ListProps): JSX.Element {
  return (
    <div class="call-devices">
      {offered.map((kind) => (
        <label key={kind}>
          <span>{texts.device[kind]}</span>
          <select value={gear.chosen[kind] ?? ""} onChange={(event) => choose(kind, event.currentTarget.value)}>
            {gear.choices[kind].map(({ id, label }, at) => (
              <option key={id} value={id}>
                {label === "" ? texts.unnamed(kind, at + 1) : label}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

interface TroublesProps {
  call: Call;
  gear: Gear;
  retry: () => void;
}

/** Of the devices that are wished, those that cannot be had. */
export function Troubles({ call, gear, retry }: TroublesProps): JSX.Element {
  const wrong = kinds.flatMap((kind) => {
    const source = gear[kind];
    return source.name === "trouble" && call.mine[kind] ? texts.trouble[kind][source.why] : [];
  });
  const asking = kinds.some((kind) => gear[kind].name === "asking");
  const slow = useSlow(asking);
  return (
    <div class="call-troubles">
      <div role="status">
        {wrong.map((words) => (
          <p key={words}>{words}</p>
        ))}
        {asking && slow ? <p>{texts.asking}</p> : null}
      </div>
      {wrong.length > 0 ? (
        <button type="button" class="button small" onClick={retry}>
          {texts.retry}
        </button>
      ) : null}
    </div>
  );
}

/** A device that was allowed before opens so quickly that a word about it would only flicker. */
function useSlow(on: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!on) return;
    const timer = setTimeout(() => setSlow(true), 600);
    return () => clearTimeout(timer);
  }, [on]);
  return slow;
}
