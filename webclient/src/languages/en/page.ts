// English, the words of the page. What every other language must say follows from it: its keys, and what each is given.

import type { Lack, ReportReason } from "../../state";
import type { NoteKind } from "../../talk";
import { grammar } from "../grammar";

const { number, plural } = grammar("en");

const moods =
  "Quiet Curious Gentle Sunny Wandering Early Late Merry Calm Lucky Brave Soft Starry Mellow Humble Amber".split(" ");
const beings =
  "Otter Heron Fox Lantern River Sparrow Badger Maple Moth Harbor Willow Comet Hare Teapot Cloud Finch".split(" ");

export const page = {
  name: "Passerby",
  /** Suggested to who has none; of up to 32 characters. */
  nicknames: moods.flatMap((mood) => beings.map((being) => `${mood} ${being}`)),

  /** In the tab's title, where others may read it: never a name. */
  tab: {
    waiting: "Looking for somebody – Passerby",
    met: "Somebody is here – Passerby",
    unread: "● New message – Passerby",
    calls: "● A call – Passerby",
    over: "Gone – Passerby",
  },

  /** Around every screen. */
  shell: {
    language: "Language",
    languageMissing: "That language could not be loaded just now. The page goes on in this one.",
    legal: "About this server",
    pages: {
      privacy: "Privacy policy",
      terms: "Terms",
      contact: "Contact",
      facts: "Facts",
    },
    newTab: "(opens in a new tab)",
    operator: "This server is run by",
  },

  settings: {
    open: "Settings",
    title: "Settings",
    theme: "Appearance",
    themes: { system: "Automatic", light: "Light", dark: "Dark" },
    attention: "While you look elsewhere",
    sound: "A sound",
    soundHint: "When somebody is found, writes to you or calls.",
    notify: "A notification of your device",
    notifyHint: "It tells that somebody is here, and never who, nor what they wrote.",
    notifyDenied: "Your browser does not let this page do so. You can allow it in what the browser keeps of this page.",
    notifyMissing: "This browser cannot do so. On an iPhone, add the page to the home screen first.",
    kept: "What you choose here is kept in this browser, and nowhere else.",
    nothingKept: "Nothing is kept in this browser.",
    forget: "Forget my choices",
    forgotten: "Forgotten. Nothing is kept in this browser.",
    close: "Done",
  },

  offline: {
    title: "You are offline",
    lead: "To meet somebody your device needs a network. As soon as there is one, this page goes on by itself.",
    anyway: "Go on all the same",
    word: "You are offline. The page goes on by itself as soon as there is a network.",
    talking: "You are offline. Your talk goes on if there is a network again soon.",
    back: "There is a network again.",
  },

  gate: {
    title: "Somebody is passing by",
    lead: "You and one stranger, picked at random, talking directly from browser to browser. No account, no history, no copy in the middle.",
    cardTitle: "Before you come in",
    address: "Your stranger’s browser will learn your network address. They can record what you say.",
    addressHidden: "Your stranger does not learn your network address. They can record what you say.",
    addressMore:
      "The talk runs directly between the two of you, so nobody else stores it. It also means: tell nothing that you would not tell a stranger on the street.",
    adult: "I am 18 years or older.",
    agree: "I agree to the terms.",
    termsTitle: "The terms, in short",
    terms: [
      "Only adults. If you are under 18, leave. If your stranger seems to be, report it and leave.",
      "Nothing illegal, no threats, no harassment, no hate, no spam, no scams.",
      "Do not publish what a stranger told you, and do not go looking for who they are.",
      "Whoever breaks this can be shut out for a while. There are no accounts, so there is nothing else to lose.",
    ],
    fullTerms: "All of the terms",
    noRelay: "Your address cannot be hidden here: this server has no relay for it.",
    enter: "Come in",
    untouched: "Nothing is contacted before you come in.",
  },

  lobby: {
    title: "Who will you meet?",
    lead: "Your name goes to your stranger only, never to the server. Close the page and it is forgotten.",
    nickname: "Your name for today",
    another: "Another name",
    nicknameMissing: "Take a name first, of up to 32 characters.",
    tags: "Topics you like",
    tagsHint: "Up to five. Somebody who shares one is looked for first, then anybody.",
    tagsFull: "Five it is. Remove one to add another.",
    tagsAdd: "Add",
    languages: "Languages you speak",
    languagesAdd: "Add one…",
    remove: (what: string) => `Remove ${what}`,
    relay: "Hide my network address",
    relayHint: "Talks only through this server’s relay, so that your stranger does not learn it. A little slower.",
    relayPreset: "Whoever runs this server suggests it.",
    relayNone: "Not here: this server has no relay, so your stranger learns your network address.",
    start: "Start",
    counting: "Looking who is here…",
    few: "A few people are here.",
    /** Never of fewer than six. */
    count: (here: number, talking: number) =>
      talking === 0
        ? `About ${number(here)} people are here.`
        : `About ${number(here)} people are here, ${number(talking)} of them talking.`,
    connecting: "Connecting to the lobby…",
    unreachable: "The lobby is out of reach. Trying again…",
    restarting: "The service is restarting. One moment…",
    waitingForWelcome: "Waiting for the lobby to answer…",
    refusedTitle: "The lobby cannot let you in just now",
    refused: (time: string) =>
      `Too many came from your network, or it is shut out for a while. Trying again by itself ${time}.`,
    limitedTitle: "A short pause",
    limited: (time: string) =>
      `That was more than the lobby takes from one page at once. Nothing is lost; connecting again by itself ${time}.`,
    noRelayTitle: "No relay here",
    noRelay:
      "This server has no relay, so it cannot hide your network address from a stranger. Nobody was told it. Switch the choice off to talk directly.",
    aloneTitle: "Not this time",
    alone:
      "The two of you did not find each other in time: most likely your stranger did not ask. They are not told that you did.",
    relayRefusedTitle: "The relay lets nobody in",
    relayRefused:
      "This server’s relay did not take your browser’s credentials: they have run out, or the server is set up wrongly. Your stranger was told no address of yours. Try again in a moment; if it stays so, tell whoever runs this server, or switch the choice off to talk directly.",
    relayUnreachableTitle: "The relay does not answer",
    relayUnreachable:
      "Your network, or a fault, keeps your browser from this server’s relay. Your stranger was told no address of yours. Try again in a moment, try another network, or switch the choice off to talk directly.",
    noWishTitle: "That did not work",
    noWish: "Your browser could not prepare a connection. Close other calls or tabs that use one, then try again.",
  },

  waiting: {
    title: "Looking for somebody",
    lead: "As soon as another person is looking too, the two of you are connected. You can leave this page open.",
    long: "It is a quiet moment. Your place is kept; people come and go all the time.",
    tags: "Somebody who shares a topic is looked for first, then anybody.",
    failing:
      "People were found, but no direct connection came about. Some networks do not allow it; another one may help.",
    busy: (time: string) => `Many are looking at once. You are next ${time}.`,
    slow: (time: string) => `A short pause: that was many strangers in little time. It goes on by itself ${time}.`,
    stamp: (time: string) => `The lobby is under strain and lets people in slowly. Trying again ${time}.`,
    pause: (time: string) => `A short pause. It goes on by itself ${time}.`,
    proving: (percent: number) =>
      percent < 100
        ? `Proving that you are not a program: many are at the door, so your browser solves a small puzzle first. ${percent} % of the usual work is done.`
        : "Proving that you are not a program: the puzzle takes a little more than usual, as some do. It cannot be long.",
    usual: (time: string) => `Lately, most people found somebody within ${time}.`,
    elapsed: (time: string) => `Looking for ${time}`,
    cancel: "Cancel",
  },

  again: {
    ask: "Talk again with your last stranger",
    left: (time: string) => `Only if both of you ask, within ${time}. To ask tells them nothing.`,
    title: "Waiting for your last stranger",
    lead: (time: string) =>
      `If they ask too, within ${time}, the two of you talk again. They are not told that you asked.`,
  },

  connecting: {
    title: "Found someone, connecting…",
    lead: "The two browsers are finding a way to each other. This takes a moment, or at most some seconds.",
  },

  talk: {
    with: "Talking with",
    log: "Conversation",
    me: "You",
    connected: "connected",
    relayed: "relayed",
    relayedHint: "Through this server’s relay.",
    directly: "direct",
    directlyHint: "From browser to browser, without a relay.",
    roundTrip: (ms: number) => `${ms} ms`,
    roundTripHint: "So long a word takes there and back.",
    hidden: "Your stranger does not learn your network address.",
    goDirect: "Go direct…",
    closed: "the talk is over",
    /** Read after the name, which stands above it. */
    reconnecting: "is reconnecting…",
    reconnectingMore: "What you write is kept and sent as soon as there is a way again.",
    mended: "Connected again.",
    common: "You both like",
    commonNone: "No topic in common: ask anything.",
    box: "Your message",
    placeholder: "Something kind…",
    send: "Send",
    newLine: "Enter sends, Shift and Enter begin a new line.",
    left: (count: number) =>
      count >= 0
        ? plural(count, { one: "# character left", other: "# characters left" })
        : plural(-count, { one: "# character too many", other: "# characters too many" }),
    ticks: { sent: "on its way", arrived: "arrived", failed: "not delivered" },
    typing: (stranger: string) => `${stranger} is typing…`,
    next: "Next",
    stop: "Stop",
    newer: "Newer messages",
    over: "This conversation disappears when you move on.",
    notes: {
      here: (stranger: string) => `You met ${stranger}. Say hello.`,
      left: (stranger: string) => `${stranger} left.`,
      lost: (stranger: string) => `The connection to ${stranger} was lost.`,
      sight: () => "The network lost sight of the stranger. While you can still talk, never mind.",
      flood: () => "Too much came at once; some of it was dropped.",
      oversize: () => "Something too big came and was dropped.",
      stray: () => "Something came that was never announced, and was dropped.",
      reported: () => "Reported, thank you.",
      directAsked: (stranger: string) => `You would talk directly. It happens when ${stranger} would, too.`,
      directWished: (stranger: string) =>
        `${stranger} would like to talk directly: that is faster, but each of you learns the other’s network address.`,
      direct: () => "You talk directly now, without the relay.",
    } satisfies Record<NoteKind, (stranger: string) => string>,
  },

  direct: {
    title: "Talk directly?",
    lead: "Your stranger will learn your network address. It is faster, and the relay is left out. In this talk there is no way back.",
    both: "It happens when your stranger agrees, too. Until then nobody learns anything.",
    alone: "Your stranger does not hide, so it happens at once.",
    go: "Go direct",
    asked: "You have asked to talk directly. It happens when your stranger agrees, too.",
    wished: "Your stranger has asked for it.",
    stay: "Stay hidden",
    close: "Close",
  },

  report: {
    more: "Report or block",
    open: "Report…",
    title: "Report your stranger",
    lead: "Nobody reads your chat: the report tells the reason alone, and one report by itself shuts nobody out.",
    what: "What happened?",
    reasons: {
      minor: "They seem to be under 18",
      sexual: "Sexual things that I did not want",
      harassment: "Harassment or bullying",
      hate: "Hate against a group of people",
      spam: "Spam or advertising",
      scam: "A scam: after money, codes or passwords",
      threat: "A threat of violence",
      other: "Something else",
    } satisfies Record<ReportReason, string>,
    alsoLeave: "Block and leave, too",
    also: "Block, too",
    alsoHint: "The two of you are not matched again while both are here. They are told no more than that you left.",
    send: "Report",
    cancel: "Cancel",
    done: "Reported, thank you.",
    late: "This talk ended too long ago to be reported: it is forgotten already.",
    close: "Close",
    blockAndLeave: "Block and leave",
    block: "Block",
    blockHint: "You are not matched with them again while both are here.",
  },

  parted: {
    title: "You two will not meet again",
    reported: "Reported, thank you. Nobody read what was said, and it is gone from this page.",
    lead: "Not while both of you are here. Your stranger was told no more than that you left.",
    next: "Next",
    stop: "To the lobby",
  },

  hint: {
    lost: "Reconnecting to the lobby…",
    lostTalking: "Reconnecting to the lobby… your talk goes on.",
    down: "The service is restarting. Your place is kept.",
    downTalking: "The service is restarting. Your talk goes on.",
    refused: (time: string) => `The lobby cannot let you in just now. Trying again ${time}.`,
    limited: (time: string) =>
      `That was more than the lobby takes at once. Your place is kept; connecting again ${time}.`,
    limitedTalking: (time: string) =>
      `That was more than the lobby takes at once. Connecting to it again ${time}; your talk goes on.`,
    stale: "A newer version of this page is out. It loads after your talk.",
  },

  alarm: {
    title: "Somebody may be sitting between you",
    lead: "What your stranger’s browser said about the connection does not match what the server told you. The talk was ended before anything else could be read.",
    list: [
      "Believe nothing that was said in this talk, and send nothing on from it.",
      "If it happens again, do not use this server. Tell whoever runs it.",
      "A different network helps when the one you are on is not yours.",
    ],
    back: "Back to the lobby",
  },

  banned: {
    title: "You are shut out for a while",
    kickTitle: "Disconnected for a moment",
    lead: (reason: string) => `The reason: ${reason}.`,
    until: (time: string, clock: string) => `It ends ${time}, at ${clock}.`,
    kickUntil: (time: string) => `You can come back ${time}.`,
    ended: "The time is over: you can come back.",
    maybe:
      "It may be a mistake. It goes by the network address, which many people can share: at a school, in a café, with a phone company.",
    code: "If you think that it is one, tell whoever runs this server this code:",
    contact: "You reach them here:",
    noContact: "They gave no address to write to.",
    copy: "Copy the code",
    copied: "Copied.",
    notCopied: "The browser did not let us copy it. Mark it and copy it yourself.",
    again: "Try again",
    reasons: {
      pace: "too many actions in too short a time",
      skips: "nearly everybody who was met was left at once",
      silence: "nobody who was met got an answer",
      protocol: "something was sent that this page never sends",
      rhythm: "what was done came with the regularity of a machine",
      reports: "several strangers reported what happened",
      operator: "a person who runs this server decided so",
      minor: "a person looked at reports that somebody under age may be in danger here",
    } as Readonly<Record<string, string>>,
    otherReason: "something did not go by the rules of this server",
  },

  reload: {
    title: "There is a newer version",
    lead: "The service was renewed, and this page is from before. Load it again to go on.",
    reload: "Load again",
  },

  /** The server has a newer page than this one, which goes on as well. */
  newer: {
    lead: "A newer version is ready.",
    load: "Load it",
  },

  /** Where the system shows them, others may read: always the same words. */
  attention: {
    met: "Somebody is here.",
    wrote: "There is a new message.",
    calls: "Somebody is calling.",
  },

  unsupported: {
    insecure: {
      title: "This address is not secure",
      lead: "The page was opened over plain http, where browsers switch off what a sealed talk needs.",
      list: [
        "Open the same page with `https://` in front.",
        "On the machine where it runs, `http://localhost` works too.",
        "To try it on a phone in your own network, start it with `passerby up --tls`.",
      ],
    },
    webrtc: {
      title: "This browser cannot connect directly",
      lead: "WebRTC is missing or switched off, so there is no way from your browser to a stranger’s.",
      list: [
        "Try a current Firefox, Chrome, Edge or Safari.",
        "Some privacy add-ons and some apps’ built-in browsers switch WebRTC off: allow it for this page, or open it in your usual browser.",
      ],
    },
    crypto: {
      title: "This browser cannot seal a message",
      lead: "Web cryptography is missing, and without it anybody on the way could read how to reach you.",
      list: ["Try a current Firefox, Chrome, Edge or Safari."],
    },
    websocket: {
      title: "This browser cannot reach the lobby",
      lead: "WebSockets are missing or switched off.",
      list: ["Try a current Firefox, Chrome, Edge or Safari."],
    },
  } satisfies Record<Lack, { title: string; lead: string; list: readonly string[] }>,
};

export type PageTexts = typeof page;
