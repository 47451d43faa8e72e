// Which language the page speaks: each is offered by its own name, so that whoever cannot read the page finds theirs.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { choose } from "../choices";
import { isLanguage, LANGUAGE_NAMES, type Language, PAGE_LANGUAGES } from "../languages";
import { speak, spoken } from "../speech";
import { texts } from "../texts";
import { Icon } from "./icons";

/** The words come over the network; until they are there, and should they not come, the page goes on as before. */
export function LanguageChoice({ id }: { id: string }): JSX.Element {
  const [asked, setAsked] = useState<Language>();
  const [missing, setMissing] = useState(false);
  const { language } = spoken();

  async function change(wanted: Language): Promise<void> {
    setAsked(wanted);
    setMissing(false);
    try {
      await speak(wanted);
      // Another one may have been asked for since.
      if (spoken().language === wanted) choose({ language: wanted });
    } catch {
      setMissing(true);
    }
    setAsked((now) => (now === wanted ? undefined : now));
  }

  return (
    <div class="language">
      <label for={id}>
        <Icon of="globe" />
        <span class="visually-hidden">{languageLabel(language)}</span>
      </label>
      <select
        id={id}
        aria-busy={asked !== undefined}
        value={asked ?? language}
        onChange={({ currentTarget }) => {
          if (isLanguage(currentTarget.value)) void change(currentTarget.value);
        }}
      >
        {PAGE_LANGUAGES.map((code) => (
          <option key={code} value={code} lang={code}>
            {LANGUAGE_NAMES[code]}
          </option>
        ))}
      </select>
      <p class={missing ? "language-missing" : "visually-hidden"} role="status">
        {missing ? texts.shell.languageMissing : ""}
      </p>
    </div>
  );
}

/** In English too, the one that is most likely known to who does not know the one that is spoken. */
function languageLabel(language: Language): string {
  return language === "en" ? texts.shell.language : `${texts.shell.language} / Language`;
}
