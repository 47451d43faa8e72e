// Plays a voice note: a button, and its wave as a slider. One plays at a time.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { elapsed } from "../../texts";
import { Sign } from "../../views/icons";
import { signs } from "../signs";
import { parcelTexts as words } from "../texts";
import { WAVE_PARTS, waveOf } from "./wave";

/** What plays just now, of all players of one talk. */
export interface Turn {
  playing?: HTMLAudioElement;
}

interface PlayerProps {
  url: string;
  /** As it was recorded, or announced: browsers do not find the length of what a browser has recorded. */
  ms: number;
  wave: readonly number[];
  /** "your voice note" */
  what: string;
  turn: Turn;
}

export function Player({ url, ms, wave, what, turn }: PlayerProps): JSX.Element {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(ms / 1_000);
  const all = Math.max(length, at, 0.1);

  useEffect(() => {
    const element = audio.current;
    return () => {
      element?.pause();
      if (turn.playing === element) delete turn.playing;
    };
  }, []);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setAt(audio.current?.currentTime ?? 0), 50);
    return () => clearInterval(timer);
  }, [on]);

  function toggle(): void {
    const element = audio.current;
    if (!element) return;
    if (on) element.pause();
    else void element.play().catch(() => setOn(false));
  }

  function began(): void {
    const element = audio.current;
    if (turn.playing !== element) turn.playing?.pause();
    if (element) turn.playing = element;
    setOn(true);
  }

  function stopped(): void {
    setOn(false);
    setAt(audio.current?.ended ? 0 : (audio.current?.currentTime ?? 0));
  }

  function learned(): void {
    const found = audio.current?.duration ?? 0;
    if (Number.isFinite(found) && found > 0) setLength(found);
  }

  function seek(seconds: number): void {
    if (audio.current) audio.current.currentTime = seconds;
    setAt(seconds);
  }

  return (
    <div class="player">
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what was just said */}
      <audio
        ref={audio}
        src={url}
        // With "metadata" alone Chromium fails to play what Firefox recorded ("demuxer seek failed"); all of it is here anyway.
        preload="auto"
        onPlay={began}
        onPause={stopped}
        onEnded={stopped}
        onDurationChange={learned}
      />
      <button
        type="button"
        class="icon-button player-button"
        aria-label={on ? words.pause(what) : words.play(what)}
        onClick={toggle}
      >
        <Sign path={on ? signs.pause : signs.play} />
      </button>
      <div class="player-wave">
        <Wave wave={wave} played={at / all} />
        <input
          type="range"
          min="0"
          max={all}
          step="0.1"
          value={at}
          aria-label={words.position(what)}
          aria-valuetext={words.of(elapsed(at * 1_000), elapsed(all * 1_000))}
          onInput={(event) => seek(event.currentTarget.valueAsNumber)}
        />
      </div>
      <span class="player-time" aria-hidden="true">
        {elapsed((on || at > 0 ? at : all) * 1_000)}
      </span>
    </div>
  );
}

const STEP = 4;
const HEIGHT = 36;

/** A bar for each part, however many were sent. */
function Wave({ wave, played }: { wave: readonly number[]; played: number }): JSX.Element {
  const bars = waveOf(wave.map((part) => part / 31)).map((part, nth) => {
    const half = 1 + (part / 31) * (HEIGHT / 2 - 3);
    return `M${nth * STEP + 2} ${HEIGHT / 2 - half}v${2 * half}`;
  });
  const heard = Math.round(played * WAVE_PARTS);
  return (
    <svg class="wave" viewBox={`0 0 ${WAVE_PARTS * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="wave-heard" d={bars.slice(0, heard).join("")} />
      <path d={bars.slice(heard).join("")} />
    </svg>
  );
}
