// French, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "Des publicités ici, d’accord ?",
  lead: (host) =>
    `Ce serveur a une place pour des publicités : à l’accueil et après une conversation, jamais pendant. Elles viendraient de ${host} et de ses partenaires.`,
  facts: [
    "Rien n’en est chargé sans ton accord, et tout marche aussi bien sans elles.",
    "Qui les envoie apprend ton adresse réseau et peut déposer des cookies dans le cadre de la publicité.",
    "Elles ne voient ni cette page, ni ton nom, ni rien d’une conversation.",
  ],
  allow: "Autoriser la publicité",
  refuse: "Pas de publicité",
  kept: "Ta réponse reste dans ce navigateur, et tu peux la changer ici à tout moment.",
  label: "Publicité",
  from: (host) => `Publicité de ${host}`,
  removed: "La publicité s’est emparée du clavier, elle a donc été retirée.",
  off: "Pas de publicité, comme tu l’as choisi.",
  change: "Changer",
  choice: "Publicité",
};
