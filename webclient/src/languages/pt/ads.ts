// Portuguese, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "Pode haver anúncios aqui?",
  lead: (host) =>
    `Este servidor tem um lugar para anúncios: na sala e depois de uma conversa, nunca durante ela. Eles viriam de ${host} e de quem trabalha com esse site.`,
  facts: [
    "Nada deles é carregado se você não permitir, e tudo funciona igual sem eles.",
    "Quem os envia fica sabendo o seu endereço de rede e pode guardar cookies no quadro do anúncio.",
    "Eles não veem esta página, nem o seu nome, nem nada de uma conversa.",
  ],
  allow: "Permitir anúncios",
  refuse: "Sem anúncios",
  kept: "A sua resposta fica neste navegador, e você pode mudá-la aqui quando quiser.",
  label: "Anúncio",
  from: (host) => `Anúncio de ${host}`,
  removed: "O anúncio tomou conta do teclado, por isso foi removido.",
  off: "Sem anúncios, como você escolheu.",
  change: "Mudar",
  choice: "Anúncios",
};
