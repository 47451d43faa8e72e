// The screens on which nothing goes on: each says what happened and what can be done.

import type { JSX } from "preact";
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

interface BannedProps {
  phase: Extract<Phase, { name: "banned" }>;
  send: Send;
}

export function BannedView({ phase, send }: BannedProps): JSX.Element {
  const leftMs = phase.untilMs - useNow();
  const reason = texts.banned.reasons[phase.reason] ?? texts.banned.otherReason(phase.reason);
  return (
    <Frame kind="letter">
      <Title>{texts.banned.title}</Title>
      <p class="lead">{texts.banned.lead(reason)}</p>
      <p>{leftMs > 0 ? texts.banned.until(inTime(leftMs), clockTime(phase.untilMs)) : texts.banned.ended}</p>
      <p class="soft">
        {texts.banned.code} <code class="code">{phase.code}</code>
      </p>
      {leftMs > 0 ? null : (
        <button type="button" class="button primary" onClick={() => send({ type: "accept" })}>
          {texts.banned.again}
        </button>
      )}
    </Frame>
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
