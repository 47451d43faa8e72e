// German, the words of what a talk can do beyond text. A picture is neuter and a voice message feminine, so each has its
// own sentences.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

const bytes = bytesIn("de");

const check: ExtraTexts["check"] = {
  open: "Verbindung prüfen",
  title: "Ist jemand zwischen euch?",
  lead: "Dein Gegenüber sieht auch vier Wörter. Sind es dieselben, in derselben Reihenfolge, sitzt niemand zwischen euren beiden Browsern.",
  how: "Vergleicht sie per Sprache oder Video oder auf einem anderen Weg: Text könnte umschreiben, wer dazwischensitzt.",
  limit: "Sie sagen nicht, wer dein Gegenüber ist, und auch nicht, dass es nichts aufzeichnet.",
  numbers: "Die Zahlen stehen für die Wörter, falls ihr nicht dieselbe Schrift lest.",
  coming: "Einen Moment: Die beiden Browser einigen sich noch auf die Wörter.",
  missing:
    "In diesem Gespräch gibt es keine Wörter: Der Browser deines Gegenübers hat seinen Teil nicht geschickt, oder er ging verloren. Niemand kann also sagen, ob jemand dazwischensitzt. Erzähl nichts, was niemand sonst erfahren soll.",
  close: "Schließen",
};

const calls: ExtraTexts["calls"] = {
  voice: "Anrufen",
  video: "Mit Video anrufen",
  stage: (stranger) => `Anruf mit ${stranger}`,

  asked: (stranger, video) =>
    video ? `${stranger} möchte dich anrufen, mit Video` : `${stranger} möchte dich anrufen, nur mit Ton`,
  askedHint: "Zuerst siehst und hörst nur du dich. Nichts wird gesendet, bevor du es sagst.",
  open: "Annehmen…",
  decline: "Ablehnen",

  preview: {
    title: (stranger) => `${stranger} anrufen?`,
    answering: (stranger, video) =>
      video ? `${stranger} wartet auf dich, mit Video` : `${stranger} wartet auf dich, nur mit Ton`,
    private: "Das siehst und hörst nur du.",
    kind: "Wie",
    byVoice: "Nur Ton",
    byVideo: "Mit Video",
    ring: (video) => (video ? "Mit Video anrufen" : "Anrufen"),
    accept: (video) => (video ? "Mit Video annehmen" : "Annehmen"),
    acceptDark: "Ohne Bild annehmen",
    back: "Jetzt nicht",
  },

  ringing: (stranger, video) => (video ? `Videoanruf bei ${stranger} angefragt…` : `Anruf bei ${stranger} angefragt…`),
  ringingHint: "Dein Gegenüber kann Nein sagen, oder nichts. Du kannst weiterschreiben.",
  cancel: "Anruf abbrechen",

  joining: "Anruf wird verbunden…",
  inCall: (stranger, video) => (video ? `Im Videoanruf mit ${stranger}.` : `Im Anruf mit ${stranger}.`),
  hangUp: "Auflegen",
  mute: "Mikrofon stumm schalten",
  unmute: "Mikrofon wieder einschalten",
  cameraOff: "Kamera ausschalten",
  cameraOn: "Kamera einschalten",
  devices: "Geräte wählen",
  device: { audio: "Mikrofon", video: "Kamera" },
  unnamed: (kind, nth) => (kind === "audio" ? `Mikrofon ${nth}` : `Kamera ${nth}`),
  float: "Bild im Bild",
  full: "Vollbild",
  leaveFull: "Vollbild verlassen",
  smaller: "Anruf verkleinern",
  larger: "Anruf vergrößern",
  tapToHear: "Tippen, um zu hören",
  you: "Du",
  youMuted: "Dein Mikrofon ist stumm.",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} ist stumm und hat die Kamera ausgeschaltet.`;
    if (!audio) return `${stranger} ist stumm.`;
    return picture && !video ? `${stranger} hat die Kamera ausgeschaltet.` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} möchte gerade nicht telefonieren.`,
    unanswered: (stranger) => `${stranger} hat nicht geantwortet.`,
    withdrawn: (stranger) => `${stranger} möchte keinen Anruf mehr.`,
    missed: (stranger) => `Du hast ${stranger} nicht geantwortet.`,
    ended: (stranger) => `${stranger} hat aufgelegt. Du kannst weiterschreiben.`,
  },

  asking: "Dein Browser fragt, ob diese Seite es benutzen darf.",
  retry: "Noch einmal versuchen",
  trouble: {
    audio: {
      denied: "Das Mikrofon wurde nicht erlaubt. Du kannst es in der Adressleiste deines Browsers erlauben.",
      none: "Kein Mikrofon gefunden.",
      busy: "Das Mikrofon lässt sich nicht öffnen. Vielleicht benutzt es ein anderes Programm.",
      unsupported: "Dieser Browser gibt dieser Seite kein Mikrofon.",
      lost: "Das Mikrofon wurde abgesteckt oder ist nicht mehr da.",
    },
    video: {
      denied: "Die Kamera wurde nicht erlaubt. Du kannst sie in der Adressleiste deines Browsers erlauben.",
      none: "Keine Kamera gefunden.",
      busy: "Die Kamera lässt sich nicht öffnen. Vielleicht benutzt sie ein anderes Programm.",
      unsupported: "Dieser Browser gibt dieser Seite keine Kamera.",
      lost: "Die Kamera wurde abgesteckt oder ist nicht mehr da.",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "Ein Bild senden",
  record: "Eine Sprachnachricht aufnehmen",
  recordHint: "Eine Sprachnachricht aufnehmen: zum Starten und Stoppen tippen, oder halten und loslassen",
  stopRecording: "Aufnahme beenden",
  recording: "Aufnahme läuft",
  asking: "Dein Browser fragt, ob er zuhören darf…",
  review: "deine Aufnahme",
  deleteNote: "Löschen",
  sendNote: "Senden",
  level: "Wie laut du bist",
  preparing: "Bild wird vorbereitet…",
  dropHere: "Loslassen, um es als Bild zu senden",
  close: "Schließen",

  tooMany: (limit) => `Das ist viel auf einmal. Höchstens ${limit} können warten; die anderen wurden nicht gesendet.`,
  notSent: "Es ließ sich nicht senden: Der Weg für Bilder und Ton ist zu.",
  pictureTrouble: {
    type: "So lassen sich nur Bilder senden: JPEG, PNG, WebP, GIF oder AVIF.",
    size: "Dieses Bild ist zu groß.",
    unreadable: "Dein Browser kann dieses Bild nicht lesen.",
  },
  voiceTrouble: {
    denied: "Der Browser durfte nicht zuhören. Neben der Adresse dieser Seite kannst du das ändern.",
    none: "Kein Mikrofon gefunden.",
    unsupported: "Dieser Browser kann keinen Ton aufnehmen.",
    failed: "Die Aufnahme hat nicht geklappt. Vielleicht benutzt etwas anderes das Mikrofon.",
  },

  picture: (who, stranger) => (who === "me" ? "Dein Bild" : `Bild von ${stranger}`),
  covered: (stranger) => `Bild von ${stranger}, verdeckt`,
  show: "Bild zeigen",
  cover: "Wieder verdecken",
  enlarge: "Groß zeigen",
  voice: (who, stranger) => (who === "me" ? "deine Sprachnachricht" : `die Sprachnachricht von ${stranger}`),
  play: (what) => `Abspielen: ${what}`,
  pause: (what) => `Anhalten: ${what}`,
  position: (what) => `Stelle: ${what}`,
  of: (at, all) => `${at} von ${all}`,

  going: (who, what, size) => {
    if (what === "image")
      return who === "me" ? `Bild wird gesendet, ${bytes(size)}` : `Bild wird empfangen, ${bytes(size)}`;
    return who === "me"
      ? `Sprachnachricht wird gesendet, ${bytes(size)}`
      : `Sprachnachricht wird empfangen, ${bytes(size)}`;
  },
  stopSending: "Nicht mehr senden",
  stopReceiving: "Nicht annehmen",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[what][why],
};

type Gone = Parameters<ExtraTexts["parcels"]["gone"]>;

const mine: Record<Gone[1], Record<Gone[2], string>> = {
  image: {
    stopped: "Du hast das Senden dieses Bildes abgebrochen.",
    size: "Dieses Bild ist zu groß für die Seite deines Gegenübers.",
    type: "Der Browser deines Gegenübers kann Bilder dieser Art nicht zeigen.",
    unreadable: "Der Browser deines Gegenübers konnte dieses Bild nicht lesen.",
    many: "Zu viel auf einmal: Dieses Bild wurde nicht angenommen. Warte einen Moment und versuch es noch einmal.",
    unwanted: "Dein Gegenüber hat dieses Bild nicht angenommen.",
    lost: "Das Gespräch war zu Ende, bevor dieses Bild ankam.",
    old: "Dieses Bild musste neueren Platz machen.",
  },
  voice: {
    stopped: "Du hast das Senden dieser Sprachnachricht abgebrochen.",
    size: "Diese Sprachnachricht ist zu groß für die Seite deines Gegenübers.",
    type: "Der Browser deines Gegenübers kann Sprachnachrichten dieser Art nicht abspielen.",
    unreadable: "Der Browser deines Gegenübers konnte diese Sprachnachricht nicht lesen.",
    many: "Zu viel auf einmal: Diese Sprachnachricht wurde nicht angenommen. Warte einen Moment und versuch es noch einmal.",
    unwanted: "Dein Gegenüber hat diese Sprachnachricht nicht angenommen.",
    lost: "Das Gespräch war zu Ende, bevor diese Sprachnachricht ankam.",
    old: "Diese Sprachnachricht musste neueren Platz machen.",
  },
};

const theirs: typeof mine = {
  image: {
    ...mine.image,
    stopped: "Dein Gegenüber hat das Senden dieses Bildes abgebrochen.",
    size: "Ein zu großes Bild wurde abgelehnt.",
    type: "Ein Bild einer Art, die hier nicht gezeigt wird, wurde abgelehnt.",
    unreadable: "Es kam ein Bild, das sich nicht lesen lässt.",
    unwanted: "Du hast dieses Bild nicht angenommen.",
  },
  voice: {
    ...mine.voice,
    stopped: "Dein Gegenüber hat das Senden dieser Sprachnachricht abgebrochen.",
    size: "Eine zu große Sprachnachricht wurde abgelehnt.",
    type: "Eine Sprachnachricht einer Art, die hier nicht abgespielt wird, wurde abgelehnt.",
    unreadable: "Es kam eine Sprachnachricht, die sich nicht lesen lässt.",
    unwanted: "Du hast diese Sprachnachricht nicht angenommen.",
  },
};

export const extras: ExtraTexts = { check, calls, parcels };
