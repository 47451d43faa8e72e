// The way in: looks whether this browser can do what is needed, builds the app and shows it. Contacts nothing.

import { computed, effect } from "@preact/signals";
import { options, render } from "preact";
import { type App, makeApp } from "./app";
import { choices } from "./choices";
import { makeDrawing } from "./drawing";
import { makeIdentities, randomId } from "./identity";
import { direction, likely } from "./languages";
import { openLink } from "./link";
import { watchNetwork } from "./network";
import { makeProfile, suggestName } from "./profile";
import { readSite } from "./site";
import { filling, offered } from "./slot";
import { speak, speakAds, speakExtras, spoken } from "./speech";
import { solve } from "./stamp";
import type { Lack } from "./state";
import { texts } from "./texts";
import { showTheme } from "./theme";
import { makeTimers, messageHop } from "./timers";
import { Root } from "./views/root";
import { watchWaking } from "./waking";
import type { Site } from "./wire";
import type { Wishes } from "./wish";

function lack(): Lack | undefined {
  if (!window.isSecureContext) return "insecure";
  if (typeof RTCPeerConnection === "undefined") return "webrtc";
  if (typeof crypto === "undefined" || !crypto.subtle) return "crypto";
  if (typeof WebSocket === "undefined") return "websocket";
  return undefined;
}

const timers = makeTimers(messageHop());
const hop = messageHop();
const drawing = makeDrawing(queueMicrotask, timers);
options.debounceRendering = drawing.draw;
const work = { hop: messageHop(), now: () => performance.now() };
// What is needed to meet somebody comes when one comes in, after what is needed to read the first screen.
const loadWishes = once(() => import("./wish").then(({ makeWishes }) => makeWishes()));
let wishes: Wishes | undefined;
const identities = makeIdentities();
const loadSignals = () => import("./attention/signals");
/** Which of several tabs this one is: for the message that it has the system show, and for who clicks that. */
const tab = `passerby ${randomId(8)}`;
/** A browser that always has something to do is not waited for longer, … */
const IDLE_MS = 1_000;
/** … and one that does not tell, so long. */
const SOON_MS = 300;

async function start(place: HTMLElement): Promise<void> {
  effect(() => showTheme(document, choices.value.theme));
  const language = choices.peek().language ?? likely(navigator.languages);
  await speak(language).catch(() => speak("en"));
  effect(() => {
    document.documentElement.lang = spoken().language;
    document.documentElement.dir = direction(spoken().language);
  });
  const app = makeApp(
    {
      url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/mqtt`,
      makeIdentity: identities.make,
      openLink(options) {
        const link = openLink({ ...options, ports: { ...timers, ...options.ports } });
        signal();
        return link;
      },
      wishes: {
        prepare: () => {
          loadWishes().then(
            (loaded) => {
              wishes = loaded;
              loaded.prepare();
            },
            () => undefined, // asked for again when it is needed
          );
        },
        draw(way) {
          if (wishes && !filling.peek()) return wishes.draw(way);
          // The frame of an advertisement is gone before anybody is looked for.
          return Promise.all([loadWishes(), new Promise<void>(hop)]).then(([{ draw }]) => draw(way));
        },
      },
      idle,
      loadExtras: () => Promise.all([import("./extras/extras"), speakExtras()]).then(([{ openExtras }]) => openExtras),
      solve: (seed, effort, events) => solve(seed, effort, events, work),
      reload: () => location.reload(),
      now: () => Date.now(),
      random: () => Math.random(),
      ...timers,
    },
    makeProfile(suggestName(texts.nicknames, Math.random()), navigator.languages),
    lack(),
  );

  // A page that is kept for coming back is only frozen; one that is not says good-bye, so that others know at once.
  addEventListener("pagehide", (event) => {
    if (!event.persisted) app.leave();
  });
  const { connection } = navigator as { connection?: EventTarget };
  watchNetwork(window, navigator);
  watchWaking({ page: document, window, connection, wall: () => Date.now() }, app);

  let signals = false;
  /** Without it the page is as silent as any other. */
  function signal(): void {
    if (signals) return;
    signals = true;
    loadSignals().then(
      ({ signalTo }) => signalTo(app, tab),
      () => undefined,
    );
  }

  const phase = computed(() => app.lobby.value.phase.name);
  effect(() => {
    if (!filling.value) drawing.turn(phase.value);
  });
  place.replaceChildren();
  const site = readSite(document);
  render(<Root app={app} site={site} />, place);
  idle(identities.prepare);
  fillSlot(site).catch(() => undefined);
  keep(app).catch(() => undefined); // the next visit tries again
}

/** With what the operator has named, if anything; who keeps it from loading is asked nothing. */
async function fillSlot(site: Site): Promise<void> {
  const ads = offered(site, location, navigator);
  if (!ads) return;
  const [{ openAds }] = await Promise.all([import("./ads/ads"), speakAds()]);
  filling.value = openAds(ads);
}

/** Where it is not secure no page can be kept. */
async function keep(app: App): Promise<void> {
  const { serviceWorker: container } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!container) return;
  if (document.readyState !== "complete") await new Promise((loaded) => addEventListener("load", loaded));
  await new Promise<void>(idle);
  const { keepUp } = await import("./upkeep");
  const newer = () => app.send({ type: "newer" });
  const greet = await keepUp({ page: document, container, tab, now: () => performance.now(), newer });
  if (greet) effect(() => greet(spoken().language));
}

function idle(run: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: IDLE_MS });
  else setTimeout(run, SOON_MS);
}

/** Loads once, and again after it failed. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= load().catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

const place = document.getElementById("app");
// Without its words the page can say nothing but what index.html holds for this.
if (place) start(place).catch(() => place.classList.add("failed"));
