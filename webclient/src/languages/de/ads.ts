// German, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "Darf hier Werbung sein?",
  lead: (host) =>
    `Dieser Server hat einen Platz für Werbung: in der Lobby und nach einem Gespräch, nie währenddessen. Sie käme von ${host} und denen, die damit zusammenarbeiten.`,
  facts: [
    "Nichts davon wird ohne deine Erlaubnis geladen, und alles geht genauso ohne.",
    "Wer sie schickt, erfährt deine Netzwerkadresse und kann im Rahmen der Werbung Cookies setzen.",
    "Sie sieht weder diese Seite noch deinen Namen noch irgendetwas von einem Gespräch.",
  ],
  allow: "Werbung erlauben",
  refuse: "Keine Werbung",
  kept: "Deine Antwort bleibt in diesem Browser, und du kannst sie hier jederzeit ändern.",
  label: "Werbung",
  from: (host) => `Werbung von ${host}`,
  removed: "Die Werbung hat nach der Tastatur gegriffen und wurde entfernt.",
  off: "Keine Werbung, wie du es wolltest.",
  change: "Ändern",
  choice: "Werbung",
};
