// The box to type in. Enter sends, Shift and Enter begin a new line; the draft is known here alone until it is sent.

import type { JSX, TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Extras } from "../extras/extras";
import { codePoints, sendable, type Talk, type TalkEvent, TEXT_LIMIT, TEXT_NEAR_LIMIT } from "../talk";
import { texts } from "../texts";
import { Icon } from "./icons";

interface ComposerProps {
  talk: Talk;
  extras: Extras | undefined;
  sendTalk: (event: TalkEvent) => void;
}

export function Composer({ talk, extras, sendTalk }: ComposerProps): JSX.Element {
  const [draft, setDraft] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const length = codePoints(draft);
  useEffect(() => box.current?.focus(), []);

  function say(event?: Event): void {
    event?.preventDefault();
    const text = box.current?.value ?? draft; // what is seen there is sent, also what is not drawn yet
    if (sendable(text) === undefined) return;
    sendTalk({ type: "say", text });
    setDraft("");
    if (!box.current) return;
    box.current.value = ""; // not to be sent again before that is drawn
    box.current.focus();
  }

  function key(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    // While an input method composes, Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
  }

  function input(event: TargetedInputEvent<HTMLTextAreaElement>): void {
    const { value } = event.currentTarget;
    setDraft(value);
    sendTalk({ type: "draft", empty: value.trim() === "" });
  }

  return (
    <form class="composer" onSubmit={say}>
      <label class="visually-hidden" for="message">
        {texts.talk.box}
      </label>
      <div class="composer-box">
        {extras ? <extras.views.Tools /> : null}
        <textarea
          ref={box}
          id="message"
          rows={Math.min(6, draft.split("\n").length)}
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          placeholder={texts.talk.placeholder}
          aria-describedby={length > TEXT_NEAR_LIMIT ? "message-left" : "message-hint"}
          aria-invalid={length > TEXT_LIMIT}
          value={draft}
          onInput={input}
          onKeyDown={key}
        />
        <button type="submit" class="button primary send" disabled={sendable(draft) === undefined}>
          <span class="send-word">{texts.talk.send}</span>
          <Icon of="send" />
        </button>
      </div>
      {length > TEXT_NEAR_LIMIT ? (
        <p class={length > TEXT_LIMIT ? "hint wrong" : "hint"} id="message-left" role="status">
          {texts.talk.left(TEXT_LIMIT - length)}
        </p>
      ) : (
        <p class="hint composer-hint" id="message-hint">
          {texts.talk.newLine} <span class="me-as">{`${texts.talk.me}: `}</span>
          <bdi class="me-as">{talk.me}</bdi>
        </p>
      )}
    </form>
  );
}
