// The settings: a gear, and the dialog it opens. Each takes effect at once, and is kept in this browser until it is taken
// back; nothing here goes to anybody.

import type { ComponentType, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Choices, choices, choose } from "../choices";
import { likely } from "../languages";
import { speak, spoken } from "../speech";
import { texts } from "../texts";
import { Attention } from "./attention";
import { Icon } from "./icons";
import { LanguageChoice } from "./language";
import { SlotChoice } from "./slot";

/** What can be set, in the order in which it is offered. */
const sections: readonly ComponentType[] = [LanguageSetting, Appearance, Attention, SlotChoice];

export function SettingsButton(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="icon-button gear"
        aria-label={texts.settings.open}
        title={texts.settings.open}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon of="gear" />
      </button>
      {open ? <SettingsDialog closed={() => setOpen(false)} /> : null}
    </>
  );
}

function SettingsDialog({ closed }: { closed: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog settings" aria-labelledby="settings-title" onClose={closed}>
      <div class="dialog-body">
        <h2 class="card-title" id="settings-title">
          {texts.settings.title}
        </h2>
        {sections.map((Section, nth) => (
          <Section key={nth} />
        ))}
        <Forget />
        <div class="dialog-end">
          <button type="button" class="button primary" onClick={() => dialog.current?.close()}>
            {texts.settings.close}
          </button>
        </div>
      </div>
    </dialog>
  );
}

function LanguageSetting(): JSX.Element {
  return (
    <fieldset class="setting">
      <legend>{texts.shell.language}</legend>
      <LanguageChoice id="settings-language" />
    </fieldset>
  );
}

const looks: readonly Choices["theme"][] = [undefined, "light", "dark"];

function Appearance(): JSX.Element {
  const { theme } = choices.value;
  return (
    <fieldset class="setting">
      <legend>{texts.settings.theme}</legend>
      <div class="either">
        {looks.map((look) => (
          <label key={look ?? "system"}>
            <input type="radio" name="theme" checked={theme === look} onChange={() => choose({ theme: look })} />
            <span>{texts.settings.themes[look ?? "system"]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Back to what the page would do for who comes for the first time. */
function Forget(): JSX.Element {
  const [done, setDone] = useState(false);
  const none = Object.keys(choices.value).length === 0;

  function forget(): void {
    choose({ language: undefined, theme: undefined, sound: undefined, notify: undefined, ads: undefined });
    setDone(true);
    const language = likely(navigator.languages);
    // Should the words not come, it goes on in those that are there; the next visit is another try.
    if (language !== spoken().language) speak(language).catch(() => undefined);
  }

  return (
    <div class="setting forget">
      {/* Not disabled, which would take the focus from who has just pressed it. */}
      <button type="button" class="button quiet small" aria-disabled={none} onClick={() => none || forget()}>
        {texts.settings.forget}
      </button>
      <p class="hint" role="status">
        {none ? (done ? texts.settings.forgotten : texts.settings.nothingKept) : texts.settings.kept}
      </p>
    </div>
  );
}
