// In the settings: whether the page may call one who looks elsewhere, by a sound or by a message of the system. The sound is
// there until it is switched off. For the message the browser asks its own question, at this press and at no other time.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askPermission, type Permission, permission } from "../attention/permission";
import { choices, choose } from "../choices";
import { texts } from "../texts";

export function Attention(): JSX.Element {
  const { sound, notify } = choices.value;
  const [allowed, setAllowed] = useState(permission);

  async function notifying(box: HTMLInputElement): Promise<void> {
    if (!box.checked) return choose({ notify: undefined });
    box.checked = false; // until the browser has its answer
    const answer = await askPermission();
    setAllowed(answer);
    if (answer === "granted") choose({ notify: true });
  }

  return (
    <fieldset class="setting">
      <legend>{texts.settings.attention}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={sound !== false}
          aria-describedby="sound-hint"
          onChange={({ currentTarget }) => choose({ sound: currentTarget.checked ? undefined : false })}
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
          checked={notify === true && allowed === "granted"}
          disabled={allowed === "missing"}
          aria-describedby="notify-hint"
          onChange={({ currentTarget }) => void notifying(currentTarget)}
        />
        <span>
          {texts.settings.notify}
          <span class="hint" id="notify-hint" role="status">
            {notifyHint(allowed)}
          </span>
        </span>
      </label>
    </fieldset>
  );
}

function notifyHint(allowed: Permission): string {
  if (allowed === "denied") return texts.settings.notifyDenied;
  return allowed === "missing" ? texts.settings.notifyMissing : texts.settings.notifyHint;
}
