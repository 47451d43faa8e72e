// The talk: who, what was said, a box to say more, and the two ways to part. Everything a stranger sent is shown as plain
// text, isolated in its own direction, and never as markup.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Lobby, LobbyEvent } from "../state";
import type { Talk, TalkEvent } from "../talk";
import { texts } from "../texts";
import { Composer } from "./composer";
import { Mark } from "./frame";
import { Hint } from "./hint";
import { Log } from "./log";

interface TalkProps {
  lobby: Lobby;
  talk: Talk;
  send: (event: LobbyEvent) => void;
  sendTalk: (event: TalkEvent) => void;
}

export function TalkView({ lobby, talk, send, sendTalk }: TalkProps): JSX.Element {
  const over = talk.over !== undefined;
  const how = over ? texts.talk.closed : lobby.profile.relay ? texts.talk.relayed : texts.talk.connected;
  useEscape(() => send({ type: "next" }));

  return (
    <div class="talk">
      <header class="talk-top">
        <Mark size={30} />
        <div class="talk-who">
          <h1 class="talk-name">
            <span class="visually-hidden">{texts.talk.with} </span>
            <bdi>{talk.stranger}</bdi>
          </h1>
          <p class="talk-state">
            <span class={over ? "lamp off" : "lamp"} aria-hidden="true" />
            {how}
          </p>
        </div>
        {over ? null : <Parting send={send} />}
      </header>
      <Hint lobby={lobby} talking />
      <main class="talk-main">
        <Log talk={talk} />
        {over ? <Over send={send} /> : <Composer talk={talk} sendTalk={sendTalk} />}
      </main>
    </div>
  );
}

/** After the end, Next takes the focus: the box to type in is gone. */
function Parting({ send, focused = false }: { send: (event: LobbyEvent) => void; focused?: boolean }): JSX.Element {
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focused) next.current?.focus();
  }, [focused]);
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

function Over({ send }: { send: (event: LobbyEvent) => void }): JSX.Element {
  return (
    <div class="over">
      <p class="soft">{texts.talk.over}</p>
      <Parting send={send} focused />
    </div>
  );
}

/** Esc means Next, except where it already means something: in an input method, or to whoever has taken it. */
function useEscape(then: () => void): void {
  useEffect(() => {
    function key(event: KeyboardEvent): void {
      if (event.key !== "Escape" || event.isComposing || event.repeat || event.defaultPrevented) return;
      event.preventDefault();
      then();
    }
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  });
}
