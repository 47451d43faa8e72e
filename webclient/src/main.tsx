// The way in: looks whether this browser can do what is needed, builds the app and shows it. Contacts nothing.

import { render } from "preact";
import { makeApp } from "./app";
import { makeIdentity } from "./identity";
import { openLink } from "./link";
import { makeWish } from "./meeting";
import { makeProfile } from "./profile";
import type { Lack } from "./state";
import { Root } from "./views/root";

function lack(): Lack | undefined {
  if (!window.isSecureContext) return "insecure";
  if (typeof RTCPeerConnection === "undefined") return "webrtc";
  if (typeof crypto === "undefined" || !crypto.subtle) return "crypto";
  if (typeof WebSocket === "undefined") return "websocket";
  return undefined;
}

const app = makeApp(
  {
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/mqtt`,
    makeIdentity,
    openLink,
    makeWish,
    now: () => Date.now(),
    random: () => Math.random(),
  },
  makeProfile(Math.random(), navigator.languages),
  lack(),
);

// A page that is kept for coming back is only frozen; one that is not says good-bye, so that others know at once.
addEventListener("pagehide", (event) => {
  if (!event.persisted) app.leave();
});
addEventListener("pageshow", () => app.probe());
addEventListener("online", () => app.probe());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") app.probe();
});

const place = document.getElementById("app");
if (place) render(<Root app={app} />, place);
