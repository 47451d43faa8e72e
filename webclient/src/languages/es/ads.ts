// Spanish, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "¿Puede haber anuncios aquí?",
  lead: (host) =>
    `Este servidor tiene un lugar para anuncios: en la sala y después de una conversación, nunca durante ella. Vendrían de ${host} y de quienes trabajan con ese sitio.`,
  facts: [
    "No se carga nada de ellos si no lo permites, y todo funciona igual sin ellos.",
    "Quien los envía conoce tu dirección de red y puede guardar cookies en el marco del anuncio.",
    "No pueden ver esta página, ni tu nombre, ni nada de una conversación.",
  ],
  allow: "Permitir anuncios",
  refuse: "Sin anuncios",
  kept: "Tu respuesta se queda en este navegador y puedes cambiarla aquí cuando quieras.",
  label: "Anuncio",
  from: (host) => `Anuncio de ${host}`,
  removed: "El anuncio se apoderó del teclado, así que se quitó.",
  off: "Sin anuncios, como elegiste.",
  change: "Cambiar",
  choice: "Anuncios",
};
