// German, the words of the page, which says "du". A stranger is "dein Gegenüber", which fits everybody, or "eine fremde
// Person" where none is there yet.

import type { PageTexts } from "../en/page";
import { grammar } from "../grammar";

const { number, plural } = grammar("de");

const moods = "Still Neugierig Sanft Sonnig Wandernd Früh Heiter Ruhig Mutig Freundlich Verträumt Leis".split(" ");
/** By the ending that they give to the mood. */
const beings = {
  er: "Otter Reiher Fuchs Bach Spatz Dachs Ahorn Komet".split(" "),
  e: "Laterne Wolke Weide Eule Schwalbe Teekanne Amsel Linde".split(" "),
  es: "Reh Eichhörnchen Rotkehlchen Glühwürmchen".split(" "),
};

export const page: PageTexts = {
  name: "Passerby",
  nicknames: Object.entries(beings).flatMap(([ending, names]) =>
    names.flatMap((being) => moods.map((mood) => `${mood}${ending} ${being}`)),
  ),

  tab: {
    waiting: "Suche läuft – Passerby",
    met: "Jemand ist da – Passerby",
    unread: "● Neue Nachricht – Passerby",
    calls: "● Ein Anruf – Passerby",
    over: "Vorbei – Passerby",
  },

  shell: {
    language: "Sprache",
    languageMissing: "Diese Sprache ließ sich gerade nicht laden. Die Seite bleibt bei der jetzigen.",
    legal: "Über diesen Server",
    pages: {
      privacy: "Datenschutz",
      terms: "Bedingungen",
      contact: "Kontakt",
      facts: "Fakten",
    },
    newTab: "(öffnet einen neuen Tab)",
    operator: "Diesen Server betreibt",
  },

  settings: {
    open: "Einstellungen",
    title: "Einstellungen",
    theme: "Aussehen",
    themes: { system: "Automatisch", light: "Hell", dark: "Dunkel" },
    attention: "Während du woanders hinsiehst",
    sound: "Ein Ton",
    soundHint: "Wenn jemand gefunden ist, dir schreibt oder anruft.",
    notify: "Eine Benachrichtigung deines Geräts",
    notifyHint: "Sie sagt, dass jemand da ist, aber nie, wer, und nicht, was geschrieben wurde.",
    notifyDenied:
      "Dein Browser erlaubt es dieser Seite nicht. Du kannst es in seinen Einstellungen für diese Seite erlauben.",
    notifyMissing: "Dieser Browser kann das nicht. Auf einem iPhone leg die Seite zuerst auf den Home-Bildschirm.",
    kept: "Was du hier wählst, bleibt in diesem Browser und nirgends sonst.",
    nothingKept: "In diesem Browser ist nichts gespeichert.",
    forget: "Meine Wahl vergessen",
    forgotten: "Vergessen. In diesem Browser ist nichts gespeichert.",
    close: "Fertig",
  },

  offline: {
    title: "Du bist offline",
    lead: "Um jemanden zu treffen, braucht dein Gerät ein Netz. Sobald es eins gibt, geht es hier von selbst weiter.",
    anyway: "Trotzdem weiter",
    word: "Du bist offline. Sobald es ein Netz gibt, geht es von selbst weiter.",
    talking: "Du bist offline. Dein Gespräch geht weiter, wenn bald wieder ein Netz da ist.",
    back: "Das Netz ist wieder da.",
  },

  gate: {
    title: "Da kommt jemand vorbei",
    lead: "Du und eine fremde Person, zufällig ausgewählt, im Gespräch direkt von Browser zu Browser. Kein Konto, kein Verlauf, keine Kopie dazwischen.",
    cardTitle: "Bevor du hereinkommst",
    address:
      "Der Browser deines Gegenübers erfährt deine Netzwerkadresse. Und dein Gegenüber kann aufzeichnen, was du sagst.",
    addressHidden: "Dein Gegenüber erfährt deine Netzwerkadresse nicht. Aber es kann aufzeichnen, was du sagst.",
    addressMore:
      "Das Gespräch läuft direkt zwischen euch beiden, also speichert es sonst niemand. Das heißt aber auch: Erzähl nichts, was du nicht auch fremden Leuten auf der Straße erzählen würdest.",
    adult: "Ich bin 18 Jahre oder älter.",
    agree: "Ich stimme den Bedingungen zu.",
    termsTitle: "Die Bedingungen in Kürze",
    terms: [
      "Nur für Erwachsene. Wenn du unter 18 bist, geh. Wenn dein Gegenüber so wirkt, melde es und geh.",
      "Nichts Verbotenes, keine Drohungen, keine Belästigung, kein Hass, kein Spam, kein Betrug.",
      "Veröffentliche nicht, was dir eine fremde Person erzählt hat, und forsche nicht nach, wer sie ist.",
      "Wer dagegen verstößt, kann eine Zeit lang ausgesperrt werden. Konten gibt es nicht, also ist sonst nichts zu verlieren.",
    ],
    fullTerms: "Alle Bedingungen",
    noRelay: "Deine Adresse lässt sich hier nicht verbergen: Dieser Server hat kein Relais dafür.",
    enter: "Hereinkommen",
    untouched: "Bevor du hereinkommst, nimmt die Seite mit niemandem Kontakt auf.",
  },

  lobby: {
    title: "Wen triffst du gleich?",
    lead: "Dein Name geht nur an dein Gegenüber, nie an den Server. Schließ die Seite, und er ist vergessen.",
    nickname: "Dein Name für heute",
    another: "Anderer Name",
    nicknameMissing: "Such dir zuerst einen Namen aus, mit höchstens 32 Zeichen.",
    tags: "Themen, die du magst",
    tagsHint: "Bis zu fünf. Zuerst wird jemand mit einem gemeinsamen Thema gesucht, dann irgendjemand.",
    tagsFull: "Das sind fünf. Entferne eins, um ein anderes hinzuzufügen.",
    tagsAdd: "Hinzufügen",
    languages: "Sprachen, die du sprichst",
    languagesAdd: "Hinzufügen…",
    remove: (what) => `${what} entfernen`,
    relay: "Meine Netzwerkadresse verbergen",
    relayHint:
      "Du sprichst nur über das Relais dieses Servers, damit dein Gegenüber sie nicht erfährt. Etwas langsamer.",
    relayPreset: "Wer diesen Server betreibt, schlägt es vor.",
    relayNone: "Hier nicht: Dieser Server hat kein Relais, also erfährt dein Gegenüber deine Netzwerkadresse.",
    start: "Los",
    counting: "Mal sehen, wer da ist…",
    few: "Ein paar Leute sind hier.",
    count: (here, talking) =>
      talking === 0
        ? plural(here, { one: "# Mensch ist hier.", other: "Etwa # Menschen sind hier." })
        : plural(here, {
            one: `# Mensch ist hier, davon ${number(talking)} im Gespräch.`,
            other: `Etwa # Menschen sind hier, davon ${number(talking)} im Gespräch.`,
          }),
    connecting: "Verbinde mit der Lobby…",
    unreachable: "Die Lobby ist nicht zu erreichen. Neuer Versuch…",
    restarting: "Der Dienst startet neu. Einen Moment…",
    waitingForWelcome: "Warte auf Antwort der Lobby…",
    refusedTitle: "Die Lobby kann dich gerade nicht hereinlassen",
    refused: (time) =>
      `Aus deinem Netz kamen zu viele, oder es ist eine Zeit lang ausgesperrt. Der nächste Versuch folgt von selbst ${time}.`,
    limitedTitle: "Eine kurze Pause",
    limited: (time) =>
      `Das war mehr, als die Lobby von einer Seite auf einmal annimmt. Nichts ist verloren; ${time} verbindet sich die Seite von selbst wieder.`,
    noRelayTitle: "Hier gibt es kein Relais",
    noRelay:
      "Dieser Server hat kein Relais, kann deine Netzwerkadresse also nicht vor deinem Gegenüber verbergen. Niemand hat sie erfahren. Schalte das Verbergen aus, um direkt zu sprechen.",
    aloneTitle: "Diesmal nicht",
    alone:
      "Ihr beide habt euch nicht rechtzeitig wiedergefunden: Wahrscheinlich hat dein Gegenüber nicht danach gefragt. Dass du gefragt hast, erfährt es nicht.",
    relayRefusedTitle: "Das Relais lässt niemanden herein",
    relayRefused:
      "Das Relais dieses Servers hat die Zugangsdaten deines Browsers nicht angenommen: Sie sind abgelaufen, oder der Server ist falsch eingerichtet. Dein Gegenüber hat keine Adresse von dir erfahren. Versuch es gleich noch einmal; wenn es so bleibt, gib denen Bescheid, die diesen Server betreiben, oder schalte das Verbergen aus, um direkt zu sprechen.",
    relayUnreachableTitle: "Das Relais antwortet nicht",
    relayUnreachable:
      "Dein Netz oder eine Störung lässt deinen Browser nicht zum Relais dieses Servers. Dein Gegenüber hat keine Adresse von dir erfahren. Versuch es gleich noch einmal, versuch ein anderes Netz, oder schalte das Verbergen aus, um direkt zu sprechen.",
    noWishTitle: "Das hat nicht geklappt",
    noWish:
      "Dein Browser konnte keine Verbindung vorbereiten. Schließ andere Anrufe oder Tabs, die eine nutzen, und versuch es noch einmal.",
  },

  waiting: {
    title: "Auf der Suche nach jemandem",
    lead: "Sobald noch jemand sucht, werdet ihr beide verbunden. Du kannst diese Seite offen lassen.",
    long: "Gerade ist es ruhig. Dein Platz bleibt dir; es kommen und gehen ständig Leute.",
    tags: "Zuerst wird jemand mit einem gemeinsamen Thema gesucht, dann irgendjemand.",
    failing:
      "Es fand sich jemand, aber keine direkte Verbindung kam zustande. Manche Netze lassen sie nicht zu; ein anderes hilft vielleicht.",
    busy: (time) => `Viele suchen gleichzeitig. Du bist ${time} dran.`,
    slow: (time) => `Eine kurze Pause: Das waren viele Begegnungen in kurzer Zeit. Es geht ${time} von selbst weiter.`,
    stamp: (time) => `Die Lobby ist stark belastet und lässt nur langsam herein. Der nächste Versuch folgt ${time}.`,
    pause: (time) => `Eine kurze Pause. Es geht ${time} von selbst weiter.`,
    proving: (percent) =>
      percent < 100
        ? `Beweis, dass du kein Programm bist: Vor der Tür stehen viele, deshalb löst dein Browser zuerst ein kleines Rätsel. ${percent} % der üblichen Arbeit sind getan.`
        : "Beweis, dass du kein Programm bist: Das Rätsel braucht etwas mehr als üblich, wie es manchmal vorkommt. Lange kann es nicht mehr dauern.",
    usual: (time) => `Zuletzt haben die meisten innerhalb von ${time} jemanden gefunden.`,
    elapsed: (time) => `Suche läuft seit ${time}`,
    cancel: "Abbrechen",
  },

  again: {
    ask: "Letztes Gegenüber wiedertreffen",
    left: (time) =>
      `Nur wenn ihr beide fragt, innerhalb von ${time}. Dein Gegenüber merkt nichts davon, wenn du fragst.`,
    title: "Warten auf dein letztes Gegenüber",
    lead: (time) =>
      `Fragt dein Gegenüber auch, innerhalb von ${time}, sprecht ihr wieder miteinander. Dass du gefragt hast, erfährt es nicht.`,
  },

  connecting: {
    title: "Jemand ist da, Verbindung läuft…",
    lead: "Die beiden Browser suchen einen Weg zueinander. Das dauert einen Moment, höchstens ein paar Sekunden.",
  },

  talk: {
    with: "Im Gespräch mit",
    log: "Gespräch",
    me: "Du",
    connected: "verbunden",
    relayed: "über Relais",
    relayedHint: "Über das Relais dieses Servers.",
    directly: "direkt",
    directlyHint: "Von Browser zu Browser, ohne Relais.",
    roundTrip: (ms) => `${ms} ms`,
    roundTripHint: "So lange braucht ein Wort hin und zurück.",
    hidden: "Dein Gegenüber erfährt deine Netzwerkadresse nicht.",
    goDirect: "Direkt sprechen…",
    closed: "das Gespräch ist vorbei",
    reconnecting: "verbindet sich neu…",
    reconnectingMore: "Was du schreibst, wird aufgehoben und gesendet, sobald es wieder einen Weg gibt.",
    mended: "Wieder verbunden.",
    common: "Das mögt ihr beide:",
    commonNone: "Kein gemeinsames Thema: Frag einfach irgendetwas.",
    box: "Deine Nachricht",
    placeholder: "Sag etwas Nettes…",
    send: "Senden",
    newLine: "Enter sendet, Umschalt und Enter beginnen eine neue Zeile.",
    left: (count) =>
      count >= 0
        ? plural(count, { one: "Noch # Zeichen", other: "Noch # Zeichen" })
        : plural(-count, { one: "# Zeichen zu viel", other: "# Zeichen zu viel" }),
    ticks: { sent: "unterwegs", arrived: "angekommen", failed: "nicht zugestellt" },
    typing: (stranger) => `${stranger} schreibt…`,
    next: "Weiter",
    stop: "Aufhören",
    newer: "Neuere Nachrichten",
    over: "Dieses Gespräch verschwindet, sobald du weitergehst.",
    notes: {
      here: (stranger) => `Das ist ${stranger}. Sag Hallo.`,
      left: (stranger) => `${stranger} ist gegangen.`,
      lost: (stranger) => `Die Verbindung zu ${stranger} ist abgerissen.`,
      sight: () =>
        "Das Netz hat dein Gegenüber aus den Augen verloren. Solange ihr noch sprechen könnt, macht das nichts.",
      flood: () => "Es kam zu viel auf einmal an; ein Teil wurde verworfen.",
      oversize: () => "Etwas zu Großes kam an und wurde verworfen.",
      stray: () => "Es kam etwas an, das nie angekündigt war; es wurde verworfen.",
      reported: () => "Gemeldet, danke.",
      directAsked: (stranger) => `Du möchtest direkt sprechen. Es geschieht, sobald ${stranger} es auch möchte.`,
      directWished: (stranger) =>
        `${stranger} möchte direkt sprechen: Das ist schneller, aber jede Seite erfährt dann die Netzwerkadresse der anderen.`,
      direct: () => "Ihr sprecht jetzt direkt, ohne das Relais.",
    },
  },

  direct: {
    title: "Direkt sprechen?",
    lead: "Dein Gegenüber erfährt deine Netzwerkadresse. Es ist schneller, und das Relais bleibt außen vor. In diesem Gespräch gibt es kein Zurück.",
    both: "Es geschieht, sobald dein Gegenüber auch zustimmt. Bis dahin wird nichts verraten.",
    alone: "Dein Gegenüber verbirgt sich nicht, also geschieht es sofort.",
    go: "Direkt",
    asked: "Du hast darum gebeten, direkt zu sprechen. Es geschieht, sobald dein Gegenüber auch zustimmt.",
    wished: "Dein Gegenüber hat darum gebeten.",
    stay: "Verbergen",
    close: "Schließen",
  },

  report: {
    more: "Melden oder blockieren",
    open: "Melden…",
    title: "Dein Gegenüber melden",
    lead: "Niemand liest mit: Die Meldung nennt nur den Grund, und eine Meldung allein sperrt niemanden aus.",
    what: "Was ist passiert?",
    reasons: {
      minor: "Wirkt jünger als 18",
      sexual: "Sexuelles, das ich nicht wollte",
      harassment: "Belästigung oder Mobbing",
      hate: "Hass gegen eine Gruppe von Menschen",
      spam: "Spam oder Werbung",
      scam: "Betrug: aus auf Geld, Codes oder Passwörter",
      threat: "Androhung von Gewalt",
      other: "Etwas anderes",
    },
    alsoLeave: "Auch blockieren und gehen",
    also: "Auch blockieren",
    alsoHint:
      "Ihr werdet nicht wieder zusammengebracht, solange ihr beide hier seid. Dein Gegenüber erfährt nur, dass du gegangen bist.",
    send: "Melden",
    cancel: "Abbrechen",
    done: "Gemeldet, danke.",
    late: "Dieses Gespräch ist zu lange her, um es zu melden: Es ist schon vergessen.",
    close: "Schließen",
    blockAndLeave: "Blockieren und gehen",
    block: "Blockieren",
    blockHint: "Ihr werdet nicht wieder zusammengebracht, solange ihr beide hier seid.",
  },

  parted: {
    title: "Ihr begegnet euch nicht wieder",
    reported: "Gemeldet, danke. Niemand hat gelesen, was gesagt wurde, und auf dieser Seite ist nichts mehr davon.",
    lead: "Jedenfalls nicht, solange ihr beide hier seid. Dein Gegenüber hat nur erfahren, dass du gegangen bist.",
    next: "Weiter",
    stop: "Zur Lobby",
  },

  hint: {
    lost: "Verbinde neu mit der Lobby…",
    lostTalking: "Verbinde neu mit der Lobby… dein Gespräch geht weiter.",
    down: "Der Dienst startet neu. Dein Platz bleibt dir.",
    downTalking: "Der Dienst startet neu. Dein Gespräch geht weiter.",
    refused: (time) => `Die Lobby kann dich gerade nicht hereinlassen. Der nächste Versuch folgt ${time}.`,
    limited: (time) =>
      `Das war mehr, als die Lobby auf einmal annimmt. Dein Platz bleibt dir; ${time} verbindet sich die Seite wieder.`,
    limitedTalking: (time) =>
      `Das war mehr, als die Lobby auf einmal annimmt. Die Seite verbindet sich ${time} wieder mit ihr; dein Gespräch geht weiter.`,
    stale: "Es gibt eine neuere Version dieser Seite. Sie wird nach deinem Gespräch geladen.",
  },

  alarm: {
    title: "Vielleicht sitzt jemand zwischen euch",
    lead: "Was der Browser deines Gegenübers über die Verbindung sagte, passt nicht zu dem, was der Server dir gesagt hat. Das Gespräch wurde beendet, bevor noch etwas gelesen werden konnte.",
    list: [
      "Glaub nichts von dem, was in diesem Gespräch gesagt wurde, und gib nichts davon weiter.",
      "Wenn es wieder vorkommt, benutz diesen Server nicht. Sag es denen, die ihn betreiben.",
      "Ein anderes Netz hilft, wenn das, in dem du bist, nicht dein eigenes ist.",
    ],
    back: "Zurück zur Lobby",
  },

  banned: {
    title: "Du bist eine Zeit lang ausgesperrt",
    kickTitle: "Für einen Moment getrennt",
    lead: (reason) => `Der Grund: ${reason}.`,
    until: (time, clock) => `Es endet ${time}, um ${clock} Uhr.`,
    kickUntil: (time) => `Du kannst ${time} zurückkommen.`,
    ended: "Die Zeit ist um: Du kannst zurückkommen.",
    maybe:
      "Vielleicht ist es ein Irrtum. Es geht nach der Netzwerkadresse, die sich viele teilen können: in einer Schule, in einem Café, bei einem Mobilfunkanbieter.",
    code: "Wenn du glaubst, dass es einer ist, nenn denen, die diesen Server betreiben, diesen Code:",
    contact: "So erreichst du sie:",
    noContact: "Sie haben keine Adresse angegeben, an die man schreiben kann.",
    copy: "Code kopieren",
    copied: "Kopiert.",
    notCopied: "Der Browser hat das Kopieren nicht erlaubt. Markier den Code und kopier ihn selbst.",
    again: "Noch einmal versuchen",
    reasons: {
      pace: "zu viel in zu kurzer Zeit",
      skips: "fast alle Gespräche wurden sofort wieder verlassen",
      silence: "niemand bekam je eine Antwort",
      protocol: "es wurde etwas gesendet, das diese Seite nie sendet",
      rhythm: "alles kam mit der Regelmäßigkeit einer Maschine",
      reports: "mehrere Menschen haben gemeldet, was passiert ist",
      operator: "ein Mensch, der diesen Server betreibt, hat es so entschieden",
      minor: "ein Mensch hat Meldungen angesehen, dass hier jemand unter 18 in Gefahr sein könnte",
    },
    otherReason: "etwas entsprach nicht den Regeln dieses Servers",
  },

  reload: {
    title: "Es gibt eine neuere Version",
    lead: "Der Dienst wurde erneuert, und diese Seite ist von vorher. Lade sie neu, damit es weitergeht.",
    reload: "Neu laden",
  },

  newer: {
    lead: "Eine neuere Version ist bereit.",
    load: "Laden",
  },

  attention: {
    met: "Jemand ist da.",
    wrote: "Es gibt eine neue Nachricht.",
    calls: "Jemand ruft an.",
  },

  unsupported: {
    insecure: {
      title: "Diese Adresse ist nicht sicher",
      lead: "Die Seite wurde über unverschlüsseltes http geöffnet, und dort schalten Browser ab, was ein verschlüsseltes Gespräch braucht.",
      list: [
        "Öffne dieselbe Seite mit `https://` davor.",
        "Auf dem Rechner, auf dem sie läuft, geht auch `http://localhost`.",
        "Um sie auf einem Telefon im eigenen Netz auszuprobieren, starte sie mit `passerby up --tls`.",
      ],
    },
    webrtc: {
      title: "Dieser Browser kann sich nicht direkt verbinden",
      lead: "WebRTC fehlt oder ist abgeschaltet, also gibt es keinen Weg von deinem Browser zu dem deines Gegenübers.",
      list: [
        "Versuch es mit einem aktuellen Firefox, Chrome, Edge oder Safari.",
        "Manche Erweiterungen für Privatsphäre und die eingebauten Browser mancher Apps schalten WebRTC ab: Erlaub es für diese Seite, oder öffne sie in deinem gewohnten Browser.",
      ],
    },
    crypto: {
      title: "Dieser Browser kann keine Nachricht verschlüsseln",
      lead: "Die Web-Kryptografie fehlt, und ohne sie könnten alle auf dem Weg mitlesen, wie man dich erreicht.",
      list: ["Versuch es mit einem aktuellen Firefox, Chrome, Edge oder Safari."],
    },
    websocket: {
      title: "Dieser Browser kann die Lobby nicht erreichen",
      lead: "WebSockets fehlen oder sind abgeschaltet.",
      list: ["Versuch es mit einem aktuellen Firefox, Chrome, Edge oder Safari."],
    },
  },
};
