// Chosen things as chips, each of which can be removed, and beside them a way to add one more.

import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { addLanguage, addTag, LANGUAGES, LANGUAGES_LIMIT, TAG_LIMIT, TAGS_LIMIT } from "../profile";
import { spoken } from "../speech";
import { texts } from "../texts";
import { Icon } from "./icons";

interface ChipsProps {
  items: readonly string[];
  name?: (item: string) => string;
  remove: (item: string) => void;
  label: string;
  more?: ComponentChildren;
}

function Chips({ items, name = (item) => item, remove, label, more }: ChipsProps): JSX.Element | null {
  if (items.length === 0 && !more) return null;
  return (
    <ul class="chips" aria-label={label}>
      {items.map((item) => (
        <li key={item}>
          <button type="button" class="chip" aria-label={texts.lobby.remove(name(item))} onClick={() => remove(item)}>
            <bdi>{name(item)}</bdi>
            <Icon of="cross" size={14} />
          </button>
        </li>
      ))}
      {more ? <li class="more">{more}</li> : null}
    </ul>
  );
}

export function TagField({
  tags,
  set,
}: {
  tags: readonly string[];
  set: (tags: readonly string[]) => void;
}): JSX.Element {
  const [draft, setDraft] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const full = tags.length >= TAGS_LIMIT;

  function commit(): void {
    setDraft("");
    const more = addTag(tags, draft);
    if (more !== tags) set(more);
  }

  function key(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    if (event.isComposing || draft.trim() === "" || (event.key !== "Enter" && event.key !== ",")) return;
    event.preventDefault();
    commit();
  }

  return (
    <div class="field">
      <label for="tag">{texts.lobby.tags}</label>
      <Chips
        label={texts.lobby.tags}
        items={tags}
        remove={(gone) => {
          set(tags.filter((tag) => tag !== gone));
          box.current?.focus();
        }}
      />
      <div class="row">
        <input
          ref={box}
          id="tag"
          type="text"
          maxLength={TAG_LIMIT}
          autocomplete="off"
          autocapitalize="none"
          enterkeyhint="done"
          disabled={full}
          aria-describedby="tag-hint"
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={key}
          onBlur={commit}
        />
        {draft.trim() === "" ? null : (
          <button type="button" class="button quiet" onClick={commit}>
            {texts.lobby.tagsAdd}
          </button>
        )}
      </div>
      <p class="hint" id="tag-hint">
        {full ? texts.lobby.tagsFull : texts.lobby.tagsHint}
      </p>
    </div>
  );
}

interface LanguageProps {
  languages: readonly string[];
  set: (languages: readonly string[]) => void;
}

export function LanguageField({ languages, set }: LanguageProps): JSX.Element {
  const { language } = spoken();
  const named = useMemo(() => {
    const names = new Intl.DisplayNames([language], { type: "language" });
    const name = (code: string) => names.of(code) ?? code;
    const all = LANGUAGES.map((code) => [code, name(code)] as const).sort((a, b) => a[1].localeCompare(b[1], language));
    return { name, all };
  }, [language]);
  const full = languages.length >= LANGUAGES_LIMIT;

  return (
    <div class="field">
      <label for="language">{texts.lobby.languages}</label>
      <Chips
        label={texts.lobby.languages}
        items={languages}
        name={named.name}
        remove={(gone) => set(languages.filter((code) => code !== gone))}
        more={
          full ? null : (
            <select
              id="language"
              value=""
              onChange={(event) => {
                set(addLanguage(languages, event.currentTarget.value));
                event.currentTarget.value = "";
              }}
            >
              <option value="">{texts.lobby.languagesAdd}</option>
              {named.all
                .filter(([code]) => !languages.includes(code))
                .map(([code, name]) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
            </select>
          )
        }
      />
    </div>
  );
}
