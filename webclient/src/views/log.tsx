// What was said, newest at the bottom, and kept in view there unless the reader has scrolled up to read.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Extras } from "../extras/extras";
import type { Line, ParcelLine, Talk, TextLine } from "../talk";
import { texts } from "../texts";

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
  // A picture comes to have a height, or what stands around the log takes some of its own.
  useEffect(() => {
    const watch = new ResizeObserver(() => along.current && toEnd());
    for (const box of [scroller.current, lines.current]) if (box) watch.observe(box);
    return () => watch.disconnect();
  }, []);

  return (
    <div class="log-frame">
      <div class="log-scroll" ref={scroller} onScroll={scrolled}>
        <div class="log" ref={lines} role="log" aria-live="polite" aria-label={texts.talk.log}>
          <Common tags={talk.tags} />
          {talk.lines.map((line, index) => (
            <LineView
              key={line.id}
              line={line}
              before={talk.lines[index - 1]}
              stranger={talk.stranger}
              extras={extras}
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
}

function LineView({ line, before, stranger, extras }: LineProps): JSX.Element {
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
        <p class="bubble" dir="auto">
          {line.text}
        </p>
      )}
      {line.who === "me" ? <Sent line={line} /> : null}
    </div>
  );
}

/** A parcel says itself how far it is, until it is there. */
function Sent({ line }: { line: TextLine | ParcelLine }): JSX.Element | null {
  if ("text" in line) return <Tick arrived={line.arrived === true} />;
  return line.state.name === "here" ? <Tick arrived /> : null;
}

/** One stroke: it left; two: the stranger's page has it. Told to those who listen only if they look for it. */
function Tick({ arrived }: { arrived: boolean }): JSX.Element {
  const words = arrived ? texts.talk.arrived : texts.talk.underWay;
  return (
    <span class={arrived ? "tick arrived" : "tick"} title={words}>
      <svg viewBox="0 0 18 10" width="16" height="9" aria-hidden="true" focusable="false">
        <path d="M1 5.500 4.500 9 11 1.500" />
        {arrived ? <path d="M8 8.500 8.500 9 15.500 1.500" /> : null}
      </svg>
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
