// The screens on which nothing goes on: each says what happened and what can be done.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { contactLink } from "../contact";
import type { Lack, LobbyEvent, Phase } from "../state";
import { clockTime, inTime, texts } from "../texts";
import { Deeds, Frame, Title, useNow } from "./frame";
import { Icon } from "./icons";

type Send = (event: LobbyEvent) => void;

/** What stands between backticks is to be typed as it is. */
function List({ items }: { items: readonly string[] }): JSX.Element {
  return (
    <ul class="steps">
      {items.map((item) => (
        <li key={item}>
          {item.split("`").map((part, nth) => (nth % 2 === 0 ? part : <code key={part}>{part}</code>))}
        </li>
      ))}
    </ul>
  );
}

export function UnsupportedView({ lack }: { lack: Lack }): JSX.Element {
  const { title, lead, list } = texts.unsupported[lack];
  return (
    <Frame kind="letter" foot>
      <Title>{title}</Title>
      <p class="lead">{lead}</p>
      <List items={list} />
    </Frame>
  );
}

export function AlarmView({ send }: { send: Send }): JSX.Element {
  return (
    <Frame kind="letter" home={() => send({ type: "stop" })} foot>
      <Icon of="alert" size={48} />
      <div role="alert">
        <Title>{texts.alarm.title}</Title>
        <p class="lead">{texts.alarm.lead}</p>
      </div>
      <List items={texts.alarm.list} />
      <Deeds>
        <button type="button" class="button primary" onClick={() => send({ type: "stop" })}>
          {texts.alarm.back}
        </button>
      </Deeds>
    </Frame>
  );
}

/** After a block: a moment's peace, without a word of what was said. */
export function PartedView({ reported, send }: { reported: boolean; send: Send }): JSX.Element {
  return (
    <Frame kind="letter" home={() => send({ type: "stop" })} foot>
      <Title>{texts.parted.title}</Title>
      <p class="lead">{texts.parted.lead}</p>
      {reported ? <p class="lead">{texts.parted.reported}</p> : null}
      <Deeds>
        <button type="button" class="button" onClick={() => send({ type: "stop" })}>
          {texts.parted.stop}
        </button>
        <button type="button" class="button primary" onClick={() => send({ type: "next" })}>
          {texts.parted.next}
        </button>
      </Deeds>
    </Frame>
  );
}

interface BannedProps {
  phase: Extract<Phase, { name: "banned" }>;
  send: Send;
}

export function BannedView({ phase, send }: BannedProps): JSX.Element {
  const leftMs = phase.untilMs - useNow();
  const { reasons, otherReason } = texts.banned;
  const reason = (Object.hasOwn(reasons, phase.reason) && reasons[phase.reason]) || otherReason;
  const end = phase.kick
    ? texts.banned.kickUntil(inTime(leftMs))
    : texts.banned.until(inTime(leftMs), clockTime(phase.untilMs));
  return (
    <Frame kind="letter" foot>
      <Title>{phase.kick ? texts.banned.kickTitle : texts.banned.title}</Title>
      <div class="lead">
        <p>{texts.banned.lead(reason)}</p>
        <p>{leftMs > 0 ? end : texts.banned.ended}</p>
      </div>
      <div class="appeal">
        <p>{texts.banned.maybe}</p>
        <p>{texts.banned.code}</p>
        <Code code={phase.code} />
        <Contact contact={phase.contact} />
      </div>
      {leftMs > 0 ? null : (
        <Deeds>
          <button type="button" class="button primary" onClick={() => send({ type: "accept" })}>
            {texts.banned.again}
          </button>
        </Deeds>
      )}
    </Frame>
  );
}

function Code({ code }: { code: string }): JSX.Element {
  const [word, setWord] = useState("");
  const shown = useRef<HTMLElement>(null);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      setWord(texts.banned.copied);
    } catch {
      setWord(texts.banned.notCopied);
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
    }
  }

  return (
    <div class="appeal-code">
      <code ref={shown} class="code">
        {code}
      </code>
      <button type="button" class="button quiet small" onClick={() => void copy()}>
        {texts.banned.copy}
      </button>
      <span role="status">{word}</span>
    </div>
  );
}

function Contact({ contact }: { contact: string | undefined }): JSX.Element {
  if (contact === undefined) return <p>{texts.banned.noContact}</p>;
  const href = contactLink(contact);
  const away = href?.startsWith("https:") ? { rel: "noreferrer noopener", target: "_blank" } : {};
  return (
    <p>
      {texts.banned.contact} <bdi>{href ? <a {...{ href, ...away }}>{contact}</a> : contact}</bdi>
    </p>
  );
}

export function ReloadView(): JSX.Element {
  return (
    <Frame kind="letter" foot>
      <Title>{texts.reload.title}</Title>
      <p class="lead">{texts.reload.lead}</p>
      <Deeds>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {texts.reload.reload}
        </button>
      </Deeds>
    </Frame>
  );
}
