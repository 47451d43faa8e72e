// The talk: who, what was said, a box to say more, the two ways to part, and what to do about a bad stranger. Everything
// a stranger sent is shown as plain text, isolated in its own direction, and never as markup.

import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Extras } from "../extras/extras";
import type { Lobby, LobbyEvent } from "../state";
import type { Talk, TalkEvent } from "../talk";
import { texts } from "../texts";
import { AgainOffer } from "./again";
import { Composer } from "./composer";
import { Hint } from "./hint";
import { useKeyboard } from "./keyboard";
import { Log } from "./log";
import { Newer } from "./newer";
import { ReportDialog, ReportMenu, ReportRow, useReportable } from "./report";
import { SettingsButton } from "./settings";
import { Footer, Mark } from "./shell";
import { Slot } from "./slot";
import { Badge, GoDirect } from "./way";

interface TalkProps {
  lobby: Lobby;
  talk: Talk;
  /** Undefined until loaded. */
  extras: Extras | undefined;
  send: (event: LobbyEvent) => void;
  sendTalk: (event: TalkEvent) => void;
}

export function TalkView({ lobby, talk, extras, send, sendTalk }: TalkProps): JSX.Element {
  const over = talk.over !== undefined;
  const reported = "reported" in lobby.phase && lobby.phase.reported === true;
  const late = !useReportable(lobby);
  const [reporting, setReporting] = useState(false);
  const next = useRef<HTMLButtonElement>(null);
  const care = { reported, report: () => setReporting(true), block: () => send({ type: "block" }) };
  useKeyboard();
  useEscape(!reporting, () => send({ type: "next" }));
  // After the end, Next takes the focus from what is gone: the box to type in, and whatever is no longer offered.
  useEffect(() => {
    if (over && !reporting && document.activeElement === document.body) next.current?.focus();
  }, [over, late, reported, reporting]);

  return (
    <div class="talk">
      <header class="talk-top">
        <Mark />
        <div class="talk-who">
          <h1 class="talk-name">
            <span class="visually-hidden">{texts.talk.with} </span>
            <bdi>{talk.stranger}</bdi>
          </h1>
          <div class="talk-under">
            <Badge talk={talk} />
            <GoDirect talk={talk} sendTalk={sendTalk} />
          </div>
        </div>
        {over || !extras ? null : <extras.views.Check words={talk.words} />}
        {over || !extras ? null : <extras.views.CallButtons />}
        {over || late ? null : <ReportMenu {...care} />}
        <SettingsButton />
      </header>
      <Hint lobby={lobby} talking />
      <Weather talk={talk} />
      <main class="talk-main">
        {extras ? <extras.views.CallStage stranger={talk.stranger} /> : null}
        <Log talk={talk} extras={extras} />
        <div class="bar">
          {over ? (
            <div class="over">
              <p class="soft">{texts.talk.over}</p>
              <ReportRow {...care} late={late} />
              <Newer lobby={lobby} send={send} />
              <AgainOffer lobby={lobby} ask={() => send({ type: "again" })} instead={() => next.current?.focus()} />
            </div>
          ) : (
            <Composer talk={talk} extras={extras} sendTalk={sendTalk} />
          )}
          <Parting send={send} next={next} />
          {over ? <Slot place="over" /> : null}
        </div>
      </main>
      {over ? <Footer /> : null}
      {reporting ? <ReportDialog over={over} late={late} send={send} closed={() => setReporting(false)} /> : null}
    </div>
  );
}

/** Tells those who listen when the way is lost, and when it is there again; nothing before it first was. */
function Weather({ talk: { reconnecting, stranger, over } }: { talk: Talk }): JSX.Element {
  const lost = useRef(false);
  lost.current ||= reconnecting;
  const words = reconnecting
    ? `${stranger} ${texts.talk.reconnecting} ${texts.talk.reconnectingMore}`
    : lost.current && over === undefined
      ? texts.talk.mended
      : "";
  return (
    <p class="visually-hidden" role="status">
      {words}
    </p>
  );
}

interface PartingProps {
  send: (event: LobbyEvent) => void;
  next: RefObject<HTMLButtonElement | null>;
}

function Parting({ send, next }: PartingProps): JSX.Element {
  return (
    <div class="parting">
      <button type="button" class="button quiet" onClick={() => send({ type: "stop" })}>
        {texts.talk.stop}
      </button>
      <button
        ref={next}
        type="button"
        class="button primary"
        aria-keyshortcuts="Escape"
        onClick={() => send({ type: "next" })}
      >
        {texts.talk.next}
        <span class="key" aria-hidden="true">
          Esc
        </span>
      </button>
    </div>
  );
}

/** Esc means Next, except where it already means something: in a dialog, an input method, or to whoever has taken it. */
function useEscape(on: boolean, then: () => void): void {
  useEffect(() => {
    if (!on) return;
    function key(event: KeyboardEvent): void {
      if (event.key !== "Escape" || event.isComposing || event.repeat || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      then();
    }
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  });
}
