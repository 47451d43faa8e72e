// Advertisements, where an operator has given somebody the place for them. They are asked for first, beside whatever else
// there is to do, with two answers alike; the answer is kept until it is changed. Before a yes nothing of them is loaded.
//
//   asked ──"Allow ads"──► the frame, "Change" ─┐
//     ▲  └───"No ads"────► a word, "Change" ────┤
//     └──── meanwhile there is no frame ────────┘
//
// A frame that takes the keyboard is removed, and comes back when the visitor says so, or with the next visit.

import { signal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { choices, choose } from "../choices";
import type { Filling, Place } from "../slot";
import type { Ads } from "../wire";
import "./ads.css";
import { AdFrame } from "./frame";
import { adsTexts } from "./texts";

const removed = signal(false);

export function openAds(ads: Ads, host = new URL(ads.url).host): Filling {
  return {
    Slot: ({ place }) => <AdSlot ads={ads} host={host} place={place} />,
    Choice: () => <AdChoice host={host} />,
  };
}

interface SlotProps {
  ads: Ads;
  host: string;
  place: Place;
}

function AdSlot({ ads, host, place }: SlotProps): JSX.Element | null {
  const allowed = choices.value.ads;
  const [again, setAgain] = useState(false);
  const [touched, setTouched] = useState(false);
  const focus = useRef<HTMLHeadingElement & HTMLButtonElement>(null);
  const id = useId();
  // Each button that is pressed here goes, and what comes in its place takes the focus.
  useLayoutEffect(() => {
    if (touched) focus.current?.focus();
  }, [again, touched]);
  const ask = (asking: boolean) => {
    setAgain(asking);
    setTouched(true);
  };

  // After a talk nobody is asked, nor told of what there is not, unless they have just changed their mind there.
  if (place === "over" && !allowed && !touched) return null;
  if (again || allowed === undefined) {
    return (
      <section class={`ads ads-${place} ads-ask`} aria-labelledby={id}>
        <Question id={id} heading={focus} host={host} answered={() => ask(false)} />
      </section>
    );
  }
  const label = removed.value ? adsTexts.removed : adsTexts.label;
  return (
    <section class={`ads ads-${place}`} aria-labelledby={id}>
      <div class="ads-head">
        <h2 id={id} class="ads-label">
          {allowed ? label : adsTexts.off}
        </h2>
        <button ref={focus} type="button" class="button quiet small" aria-describedby={id} onClick={() => ask(true)}>
          {adsTexts.change}
        </button>
      </div>
      {allowed && !removed.value ? <AdFrame ads={ads} title={adsTexts.from(host)} thief={remove} /> : null}
    </section>
  );
}

/** What had the focus gets it back, once there is nothing that could take it again. */
function remove(from: Element | null): void {
  removed.value = true;
  setTimeout(() => from instanceof HTMLElement && from.focus());
}

interface QuestionProps {
  id: string;
  heading: RefObject<HTMLHeadingElement | null>;
  host: string;
  answered: () => void;
}

function Question({ id, heading, host, answered }: QuestionProps): JSX.Element {
  const answer = (ads: boolean) => {
    removed.value = false;
    choose({ ads });
    answered();
  };
  return (
    <>
      <div class="ads-said">
        <h2 id={id} ref={heading} tabIndex={-1} class="ads-title">
          {adsTexts.title}
        </h2>
        <p>{adsTexts.lead(host)}</p>
        <ul class="steps">
          {adsTexts.facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </div>
      <div class="ads-said">
        <div class="ads-answers">
          <button type="button" class="button" onClick={() => answer(true)}>
            {adsTexts.allow}
          </button>
          <button type="button" class="button" onClick={() => answer(false)}>
            {adsTexts.refuse}
          </button>
        </div>
        <p class="hint">{adsTexts.kept}</p>
      </div>
    </>
  );
}

/** The same two answers, where all choices are. */
function AdChoice({ host }: { host: string }): JSX.Element {
  const allowed = choices.value.ads;
  const name = useId();
  return (
    <fieldset class="setting">
      <legend>{adsTexts.choice}</legend>
      <div class="either">
        {([true, false] as const).map((ads) => (
          <label key={String(ads)}>
            <input type="radio" name={name} checked={allowed === ads} onChange={() => choose({ ads })} />
            <span>{ads ? adsTexts.allow : adsTexts.refuse}</span>
          </label>
        ))}
      </div>
      <p class="hint">{adsTexts.lead(host)}</p>
    </fieldset>
  );
}
