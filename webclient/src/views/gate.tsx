// The gate: adults only, the terms, and what a direct connection means, in plain words, before anything is contacted.

import type { JSX, TargetedSubmitEvent } from "preact";
import { useContext, useState } from "preact/hooks";
import type { LobbyEvent } from "../state";
import { texts } from "../texts";
import { Frame, Passing, Title } from "./frame";
import { LegalLink, SiteContext } from "./shell";

export function GateView({ send }: { send: (event: LobbyEvent) => void }): JSX.Element {
  const { relay } = useContext(SiteContext);
  const [hide, setHide] = useState(relay === "preset");

  function enter(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    // The browser has asked for both checks already; a form sent by other means is held to them too.
    if (!event.currentTarget.checkValidity()) return;
    send(relay === "none" ? { type: "accept" } : { type: "accept", relay: hide });
  }

  return (
    <Frame kind="split" foot>
      <section class="hero">
        <Passing />
        <Title>{texts.gate.title}</Title>
        <p class="lead">{texts.gate.lead}</p>
      </section>
      <form class="card" onSubmit={enter} aria-labelledby="gate-title">
        <h2 class="card-title" id="gate-title">
          {texts.gate.cardTitle}
        </h2>
        <div class="notice">
          <p class="notice-main" aria-live="polite">
            {hide ? texts.gate.addressHidden : texts.gate.address}
          </p>
          <p>{texts.gate.addressMore}</p>
          {relay === "none" ? <p>{texts.gate.noRelay}</p> : null}
        </div>
        {relay === "none" ? null : (
          <label class="check boxed">
            <input
              type="checkbox"
              name="relay"
              checked={hide}
              aria-describedby="relay-hint"
              onChange={({ currentTarget }) => setHide(currentTarget.checked)}
            />
            <span>
              {texts.lobby.relay}
              <span class="hint" id="relay-hint">
                {relay === "preset" ? `${texts.lobby.relayHint} ${texts.lobby.relayPreset}` : texts.lobby.relayHint}
              </span>
            </span>
          </label>
        )}
        <div>
          <details class="terms">
            <summary>{texts.gate.termsTitle}</summary>
            <ul>
              {texts.gate.terms.map((term) => (
                <li key={term}>{term}</li>
              ))}
            </ul>
          </details>
          <p class="terms-links">
            <LegalLink page="terms">{texts.gate.fullTerms}</LegalLink>
            <LegalLink page="privacy">{texts.shell.pages.privacy}</LegalLink>
          </p>
        </div>
        <div class="checks">
          <label class="check">
            <input type="checkbox" name="adult" required />
            <span>{texts.gate.adult}</span>
          </label>
          <label class="check">
            <input type="checkbox" name="terms" required />
            <span>{texts.gate.agree}</span>
          </label>
        </div>
        <div class="go">
          <button type="submit" class="button primary wide">
            {texts.gate.enter}
          </button>
          <p class="fine">{texts.gate.untouched}</p>
        </div>
      </form>
    </Frame>
  );
}
