// In the settings: whether the page may call one who looks elsewhere, by a sound or by a message of the system.

import type { JSX } from "preact";
import { choices, choose } from "../choices";
import { texts } from "../texts";

export function Attention(): JSX.Element {
  const { sound, notify } = choices.value;
  return (
    <fieldset class="setting">
      <legend>{texts.settings.attention}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={sound === true}
          aria-describedby="sound-hint"
          onChange={({ currentTarget }) => choose({ sound: currentTarget.checked || undefined })}
        />
        <span>
          {texts.settings.sound}
          <span class="hint" id="sound-hint">
            {texts.settings.soundHint}
          </span>
        </span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={notify === true}
          aria-describedby="notify-hint"
          onChange={({ currentTarget }) => choose({ notify: currentTarget.checked || undefined })}
        />
        <span>
          {texts.settings.notify}
          <span class="hint" id="notify-hint">
            {texts.settings.notifyHint}
          </span>
        </span>
      </label>
    </fieldset>
  );
}
