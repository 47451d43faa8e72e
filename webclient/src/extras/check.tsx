// The check words, for two people to compare: a quiet button in the head of the talk, and what it opens.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CheckWords } from "../checkwords";
import { Sign } from "../views/icons";
import { signs } from "./signs";
import { checkTexts as texts } from "./texts";
import { WORDS } from "./words";

export function Check({ words }: { words: CheckWords }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="icon-button wordy" title={texts.open} onClick={() => setOpen(true)}>
        <Sign path={signs.shield} />
        <span class="wordy-word">{texts.open}</span>
      </button>
      {open ? <CheckDialog words={words} closed={() => setOpen(false)} /> : null}
    </>
  );
}

function CheckDialog({ words, closed }: { words: CheckWords; closed: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="check-title" onClose={closed}>
      <div class="dialog-body">
        <h2 class="card-title" id="check-title">
          {texts.title}
        </h2>
        {/* They may come while it is open. */}
        <div aria-live="polite">{typeof words === "string" ? <p>{texts[words]}</p> : <Words numbers={words} />}</div>
        {words === "missing" ? null : (
          <div class="check-meaning">
            <p>{texts.lead}</p>
            <p class="soft">{`${texts.how} ${texts.limit}`}</p>
            <p class="hint">{texts.numbers}</p>
          </div>
        )}
        <div class="dialog-end">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.close}
          </button>
        </div>
      </div>
    </dialog>
  );
}

function Words({ numbers }: { numbers: readonly number[] }): JSX.Element {
  return (
    <ol class="check-words">
      {numbers.map((number, index) => (
        // The place is what tells them apart: a word may come twice.
        <li key={index}>
          <span class="check-word">{WORDS[number]}</span> <span class="check-number">{number}</span>
        </li>
      ))}
    </ol>
  );
}
