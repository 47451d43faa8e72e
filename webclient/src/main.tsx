// The way in: looks whether this browser can do what is needed, builds the app and shows it. Contacts nothing.

import { render } from "preact";
import { makeApp } from "./app";
import { makeIdentity } from "./identity";
import { openLink } from "./link";
import { makeProfile } from "./profile";
import { solve } from "./stamp";
import type { Lack } from "./state";
import { makeTimers, messageHop } from "./timers";
import { Root } from "./views/root";
import { watchWaking } from "./waking";

function lack(): Lack | undefined {
  if (!window.isSecureContext) return "insecure";
  if (typeof RTCPeerConnection === "undefined") return "webrtc";
  if (typeof crypto === "undefined" || !crypto.subtle) return "crypto";
  if (typeof WebSocket === "undefined") return "websocket";
  return undefined;
}

// What is needed to meet somebody comes after what is needed to read the first screen.
const loadWish = () => import("./wish");

const timers = makeTimers(messageHop());
const work = { hop: messageHop(), now: () => performance.now() };
const app = makeApp(
  {
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/mqtt`,
    makeIdentity,
    openLink: (options) => openLink({ ...options, ports: { ...timers, ...options.ports } }),
    makeWish: (options) => loadWish().then(({ makeWish }) => makeWish(options)),
    loadExtras: () => import("./extras/extras").then(({ openExtras }) => openExtras),
    solve: (seed, effort, events) => solve(seed, effort, events, work),
    now: () => Date.now(),
    random: () => Math.random(),
    ...timers,
  },
  makeProfile(Math.random(), navigator.languages),
  lack(),
);

// A page that is kept for coming back is only frozen; one that is not says good-bye, so that others know at once.
addEventListener("pagehide", (event) => {
  if (!event.persisted) app.leave();
});
const { connection } = navigator as { connection?: EventTarget };
watchWaking({ page: document, window, connection, wall: () => Date.now() }, app);

const place = document.getElementById("app");
if (place) render(<Root app={app} />, place);
loadWish().catch(() => undefined); // asked for again when it is needed
