// The shell of the attention: looks at the app and at where its visitor looks, and gives the signals that they chose. The
// sound is on unless it was switched off: who presses Start and looks elsewhere waits for it. The system's message is off
// unless it was switched on.

import { effect, signal } from "@preact/signals";
import type { App } from "../app";
import { choices } from "../choices";
import { texts } from "../texts";
import { attend, makeAttention, type News, type Signal, see } from "./attention";
import { makeNotices } from "./notices";
import { permission } from "./permission";
import { makeSound } from "./sound";

export function signalTo(app: App, tab: string): void {
  const away = signal(looksElsewhere());
  const sound = makeSound({
    makeContext: () => new AudioContext(),
    // Before the first press a browser only complains.
    vibrate: (pattern) => navigator.userActivation?.hasBeenActive && navigator.vibrate?.(pattern),
  });
  const notices = makeNotices({ registration: () => navigator.serviceWorker.getRegistration(), tag: tab });
  let attention = makeAttention();

  function sounds(): boolean {
    return choices.peek().sound !== false;
  }

  function run(given: Signal): void {
    switch (given.do) {
      case "chime":
        if (sounds()) sound.chime(given.what);
        break;
      case "ring":
        sound.ring(given.on && sounds());
        break;
      case "tell":
        mark(true);
        tell(given.news, given.loud);
        break;
      case "hush":
        mark(false);
        notices.close();
        break;
    }
  }

  function tell(news: News, loud: boolean): void {
    if (choices.peek().notify !== true || permission() !== "granted") return;
    // The system has a sound of its own; one of the two is enough.
    notices.show(texts.attention[news], texts.name, !loud || !sounds() || sound.awake);
  }

  const look = () => {
    away.value = looksElsewhere();
  };
  for (const what of ["focus", "blur", "pageshow"]) addEventListener(what, look);
  document.addEventListener("visibilitychange", look);
  for (const press of ["click", "keydown"]) addEventListener(press, () => sounds() && sound.unlock(), true);
  // Making it takes some milliseconds, which are better spent now than when somebody presses Start.
  if (navigator.userActivation?.hasBeenActive && sounds()) sound.unlock();
  addEventListener("pagehide", () => run({ do: "hush" }));
  effect(() => {
    if (choices.value.sound === false) sound.ring(false);
  });
  effect(() => {
    const rings = app.talking.extras.value?.rings.value ?? false;
    const sight = see(app.lobby.value, app.talking.talk.value, rings, away.value);
    const [after, signals] = attend(attention, sight, performance.now());
    attention = after;
    for (const given of signals) run(given);
  });
}

/** In another tab, in another window, or with the screen off. */
function looksElsewhere(): boolean {
  return document.visibilityState === "hidden" || !document.hasFocus();
}

/** On the tab, and on the icon of an installed page. Those who cannot simply do not. */
function mark(on: boolean): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (icon) icon.href = on ? "/icons/news.svg" : "/favicon.svg";
  const badge = navigator as { setAppBadge?(): Promise<void>; clearAppBadge?(): Promise<void> };
  void (on ? badge.setAppBadge?.() : badge.clearAppBadge?.())?.catch(() => undefined);
}
