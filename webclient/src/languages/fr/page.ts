// French, the words of the page, which says "tu". A stranger is "l’autre personne", or "une personne inconnue" where none
// is there yet; the lobby is "l’accueil". Before : stands a no-break space, before ; ! ? and within « » a narrow one.

import type { PageTexts } from "../en/page";
import { grammar } from "../grammar";

const { number, plural } = grammar("fr");

/** Beings and moods, each in its gender. */
const masculine = {
  beings: "Renard Héron Hérisson Moineau Colibri Ruisseau Érable Nuage".split(" "),
  moods: "tranquille curieux rieur serein voyageur matinal sincère rêveur paisible joyeux".split(" "),
};
const feminine = {
  beings: "Loutre Luciole Hirondelle Théière Lanterne Comète Rivière Mésange".split(" "),
  moods: "tranquille curieuse rieuse sereine voyageuse matinale sincère rêveuse paisible joyeuse".split(" "),
};

export const page: PageTexts = {
  name: "Passerby",
  nicknames: [masculine, feminine].flatMap(({ beings, moods }) =>
    beings.flatMap((being) => moods.map((mood) => `${being} ${mood}`)),
  ),

  tab: {
    waiting: "On cherche quelqu’un – Passerby",
    met: "Quelqu’un est là – Passerby",
    unread: "● Nouveau message – Passerby",
    calls: "● Un appel – Passerby",
    over: "Plus personne – Passerby",
  },

  shell: {
    language: "Langue",
    languageMissing: "Cette langue n’a pas pu être chargée. La page continue dans celle-ci.",
    legal: "À propos de ce serveur",
    pages: {
      privacy: "Politique de confidentialité",
      terms: "Conditions",
      contact: "Contact",
      facts: "Chiffres",
    },
    newTab: "(s’ouvre dans un nouvel onglet)",
    operator: "Ce serveur est géré par",
  },

  settings: {
    open: "Réglages",
    title: "Réglages",
    theme: "Apparence",
    themes: { system: "Automatique", light: "Claire", dark: "Sombre" },
    attention: "Pendant que tu regardes ailleurs",
    sound: "Un son",
    soundHint: "Quand on a trouvé quelqu’un, qu’on t’écrit ou qu’on t’appelle.",
    notify: "Une notification de ton appareil",
    notifyHint: "Elle dit que quelqu’un est là, mais jamais qui, ni ce qui a été écrit.",
    notifyDenied:
      "Ton navigateur ne le permet pas à cette page. Tu peux l’autoriser dans ses réglages pour cette page.",
    notifyMissing: "Ce navigateur ne peut pas le faire. Sur un iPhone, ajoute d’abord la page à l’écran d’accueil.",
    kept: "Ce que tu choisis ici est gardé dans ce navigateur, et nulle part ailleurs.",
    nothingKept: "Rien n’est gardé dans ce navigateur.",
    forget: "Oublier mes choix",
    forgotten: "C’est oublié. Rien n’est gardé dans ce navigateur.",
    close: "Terminé",
  },

  offline: {
    title: "Pas de réseau",
    lead: "Pour rencontrer quelqu’un, ton appareil a besoin d’un réseau. Dès qu’il y en a un, cette page continue toute seule.",
    anyway: "Continuer quand même",
    word: "Pas de réseau. La page continue toute seule dès qu’il y en a un.",
    talking: "Pas de réseau. Ta conversation continue s’il revient bientôt.",
    back: "Le réseau est revenu.",
  },

  gate: {
    title: "Quelqu’un passe par ici",
    lead: "Toi et une personne inconnue, tirée au hasard, en direct de navigateur à navigateur. Pas de compte, pas d’historique, pas de copie en chemin.",
    cardTitle: "Avant d’entrer",
    address:
      "Le navigateur de l’autre personne connaîtra ton adresse réseau. Et elle peut enregistrer tout ce que tu dis.",
    addressHidden: "L’autre personne ne connaît pas ton adresse réseau. Mais elle peut enregistrer tout ce que tu dis.",
    addressMore:
      "La conversation va directement de ton navigateur au sien, donc personne d’autre ne la garde. Cela veut dire aussi : ne raconte rien que tu ne raconterais pas à une personne inconnue dans la rue.",
    adult: "J’ai 18 ans ou plus.",
    agree: "J’accepte les conditions.",
    termsTitle: "Les conditions, en bref",
    terms: [
      "Réservé aux adultes. Si tu as moins de 18 ans, pars. Si l’autre personne semble mineure, signale-la et pars.",
      "Rien d’illégal, pas de menaces, pas de harcèlement, pas de haine, pas de spam, pas d’arnaques.",
      "Ne publie pas ce qu’une personne inconnue t’a confié, et ne cherche pas à savoir qui elle est.",
      "Qui ne respecte pas cela peut se voir fermer l’accès pour un moment. Il n’y a pas de compte, donc rien d’autre à perdre.",
    ],
    fullTerms: "Toutes les conditions",
    noRelay: "Ton adresse ne peut pas être cachée ici : ce serveur n’a pas de relais pour cela.",
    enter: "Entrer",
    untouched: "Avant que tu entres, la page ne contacte personne.",
  },

  lobby: {
    title: "Qui vas-tu rencontrer ?",
    lead: "Ton nom ne va qu’à l’autre personne, jamais au serveur. Ferme la page, et il est oublié.",
    nickname: "Ton nom du jour",
    another: "Un autre nom",
    nicknameMissing: "Choisis d’abord un nom, de 32 caractères au plus.",
    tags: "Sujets que tu aimes",
    tagsHint: "Jusqu’à cinq. On cherche d’abord quelqu’un qui en partage un, puis n’importe qui.",
    tagsFull: "Les cinq y sont. Retires-en un pour en ajouter un autre.",
    tagsAdd: "Ajouter",
    languages: "Langues que tu parles",
    languagesAdd: "Ajouter…",
    remove: (what) => `Retirer ${what}`,
    relay: "Cacher mon adresse réseau",
    relayHint:
      "Tu ne parles qu’à travers le relais de ce serveur, pour que l’autre personne ne la connaisse pas. C’est un peu plus lent.",
    relayPreset: "La personne qui gère ce serveur le suggère.",
    relayNone: "Pas ici : ce serveur n’a pas de relais, donc l’autre personne connaîtra ton adresse réseau.",
    start: "Commencer",
    counting: "On regarde qui est là…",
    few: "Quelques personnes sont là.",
    count: (here, talking) =>
      talking === 0
        ? plural(here, {
            one: "# personne est là.",
            many: "Environ # de personnes sont là.",
            other: "Environ # personnes sont là.",
          })
        : plural(here, {
            one: `# personne est là, dont ${number(talking)} en conversation.`,
            many: `Environ # de personnes sont là, dont ${number(talking)} en conversation.`,
            other: `Environ # personnes sont là, dont ${number(talking)} en conversation.`,
          }),
    connecting: "Connexion à l’accueil…",
    unreachable: "L’accueil est hors de portée. Nouvel essai…",
    restarting: "Le service redémarre. Un instant…",
    waitingForWelcome: "En attente de l’accueil…",
    refusedTitle: "L’accueil ne peut pas te laisser entrer pour l’instant",
    refused: (time) =>
      `Trop de monde est venu de ton réseau, ou l’accès lui est fermé pour un moment. Nouvel essai automatique ${time}.`,
    limitedTitle: "Une petite pause",
    limited: (time) =>
      `C’était plus que ce que l’accueil accepte d’une seule page à la fois. Rien n’est perdu ; reconnexion automatique ${time}.`,
    noRelayTitle: "Pas de relais ici",
    noRelay:
      "Ce serveur n’a pas de relais, il ne peut donc pas cacher ton adresse réseau à l’autre personne. Elle n’a été donnée à personne. Désactive ce choix pour parler directement.",
    aloneTitle: "Pas cette fois",
    alone:
      "Les retrouvailles n’ont pas eu lieu à temps : le plus probable est que l’autre personne ne l’a pas demandé. Elle ne saura pas que toi, oui.",
    relayRefusedTitle: "Le relais ne laisse entrer personne",
    relayRefused:
      "Le relais de ce serveur n’a pas accepté les identifiants de ton navigateur : ils ont expiré, ou le serveur est mal réglé. Aucune de tes adresses n’a été donnée à l’autre personne. Réessaie dans un instant ; si cela continue, préviens la personne qui gère ce serveur, ou désactive ce choix pour parler directement.",
    relayUnreachableTitle: "Le relais ne répond pas",
    relayUnreachable:
      "Ton réseau, ou une panne, empêche ton navigateur d’atteindre le relais de ce serveur. Aucune de tes adresses n’a été donnée à l’autre personne. Réessaie dans un instant, essaie un autre réseau, ou désactive ce choix pour parler directement.",
    noWishTitle: "Ça n’a pas marché",
    noWish:
      "Ton navigateur n’a pas pu préparer de connexion. Ferme les autres appels ou onglets qui en utilisent une, puis réessaie.",
  },

  waiting: {
    title: "On cherche quelqu’un",
    lead: "Dès qu’une autre personne cherche aussi, la connexion se fait. Tu peux laisser cette page ouverte.",
    long: "C’est un moment calme. Ta place est gardée ; les gens vont et viennent sans cesse.",
    tags: "On cherche d’abord quelqu’un qui partage un sujet, puis n’importe qui.",
    failing:
      "On a trouvé du monde, mais aucune connexion directe n’a abouti. Certains réseaux ne la permettent pas ; un autre peut aider.",
    busy: (time) => `Beaucoup de monde cherche en même temps. Ton tour vient ${time}.`,
    slow: (time) =>
      `Une petite pause : cela faisait beaucoup de monde en peu de temps. La suite vient toute seule ${time}.`,
    stamp: (time) => `L’accueil est très sollicité et laisse entrer au compte-gouttes. Nouvel essai ${time}.`,
    pause: (time) => `Une petite pause. La suite vient toute seule ${time}.`,
    proving: (percent) =>
      percent < 100
        ? `On s’assure que tu n’es pas un programme : il y a du monde à la porte, alors ton navigateur résout d’abord une petite énigme. ${percent} % du travail habituel est fait.`
        : "On s’assure que tu n’es pas un programme : l’énigme demande un peu plus que d’habitude, comme cela arrive. Ce ne peut plus être long.",
    usual: (time) => `Ces derniers temps, la plupart des gens ont trouvé quelqu’un en moins de ${time}.`,
    elapsed: (time) => `Recherche en cours : ${time}`,
    cancel: "Annuler",
  },

  again: {
    ask: "Reparler avec la dernière personne",
    left: (time) => `Seulement si elle le demande aussi, d’ici ${time}. Elle ne verra pas ta demande.`,
    title: "On attend la dernière personne",
    lead: (time) =>
      `Si elle le demande aussi, d’ici ${time}, vous vous reparlez. Elle ne sait pas que tu l’as demandé.`,
  },

  connecting: {
    title: "Quelqu’un est là, connexion…",
    lead: "Les deux navigateurs cherchent un chemin l’un vers l’autre. C’est l’affaire d’un instant, ou de quelques secondes au plus.",
  },

  talk: {
    with: "En conversation avec",
    log: "Conversation",
    me: "Toi",
    connected: "connexion établie",
    relayed: "par relais",
    relayedHint: "À travers le relais de ce serveur.",
    directly: "directe",
    directlyHint: "De navigateur à navigateur, sans relais.",
    roundTrip: (ms) => `${ms} ms`,
    roundTripHint: "Le temps que met un mot pour l’aller-retour.",
    hidden: "L’autre personne ne connaît pas ton adresse réseau.",
    goDirect: "En direct…",
    closed: "la conversation est finie",
    reconnecting: "se reconnecte…",
    reconnectingMore: "Ce que tu écris est gardé, et part dès que la connexion revient.",
    mended: "La connexion est revenue.",
    common: "En commun :",
    commonNone: "Aucun sujet en commun : demande ce que tu veux.",
    box: "Ton message",
    placeholder: "Un mot gentil…",
    send: "Envoyer",
    newLine: "Entrée envoie, Maj et Entrée commencent une nouvelle ligne.",
    left: (count) =>
      count >= 0
        ? plural(count, {
            one: "# caractère restant",
            many: "# de caractères restants",
            other: "# caractères restants",
          })
        : plural(-count, {
            one: "# caractère en trop",
            many: "# de caractères en trop",
            other: "# caractères en trop",
          }),
    ticks: { sent: "en route", arrived: "arrivé", failed: "non remis" },
    typing: (stranger) => `${stranger} écrit…`,
    next: "Suivant",
    stop: "Arrêter",
    newer: "Messages plus récents",
    over: "Cette conversation disparaît dès que tu passes à la suite.",
    notes: {
      here: (stranger) => `Voici ${stranger}. Dis bonjour.`,
      left: (stranger) => `${stranger} n’est plus là.`,
      lost: (stranger) => `La connexion avec ${stranger} est perdue.`,
      sight: () => "Le réseau a perdu l’autre personne de vue. Tant que vous pouvez vous parler, peu importe.",
      flood: () => "Trop de choses sont arrivées d’un coup ; une partie a été écartée.",
      oversize: () => "Quelque chose de trop gros est arrivé et a été écarté.",
      stray: () => "Quelque chose est arrivé sans avoir été annoncé, et a été écarté.",
      reported: () => "C’est signalé, merci.",
      directAsked: (stranger) =>
        `Tu as proposé de parler directement. Ce sera le cas dès que ${stranger} le voudra aussi.`,
      directWished: (stranger) =>
        `${stranger} propose de parler directement : c’est plus rapide, mais chaque personne connaît alors l’adresse réseau de l’autre.`,
      direct: () => "Vous parlez directement maintenant, sans le relais.",
    },
  },

  direct: {
    title: "Parler directement ?",
    lead: "L’autre personne connaîtra ton adresse réseau. C’est plus rapide, et le relais n’y est plus. Dans cette conversation, pas de retour en arrière.",
    both: "Ce sera le cas dès que l’autre personne acceptera aussi. D’ici là, rien n’est révélé.",
    alone: "L’autre personne ne se cache pas, c’est donc immédiat.",
    go: "En direct",
    asked: "Tu as proposé de parler directement. Ce sera le cas dès que l’autre personne acceptera aussi.",
    wished: "L’autre personne l’a proposé.",
    stay: "Me cacher",
    close: "Fermer",
  },

  report: {
    more: "Signaler ou bloquer",
    open: "Signaler…",
    title: "Signaler l’autre personne",
    lead: "Personne ne lit ta conversation : le signalement ne donne que la raison, et un seul signalement ne ferme l’accès à personne.",
    what: "Que s’est-il passé ?",
    reasons: {
      minor: "Elle semble avoir moins de 18 ans",
      sexual: "Du contenu sexuel dont je ne voulais pas",
      harassment: "Du harcèlement ou des humiliations",
      hate: "De la haine contre un groupe de personnes",
      spam: "Du spam ou de la publicité",
      scam: "Une arnaque : pour de l’argent, des codes ou des mots de passe",
      threat: "Une menace de violence",
      other: "Autre chose",
    },
    alsoLeave: "Bloquer et partir aussi",
    also: "Bloquer aussi",
    alsoHint:
      "Tu ne retomberas plus sur cette personne tant que vous êtes ici. Elle apprend seulement que tu n’es plus là.",
    send: "Signaler",
    cancel: "Annuler",
    done: "C’est signalé, merci.",
    late: "Cette conversation est finie depuis trop longtemps pour être signalée : elle est déjà oubliée.",
    close: "Fermer",
    blockAndLeave: "Bloquer et partir",
    block: "Bloquer",
    blockHint: "Tu ne retomberas plus sur cette personne tant que vous êtes ici.",
  },

  parted: {
    title: "Vous ne vous croiserez plus",
    reported: "C’est signalé, merci. Personne n’a lu ce qui a été dit, et cette page n’en garde rien.",
    lead: "Du moins tant que vous êtes ici. L’autre personne a seulement appris que tu n’es plus là.",
    next: "Suivant",
    stop: "À l’accueil",
  },

  hint: {
    lost: "Reconnexion à l’accueil…",
    lostTalking: "Reconnexion à l’accueil… ta conversation continue.",
    down: "Le service redémarre. Ta place est gardée.",
    downTalking: "Le service redémarre. Ta conversation continue.",
    refused: (time) => `L’accueil ne peut pas te laisser entrer pour l’instant. Nouvel essai ${time}.`,
    limited: (time) =>
      `C’était plus que ce que l’accueil accepte à la fois. Ta place est gardée ; reconnexion ${time}.`,
    limitedTalking: (time) =>
      `C’était plus que ce que l’accueil accepte à la fois. Reconnexion ${time} ; ta conversation continue.`,
    stale: "Une version plus récente de cette page est sortie. Elle se charge après ta conversation.",
  },

  alarm: {
    title: "Il y a peut-être quelqu’un entre vous",
    lead: "Ce que le navigateur de l’autre personne a dit de la connexion ne correspond pas à ce que le serveur t’a dit. La conversation a été coupée avant que quoi que ce soit d’autre puisse être lu.",
    list: [
      "Ne crois rien de ce qui a été dit dans cette conversation, et n’en transmets rien.",
      "Si cela se reproduit, n’utilise plus ce serveur. Préviens la personne qui le gère.",
      "Changer de réseau aide quand celui que tu utilises n’est pas le tien.",
    ],
    back: "Retour à l’accueil",
  },

  banned: {
    title: "L’accès t’est fermé pour un moment",
    kickTitle: "Connexion coupée un instant",
    lead: (reason) => `La raison : ${reason}.`,
    until: (time, clock) => `Cela se termine ${time}, à ${clock}.`,
    kickUntil: (time) => `Tu peux revenir ${time}.`,
    ended: "Le délai est passé : tu peux revenir.",
    maybe:
      "C’est peut-être une erreur. Ce qui compte est l’adresse réseau, que beaucoup de gens peuvent partager : dans une école, un café, chez un opérateur mobile.",
    code: "Si tu penses que c’en est une, donne ce code à la personne qui gère ce serveur :",
    contact: "Pour la joindre :",
    noContact: "Elle n’a laissé aucune adresse où lui écrire.",
    copy: "Copier le code",
    copied: "Copié.",
    notCopied: "Le navigateur n’a pas permis de le copier. Sélectionne-le et copie-le à la main.",
    again: "Réessayer",
    reasons: {
      pace: "trop d’actions en trop peu de temps",
      skips: "presque toutes les conversations ont été quittées aussitôt",
      silence: "personne n’a reçu de réponse dans aucune conversation",
      protocol: "quelque chose a été envoyé que cette page n’envoie jamais",
      rhythm: "tout s’est passé avec la régularité d’une machine",
      reports: "plusieurs personnes ont signalé ce qui s’est passé",
      operator: "une personne qui gère ce serveur en a décidé ainsi",
      minor:
        "une personne a examiné des signalements selon lesquels quelqu’un de moins de 18 ans est peut-être en danger ici",
    },
    otherReason: "quelque chose n’a pas suivi les règles de ce serveur",
  },

  reload: {
    title: "Il y a une version plus récente",
    lead: "Le service a été renouvelé, et cette page date d’avant. Recharge-la pour continuer.",
    reload: "Recharger",
  },

  newer: {
    lead: "Une version plus récente est prête.",
    load: "La charger",
  },

  attention: {
    met: "Quelqu’un est là.",
    wrote: "Il y a un nouveau message.",
    calls: "Quelqu’un appelle.",
  },

  unsupported: {
    insecure: {
      title: "Cette adresse n’est pas sécurisée",
      lead: "La page a été ouverte en http non chiffré, où les navigateurs désactivent ce qu’il faut pour une conversation chiffrée.",
      list: [
        "Ouvre la même page avec `https://` devant.",
        "Sur la machine où elle tourne, `http://localhost` marche aussi.",
        "Pour l’essayer sur un téléphone de ton propre réseau, lance-la avec `passerby up --tls`.",
      ],
    },
    webrtc: {
      title: "Ce navigateur ne peut pas se connecter directement",
      lead: "WebRTC manque ou est désactivé, il n’y a donc pas de chemin de ton navigateur à celui d’une autre personne.",
      list: [
        "Essaie avec un Firefox, Chrome, Edge ou Safari récent.",
        "Certains modules de confidentialité et les navigateurs intégrés de certaines applications désactivent WebRTC : autorise-le pour cette page, ou ouvre-la dans ton navigateur habituel.",
      ],
    },
    crypto: {
      title: "Ce navigateur ne peut pas chiffrer de message",
      lead: "La cryptographie web manque, et sans elle n’importe qui en chemin pourrait lire comment te joindre.",
      list: ["Essaie avec un Firefox, Chrome, Edge ou Safari récent."],
    },
    websocket: {
      title: "Ce navigateur ne peut pas atteindre l’accueil",
      lead: "Les WebSockets manquent ou sont désactivés.",
      list: ["Essaie avec un Firefox, Chrome, Edge ou Safari récent."],
    },
  },
};
