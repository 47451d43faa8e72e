// Spanish, the words of what a talk can do beyond text. Pictures and voice notes are both feminine, so one sentence fits.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

const bytes = bytesIn("es");
const noun = { image: "imagen", voice: "nota de voz" };

const check: ExtraTexts["check"] = {
  open: "Verificar conexión",
  title: "¿Hay alguien en medio?",
  lead: "La otra persona también ve cuatro palabras. Si son las mismas, y en el mismo orden, no hay nadie entre los dos navegadores.",
  how: "Compáralas por voz o por video, o por otro medio: quien estuviera en medio podría cambiar lo escrito.",
  limit: "No dicen quién es la otra persona, ni que no esté grabando.",
  numbers: "Los números equivalen a las palabras, para quienes no comparten alfabeto.",
  coming: "Un momento: los dos navegadores aún están acordando las palabras.",
  missing:
    "En esta conversación no hay palabras: el navegador de la otra persona no envió su parte, o se perdió. Así que nadie puede decir si hay alguien en medio. No cuentes nada que no quieras que se sepa.",
  close: "Cerrar",
};

const calls: ExtraTexts["calls"] = {
  voice: "Llamada de voz",
  video: "Videollamada",
  stage: (stranger) => `Llamada con ${stranger}`,

  asked: (stranger, video) =>
    video ? `${stranger} te propone una videollamada` : `${stranger} te propone una llamada de voz`,
  askedHint: "Primero te ves y te oyes solo tú. No se envía nada hasta que tú lo decidas.",
  open: "Responder…",
  decline: "Rechazar",

  preview: {
    title: (stranger) => `¿Llamar a ${stranger}?`,
    answering: (stranger, video) =>
      video ? `${stranger} te espera en una videollamada` : `${stranger} te espera en una llamada de voz`,
    private: "Esto solo lo ves y lo oyes tú.",
    kind: "Cómo",
    byVoice: "Voz",
    byVideo: "Video",
    ring: (video) => (video ? "Llamar con video" : "Llamar con voz"),
    accept: (video) => (video ? "Responder con video" : "Responder con voz"),
    acceptDark: "Responder sin imagen",
    back: "Ahora no",
  },

  ringing: (stranger, video) =>
    video ? `Proponiendo una videollamada a ${stranger}…` : `Proponiendo una llamada a ${stranger}…`,
  ringingHint: "Puede decir que no, o no decir nada. Puedes seguir escribiendo.",
  cancel: "Cancelar la llamada",

  joining: "Conectando la llamada…",
  inCall: (stranger, video) => (video ? `En videollamada con ${stranger}.` : `En llamada con ${stranger}.`),
  hangUp: "Colgar",
  mute: "Silenciar el micrófono",
  unmute: "Activar el micrófono",
  cameraOff: "Apagar la cámara",
  cameraOn: "Encender la cámara",
  devices: "Elegir dispositivos",
  device: { audio: "Micrófono", video: "Cámara" },
  unnamed: (kind, nth) => (kind === "audio" ? `Micrófono ${nth}` : `Cámara ${nth}`),
  float: "Imagen en imagen",
  full: "Pantalla completa",
  leaveFull: "Salir de pantalla completa",
  smaller: "Hacer más pequeña la llamada",
  larger: "Hacer más grande la llamada",
  tapToHear: "Toca para oír",
  you: "Tú",
  youMuted: "Tienes el micrófono silenciado.",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} tiene el micrófono silenciado y la cámara apagada.`;
    if (!audio) return `${stranger} tiene el micrófono silenciado.`;
    return picture && !video ? `${stranger} tiene la cámara apagada.` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} prefiere no hablar por llamada ahora.`,
    unanswered: (stranger) => `${stranger} no respondió.`,
    withdrawn: (stranger) => `${stranger} retiró la llamada.`,
    missed: (stranger) => `No respondiste a ${stranger}.`,
    ended: (stranger) => `${stranger} colgó. Puedes seguir escribiendo.`,
  },

  asking: "Tu navegador pregunta si esta página puede usarlo.",
  retry: "Probar de nuevo",
  trouble: {
    audio: {
      denied: "No se permitió usar el micrófono. Puedes permitirlo en la barra de direcciones de tu navegador.",
      none: "No se encontró ningún micrófono.",
      busy: "No se puede abrir el micrófono. Quizá lo esté usando otro programa.",
      unsupported: "Este navegador no le ofrece micrófono a esta página.",
      lost: "El micrófono se desconectó o dejó de estar disponible.",
    },
    video: {
      denied: "No se permitió usar la cámara. Puedes permitirla en la barra de direcciones de tu navegador.",
      none: "No se encontró ninguna cámara.",
      busy: "No se puede abrir la cámara. Quizá la esté usando otro programa.",
      unsupported: "Este navegador no le ofrece cámara a esta página.",
      lost: "La cámara se desconectó o dejó de estar disponible.",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "Enviar una imagen",
  record: "Grabar una nota de voz",
  recordHint: "Grabar una nota de voz: toca para empezar y para parar, o mantén pulsado y suelta",
  stopRecording: "Dejar de grabar",
  recording: "Grabando",
  asking: "Tu navegador pregunta si puede escuchar…",
  review: "lo que grabaste",
  deleteNote: "Borrar",
  sendNote: "Enviarla",
  level: "Volumen de tu voz",
  preparing: "Preparando la imagen…",
  dropHere: "Suéltala para enviarla como imagen",
  close: "Cerrar",

  tooMany: (limit) => `Son muchas a la vez. Pueden esperar ${limit} como máximo; las demás no se enviaron.`,
  notSent: "No se pudo enviar: la vía para imágenes y sonido está cerrada.",
  pictureTrouble: {
    type: "Así solo se pueden enviar imágenes: JPEG, PNG, WebP, GIF o AVIF.",
    size: "Esa imagen es demasiado grande.",
    unreadable: "Tu navegador no puede leer esa imagen.",
  },
  voiceTrouble: {
    denied: "El navegador no tiene permiso para escuchar. Puedes cambiarlo junto a la dirección de esta página.",
    none: "No se encontró ningún micrófono.",
    unsupported: "Este navegador no puede grabar sonido.",
    failed: "La grabación no funcionó. Quizá otra cosa esté usando el micrófono.",
  },

  picture: (who, stranger) => (who === "me" ? "Tu imagen" : `Imagen de ${stranger}`),
  covered: (stranger) => `Imagen de ${stranger}, tapada`,
  show: "Mostrar la imagen",
  cover: "Volver a taparla",
  enlarge: "Verla en grande",
  voice: (who, stranger) => (who === "me" ? "tu nota de voz" : `la nota de voz de ${stranger}`),
  play: (what) => `Reproducir ${what}`,
  pause: (what) => `Pausar ${what}`,
  position: (what) => `Posición en ${what}`,
  of: (at, all) => `${at} de ${all}`,

  going: (who, what, size) =>
    who === "me" ? `Enviando una ${noun[what]}, ${bytes(size)}` : `Recibiendo una ${noun[what]}, ${bytes(size)}`,
  stopSending: "Dejar de enviar",
  stopReceiving: "No recibirla",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Gone = Record<Parameters<ExtraTexts["parcels"]["gone"]>[2], (it: string) => string>;

const mine: Gone = {
  stopped: (it) => `Dejaste de enviar esta ${it}.`,
  size: (it) => `Esta ${it} es demasiado grande para la página de la otra persona.`,
  type: (it) => `El navegador de la otra persona no puede mostrar este tipo de ${it}.`,
  unreadable: (it) => `El navegador de la otra persona no pudo leer esta ${it}.`,
  many: (it) => `Demasiado a la vez: esta ${it} no se aceptó. Espera un momento y prueba de nuevo.`,
  unwanted: (it) => `La otra persona no aceptó esta ${it}.`,
  lost: (it) => `La conversación terminó antes de que llegara esta ${it}.`,
  old: (it) => `Esta ${it} se descartó para dejar sitio a otras más nuevas.`,
};

const theirs: Gone = {
  ...mine,
  stopped: (it) => `La otra persona dejó de enviar esta ${it}.`,
  size: (it) => `Se rechazó una ${it} demasiado grande.`,
  type: (it) => `Se rechazó una ${it} de un tipo que aquí no se muestra.`,
  unreadable: (it) => `Llegó una ${it} que no se puede leer.`,
  unwanted: (it) => `No aceptaste esta ${it}.`,
};

export const extras: ExtraTexts = { check, calls, parcels };
