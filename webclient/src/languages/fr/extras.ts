// French, the words of what a talk can do beyond text. Pictures and voice notes are both feminine, so one sentence fits.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

const bytes = bytesIn("fr");
const noun = { image: "image", voice: "note vocale" };

const check: ExtraTexts["check"] = {
  open: "Vérifier la connexion",
  title: "Y a-t-il quelqu’un entre vous ?",
  lead: "L’autre personne voit quatre mots, elle aussi. Si ce sont les mêmes, dans le même ordre, il n’y a personne entre vos deux navigateurs.",
  how: "Comparez-les par la voix ou la vidéo, ou par un autre moyen : quelqu’un placé entre vous pourrait réécrire le texte.",
  limit: "Ils ne disent pas qui est l’autre personne, ni qu’elle n’enregistre pas.",
  numbers: "Les nombres remplacent les mots, pour deux personnes qui n’ont pas le même alphabet.",
  coming: "Un instant : les deux navigateurs se mettent encore d’accord sur les mots.",
  missing:
    "Il n’y a pas de mots dans cette conversation : le navigateur de l’autre personne n’a pas envoyé sa part, ou elle s’est perdue. Personne ne peut donc dire s’il y a quelqu’un entre vous. Ne raconte rien que tu pourrais regretter.",
  close: "Fermer",
};

const calls: ExtraTexts["calls"] = {
  voice: "Appel vocal",
  video: "Appel vidéo",
  stage: (stranger) => `Appel avec ${stranger}`,

  asked: (stranger, video) =>
    video ? `${stranger} voudrait t’appeler en vidéo` : `${stranger} voudrait t’appeler en vocal`,
  askedHint: "D’abord, il n’y a que toi qui te vois et t’entends. Rien n’est envoyé avant que tu le décides.",
  open: "Répondre…",
  decline: "Refuser",

  preview: {
    title: (stranger) => `Appeler ${stranger} ?`,
    answering: (stranger, video) => (video ? `${stranger} t’attend, en vidéo` : `${stranger} t’attend, en vocal`),
    private: "Il n’y a que toi qui vois et entends ceci.",
    kind: "Comment",
    byVoice: "Voix",
    byVideo: "Vidéo",
    ring: (video) => (video ? "Appeler en vidéo" : "Appeler en vocal"),
    accept: (video) => (video ? "Répondre en vidéo" : "Répondre en vocal"),
    acceptDark: "Répondre sans image",
    back: "Pas maintenant",
  },

  ringing: (stranger, video) => (video ? `Appel vidéo proposé à ${stranger}…` : `Appel proposé à ${stranger}…`),
  ringingHint: "L’autre personne peut refuser, ou ne rien dire. Tu peux continuer à écrire.",
  cancel: "Annuler l’appel",

  joining: "Connexion de l’appel…",
  inCall: (stranger, video) => (video ? `En appel vidéo avec ${stranger}.` : `En appel avec ${stranger}.`),
  hangUp: "Raccrocher",
  mute: "Couper le micro",
  unmute: "Rétablir le micro",
  cameraOff: "Couper la caméra",
  cameraOn: "Allumer la caméra",
  devices: "Choisir les appareils",
  device: { audio: "Micro", video: "Caméra" },
  unnamed: (kind, nth) => (kind === "audio" ? `Micro ${nth}` : `Caméra ${nth}`),
  float: "Image dans l’image",
  full: "Plein écran",
  leaveFull: "Quitter le plein écran",
  smaller: "Réduire l’appel",
  larger: "Agrandir l’appel",
  tapToHear: "Appuie pour entendre",
  you: "Toi",
  youMuted: "Ton micro est coupé.",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} a coupé son micro et sa caméra.`;
    if (!audio) return `${stranger} a coupé son micro.`;
    return picture && !video ? `${stranger} a coupé sa caméra.` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} ne veut pas d’appel pour l’instant.`,
    unanswered: (stranger) => `${stranger} n’a pas répondu.`,
    withdrawn: (stranger) => `${stranger} ne demande plus d’appel.`,
    missed: (stranger) => `Tu n’as pas répondu à ${stranger}.`,
    ended: (stranger) => `${stranger} a raccroché. Tu peux continuer à écrire.`,
  },

  asking: "Ton navigateur demande si cette page peut s’en servir.",
  retry: "Réessayer",
  trouble: {
    audio: {
      denied: "Le micro n’a pas été autorisé. Tu peux l’autoriser dans la barre d’adresse de ton navigateur.",
      none: "Aucun micro n’a été trouvé.",
      busy: "Impossible d’ouvrir le micro. Un autre programme l’utilise peut-être.",
      unsupported: "Ce navigateur n’offre pas de micro à cette page.",
      lost: "Le micro a été débranché ou retiré.",
    },
    video: {
      denied: "La caméra n’a pas été autorisée. Tu peux l’autoriser dans la barre d’adresse de ton navigateur.",
      none: "Aucune caméra n’a été trouvée.",
      busy: "Impossible d’ouvrir la caméra. Un autre programme l’utilise peut-être.",
      unsupported: "Ce navigateur n’offre pas de caméra à cette page.",
      lost: "La caméra a été débranchée ou retirée.",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "Envoyer une image",
  record: "Enregistrer une note vocale",
  recordHint: "Enregistrer une note vocale : appuie pour commencer et pour arrêter, ou maintiens puis relâche",
  stopRecording: "Arrêter l’enregistrement",
  recording: "Enregistrement",
  asking: "Ton navigateur demande s’il peut écouter…",
  review: "ton enregistrement",
  deleteNote: "Supprimer",
  sendNote: "Envoyer",
  level: "Le volume de ta voix",
  preparing: "Préparation de l’image…",
  dropHere: "Lâche-la pour l’envoyer comme image",
  close: "Fermer",

  tooMany: (limit) =>
    `Cela fait beaucoup à la fois. ${limit} au plus peuvent attendre ; les autres n’ont pas été envoyées.`,
  notSent: "L’envoi n’a pas pu se faire : la voie des images et du son est fermée.",
  pictureTrouble: {
    type: "On ne peut envoyer ainsi que des images : JPEG, PNG, WebP, GIF ou AVIF.",
    size: "Cette image est trop grosse.",
    unreadable: "Ton navigateur ne peut pas lire cette image.",
  },
  voiceTrouble: {
    denied: "Le navigateur n’a pas eu le droit d’écouter. Tu peux le changer à côté de l’adresse de cette page.",
    none: "Aucun micro n’a été trouvé.",
    unsupported: "Ce navigateur ne peut pas enregistrer de son.",
    failed: "L’enregistrement n’a pas marché. Autre chose utilise peut-être le micro.",
  },

  picture: (who, stranger) => (who === "me" ? "Ton image" : `Image de ${stranger}`),
  covered: (stranger) => `Image de ${stranger}, masquée`,
  show: "Montrer l’image",
  cover: "La masquer à nouveau",
  enlarge: "La voir en grand",
  voice: (who, stranger) => (who === "me" ? "ta note vocale" : `la note vocale de ${stranger}`),
  play: (what) => `Écouter ${what}`,
  pause: (what) => `Mettre en pause ${what}`,
  position: (what) => `Position dans ${what}`,
  of: (at, all) => `${at} sur ${all}`,

  going: (who, what, size) =>
    who === "me" ? `Envoi d’une ${noun[what]}, ${bytes(size)}` : `Réception d’une ${noun[what]}, ${bytes(size)}`,
  stopSending: "Arrêter l’envoi",
  stopReceiving: "Ne pas la recevoir",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Gone = Record<Parameters<ExtraTexts["parcels"]["gone"]>[2], (it: string) => string>;

const mine: Gone = {
  stopped: (it) => `Tu as arrêté l’envoi de cette ${it}.`,
  size: (it) => `Cette ${it} est trop grosse pour la page de l’autre personne.`,
  type: (it) => `Le navigateur de l’autre personne ne peut pas montrer une ${it} de ce type.`,
  unreadable: (it) => `Le navigateur de l’autre personne n’a pas pu lire cette ${it}.`,
  many: (it) => `Trop à la fois : cette ${it} n’a pas été acceptée. Attends un instant, puis réessaie.`,
  unwanted: (it) => `L’autre personne n’a pas accepté cette ${it}.`,
  lost: (it) => `La conversation s’est terminée avant que cette ${it} soit arrivée.`,
  old: (it) => `Cette ${it} a été écartée pour faire place à de plus récentes.`,
};

const theirs: Gone = {
  ...mine,
  stopped: (it) => `L’autre personne a arrêté l’envoi de cette ${it}.`,
  size: (it) => `Une ${it} trop grosse a été refusée.`,
  type: (it) => `Une ${it} d’un type qui ne se montre pas ici a été refusée.`,
  unreadable: (it) => `Une ${it} illisible est arrivée.`,
  unwanted: (it) => `Tu n’as pas accepté cette ${it}.`,
};

export const extras: ExtraTexts = { check, calls, parcels };
