// Every screen, for looking at and for tests: `npm run dev`, or `make gallery` and its folder served; then /gallery.html.
// /gallery.html?screen=talk&language=ar shows one of them alone, in that language. In it time stands still, so that it
// looks the same whenever it is looked at. The body tells who drives a browser: `data-ready` when the screen is as it
// will stay, and on the page that lists them `data-screens` and `data-languages`, all there are.

import { direction, isLanguage, PAGE_LANGUAGES } from "../languages";
import { speak, speakAds, speakExtras } from "../speech";

const STILL_MS = Date.UTC(2026, 0, 15, 20, 30);
Date.now = () => STILL_MS;

const asked = new URLSearchParams(location.search).get("language");
const language = isLanguage(asked) ? asked : "en";
await speak(language);
await speakExtras();
await speakAds();
document.documentElement.lang = language;
document.documentElement.dir = direction(language);
const { names, show } = await import("./screens");
document.body.dataset.screens = names.join(" ");
document.body.dataset.languages = PAGE_LANGUAGES.join(" ");
await show(new URLSearchParams(location.search).get("screen"), language);
document.body.dataset.ready = "";
