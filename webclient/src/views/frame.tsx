// What screens share: the frame, the heading that takes the focus, a clock that ticks while it is looked at.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { OfflineWord } from "./offline";
import { Footer, Header } from "./shell";

interface FrameProps {
  kind: "split" | "centre" | "letter";
  /** The way to the lobby, on a screen where nothing can be lost by it. */
  home?: () => void;
  /** It says itself that there is no network. */
  offline?: boolean;
  /** Whether the operator's part stands below. */
  foot?: boolean;
  children: ComponentChildren;
}

export function Frame({ kind, home, foot = false, offline = false, children }: FrameProps): JSX.Element {
  return (
    <div class={`frame frame-${kind}`}>
      <Header home={home} />
      {offline ? null : <OfflineWord />}
      <main class="screen">{children}</main>
      {foot ? <Footer /> : null}
    </div>
  );
}

/** What can be done here: within reach of a thumb, where the screen is held in one hand. */
export function Deeds({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="deeds">{children}</div>;
}

/** A new screen announces itself: its heading takes the focus, so that reading and tabbing start there. */
export function Title({ children }: { children: ComponentChildren }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1} class="title">
      {children}
    </h1>
  );
}

/** Two on their rounds, whose ways cross. */
export function Passing({ near = false }: { near?: boolean }): JSX.Element {
  return (
    <svg class={near ? "passing near" : "passing"} viewBox="0 0 200 120" aria-hidden="true" focusable="false">
      <circle class="way one" cx="76" cy="60" r="44" />
      <circle class="way two" cx="124" cy="60" r="44" />
      <g class="walker one">
        <circle cx="76" cy="16" r="7" />
      </g>
      <g class="walker two">
        <circle cx="124" cy="104" r="7" />
      </g>
    </svg>
  );
}

/** The time in milliseconds, anew every second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function Note({ title, children }: { title?: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="note" role="status">
      {title === undefined ? null : <strong class="note-title">{title}</strong>}
      <p>{children}</p>
    </div>
  );
}
