// What is around a screen: the name mark, the language and the settings above it, and below it who runs this server and
// what they have to say about it.

import { createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import { spoken } from "../speech";
import { texts } from "../texts";
import type { Site } from "../wire";
import { LanguageChoice } from "./language";
import { SettingsButton } from "./settings";

/** What the operator said before anything was contacted. */
export const SiteContext = createContext<Site>({ relay: "none" });

/** Two walkers on two arcs, passing. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="1.8rem" height="1.8rem" aria-hidden="true" focusable="false">
      <path class="mark-one" d="M4.5 25.5A15 15 0 0 1 17.5 8.5" />
      <circle class="mark-one-dot" cx="19.6" cy="7.6" r="3.1" />
      <path class="mark-two" d="M27.5 6.5A15 15 0 0 1 14.5 23.5" />
      <circle class="mark-two-dot" cx="12.4" cy="24.4" r="3.1" />
    </svg>
  );
}

/** Leads to the lobby from where there is nothing to lose. */
export function Header({ home }: { home: (() => void) | undefined }): JSX.Element {
  const brand = (
    <>
      <Mark />
      <span class="brand-name">{texts.name}</span>
    </>
  );
  return (
    <header class="top">
      {home ? (
        <a
          class="brand"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            home();
          }}
        >
          {brand}
        </a>
      ) : (
        <span class="brand">{brand}</span>
      )}
      <div class="top-tools">
        <LanguageChoice id="page-language" />
        <SettingsButton />
      </div>
    </header>
  );
}

const legal = ["privacy", "terms", "contact", "facts"] as const;

export function Footer(): JSX.Element {
  const { operator } = useContext(SiteContext);
  return (
    <footer class="foot">
      <nav aria-label={texts.shell.legal}>
        <ul>
          {legal.map((page) => (
            <li key={page}>
              <LegalLink page={page}>{texts.shell.pages[page]}</LegalLink>
            </li>
          ))}
        </ul>
      </nav>
      {operator === undefined ? null : (
        <p>
          {texts.shell.operator} <bdi>{operator}</bdi>
        </p>
      )}
    </footer>
  );
}

/** Opens beside the page, which holds what was typed and who was met. */
export function LegalLink({ page, children }: { page: (typeof legal)[number]; children: string }): JSX.Element {
  return (
    <a href={`/legal/${spoken().language}/${page}`} target="_blank" rel="noopener">
      {children}
      <span class="visually-hidden"> {texts.shell.newTab}</span>
    </a>
  );
}
