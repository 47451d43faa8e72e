// The call itself: the stranger large, oneself small, and what can be done about it. By voice there are rings that widen
// with it in place of a picture.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { elapsed } from "../texts";
import { useNow } from "../views/frame";
import type { Call, CallEvent, CallPhase } from "./call";
import type { Incoming } from "./callmedia";
import { initial, Loudness, Picture, Press, Switches, Troubles, useDeviceChoice, useStream, Voice } from "./callparts";
import type { Gear, Kind } from "./devices";
import { callTexts as texts } from "./texts";

interface RoomProps {
  stranger: string;
  call: Call;
  phase: CallPhase & { name: "calling" };
  gear: Gear;
  incoming: Incoming;
  send: (event: CallEvent) => void;
  choose: (kind: Kind, id: string) => void;
  retry: () => void;
}

export function CallRoom(props: RoomProps): JSX.Element {
  const { stranger, call, phase, gear, send, choose, retry } = props;
  const { video } = phase;
  const room = useRef<HTMLElement>(null);
  const [small, setSmall] = useState(false);
  const [devices, list] = useDeviceChoice({ gear, video, choose });
  const kind = `${video ? " with-video" : ""}${small ? " small" : ""}`;

  return (
    <section class={`stage room${kind}`} aria-label={texts.stage(stranger)} ref={room}>
      <Screen {...props} />
      <Troubles call={call} gear={gear} retry={retry} />
      {list}
      <div class="call-row">
        <Switches mine={call.mine} video={video} send={send} />
        {devices}
        {video ? <Float room={room} /> : null}
        {video ? <Full room={room} /> : null}
        <Press
          icon={small ? "larger" : "smaller"}
          name={small ? texts.larger : texts.smaller}
          press={() => setSmall(!small)}
        />
        <Press icon="hangUp" name={texts.hangUp} press={() => send({ type: "stop" })} />
      </div>
    </section>
  );
}

function Screen({ stranger, call, phase, gear, incoming }: RoomProps): JSX.Element {
  const { video, theirs } = phase;
  const own = useStream(gear.video);
  const shows = video && theirs?.video === true;
  return (
    <div class={shows ? "room-screen shows" : "room-screen"}>
      {incoming.audio ? <Voice stream={incoming.audio} /> : null}
      {shows && incoming.video ? <Picture stream={incoming.video} label={stranger} /> : null}
      {shows ? null : <Loudness stream={incoming.audio}>{initial(stranger)}</Loudness>}
      {call.mine.video && own ? (
        <div class="room-own">
          <Picture stream={own} mine label={texts.you} />
        </div>
      ) : null}
      <p class="room-words">
        <Since ms={phase.sinceMs} />
        <bdi>{theirs ? texts.theirs(stranger, theirs.audio, theirs.video, video) : texts.joining}</bdi>
        {call.mine.audio ? null : <span>{texts.youMuted}</span>}
      </p>
    </div>
  );
}

function Since({ ms }: { ms: number }): JSX.Element {
  return <time>{elapsed(useNow() - ms)}</time>;
}

interface OfRoom {
  room: { readonly current: HTMLElement | null };
}

function Float({ room }: OfRoom): JSX.Element | null {
  if (!document.pictureInPictureEnabled) return null;
  function toggle(): void {
    const theirs = room.current?.querySelector<HTMLVideoElement>(".picture:not(.mine)");
    // What is refused (no frame has come yet, say) can be pressed again.
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => undefined);
    else theirs?.requestPictureInPicture().catch(() => undefined);
  }
  return <Press icon="float" name={texts.float} press={toggle} />;
}

function Full({ room }: OfRoom): JSX.Element | null {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const tell = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", tell);
    return () => document.removeEventListener("fullscreenchange", tell);
  }, []);
  if (!document.fullscreenEnabled) return null;
  function toggle(): void {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
    else room.current?.requestFullscreen().catch(() => undefined);
  }
  return <Press icon="full" name={full ? texts.leaveFull : texts.full} press={toggle} />;
}
