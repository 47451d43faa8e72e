// Beside the box to type in: a picture from this machine, by button, by pasting or by dropping; and a voice note, recorded
// here, heard once more, and then sent.

import type { ReadonlySignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { elapsed } from "../../texts";
import { Icon, Sign } from "../../views/icons";
import { signs } from "../signs";
import { parcelTexts as words } from "../texts";
import { Player, type Turn } from "./player";
import type { Recording, Voice } from "./voice";

/** A press of so long was to hold; a shorter one was a tap, and a second one ends what it began. */
const HOLD_MS = 500;

export interface ToolsProps {
  voice: Voice;
  turn: Turn;
  preparing: ReadonlySignal<number>;
  /** What went wrong with a picture, in words. */
  trouble: ReadonlySignal<string>;
  give(files: Iterable<File>): void;
  sendNote(): void;
  /** It has been read. */
  read(): void;
}

export function ToolsView(props: ToolsProps): JSX.Element {
  const { voice, give } = props;
  const picker = useRef<HTMLInputElement>(null);
  const dragged = useFiles(give);
  useEffect(() => voice.discard, []);

  function picked(): void {
    const input = picker.current;
    give([...(input?.files ?? [])]);
    if (input) input.value = ""; // so that the same file can be picked again
  }

  return (
    <>
      <Panel {...props} />
      <input
        ref={picker}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={words.sendPicture}
        onChange={picked}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={words.sendPicture}
        title={words.sendPicture}
        onClick={() => picker.current?.click()}
      >
        <Sign path={signs.picture} />
      </button>
      <RecordButton voice={voice} />
      {dragged ? (
        <div class="drop-here" aria-hidden="true">
          {words.dropHere}
        </div>
      ) : null}
    </>
  );
}

function RecordButton({ voice }: { voice: Voice }): JSX.Element | null {
  /** The click that is about to come belongs to the press that has begun a recording. */
  const began = useRef(false);
  const { name } = voice.state.value;
  const on = name === "recording" || name === "asking";
  if (name === "review") return null;

  function press(): void {
    began.current = !on;
    if (on) return;
    const sinceMs = performance.now();
    voice.start();
    const release = () => {
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
      if (performance.now() - sinceMs >= HOLD_MS) voice.stop();
    };
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
  }

  function click(event: MouseEvent): void {
    const tail = began.current && event.detail > 0; // a key has no press before it
    began.current = false;
    if (tail) return;
    if (name === "asking") voice.discard();
    else if (on) voice.stop();
    else voice.start();
  }

  const label = on ? words.stopRecording : words.record;
  return (
    <button
      type="button"
      class={on ? "icon-button record on" : "icon-button record"}
      aria-label={label}
      title={on ? label : words.recordHint}
      onPointerDown={press}
      onClick={click}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Sign path={on ? signs.stop : signs.mic} />
    </button>
  );
}

/** Above the box: what is being recorded or made ready, and what went wrong. */
function Panel({ voice, turn, preparing, trouble, sendNote, read }: ToolsProps): JSX.Element | null {
  const { value } = voice.state;
  const wrong = value.name === "trouble" ? words.voiceTrouble[value.why] : trouble.value;
  const waiting = value.name === "asking" ? words.asking : preparing.value > 0 ? words.preparing : "";

  /** Here Esc means to delete, and not Next. */
  function key(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    if (event.key !== "Escape" || value.name === "idle") return;
    event.preventDefault();
    voice.discard();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears of what happens to the buttons within
    <div class="tools-panel" onKeyDown={key}>
      <p class={wrong || waiting ? "hint tools-word" : "visually-hidden"} role="status">
        {wrong || waiting || (value.name === "recording" ? words.recording : "")}
      </p>
      {wrong ? (
        <button
          type="button"
          class="icon-button"
          aria-label={words.close}
          title={words.close}
          onClick={() => {
            voice.discard();
            read();
          }}
        >
          <Icon of="cross" size={16} />
        </button>
      ) : null}
      {value.name === "recording" ? <Listening voice={voice} /> : null}
      {value.name === "review" ? (
        <Review recording={value.recording} turn={turn} discard={voice.discard} send={sendNote} />
      ) : null}
    </div>
  );
}

function Listening({ voice }: { voice: Voice }): JSX.Element {
  return (
    <>
      <progress class="level" max="1" value={voice.level.value} aria-label={words.level} />
      <span class="player-time">{elapsed(voice.ms.value)}</span>
      <button type="button" class="button small" onClick={voice.discard}>
        {words.deleteNote}
      </button>
    </>
  );
}

interface ReviewProps {
  recording: Recording;
  turn: Turn;
  discard(): void;
  send(): void;
}

function Review({ recording, turn, discard, send }: ReviewProps): JSX.Element {
  const first = useRef<HTMLButtonElement>(null);
  // The button that was pressed last is gone.
  useEffect(() => first.current?.focus(), []);
  return (
    <>
      <Player url={recording.url} ms={recording.ms} wave={recording.wave} what={words.review} turn={turn} />
      <button type="button" class="button small" onClick={discard}>
        {words.deleteNote}
      </button>
      <button ref={first} type="button" class="button small primary" onClick={send}>
        {words.sendNote}
      </button>
    </>
  );
}

/** Files that are pasted or dropped anywhere while one talks; whether some are being dragged over the page. */
function useFiles(give: (files: Iterable<File>) => void): boolean {
  const [dragged, setDragged] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return; // text is the box's
      event.preventDefault();
      give(files);
    };
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setDragged(true);
    };
    const out = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragged(false);
    };
    // Without this the browser would go to the file, and the talk would be over.
    const drop = (event: DragEvent) => {
      setDragged(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      give(files);
    };
    document.addEventListener("paste", paste);
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", out);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("paste", paste);
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", out);
      document.removeEventListener("drop", drop);
    };
  }, []);
  return dragged;
}
