// Spanish, the words of the page. A stranger is "la otra persona", or "una persona desconocida" where none is there yet;
// "vosotros" and "ustedes" are gone around, so that it reads the same in Spain and in America.

import type { PageTexts } from "../en/page";
import { grammar } from "../grammar";

const { number, plural } = grammar("es");

/** Beings and moods, each in its gender. */
const masculine = {
  beings: "Zorro Erizo Gorrión Colibrí Farol Río Cometa Arce".split(" "),
  moods: "Tranquilo Curioso Risueño Sereno Viajero Despierto Sincero Amable Alegre Valiente".split(" "),
};
const feminine = {
  beings: "Nutria Garza Nube Luciérnaga Golondrina Tetera Luna Brisa".split(" "),
  moods: "Tranquila Curiosa Risueña Serena Viajera Despierta Sincera Amable Alegre Valiente".split(" "),
};

export const page: PageTexts = {
  name: "Passerby",
  nicknames: [masculine, feminine].flatMap(({ beings, moods }) =>
    beings.flatMap((being) => moods.map((mood) => `${being} ${mood}`)),
  ),

  tab: {
    waiting: "Buscando a alguien – Passerby",
    met: "Hay alguien – Passerby",
    unread: "● Mensaje nuevo – Passerby",
    calls: "● Te llaman – Passerby",
    over: "Ya no está – Passerby",
  },

  shell: {
    language: "Idioma",
    languageMissing: "Ese idioma no se pudo cargar ahora. La página sigue en este.",
    legal: "Sobre este servidor",
    pages: {
      privacy: "Política de privacidad",
      terms: "Términos",
      contact: "Contacto",
      facts: "Cifras",
    },
    newTab: "(se abre en otra pestaña)",
    operator: "Este servidor lo administra",
  },

  settings: {
    open: "Ajustes",
    title: "Ajustes",
    theme: "Apariencia",
    themes: { system: "Automática", light: "Clara", dark: "Oscura" },
    attention: "Mientras miras otra cosa",
    sound: "Un sonido",
    soundHint: "Cuando aparece alguien, te escribe o te llama.",
    notify: "Una notificación de tu dispositivo",
    notifyHint: "Dice que hay alguien, pero nunca quién ni qué escribió.",
    notifyDenied:
      "Tu navegador no se lo permite a esta página. Puedes permitirlo en los ajustes del navegador para esta página.",
    notifyMissing: "Este navegador no puede hacerlo. En un iPhone, añade antes la página a la pantalla de inicio.",
    kept: "Lo que eliges aquí se guarda en este navegador y en ningún otro sitio.",
    nothingKept: "En este navegador no hay nada guardado.",
    forget: "Olvidar mis elecciones",
    forgotten: "Olvidadas. En este navegador no hay nada guardado.",
    close: "Listo",
  },

  offline: {
    title: "No hay conexión a la red",
    lead: "Para conocer a alguien, tu dispositivo necesita una red. En cuanto haya una, esta página sigue por sí sola.",
    anyway: "Seguir de todos modos",
    word: "No hay red. La página sigue por sí sola en cuanto haya una.",
    talking: "No hay red. Tu conversación sigue si vuelve pronto.",
    back: "Vuelve a haber red.",
  },

  gate: {
    title: "Alguien pasa por aquí",
    lead: "Tú y una persona desconocida, elegida al azar, hablando directamente de navegador a navegador. Sin cuentas, sin historial, sin copias por el camino.",
    cardTitle: "Antes de entrar",
    address:
      "El navegador de la otra persona conocerá tu dirección de red. Y esa persona puede grabar todo lo que digas.",
    addressHidden: "La otra persona no conoce tu dirección de red. Pero puede grabar todo lo que digas.",
    addressMore:
      "La conversación va directamente de tu navegador al suyo, así que nadie más la guarda. Por eso mismo, no cuentes nada que no le contarías a una persona desconocida en la calle.",
    adult: "Tengo 18 años o más.",
    agree: "Acepto los términos.",
    termsTitle: "Los términos, en pocas palabras",
    terms: [
      "Solo para personas adultas. Si tienes menos de 18 años, sal. Si la otra persona parece menor de edad, denúnciala y sal.",
      "Nada ilegal, ni amenazas, ni acoso, ni odio, ni spam, ni estafas.",
      "No publiques lo que te haya contado una persona desconocida ni intentes averiguar quién es.",
      "A quien incumpla esto se le puede cerrar el paso por un tiempo. No hay cuentas, así que no hay nada más que perder.",
    ],
    fullTerms: "Los términos completos",
    noRelay: "Aquí no se puede ocultar tu dirección: este servidor no tiene retransmisor para eso.",
    enter: "Entrar",
    untouched: "Hasta que entres, la página no contacta con nadie.",
  },

  lobby: {
    title: "¿A quién vas a conocer?",
    lead: "Tu nombre solo le llega a la otra persona, nunca al servidor. Cierra la página y quedará olvidado.",
    nickname: "Tu nombre por hoy",
    another: "Otro nombre",
    nicknameMissing: "Elige antes un nombre, de hasta 32 caracteres.",
    tags: "Temas que te gustan",
    tagsHint: "Hasta cinco. Primero se busca a alguien que comparta alguno; después, a cualquiera.",
    tagsFull: "Ya son cinco. Quita uno para añadir otro.",
    tagsAdd: "Añadir",
    languages: "Idiomas que hablas",
    languagesAdd: "Añadir uno…",
    remove: (what) => `Quitar ${what}`,
    relay: "Ocultar mi dirección de red",
    relayHint:
      "Hablas solo a través del retransmisor de este servidor, para que la otra persona no la conozca. Va un poco más lento.",
    relayPreset: "Lo sugiere quien administra este servidor.",
    relayNone: "Aquí no: este servidor no tiene retransmisor, así que la otra persona conocerá tu dirección de red.",
    start: "Empezar",
    counting: "Mirando quién está…",
    few: "Hay unas pocas personas aquí.",
    count: (here, talking) =>
      talking === 0
        ? plural(here, {
            one: "Hay # persona aquí.",
            many: "Hay unos # de personas aquí.",
            other: "Hay unas # personas aquí.",
          })
        : plural(here, {
            one: `Hay # persona aquí, ${number(talking)} en conversación.`,
            many: `Hay unos # de personas aquí, ${number(talking)} en conversación.`,
            other: `Hay unas # personas aquí, ${number(talking)} en conversación.`,
          }),
    connecting: "Conectando con la sala…",
    unreachable: "No hay forma de llegar a la sala. Reintentando…",
    restarting: "El servicio se está reiniciando. Un momento…",
    waitingForWelcome: "Esperando respuesta de la sala…",
    refusedTitle: "Ahora mismo la sala no puede dejarte entrar",
    refused: (time) =>
      `Ha llegado demasiada gente desde tu red, o tu red tiene el paso cerrado por un tiempo. Se reintentará automáticamente ${time}.`,
    limitedTitle: "Una breve pausa",
    limited: (time) =>
      `Fue más de lo que la sala acepta de una sola página a la vez. No se pierde nada; volverá a conectarse automáticamente ${time}.`,
    noRelayTitle: "Aquí no hay retransmisor",
    noRelay:
      "Este servidor no tiene retransmisor, así que no puede ocultarle tu dirección de red a la otra persona. Nadie la ha recibido. Desactiva esa opción para hablar directamente.",
    aloneTitle: "Esta vez no",
    alone:
      "El reencuentro no se dio a tiempo: lo más probable es que la otra persona no lo pidiera. No se le dice que tú sí.",
    relayRefusedTitle: "El retransmisor no deja entrar a nadie",
    relayRefused:
      "El retransmisor de este servidor no aceptó las credenciales de tu navegador: han caducado, o el servidor está mal configurado. A la otra persona no se le dio ninguna dirección tuya. Prueba de nuevo en un momento; si sigue igual, avisa a quien administra este servidor o desactiva la opción para hablar directamente.",
    relayUnreachableTitle: "El retransmisor no responde",
    relayUnreachable:
      "Tu red, o algún fallo, no deja que tu navegador llegue al retransmisor de este servidor. A la otra persona no se le dio ninguna dirección tuya. Prueba de nuevo en un momento, prueba con otra red o desactiva la opción para hablar directamente.",
    noWishTitle: "No funcionó",
    noWish:
      "Tu navegador no pudo preparar una conexión. Cierra otras llamadas o pestañas que estén usando una y prueba de nuevo.",
  },

  waiting: {
    title: "Buscando a alguien",
    lead: "En cuanto otra persona también esté buscando, se establece la conexión. Puedes dejar esta página abierta.",
    long: "Es un momento tranquilo. Tu lugar está guardado; la gente va y viene todo el tiempo.",
    tags: "Primero se busca a alguien que comparta un tema; después, a cualquiera.",
    failing:
      "Se encontró a otras personas, pero no se logró una conexión directa. Algunas redes no la permiten; quizá con otra funcione.",
    busy: (time) => `Hay mucha gente buscando a la vez. Te toca ${time}.`,
    slow: (time) => `Una breve pausa: fueron muchas personas en poco tiempo. Sigue automáticamente ${time}.`,
    stamp: (time) => `La sala está muy cargada y va dejando entrar poco a poco. Se reintentará ${time}.`,
    pause: (time) => `Una breve pausa. Sigue automáticamente ${time}.`,
    proving: (percent) =>
      percent < 100
        ? `Comprobando que no eres un programa: hay mucha gente a la puerta, así que tu navegador resuelve antes un pequeño acertijo. Lleva hecho el ${percent} % del trabajo habitual.`
        : "Comprobando que no eres un programa: el acertijo pide algo más de lo habitual, como pasa a veces. Ya no puede tardar mucho.",
    usual: (time) => `Últimamente, la mayoría encontró a alguien en menos de ${time}.`,
    elapsed: (time) => `Tiempo de búsqueda: ${time}`,
    cancel: "Cancelar",
  },

  again: {
    ask: "Reencontrar a la última persona",
    left: (time) => `Solo si la otra persona también lo pide, en un plazo de ${time}. Si lo pides, no se entera.`,
    title: "Esperando a la última persona",
    lead: (time) =>
      `Si también lo pide en un plazo de ${time}, volverás a hablar con ella. No se le dice que tú lo has pedido.`,
  },

  connecting: {
    title: "Hay alguien, conectando…",
    lead: "Los dos navegadores buscan cómo llegar el uno al otro. Es cosa de un momento o, como mucho, de unos segundos.",
  },

  talk: {
    with: "Hablando con",
    log: "Conversación",
    me: "Tú",
    connected: "hay conexión",
    relayed: "con retransmisor",
    relayedHint: "A través del retransmisor de este servidor.",
    directly: "directa",
    directlyHint: "De navegador a navegador, sin retransmisor.",
    roundTrip: (ms) => `${ms} ms`,
    roundTripHint: "Lo que tarda una palabra en ir y volver.",
    hidden: "La otra persona no conoce tu dirección de red.",
    goDirect: "Conexión directa…",
    closed: "la conversación terminó",
    reconnecting: "se está reconectando…",
    reconnectingMore: "Lo que escribas se guarda y se envía en cuanto vuelva la conexión.",
    mended: "Ha vuelto la conexión.",
    common: "En común:",
    commonNone: "Ningún tema en común: pregunta lo que quieras.",
    box: "Tu mensaje",
    placeholder: "Di algo amable…",
    send: "Enviar",
    newLine: "Con Enter se envía; con Mayús y Enter empieza otra línea.",
    left: (count) =>
      count >= 0
        ? plural(count, {
            one: "Queda # carácter",
            many: "Quedan # de caracteres",
            other: "Quedan # caracteres",
          })
        : plural(-count, {
            one: "Sobra # carácter",
            many: "Sobran # de caracteres",
            other: "Sobran # caracteres",
          }),
    ticks: { sent: "en camino", arrived: "recibido", failed: "no entregado" },
    typing: (stranger) => `${stranger} está escribiendo…`,
    next: "Siguiente",
    stop: "Parar",
    newer: "Mensajes nuevos",
    over: "Esta conversación desaparece en cuanto sigas adelante.",
    notes: {
      here: (stranger) => `Te encontraste con ${stranger}. Saluda.`,
      left: (stranger) => `${stranger} se fue.`,
      lost: (stranger) => `Se perdió la conexión con ${stranger}.`,
      sight: () => "La red perdió de vista a la otra persona. Mientras puedas seguir hablando, no importa.",
      flood: () => "Llegaron demasiadas cosas a la vez; algunas se descartaron.",
      oversize: () => "Llegó algo demasiado grande y se descartó.",
      stray: () => "Llegó algo que nunca se había anunciado y se descartó.",
      reported: () => "Denuncia enviada, gracias.",
      directAsked: (stranger) => `Has pedido hablar directamente. Se hará en cuanto ${stranger} también quiera.`,
      directWished: (stranger) =>
        `${stranger} propone hablar directamente: es más rápido, pero así cada parte conoce la dirección de red de la otra.`,
      direct: () => "Ahora hablas directamente, sin el retransmisor.",
    },
  },

  direct: {
    title: "¿Hablar directamente?",
    lead: "La otra persona conocerá tu dirección de red. Es más rápido y ya no se usa el retransmisor. En esta conversación no hay vuelta atrás.",
    both: "Se hará en cuanto la otra persona también acepte. Hasta entonces no se revela nada.",
    alone: "La otra persona no oculta la suya, así que será al instante.",
    go: "Directamente",
    asked: "Has pedido hablar directamente. Se hará en cuanto la otra persona también acepte.",
    wished: "La otra persona lo ha pedido.",
    stay: "Ocultar",
    close: "Cerrar",
  },

  report: {
    more: "Denunciar o bloquear",
    open: "Denunciar…",
    title: "Denunciar a la otra persona",
    lead: "Nadie lee tu conversación: la denuncia solo indica el motivo, y una sola denuncia no le cierra el paso a nadie.",
    what: "¿Qué pasó?",
    reasons: {
      minor: "Parece tener menos de 18 años",
      sexual: "Contenido sexual que yo no quería",
      harassment: "Acoso o humillaciones",
      hate: "Odio contra un grupo de personas",
      spam: "Spam o publicidad",
      scam: "Una estafa: busca dinero, códigos o contraseñas",
      threat: "Una amenaza de violencia",
      other: "Otra cosa",
    },
    alsoLeave: "Bloquear y salir también",
    also: "Bloquear también",
    alsoHint:
      "No volverás a coincidir con esta persona mientras ambas partes sigan aquí. A ella solo se le dice que te fuiste.",
    send: "Denunciar",
    cancel: "Cancelar",
    done: "Denuncia enviada, gracias.",
    late: "Esta conversación terminó hace demasiado tiempo para denunciarla: ya está olvidada.",
    close: "Cerrar",
    blockAndLeave: "Bloquear y salir",
    block: "Bloquear",
    blockHint: "No volverás a coincidir con esta persona mientras ambas partes sigan aquí.",
  },

  parted: {
    title: "No volverás a cruzarte con esta persona",
    reported: "Denuncia enviada, gracias. Nadie leyó lo que se dijo, y ya no está en esta página.",
    lead: "Al menos mientras ambas partes sigan aquí. A la otra persona solo se le dijo que te fuiste.",
    next: "Siguiente",
    stop: "A la sala",
  },

  hint: {
    lost: "Reconectando con la sala…",
    lostTalking: "Reconectando con la sala… tu conversación sigue.",
    down: "El servicio se está reiniciando. Tu lugar está guardado.",
    downTalking: "El servicio se está reiniciando. Tu conversación sigue.",
    refused: (time) => `Ahora mismo la sala no puede dejarte entrar. Se reintentará ${time}.`,
    limited: (time) =>
      `Fue más de lo que la sala acepta a la vez. Tu lugar está guardado; volverá a conectarse ${time}.`,
    limitedTalking: (time) =>
      `Fue más de lo que la sala acepta a la vez. Volverá a conectarse con ella ${time}; tu conversación sigue.`,
    stale: "Hay una versión más nueva de esta página. Se carga después de tu conversación.",
  },

  alarm: {
    title: "Puede que haya alguien en medio",
    lead: "Lo que dijo de la conexión el navegador de la otra persona no coincide con lo que te dijo el servidor. La conversación se cortó antes de que pudiera leerse nada más.",
    list: [
      "No creas nada de lo que se dijo en esta conversación ni reenvíes nada de ella.",
      "Si vuelve a ocurrir, no uses este servidor. Avisa a quien lo administra.",
      "Usar otra red ayuda cuando la que usas ahora no es tuya.",
    ],
    back: "Volver a la sala",
  },

  banned: {
    title: "No puedes entrar por un tiempo",
    kickTitle: "Se cortó tu conexión por un momento",
    lead: (reason) => `El motivo: ${reason}.`,
    until: (time, clock) => `Termina ${time}, a las ${clock}.`,
    kickUntil: (time) => `Puedes volver ${time}.`,
    ended: "Ya pasó el tiempo: puedes volver.",
    maybe:
      "Puede ser un error. Se decide por la dirección de red, que a veces comparte mucha gente: en una escuela, en un café, con una compañía telefónica.",
    code: "Si crees que lo es, dale este código a quien administra este servidor:",
    contact: "Aquí puedes escribirle:",
    noContact: "No ha dejado ninguna dirección a la que escribir.",
    copy: "Copiar el código",
    copied: "Copiado.",
    notCopied: "El navegador no permitió copiarlo. Selecciónalo y cópialo a mano.",
    again: "Probar de nuevo",
    reasons: {
      pace: "demasiadas acciones en muy poco tiempo",
      skips: "casi todas las conversaciones se dejaron nada más empezar",
      silence: "nadie recibió respuesta en ninguna conversación",
      protocol: "se envió algo que esta página nunca envía",
      rhythm: "todo ocurrió con la regularidad de una máquina",
      reports: "varias personas denunciaron lo que pasó",
      operator: "lo decidió una persona que administra este servidor",
      minor: "una persona revisó denuncias de que aquí podría correr peligro alguien menor de edad",
    },
    otherReason: "algo no siguió las reglas de este servidor",
  },

  reload: {
    title: "Hay una versión más nueva",
    lead: "El servicio se renovó y esta página es de antes. Vuelve a cargarla para seguir.",
    reload: "Volver a cargar",
  },

  newer: {
    lead: "Ya hay una versión más nueva.",
    load: "Cargarla",
  },

  attention: {
    met: "Hay alguien.",
    wrote: "Hay un mensaje nuevo.",
    calls: "Alguien está llamando.",
  },

  unsupported: {
    insecure: {
      title: "Esta dirección no es segura",
      lead: "La página se abrió por http sin cifrar, y ahí los navegadores desactivan lo que hace falta para una conversación cifrada.",
      list: [
        "Abre la misma página con `https://` delante.",
        "En la máquina donde funciona, `http://localhost` también sirve.",
        "Para probarla con un teléfono en tu propia red, iníciala con `passerby up --tls`.",
      ],
    },
    webrtc: {
      title: "Este navegador no puede conectarse directamente",
      lead: "WebRTC falta o está desactivado, así que no hay camino de tu navegador al de otra persona.",
      list: [
        "Prueba con un Firefox, Chrome, Edge o Safari reciente.",
        "Algunos complementos de privacidad y los navegadores internos de algunas aplicaciones desactivan WebRTC: permítelo en esta página o ábrela en tu navegador de siempre.",
      ],
    },
    crypto: {
      title: "Este navegador no puede cifrar mensajes",
      lead: "Falta la criptografía web, y sin ella cualquiera que esté por el camino podría leer cómo llegar a ti.",
      list: ["Prueba con un Firefox, Chrome, Edge o Safari reciente."],
    },
    websocket: {
      title: "Este navegador no puede llegar a la sala",
      lead: "Los WebSockets faltan o están desactivados.",
      list: ["Prueba con un Firefox, Chrome, Edge o Safari reciente."],
    },
  },
};
