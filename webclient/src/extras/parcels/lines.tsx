// A picture or a voice note in the log: under way, here, or not to come. A stranger's picture is covered until one wants to
// see it.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ParcelLine } from "../../talk";
import { Icon } from "../../views/icons";
import { parcelTexts as words } from "../texts";
import { Player, type Turn } from "./player";

interface LineProps {
  line: ParcelLine;
  stranger: string;
  /** Nothing more comes or goes. */
  over: boolean;
  turn: Turn;
  /** I do not want to send it, or to get it. */
  stop(line: ParcelLine): void;
  /** The line has left the log. */
  left(line: ParcelLine): void;
}

export function ParcelInLog({ line, stranger, over, turn, stop, left }: LineProps): JSX.Element {
  const { who, parcel, state } = line;
  // In step with the drawing, since a page in the background does everything else late.
  useLayoutEffect(() => () => left(line), []);
  const url = "url" in state ? state.url : undefined;
  const going = state.name === "going" && !over;
  if (state.name === "gone") return <p class="bubble parcel-gone">{words.gone(who, parcel.what, state.why)}</p>;
  if (!url && !going) return <p class="bubble parcel-gone">{words.gone(who, parcel.what, "lost")}</p>;
  return (
    <div class={`bubble parcel parcel-${parcel.what}`}>
      {url && parcel.what === "image" ? <Picture line={line} url={url} stranger={stranger} /> : null}
      {url && parcel.what === "voice" ? (
        <Player url={url} ms={parcel.ms ?? 0} wave={parcel.wave ?? []} what={words.voice(who, stranger)} turn={turn} />
      ) : null}
      {state.name === "going" && going ? <Going line={line} done={state.done} stop={stop} /> : null}
      {state.name === "going" && over ? <p class="hint">{words.gone(who, parcel.what, "lost")}</p> : null}
    </div>
  );
}

function Going({ line, done, stop }: { line: ParcelLine; done: number; stop: LineProps["stop"] }): JSX.Element {
  const { who, parcel } = line;
  const label = words.going(who, parcel.what, parcel.size);
  const name = who === "me" ? words.stopSending : words.stopReceiving;
  return (
    <div class="going">
      <span class="going-what">{label}</span>
      <progress max={parcel.size} value={done} aria-label={label} />
      <button type="button" class="icon-button" aria-label={name} title={name} onClick={() => stop(line)}>
        <Icon of="cross" size={16} />
      </button>
    </div>
  );
}

function Picture({ line, url, stranger }: { line: ParcelLine; url: string; stranger: string }): JSX.Element {
  const [open, setOpen] = useState(line.who === "me");
  const [large, setLarge] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const name = words.picture(line.who, stranger);

  function turnTo(next: boolean): void {
    setOpen(next);
    button.current?.focus();
  }

  return (
    <div class={open ? "picture" : "picture covered"}>
      <img src={url} alt={open ? name : words.covered(stranger)} decoding="async" draggable={false} />
      <button
        ref={button}
        type="button"
        class="picture-cover"
        aria-label={open ? `${words.enlarge}: ${name}` : undefined}
        onClick={() => (open ? setLarge(true) : turnTo(true))}
      >
        {open ? null : <span class="picture-word">{words.show}</span>}
      </button>
      {open && line.who !== "me" ? (
        <button type="button" class="button small picture-again" onClick={() => turnTo(false)}>
          {words.cover}
        </button>
      ) : null}
      {large ? <Large url={url} name={name} closed={() => setLarge(false)} /> : null}
    </div>
  );
}

function Large({ url, name, closed }: { url: string; name: string; closed: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  /** Here Esc closes the picture, and does not mean Next. */
  function key(event: TargetedKeyboardEvent<HTMLDialogElement>): void {
    if (event.key === "Escape") event.stopPropagation();
  }

  return (
    <dialog ref={dialog} class="dialog picture-large" aria-label={name} onClose={closed} onKeyDown={key}>
      <img src={url} alt={name} />
      <button type="button" class="button" onClick={() => dialog.current?.close()}>
        {words.close}
      </button>
    </dialog>
  );
}
