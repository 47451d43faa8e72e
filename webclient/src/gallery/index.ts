// Every screen, for looking at while developing: `npm run dev`, then /gallery.html. It is no entry of the build.
// /gallery.html?screen=talk&language=ar shows one of them alone, in that language.

import { direction, isLanguage } from "../languages";
import { speak, speakAds, speakExtras } from "../speech";

const asked = new URLSearchParams(location.search).get("language");
const language = isLanguage(asked) ? asked : "en";
await speak(language);
await speakExtras();
await speakAds();
document.documentElement.lang = language;
document.documentElement.dir = direction(language);
await import("./screens");
document.body.dataset.ready = "";
