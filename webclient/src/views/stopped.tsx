// The screens on which nothing goes on: each says what happened and what can be done.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { contactLink } from "../contact";
import type { Lack, LobbyEvent, Phase } from "../state";
import { clockTime, inTime, texts } from "../texts";
import { Frame, Title, useNow } from "./frame";

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
    <Frame kind="letter">
      <Title>{title}</Title>
      <p class="lead">{lead}</p>
      <List items={list} />
    </Frame>
  );
}

export function AlarmView({ send }: { send: Send }): JSX.Element {
  return (
    <Frame kind="letter">
      <svg class="alarm-sign" viewBox="0 0 32 32" width="48" height="48" aria-hidden="true" focusable="false">
        <path d="M16 3.5 29.5 27.5h-27Z" />
        <path d="M16 12v8M16 23.6v.2" />
      </svg>
      <div role="alert">
        <Title>{texts.alarm.title}</Title>
        <p class="lead">{texts.alarm.lead}</p>
      </div>
      <List items={texts.alarm.list} />
      <button type="button" class="button primary" onClick={() => send({ type: "stop" })}>
        {texts.alarm.back}
      </button>
    </Frame>
  );
}

/** After a block: a moment's peace, without a word of what was said. */
export function PartedView({ reported, send }: { reported: boolean; send: Send }): JSX.Element {
  return (
    <Frame kind="letter">
      <Title>{texts.parted.title}</Title>
      <p class="lead">{texts.parted.lead}</p>
      {reported ? <p class="lead">{texts.parted.reported}</p> : null}
      <div class="row">
        <button type="button" class="button primary" onClick={() => send({ type: "next" })}>
          {texts.parted.next}
        </button>
        <button type="button" class="button" onClick={() => send({ type: "stop" })}>
          {texts.parted.stop}
        </button>
      </div>
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
    <Frame kind="letter">
      <Title>{phase.kick ? texts.banned.kickTitle : texts.banned.title}</Title>
      <div class="lead">
        <p>{texts.banned.lead(reason)}</p>
        <p>{leftMs > 0 ? end : texts.banned.ended}</p>
      </div>
      {leftMs > 0 ? null : (
        <button type="button" class="button primary" onClick={() => send({ type: "accept" })}>
          {texts.banned.again}
        </button>
      )}
      <div class="appeal">
        <p>{texts.banned.maybe}</p>
        <p>{texts.banned.code}</p>
        <Code code={phase.code} />
        <Contact contact={phase.contact} />
      </div>
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
    <Frame kind="letter">
      <Title>{texts.reload.title}</Title>
      <p class="lead">{texts.reload.lead}</p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        {texts.reload.reload}
      </button>
    </Frame>
  );
}
