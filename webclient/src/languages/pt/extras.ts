// Portuguese, the words of what a talk can do beyond text. Pictures and voice messages are both feminine, so one sentence
// fits.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

const bytes = bytesIn("pt");
const noun = { image: "imagem", voice: "mensagem de voz" };

const check: ExtraTexts["check"] = {
  open: "Verificar a conexão",
  title: "Há alguém entre vocês?",
  lead: "A outra pessoa também vê quatro palavras. Se forem as mesmas, na mesma ordem, não há ninguém entre os dois navegadores.",
  how: "Comparem as palavras por voz ou vídeo, ou por outro meio: quem estivesse no meio poderia reescrever o texto.",
  limit: "Elas não dizem quem é a outra pessoa, nem que ela não está gravando.",
  numbers: "Os números valem pelas palavras, para quem não compartilha um alfabeto.",
  coming: "Um momento: os dois navegadores ainda estão combinando as palavras.",
  missing:
    "Nesta conversa não há palavras: o navegador da outra pessoa não enviou a parte dele, ou ela se perdeu. Assim, ninguém pode dizer se há alguém no meio. Não conte nada que você não queira que se saiba.",
  close: "Fechar",
};

const calls: ExtraTexts["calls"] = {
  voice: "Chamada de voz",
  video: "Chamada de vídeo",
  stage: (stranger) => `Chamada com ${stranger}`,

  asked: (stranger, video) =>
    video
      ? `${stranger} gostaria de fazer uma chamada de vídeo com você`
      : `${stranger} gostaria de fazer uma chamada de voz com você`,
  askedHint: "Primeiro, só você se vê e se ouve. Nada é enviado antes que você queira.",
  open: "Atender…",
  decline: "Recusar",

  preview: {
    title: (stranger) => `Chamar ${stranger}?`,
    answering: (stranger, video) =>
      video ? `${stranger} espera você na chamada de vídeo` : `${stranger} espera você na chamada de voz`,
    private: "Só você vê e ouve isto.",
    kind: "Como",
    byVoice: "Voz",
    byVideo: "Vídeo",
    ring: (video) => (video ? "Chamar com vídeo" : "Chamar por voz"),
    accept: (video) => (video ? "Atender com vídeo" : "Atender por voz"),
    acceptDark: "Atender sem imagem",
    back: "Agora não",
  },

  ringing: (stranger, video) =>
    video ? `Pedindo a ${stranger} uma chamada de vídeo…` : `Pedindo a ${stranger} uma chamada…`,
  ringingHint: "A outra pessoa pode dizer que não, ou não dizer nada. Você pode continuar escrevendo.",
  cancel: "Cancelar a chamada",

  joining: "Conectando a chamada…",
  inCall: (stranger, video) => (video ? `Em chamada de vídeo com ${stranger}.` : `Em chamada com ${stranger}.`),
  hangUp: "Desligar",
  mute: "Silenciar o microfone",
  unmute: "Ativar o microfone",
  cameraOff: "Desligar a câmera",
  cameraOn: "Ligar a câmera",
  devices: "Escolher dispositivos",
  device: { audio: "Microfone", video: "Câmera" },
  unnamed: (kind, nth) => (kind === "audio" ? `Microfone ${nth}` : `Câmera ${nth}`),
  float: "Imagem em imagem",
  full: "Tela cheia",
  leaveFull: "Sair da tela cheia",
  smaller: "Diminuir a chamada",
  larger: "Aumentar a chamada",
  tapToHear: "Toque para ouvir",
  you: "Você",
  youMuted: "Seu microfone está silenciado.",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} está com o microfone silenciado e a câmera desligada.`;
    if (!audio) return `${stranger} está com o microfone silenciado.`;
    return picture && !video ? `${stranger} está com a câmera desligada.` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} prefere não fazer chamada agora.`,
    unanswered: (stranger) => `${stranger} não atendeu.`,
    withdrawn: (stranger) => `${stranger} não pede mais a chamada.`,
    missed: (stranger) => `Você não atendeu ${stranger}.`,
    ended: (stranger) => `${stranger} desligou. Você pode continuar escrevendo.`,
  },

  asking: "Seu navegador pergunta se esta página pode usá-lo.",
  retry: "Tentar de novo",
  trouble: {
    audio: {
      denied: "O microfone não foi permitido. Você pode permiti-lo na barra de endereço do seu navegador.",
      none: "Nenhum microfone foi encontrado.",
      busy: "Não é possível abrir o microfone. Talvez outro programa o esteja usando.",
      unsupported: "Este navegador não oferece microfone a esta página.",
      lost: "O microfone foi desconectado ou deixou de estar disponível.",
    },
    video: {
      denied: "A câmera não foi permitida. Você pode permiti-la na barra de endereço do seu navegador.",
      none: "Nenhuma câmera foi encontrada.",
      busy: "Não é possível abrir a câmera. Talvez outro programa a esteja usando.",
      unsupported: "Este navegador não oferece câmera a esta página.",
      lost: "A câmera foi desconectada ou deixou de estar disponível.",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "Enviar uma imagem",
  record: "Gravar uma mensagem de voz",
  recordHint: "Gravar uma mensagem de voz: toque para começar e para parar, ou segure e solte",
  stopRecording: "Parar de gravar",
  recording: "Gravando",
  asking: "Seu navegador pergunta se pode ouvir…",
  review: "o que você gravou",
  deleteNote: "Apagar",
  sendNote: "Enviar",
  level: "O volume da sua voz",
  preparing: "Preparando a imagem…",
  dropHere: "Solte para enviar como imagem",
  close: "Fechar",

  tooMany: (limit) => `É muita coisa de uma vez. No máximo ${limit} podem esperar; as outras não foram enviadas.`,
  notSent: "Não foi possível enviar: o caminho para imagens e som está fechado.",
  pictureTrouble: {
    type: "Assim só dá para enviar imagens: JPEG, PNG, WebP, GIF ou AVIF.",
    size: "Essa imagem é grande demais.",
    unreadable: "Seu navegador não consegue ler essa imagem.",
  },
  voiceTrouble: {
    denied: "O navegador não teve permissão para ouvir. Você pode mudar isso ao lado do endereço desta página.",
    none: "Nenhum microfone foi encontrado.",
    unsupported: "Este navegador não consegue gravar som.",
    failed: "A gravação não funcionou. Talvez outra coisa esteja usando o microfone.",
  },

  picture: (who, stranger) => (who === "me" ? "Sua imagem" : `Imagem de ${stranger}`),
  covered: (stranger) => `Imagem de ${stranger}, coberta`,
  show: "Mostrar a imagem",
  cover: "Cobrir de novo",
  enlarge: "Ver em tamanho grande",
  voice: (who, stranger) => (who === "me" ? "sua mensagem de voz" : `a mensagem de voz de ${stranger}`),
  play: (what) => `Reproduzir ${what}`,
  pause: (what) => `Pausar ${what}`,
  position: (what) => `Posição em: ${what}`,
  of: (at, all) => `${at} de ${all}`,

  going: (who, what, size) =>
    who === "me" ? `Enviando uma ${noun[what]}, ${bytes(size)}` : `Recebendo uma ${noun[what]}, ${bytes(size)}`,
  stopSending: "Parar de enviar",
  stopReceiving: "Não receber",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Gone = Record<Parameters<ExtraTexts["parcels"]["gone"]>[2], (it: string) => string>;

const mine: Gone = {
  stopped: (it) => `Você parou de enviar esta ${it}.`,
  size: (it) => `Esta ${it} é grande demais para a página da outra pessoa.`,
  type: (it) => `O navegador da outra pessoa não consegue mostrar este tipo de ${it}.`,
  unreadable: (it) => `O navegador da outra pessoa não conseguiu ler esta ${it}.`,
  many: (it) => `Coisa demais de uma vez: esta ${it} não foi aceita. Espere um momento e tente de novo.`,
  unwanted: (it) => `A outra pessoa não aceitou esta ${it}.`,
  lost: (it) => `A conversa terminou antes que esta ${it} chegasse.`,
  old: (it) => `Esta ${it} foi descartada para dar lugar a outras mais novas.`,
};

const theirs: Gone = {
  ...mine,
  stopped: (it) => `A outra pessoa parou de enviar esta ${it}.`,
  size: (it) => `Uma ${it} grande demais foi recusada.`,
  type: (it) => `Uma ${it} de um tipo que não se mostra aqui foi recusada.`,
  unreadable: (it) => `Chegou uma ${it} que não pode ser lida.`,
  unwanted: (it) => `Você não aceitou esta ${it}.`,
};

export const extras: ExtraTexts = { check, calls, parcels };
