// Portuguese, the words of the page: Brazilian, in words that Portugal and Africa read as well. A stranger is "a outra
// pessoa", or "uma pessoa desconhecida" where none is there yet; the lobby is "a sala".

import type { PageTexts } from "../en/page";
import { grammar } from "../grammar";

const { number, plural } = grammar("pt");

/** Beings and moods, each in its gender. */
const masculine = {
  beings: "Tucano Ouriço Pardal Boto Farol Rio Cometa Ipê".split(" "),
  moods: "Tranquilo Curioso Risonho Sereno Viajante Desperto Sincero Gentil Alegre Valente".split(" "),
};
const feminine = {
  beings: "Lontra Garça Nuvem Coruja Andorinha Chaleira Lua Brisa".split(" "),
  moods: "Tranquila Curiosa Risonha Serena Viajante Desperta Sincera Gentil Alegre Valente".split(" "),
};

export const page: PageTexts = {
  name: "Passerby",
  nicknames: [masculine, feminine].flatMap(({ beings, moods }) =>
    beings.flatMap((being) => moods.map((mood) => `${being} ${mood}`)),
  ),

  tab: {
    waiting: "Procurando alguém – Passerby",
    met: "Há alguém aqui – Passerby",
    unread: "● Nova mensagem – Passerby",
    calls: "● Uma chamada – Passerby",
    over: "Foi embora – Passerby",
  },

  shell: {
    language: "Língua",
    languageMissing: "Não foi possível carregar essa língua agora. A página continua nesta.",
    legal: "Sobre este servidor",
    pages: {
      privacy: "Política de privacidade",
      terms: "Termos",
      contact: "Contato",
      facts: "Números",
    },
    newTab: "(abre em outra aba)",
    operator: "Este servidor é administrado por",
  },

  settings: {
    open: "Configurações",
    title: "Configurações",
    theme: "Aparência",
    themes: { system: "Automática", light: "Clara", dark: "Escura" },
    attention: "Enquanto você olha outra coisa",
    sound: "Um som",
    soundHint: "Quando alguém é encontrado, escreve ou chama você.",
    notify: "Uma notificação do seu aparelho",
    notifyHint: "Diz que há alguém, mas nunca quem, nem o que escreveu.",
    notifyDenied:
      "Seu navegador não permite isso a esta página. Você pode permitir nas configurações do navegador para esta página.",
    notifyMissing: "Este navegador não consegue fazer isso. Num iPhone, adicione antes a página à tela de início.",
    kept: "O que você escolhe aqui fica guardado neste navegador e em mais nenhum lugar.",
    nothingKept: "Não há nada guardado neste navegador.",
    forget: "Esquecer minhas escolhas",
    forgotten: "Esquecidas. Não há nada guardado neste navegador.",
    close: "Pronto",
  },

  offline: {
    title: "Você está sem rede",
    lead: "Para conhecer alguém, seu aparelho precisa de uma rede. Assim que houver uma, esta página continua sozinha.",
    anyway: "Continuar mesmo assim",
    word: "Você está sem rede. A página continua sozinha assim que houver uma.",
    talking: "Você está sem rede. Sua conversa continua se ela voltar logo.",
    back: "A rede voltou.",
  },

  gate: {
    title: "Alguém está passando por aqui",
    lead: "Você e uma pessoa desconhecida, escolhida ao acaso, conversando diretamente de navegador a navegador. Sem conta, sem histórico, sem cópia no meio do caminho.",
    cardTitle: "Antes de entrar",
    address:
      "O navegador da outra pessoa vai conhecer o seu endereço de rede. E ela pode gravar tudo o que você disser.",
    addressHidden: "A outra pessoa não conhece o seu endereço de rede. Mas ela pode gravar tudo o que você disser.",
    addressMore:
      "A conversa vai diretamente do seu navegador ao dela, então ninguém mais a guarda. Por isso mesmo, não conte nada que não contaria a uma pessoa desconhecida na rua.",
    adult: "Tenho 18 anos ou mais.",
    agree: "Aceito os termos.",
    termsTitle: "Os termos, em poucas palavras",
    terms: [
      "Só para pessoas adultas. Se você tem menos de 18 anos, saia. Se a outra pessoa parece menor de idade, denuncie e saia.",
      "Nada ilegal, nem ameaças, nem assédio, nem ódio, nem spam, nem golpes.",
      "Não publique o que uma pessoa desconhecida contou a você, nem tente descobrir quem ela é.",
      "Quem desrespeitar isto pode ficar de fora por um tempo. Não há contas, então não há mais nada a perder.",
    ],
    fullTerms: "Os termos completos",
    noRelay: "Aqui não é possível esconder seu endereço: este servidor não tem retransmissor para isso.",
    enter: "Entrar",
    untouched: "Antes de você entrar, a página não contata ninguém.",
  },

  lobby: {
    title: "Quem você vai conhecer?",
    lead: "Seu nome só chega à outra pessoa, nunca ao servidor. Feche a página e ele é esquecido.",
    nickname: "Seu nome por hoje",
    another: "Outro nome",
    nicknameMissing: "Escolha antes um nome, de até 32 caracteres.",
    tags: "Assuntos de que você gosta",
    tagsHint: "Até cinco. Primeiro se procura alguém com um assunto em comum; depois, qualquer pessoa.",
    tagsFull: "Já são cinco. Remova um para adicionar outro.",
    tagsAdd: "Adicionar",
    languages: "Línguas que você fala",
    languagesAdd: "Adicionar…",
    remove: (what) => `Remover ${what}`,
    relay: "Esconder meu endereço de rede",
    relayHint:
      "Você conversa só através do retransmissor deste servidor, para que a outra pessoa não o conheça. Fica um pouco mais lento.",
    relayPreset: "É a sugestão de quem administra este servidor.",
    relayNone:
      "Aqui não: este servidor não tem retransmissor, então a outra pessoa vai conhecer o seu endereço de rede.",
    start: "Começar",
    counting: "Vendo quem está aqui…",
    few: "Há algumas poucas pessoas aqui.",
    count: (here, talking) =>
      talking === 0
        ? plural(here, {
            one: "Há # pessoa aqui.",
            many: "Há cerca de # de pessoas aqui.",
            other: "Há cerca de # pessoas aqui.",
          })
        : plural(here, {
            one: `Há # pessoa aqui, ${number(talking)} em conversa.`,
            many: `Há cerca de # de pessoas aqui, ${number(talking)} em conversa.`,
            other: `Há cerca de # pessoas aqui, ${number(talking)} em conversa.`,
          }),
    connecting: "Conectando à sala…",
    unreachable: "A sala está fora de alcance. Tentando de novo…",
    restarting: "O serviço está reiniciando. Um momento…",
    waitingForWelcome: "Esperando a resposta da sala…",
    refusedTitle: "A sala não pode deixar você entrar agora",
    refused: (time) =>
      `Chegou gente demais da sua rede, ou ela está impedida de entrar por um tempo. Nova tentativa, automática, ${time}.`,
    limitedTitle: "Uma pequena pausa",
    limited: (time) =>
      `Foi mais do que a sala aceita de uma só página de cada vez. Nada se perdeu; a conexão volta automaticamente ${time}.`,
    noRelayTitle: "Aqui não há retransmissor",
    noRelay:
      "Este servidor não tem retransmissor, então não consegue esconder seu endereço de rede da outra pessoa. Ninguém o recebeu. Desative essa opção para conversar diretamente.",
    aloneTitle: "Desta vez não deu",
    alone:
      "O reencontro não aconteceu a tempo: o mais provável é que a outra pessoa não tenha pedido. Ela não fica sabendo que você pediu.",
    relayRefusedTitle: "O retransmissor não deixa ninguém entrar",
    relayRefused:
      "O retransmissor deste servidor não aceitou as credenciais do seu navegador: elas expiraram, ou o servidor está mal configurado. A outra pessoa não recebeu nenhum endereço seu. Tente de novo daqui a pouco; se continuar assim, avise quem administra este servidor ou desative a opção para conversar diretamente.",
    relayUnreachableTitle: "O retransmissor não responde",
    relayUnreachable:
      "Sua rede, ou alguma falha, não deixa seu navegador chegar ao retransmissor deste servidor. A outra pessoa não recebeu nenhum endereço seu. Tente de novo daqui a pouco, tente outra rede ou desative a opção para conversar diretamente.",
    noWishTitle: "Não deu certo",
    noWish:
      "Seu navegador não conseguiu preparar uma conexão. Feche outras chamadas ou abas que usem uma e tente de novo.",
  },

  waiting: {
    title: "Procurando alguém",
    lead: "Assim que outra pessoa também estiver procurando, a conexão é feita. Você pode deixar esta página aberta.",
    long: "O momento está tranquilo. Seu lugar está guardado; as pessoas vão e vêm o tempo todo.",
    tags: "Primeiro se procura alguém com um assunto em comum; depois, qualquer pessoa.",
    failing:
      "Apareceram pessoas, mas não foi possível fazer uma conexão direta. Algumas redes não permitem; outra talvez ajude.",
    busy: (time) => `Há muita gente procurando ao mesmo tempo. Sua vez chega ${time}.`,
    slow: (time) => `Uma pequena pausa: foram muitas pessoas em pouco tempo. Continua automaticamente ${time}.`,
    stamp: (time) => `A sala está sobrecarregada e deixa entrar aos poucos. Nova tentativa ${time}.`,
    pause: (time) => `Uma pequena pausa. Continua automaticamente ${time}.`,
    proving: (percent) =>
      percent < 100
        ? `Provando que você não é um programa: há muita gente à porta, então seu navegador resolve antes um pequeno enigma. ${percent}% do trabalho habitual está feito.`
        : "Provando que você não é um programa: o enigma dá um pouco mais de trabalho que o habitual, como às vezes acontece. Já não deve demorar.",
    usual: (time) => `Ultimamente, a maioria encontrou alguém em até ${time}.`,
    elapsed: (time) => `Tempo de procura: ${time}`,
    cancel: "Cancelar",
  },

  again: {
    ask: "Falar de novo com a última pessoa",
    left: (time) => `Só se ela também pedir, no prazo de ${time}. Se você pedir, ela não fica sabendo.`,
    title: "Esperando a última pessoa",
    lead: (time) =>
      `Se ela também pedir, no prazo de ${time}, vocês conversam de novo. Ela não fica sabendo que você pediu.`,
  },

  connecting: {
    title: "Encontramos alguém, conectando…",
    lead: "Os dois navegadores estão procurando um caminho de um ao outro. Leva um instante, ou no máximo alguns segundos.",
  },

  talk: {
    with: "Conversando com",
    log: "Conversa",
    me: "Você",
    connected: "conexão feita",
    relayed: "retransmitida",
    relayedHint: "Através do retransmissor deste servidor.",
    directly: "direta",
    directlyHint: "De navegador a navegador, sem retransmissor.",
    roundTrip: (ms) => `${ms} ms`,
    roundTripHint: "O tempo que uma palavra leva para ir e voltar.",
    hidden: "A outra pessoa não conhece o seu endereço de rede.",
    goDirect: "Conexão direta…",
    closed: "a conversa terminou",
    reconnecting: "está reconectando…",
    reconnectingMore: "O que você escrever fica guardado e é enviado assim que a conexão voltar.",
    mended: "A conexão voltou.",
    common: "Em comum:",
    commonNone: "Nenhum assunto em comum: pergunte o que quiser.",
    box: "Sua mensagem",
    placeholder: "Diga algo gentil…",
    send: "Enviar",
    newLine: "Enter envia; Shift e Enter começam outra linha.",
    left: (count) =>
      count >= 0
        ? plural(count, {
            one: "Resta # caractere",
            many: "Restam # de caracteres",
            other: "Restam # caracteres",
          })
        : plural(-count, {
            one: "# caractere a mais",
            many: "# de caracteres a mais",
            other: "# caracteres a mais",
          }),
    ticks: { sent: "a caminho", arrived: "chegou", failed: "não entregue" },
    typing: (stranger) => `${stranger} está escrevendo…`,
    next: "Próxima",
    stop: "Parar",
    newer: "Mensagens novas",
    over: "Esta conversa desaparece quando você seguir adiante.",
    notes: {
      here: (stranger) => `Você encontrou ${stranger}. Diga olá.`,
      left: (stranger) => `${stranger} foi embora.`,
      lost: (stranger) => `A conexão com ${stranger} caiu.`,
      sight: () => "A rede perdeu a outra pessoa de vista. Enquanto a conversa continuar, não faz mal.",
      flood: () => "Chegou coisa demais de uma vez; uma parte foi descartada.",
      oversize: () => "Chegou algo grande demais e foi descartado.",
      stray: () => "Chegou algo que nunca foi anunciado e foi descartado.",
      reported: () => "Denúncia enviada. Agradecemos.",
      directAsked: (stranger) => `Você quer conversar diretamente. Acontece quando ${stranger} também quiser.`,
      directWished: (stranger) =>
        `${stranger} gostaria de conversar diretamente: é mais rápido, mas cada lado passa a conhecer o endereço de rede do outro.`,
      direct: () => "Agora a conversa é direta, sem o retransmissor.",
    },
  },

  direct: {
    title: "Conversar diretamente?",
    lead: "A outra pessoa vai conhecer o seu endereço de rede. É mais rápido, e o retransmissor fica de fora. Nesta conversa não há volta.",
    both: "Acontece quando a outra pessoa também aceitar. Até lá, nada é revelado.",
    alone: "A outra pessoa não esconde o dela, então acontece na hora.",
    go: "Diretamente",
    asked: "Você pediu para conversar diretamente. Acontece quando a outra pessoa também aceitar.",
    wished: "A outra pessoa pediu isso.",
    stay: "Ocultar",
    close: "Fechar",
  },

  report: {
    more: "Denunciar ou bloquear",
    open: "Denunciar…",
    title: "Denunciar a outra pessoa",
    lead: "Ninguém lê a sua conversa: a denúncia diz só o motivo, e uma única denúncia não deixa ninguém de fora.",
    what: "O que aconteceu?",
    reasons: {
      minor: "Parece ter menos de 18 anos",
      sexual: "Conteúdo sexual que eu não queria",
      harassment: "Assédio ou humilhação",
      hate: "Ódio contra um grupo de pessoas",
      spam: "Spam ou publicidade",
      scam: "Um golpe: quer dinheiro, códigos ou senhas",
      threat: "Uma ameaça de violência",
      other: "Outra coisa",
    },
    alsoLeave: "Bloquear e sair também",
    also: "Bloquear também",
    alsoHint:
      "Vocês não se encontram de novo enquanto ambos os lados estiverem aqui. A outra pessoa só fica sabendo que você saiu.",
    send: "Denunciar",
    cancel: "Cancelar",
    done: "Denúncia enviada. Agradecemos.",
    late: "Esta conversa terminou há tempo demais para ser denunciada: já foi esquecida.",
    close: "Fechar",
    blockAndLeave: "Bloquear e sair",
    block: "Bloquear",
    blockHint: "Você não encontra mais esta pessoa enquanto ambos os lados estiverem aqui.",
  },

  parted: {
    title: "Vocês não vão se encontrar de novo",
    reported: "Denúncia enviada. Agradecemos. Ninguém leu o que foi dito, e nada disso está mais nesta página.",
    lead: "Não enquanto ambos os lados estiverem aqui. A outra pessoa só ficou sabendo que você saiu.",
    next: "Próxima",
    stop: "Para a sala",
  },

  hint: {
    lost: "Reconectando à sala…",
    lostTalking: "Reconectando à sala… sua conversa continua.",
    down: "O serviço está reiniciando. Seu lugar está guardado.",
    downTalking: "O serviço está reiniciando. Sua conversa continua.",
    refused: (time) => `A sala não pode deixar você entrar agora. Nova tentativa ${time}.`,
    limited: (time) => `Foi mais do que a sala aceita de uma vez. Seu lugar está guardado; a conexão volta ${time}.`,
    limitedTalking: (time) =>
      `Foi mais do que a sala aceita de uma vez. A conexão com ela volta ${time}; sua conversa continua.`,
    stale: "Saiu uma versão mais nova desta página. Ela é carregada depois da sua conversa.",
  },

  alarm: {
    title: "Pode haver alguém entre vocês",
    lead: "O que o navegador da outra pessoa disse sobre a conexão não bate com o que o servidor disse a você. A conversa foi encerrada antes que mais alguma coisa pudesse ser lida.",
    list: [
      "Não acredite em nada do que foi dito nesta conversa, nem passe nada dela adiante.",
      "Se acontecer de novo, não use este servidor. Avise quem o administra.",
      "Mudar de rede ajuda quando a que você está usando não é sua.",
    ],
    back: "Voltar à sala",
  },

  banned: {
    title: "Você não pode entrar por um tempo",
    kickTitle: "Sem conexão por um momento",
    lead: (reason) => `O motivo: ${reason}.`,
    until: (time, clock) => `Termina ${time}, às ${clock}.`,
    kickUntil: (time) => `Você pode voltar ${time}.`,
    ended: "O tempo passou: você pode voltar.",
    maybe:
      "Pode ser um engano. O que conta é o endereço de rede, que muita gente pode compartilhar: numa escola, num café, numa operadora de telefonia.",
    code: "Se você acha que é, envie este código a quem administra este servidor:",
    contact: "O contato é este:",
    noContact: "Não há nenhum endereço para escrever.",
    copy: "Copiar o código",
    copied: "Copiado.",
    notCopied: "O navegador não deixou copiar. Selecione e copie à mão.",
    again: "Tentar de novo",
    reasons: {
      pace: "ações demais em pouco tempo",
      skips: "quase todas as conversas foram deixadas logo no começo",
      silence: "ninguém recebeu resposta em nenhuma conversa",
      protocol: "foi enviado algo que esta página nunca envia",
      rhythm: "tudo aconteceu com a regularidade de uma máquina",
      reports: "várias pessoas denunciaram o que aconteceu",
      operator: "foi decisão de uma pessoa que administra este servidor",
      minor: "uma pessoa analisou denúncias de que alguém menor de idade pode estar em perigo aqui",
    },
    otherReason: "algo não seguiu as regras deste servidor",
  },

  reload: {
    title: "Há uma versão mais nova",
    lead: "O serviço foi renovado, e esta página é de antes. Carregue-a de novo para continuar.",
    reload: "Carregar de novo",
  },

  newer: {
    lead: "Há uma versão mais nova.",
    load: "Carregar",
  },

  attention: {
    met: "Há alguém aqui.",
    wrote: "Há uma mensagem nova.",
    calls: "Alguém está chamando.",
  },

  unsupported: {
    insecure: {
      title: "Este endereço não é seguro",
      lead: "A página foi aberta por http sem cifra, e ali os navegadores desativam aquilo de que uma conversa cifrada precisa.",
      list: [
        "Abra a mesma página com `https://` na frente.",
        "Na máquina em que ela roda, `http://localhost` também funciona.",
        "Para experimentar num telefone da sua própria rede, inicie com `passerby up --tls`.",
      ],
    },
    webrtc: {
      title: "Este navegador não consegue conectar diretamente",
      lead: "O WebRTC está ausente ou desativado, então não há caminho do seu navegador ao de outra pessoa.",
      list: [
        "Experimente um Firefox, Chrome, Edge ou Safari atual.",
        "Algumas extensões de privacidade e os navegadores internos de alguns aplicativos desativam o WebRTC: permita-o nesta página ou abra-a no seu navegador de sempre.",
      ],
    },
    crypto: {
      title: "Este navegador não consegue cifrar mensagens",
      lead: "Falta a criptografia da web, e sem ela qualquer pessoa no caminho poderia ler como chegar até você.",
      list: ["Experimente um Firefox, Chrome, Edge ou Safari atual."],
    },
    websocket: {
      title: "Este navegador não consegue chegar à sala",
      lead: "Os WebSockets estão ausentes ou desativados.",
      list: ["Experimente um Firefox, Chrome, Edge ou Safari atual."],
    },
  },
};
