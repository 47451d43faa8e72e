// The gate: adults only, the terms, and what a direct connection means, in plain words, before anything is contacted.

import type { JSX, TargetedSubmitEvent } from "preact";
import type { LobbyEvent } from "../state";
import { texts } from "../texts";
import { Frame, Passing, Title } from "./frame";

export function GateView({ send }: { send: (event: LobbyEvent) => void }): JSX.Element {
  function enter(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    // The browser has asked for both checks already; a form sent by other means is held to them too.
    if (event.currentTarget.checkValidity()) send({ type: "accept" });
  }

  return (
    <Frame kind="split">
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
          <p class="notice-main">{texts.gate.address}</p>
          <p>{texts.gate.addressMore}</p>
        </div>
        <details class="terms">
          <summary>{texts.gate.termsTitle}</summary>
          <ul>
            {texts.gate.terms.map((term) => (
              <li key={term}>{term}</li>
            ))}
          </ul>
        </details>
        <label class="check">
          <input type="checkbox" name="adult" required />
          <span>{texts.gate.adult}</span>
        </label>
        <label class="check">
          <input type="checkbox" name="terms" required />
          <span>{texts.gate.agree}</span>
        </label>
        <button type="submit" class="button primary wide">
          {texts.gate.enter}
        </button>
        <p class="fine">{texts.gate.untouched}</p>
      </form>
    </Frame>
  );
}
