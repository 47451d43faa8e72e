// What screens share: the mark, the frame, the heading that takes the focus, a clock that ticks while it is looked at.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts";

/** Two walkers on two arcs, passing. */
export function Mark({ size = 28 }: { size?: number }): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path class="mark-one" d="M4.5 25.5A15 15 0 0 1 17.5 8.5" />
      <circle class="mark-one-dot" cx="19.6" cy="7.6" r="3.1" />
      <path class="mark-two" d="M27.5 6.5A15 15 0 0 1 14.5 23.5" />
      <circle class="mark-two-dot" cx="12.4" cy="24.4" r="3.1" />
    </svg>
  );
}

export function Brand(): JSX.Element {
  return (
    <span class="brand">
      <Mark />
      <span class="brand-name">{texts.name}</span>
    </span>
  );
}

export function Frame({ kind, children }: { kind: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class={`frame frame-${kind}`}>
      <header class="top">
        <Brand />
      </header>
      <main class="screen">{children}</main>
    </div>
  );
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
