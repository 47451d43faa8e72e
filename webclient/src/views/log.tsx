// What was said, newest at the bottom, and kept in view there unless the reader has scrolled up to read.

import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Extras } from "../extras/extras";
import type { Line, ParcelLine, Talk, TextLine } from "../talk";
import { texts } from "../texts";
import { onlyEmoji, pieces } from "../wording";

/** So near to the end still counts as reading along. */
const NEAR_PX = 80;

export function Log({ talk, extras }: { talk: Talk; extras: Extras | undefined }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  const along = useRef(true);
  const top = useRef(0);
  const [missed, setMissed] = useState(false);
  const last = talk.lines.at(-1);

  function toEnd(): void {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }

  function scrolled(): void {
    const box = scroller.current;
    if (!box) return;
    // Away from the end is who went up: what grows meanwhile moves the end, and nobody with it.
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX) along.current = true;
    else if (box.scrollTop < top.current) along.current = false;
    top.current = box.scrollTop;
    if (along.current) setMissed(false);
  }

  // A new line moves the view, and so does the word that one is being typed.
  useLayoutEffect(() => {
    if (along.current || last?.who === "me") toEnd();
    else setMissed(true);
  }, [last?.id, talk.theyType]);
  // A keyboard that opens, a phone that is turned, a picture that comes to have a height: what was in view at the end stays.
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => {
      if (along.current) toEnd();
    });
    for (const box of [scroller.current, lines.current]) if (box) watch.observe(box);
    return () => watch.disconnect();
  }, []);

  return (
    <div class="log-frame">
      <div class="log-scroll" ref={scroller} onScroll={scrolled}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls from here */}
        <div class="log" ref={lines} role="log" tabIndex={0} aria-live="polite" aria-label={texts.talk.log}>
          <Common tags={talk.tags} />
          {talk.lines.map((line, index) => (
            <LineView
              key={line.id}
              line={line}
              before={talk.lines[index - 1]}
              stranger={talk.stranger}
              extras={extras}
              over={talk.over !== undefined}
            />
          ))}
        </div>
        <p class={talk.theyType ? "typing on" : "typing"}>
          {talk.theyType ? (
            <>
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              <bdi>{texts.talk.typing(talk.stranger)}</bdi>
            </>
          ) : null}
        </p>
      </div>
      {missed ? (
        <button type="button" class="button newer" onClick={toEnd}>
          {texts.talk.newer}
        </button>
      ) : null}
    </div>
  );
}

function Common({ tags }: { tags: readonly string[] }): JSX.Element {
  return (
    <p class="common">
      {tags.length === 0 ? texts.talk.commonNone : `${texts.talk.common} `}
      {tags.map((tag) => (
        <bdi class="tag" key={tag}>
          {tag}
        </bdi>
      ))}
    </p>
  );
}

interface LineProps {
  line: Line;
  before: Line | undefined;
  stranger: string;
  extras: Extras | undefined;
  over: boolean;
}

function LineView({ line, before, stranger, extras, over }: LineProps): JSX.Element {
  if (line.who === "note") {
    return (
      <p class="line-note">
        <bdi>{texts.talk.notes[line.note](stranger)}</bdi>
      </p>
    );
  }
  const first = before?.who !== line.who;
  const name = line.who === "me" ? texts.talk.me : stranger;
  return (
    <div class={`line line-${line.who}${first ? " first" : ""}`}>
      <span class={first ? "line-name" : "visually-hidden"}>
        <bdi>{name}</bdi>
      </span>
      {"parcel" in line ? (
        extras && <extras.views.ParcelView line={line} stranger={stranger} />
      ) : (
        <Words text={line.text} />
      )}
      {line.who === "me" ? <Sent line={line} over={over} /> : null}
    </div>
  );
}

/** A parcel says itself how far it is, until it is there. */
function Sent({ line, over }: { line: TextLine | ParcelLine; over: boolean }): JSX.Element | null {
  if ("text" in line) return <Tick state={line.arrived ? "arrived" : over ? "failed" : "sent"} />;
  return line.state.name === "here" ? <Tick state="arrived" /> : null;
}

/** A link opens in a window of its own, which learns neither where it came from nor how to reach back. */
function Words({ text }: { text: string }): JSX.Element {
  const parts = useMemo(() => pieces(text), [text]);
  return (
    <p class={onlyEmoji(text) ? "bubble large" : "bubble"} dir="auto">
      {parts.map((part) =>
        typeof part === "string" ? (
          part
        ) : (
          <a
            href={part.href}
            dir="ltr"
            target="_blank"
            rel="noopener noreferrer nofollow"
            referrerpolicy="no-referrer"
            data-host={part.host}
          >
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}

/**
 * One stroke: it left; two: the stranger's page has it; a mark: the talk ended before that. The first two are told to those who
 * listen only if they look for it.
 */
function Tick({ state }: { state: "sent" | "arrived" | "failed" }): JSX.Element {
  const words = texts.talk.ticks[state];
  return (
    <span class={`tick ${state}`} title={words}>
      <svg viewBox="0 0 18 10" width="16" height="9" aria-hidden="true" focusable="false">
        {state === "failed" ? <path d="M9 1v5M9 9v.1" /> : <path d="M1 5.500 4.500 9 11 1.500" />}
        {state === "arrived" ? <path d="M8 8.500 8.500 9 15.500 1.500" /> : null}
      </svg>
      <span class={state === "failed" ? "" : "visually-hidden"}>{words}</span>
    </span>
  );
}
