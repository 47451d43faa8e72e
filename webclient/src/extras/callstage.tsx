// Above the log: the question whether to have a call, the look at oneself before it, and the call. Drawn from the state
// alone. Beside the pictures everything is also said in words, once, as it changes.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Sign } from "../views/icons";
import { type Call, type CallEvent, type CallPhase, ready } from "./call";
import type { Incoming } from "./callmedia";
import { initial, Loudness, Picture, Switches, Troubles, useDeviceChoice, useStream } from "./callparts";
import { CallRoom } from "./callroom";
import type { Gear, Kind } from "./devices";
import { signs } from "./signs";
import { callTexts as texts } from "./texts";

interface ButtonsProps {
  call: Call;
  send: (event: CallEvent) => void;
}

export function CallButtonsView({ call, send }: ButtonsProps): JSX.Element | null {
  if (call.phase.name !== "idle") return null;
  return (
    <div class="call-buttons">
      {(["voice", "video"] as const).map((how) => (
        <button
          key={how}
          type="button"
          class={`icon-button ${how}`}
          aria-label={texts[how]}
          title={texts[how]}
          onClick={() => send({ type: "open", video: how === "video" })}
        >
          <Sign path={signs[how]} />
        </button>
      ))}
    </div>
  );
}

export interface StageProps {
  stranger: string;
  call: Call;
  gear: Gear;
  incoming: Incoming;
  send: (event: CallEvent) => void;
  choose: (kind: Kind, id: string) => void;
  retry: () => void;
}

export function CallStageView(props: StageProps): JSX.Element {
  const { call, stranger, send } = props;
  const { name } = call.phase;
  const place = useRef<HTMLDivElement>(null);
  useEscape(name === "preview" || name === "ringing", () => send({ type: "stop" }));
  // Who pressed what is gone now goes on from what came in its place; who is writing is left alone.
  useEffect(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const next = place.current?.querySelector<HTMLElement>("[tabindex], button") ?? document.getElementById("message");
    next?.focus();
  }, [name]);
  return (
    <div class="stage-place" ref={place}>
      <p class="visually-hidden" role="status">
        {stateInWords(call, stranger)}
      </p>
      <Stage {...props} />
    </div>
  );
}

function Stage({ call, stranger, send, ...rest }: StageProps): JSX.Element | null {
  const { phase } = call;
  switch (phase.name) {
    case "over":
      return null;
    case "idle":
      return phase.note ? <p class="stage note-bar">{texts.notes[phase.note](stranger)}</p> : null;
    case "asked":
      return <Asked stranger={stranger} phase={phase} send={send} />;
    case "preview":
      return <Preview call={call} phase={phase} stranger={stranger} send={send} {...rest} />;
    case "ringing":
      return (
        <section class="stage asking" aria-label={texts.stage(stranger)}>
          <Loudness stream={undefined}>{initial(stranger)}</Loudness>
          <div class="asking-words">
            <h2 class="stage-title">
              <bdi>{texts.ringing(stranger, phase.video)}</bdi>
            </h2>
            <p class="hint">{texts.ringingHint}</p>
          </div>
          <div class="call-row">
            <button type="button" class="button" onClick={() => send({ type: "stop" })}>
              {texts.cancel}
            </button>
          </div>
        </section>
      );
    case "calling":
      return <CallRoom call={call} phase={phase} stranger={stranger} send={send} {...rest} />;
  }
}

interface AskedProps {
  stranger: string;
  phase: CallPhase & { name: "asked" };
  send: (event: CallEvent) => void;
}

function Asked({ stranger, phase, send }: AskedProps): JSX.Element {
  return (
    <section class="stage asking" aria-label={texts.stage(stranger)}>
      <Loudness stream={undefined}>{initial(stranger)}</Loudness>
      <div class="asking-words">
        <h2 class="stage-title">
          <bdi>{texts.asked(stranger, phase.video)}</bdi>
        </h2>
        <p class="hint">{texts.askedHint}</p>
      </div>
      <div class="call-row">
        <button type="button" class="button" onClick={() => send({ type: "stop" })}>
          {texts.decline}
        </button>
        <button type="button" class="button primary" onClick={() => send({ type: "open", video: phase.video })}>
          {texts.open}
        </button>
      </div>
    </section>
  );
}

interface PreviewProps extends Omit<StageProps, "incoming"> {
  phase: CallPhase & { name: "preview" };
}

function Preview({ stranger, call, phase, gear, send, choose, retry }: PreviewProps): JSX.Element {
  const { video } = phase;
  const answering = phase.answering !== undefined;
  const [devices, list] = useDeviceChoice({ gear, video, choose });
  const picture = useStream(gear.video);
  const seen = video && call.mine.video ? picture : undefined;
  const voice = useStream(gear.audio);
  const words = answering ? texts.preview.answering(stranger, video) : texts.preview.title(stranger);
  const withoutPicture = video && !call.mine.video;
  const accept = withoutPicture ? texts.preview.acceptDark : texts.preview.accept(video);
  return (
    <section class={video ? "stage preview with-video" : "stage preview"} aria-label={texts.stage(stranger)}>
      <div class={seen ? "preview-self" : "preview-self calm"}>
        {seen ? (
          <Picture stream={seen} mine label={texts.you} />
        ) : (
          <Loudness stream={call.mine.audio ? voice : undefined}>{texts.you}</Loudness>
        )}
      </div>
      <div class="preview-side">
        <h2 class="stage-title" tabIndex={-1}>
          <bdi>{words}</bdi>
        </h2>
        <p class="hint">{texts.preview.private}</p>
        {answering ? null : <HowChoice video={video} send={send} />}
        <Troubles call={call} gear={gear} retry={retry} />
        {list}
        <div class="call-row">
          <Switches mine={call.mine} video={video} send={send} />
          {devices}
          <button type="button" class="button" onClick={() => send({ type: "stop" })}>
            {answering ? texts.decline : texts.preview.back}
          </button>
          <button type="button" class="button primary" disabled={!ready(call)} onClick={() => send({ type: "go" })}>
            {answering ? accept : texts.preview.ring(video)}
          </button>
        </div>
      </div>
    </section>
  );
}

function HowChoice({ video, send }: { video: boolean; send: (event: CallEvent) => void }): JSX.Element {
  return (
    <fieldset class="either">
      <legend class="visually-hidden">{texts.preview.kind}</legend>
      {[false, true].map((choice) => (
        <label key={String(choice)}>
          <input
            type="radio"
            name="call-kind"
            checked={video === choice}
            onChange={() => send({ type: "choose", video: choice })}
          />
          <span>{choice ? texts.preview.byVideo : texts.preview.byVoice}</span>
        </label>
      ))}
    </fieldset>
  );
}

function stateInWords({ phase }: Call, stranger: string): string {
  switch (phase.name) {
    case "asked":
      return texts.asked(stranger, phase.video);
    case "ringing":
      return texts.ringing(stranger, phase.video);
    case "preview":
      return phase.answering === undefined ? "" : texts.preview.answering(stranger, phase.video);
    case "calling": {
      const { video, theirs } = phase;
      const now = theirs ? texts.theirs(stranger, theirs.audio, theirs.video, video) : "";
      return `${texts.inCall(stranger, video)} ${now}`;
    }
    case "idle":
      return phase.note ? texts.notes[phase.note](stranger) : "";
    case "over":
      return "";
  }
}

/** Here Esc does not mean Next: it takes back a call that is not one yet, and leaves the full screen. */
function useEscape(on: boolean, then: () => void): void {
  useEffect(() => {
    function key(event: KeyboardEvent): void {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
      else if (!on || opensOver(event.target)) return;
      else if (!event.repeat) then();
      event.preventDefault();
    }
    addEventListener("keydown", key, { capture: true });
    return () => removeEventListener("keydown", key, { capture: true });
  }, [on]);
}

/** What opens over the page has the first right to the key. */
function opensOver(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog, .menu") !== null;
}
