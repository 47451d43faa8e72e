// Every screen with a made-up state. Loaded once the page speaks, since some are told by the names of their buttons.

import { type JSX, render } from "preact";
import { openExtras } from "../extras/extras";
import { checkTexts, parcelTexts } from "../extras/texts";
import { watchNetwork } from "../network";
import { type Lobby, makeLobby, type Phase, type Search } from "../state";
import { makeTalk, type ParcelState, stepTalk, type Talk, type TalkEvent, type Who } from "../talk";
import { texts } from "../texts";
import { Screen } from "../views/root";
import { SiteContext } from "../views/shell";
import type { Site } from "../wire";
import { adsScreens, fillFor } from "./ads";
import { callExtras, callScreens } from "./calls";

const now = Date.now();
const profile = {
  nickname: "Curious Heron",
  tags: ["night trains", "sourdough"],
  languages: ["en", "de"],
  relay: false,
};
const counts = { here: 240, waiting: 10, talking: 190, wait: 10 };
const lobby: Lobby = {
  ...makeLobby(profile),
  phase: { name: "lobby" },
  link: { name: "up", life: "life" },
  welcomed: true,
  counts,
};
const search: Search = { number: 1, sinceMs: now - 7_000, voided: 0, failures: 0, joins: 1 };
const match = {
  session: "session",
  seat: { seat: "seat", untilMs: now },
  tags: ["night trains"],
  life: "life",
  epoch: 1,
};

const end = { atMs: now, epoch: lobby.epoch };
const banned = { name: "banned", reason: "pace", kick: false, untilMs: now + 5_000_000, code: "Q7-k2Rf9" } as const;
const reunion = { rendezvous: "word", untilMs: now + 104_000 };
const limited = { name: "limited", untilMs: now + 30_000 } as const;

function waiting(more: Partial<Search>): Lobby {
  return { ...lobby, phase: { name: "waiting", search: { ...search, ...more } } };
}

function at(phase: Phase): Lobby {
  return { ...lobby, phase };
}

function talk(stranger: string, tags: readonly string[], events: readonly TalkEvent[]): Talk {
  return events.reduce(
    (state, event) => stepTalk(state, { now, random: 0, ...event })[0],
    makeTalk("Curious Heron", stranger, tags),
  );
}

function hidden(events: readonly TalkEvent[]): Talk {
  const both = makeTalk("Curious Heron", "Mellow Fox", [], { me: true, stranger: true });
  const path: TalkEvent = { type: "path", path: { relayed: true, rttMs: 41 } };
  return [...said, path, ...events].reduce((state, event) => stepTalk(state, { now, random: 0, ...event })[0], both);
}

const said: readonly TalkEvent[] = [
  { type: "heard", nth: 0, text: "hello there" },
  { type: "heard", nth: 0, text: "are you also up this late?" },
  { type: "say", text: "Hi! Yes. On a night train, somewhere after Vienna, and the whole carriage is asleep but me." },
  {
    type: "heard",
    nth: 0,
    text: "oh, I envy you. which one? I once took the one to Zagreb and did not sleep a minute, there was a choir on board and they sang until the border",
  },
  { type: "say", text: "That one!\nNo choir tonight, though." },
  { type: "heard", nth: 0, text: "שלום! מה שלומך? 🌙" },
  { type: "say", text: "🌙" },
];
const hostile = "<img src=x onerror=alert(1)>\u202Eevil";
const long = Array.from(
  { length: 30 },
  (_, nth): TalkEvent =>
    nth % 3 === 0 ? { type: "say", text: `Line ${nth}` } : { type: "heard", nth, text: `Line ${nth}` },
);
const talking = at({ name: "talking", match });

/** A channel that goes nowhere, for what is drawn of parcels. */
const nowhere = { readyState: "open", bufferedAmount: 0, send: () => undefined } as unknown as RTCDataChannel;
const extras = openExtras({
  role: "a",
  pc: new RTCPeerConnection(),
  parcels: nowhere,
  early: [],
  say: () => undefined,
  tell: () => undefined,
  now: () => Date.now(),
});

function painted(width: number, height: number): string {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  if (!context) return "";
  const sky = context.createLinearGradient(0, 0, width, height);
  for (const [stop, colour] of [
    [0, "#2c6170"],
    [0.6, "#ec9a74"],
    [1, "#a8452a"],
  ] as const)
    sky.addColorStop(stop, colour);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#fbe9d3";
  context.arc(width * 0.7, height * 0.4, Math.min(width, height) * 0.15, 0, 7);
  context.fill();
  return canvas.toDataURL("image/jpeg");
}

/** Fourteen seconds in which nobody says anything, as any browser plays them: WAV, one byte a sample. */
const silence = (() => {
  const [rate, samples] = [8_000, 14 * 8_000];
  const view = new DataView(new ArrayBuffer(44 + samples));
  const letters = (at: number, word: string) => {
    for (const [nth, letter] of [...word].entries()) view.setUint8(at + nth, letter.charCodeAt(0));
  };
  letters(0, "RIFF....WAVEfmt ");
  view.setUint32(4, 36 + samples, true);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
  ] as const)
    view.setUint32(at, value, true);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    view.setUint16(at, value, true);
  letters(36, "data");
  view.setUint32(40, samples, true);
  new Uint8Array(view.buffer, 44).fill(128);
  return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
})();

const wave = Array.from({ length: 64 }, (_, nth) => Math.round(15 + 14 * Math.sin(nth / 3) * Math.cos(nth / 11)));
let parcels = 0;

function parcel(who: Who, what: "image" | "voice", state: ParcelState): readonly TalkEvent[] {
  const id = parcels++;
  const type = what === "image" ? "image/jpeg" : "audio/webm";
  const told = {
    kind: "parcel",
    id,
    what,
    type,
    size: 1_300_000,
    ...(what === "voice" && { ms: 14_000, wave }),
  } as const;
  return [
    { type: "parcel", who, parcel: told },
    { type: "parcelState", who, nth: id, state },
  ];
}

const gone = ["stopped", "size", "type", "unreadable", "many", "unwanted", "lost", "old"] as const;

interface Shown {
  lobby: Lobby;
  talk?: Talk;
  site?: Site;
  offline?: true;
  /** Buttons to press, one after another, by their names. */
  press?: readonly string[];
}

const { more, open } = texts.report;

const screens: Record<string, Shown> = {
  gate: { lobby: at({ name: "gate" }) },
  "gate-newer": { lobby: { ...at({ name: "gate" }), newer: true } },
  "gate-relay": { lobby: at({ name: "gate" }), site: { relay: "preset", operator: "The Night Owls of Linz" } },
  "gate-offered": { lobby: at({ name: "gate" }), site: { relay: "offered" } },
  offline: { lobby: at({ name: "gate" }), offline: true },
  settings: { lobby: at({ name: "gate" }), press: [texts.settings.open] },
  lobby: { lobby },
  "lobby-first": {
    lobby: {
      ...lobby,
      welcomed: false,
      link: { name: "opening" },
      counts: undefined,
      profile: { ...profile, tags: [] },
    },
  },
  "lobby-full": {
    lobby: {
      ...lobby,
      notice: "relay",
      counts: { here: 3, waiting: 0, talking: 2 },
      profile: {
        nickname: "Ein ziemlich langer Name, ja, so",
        tags: ["a topic with 24 letters!", "trains", "bread", "go", "mushrooms in october"],
        languages: ["en", "de", "pt", "ja"],
        relay: true,
      },
    },
  },
  "lobby-newer": { lobby: { ...lobby, newer: true } },
  "lobby-offline": { lobby: { ...lobby, welcomed: false, link: { name: "lost" } }, offline: true },
  "lobby-again": { lobby: { ...lobby, reunion } },
  "lobby-alone": { lobby: { ...lobby, notice: "alone" } },
  "lobby-relay": { lobby: { ...lobby, relay: "preset", profile: { ...profile, relay: true } } },
  "lobby-relay-refused": {
    lobby: { ...lobby, relay: "offered", notice: "relayRefused", profile: { ...profile, relay: true } },
  },
  "lobby-refused": { lobby: { ...lobby, welcomed: false, link: { name: "refused", untilMs: now + 42_000 } } },
  "lobby-limited": { lobby: { ...lobby, welcomed: false, link: limited } },
  "lobby-down": { lobby: { ...lobby, welcomed: false, down: true } },
  waiting: { lobby: waiting({}) },
  "waiting-long": { lobby: { ...waiting({ sinceMs: now - 95_000 }), link: { name: "lost" } } },
  "waiting-offline": { lobby: { ...waiting({}), link: { name: "lost" } }, offline: true },
  "waiting-limited": { lobby: { ...waiting({}), link: limited } },
  "waiting-proving": {
    lobby: waiting({ proof: { seed: "seed", effort: 18, untilMs: now + 90_000, tried: 110_000 } }),
  },
  "waiting-slow": { lobby: waiting({ hold: { reason: "slow", untilMs: now + 20_000 } }) },
  "waiting-failing": { lobby: waiting({ failures: 3 }) },
  "waiting-offer": { lobby: { ...waiting({}), reunion } },
  "waiting-again": { lobby: { ...waiting({ again: reunion.rendezvous }), reunion } },
  connecting: { lobby: at({ name: "connecting", search, match }) },
  talk: {
    lobby: talking,
    talk: talk("Mellow Fox", ["night trains", "sourdough"], [...said, { type: "typing", on: true }]),
  },
  "talk-path": { lobby: talking, talk: { ...talk("Mellow Fox", [], said), path: { relayed: false, rttMs: 12.3 } } },
  "talk-hidden": { lobby: talking, talk: hidden([{ type: "direct", who: "stranger", on: true }]) },
  "talk-go-direct": { lobby: talking, talk: hidden([]), press: [texts.talk.goDirect] },
  "talk-new": { lobby: talking, talk: talk("Mellow Fox", [], []) },
  "talk-long": { lobby: { ...talking, link: { name: "lost" } }, talk: talk("Mellow Fox", ["night trains"], long) },
  "talk-reconnecting": {
    lobby: talking,
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "broken" }, { type: "say", text: "Are you there?" }]),
  },
  "talk-offline": {
    lobby: { ...talking, link: { name: "lost" } },
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "broken" }]),
    offline: true,
  },
  "talk-settings": { lobby: talking, talk: talk("Mellow Fox", [], said), press: [texts.settings.open] },
  "talk-limited": { lobby: { ...talking, link: limited }, talk: talk("Mellow Fox", ["night trains"], said) },
  "talk-hostile": {
    lobby: talking,
    talk: talk(
      hostile,
      ["<b>bold</b>"],
      [
        { type: "heard", nth: 0, text: "<script>alert(1)</script> ".repeat(3) + "W".repeat(300) },
        { type: "say", text: "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞" },
        { type: "notice", what: "flood" },
        { type: "advise", mood: "lost" },
      ],
    ),
  },
  "talk-words": {
    lobby: talking,
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        { type: "say", text: "Do you know https://en.wikipedia.org/wiki/Night_train_(film)?" },
        { type: "got", nth: 0 },
        { type: "heard", nth: 0, text: "🌙🚂" },
        { type: "heard", nth: 1, text: "I do. And https://bücher.example/nacht, on night trains." },
        { type: "say", text: "👍🏽" },
        { type: "say", text: "The last one, from Zagreb" },
      ],
    ),
  },
  "talk-check": {
    lobby: talking,
    talk: talk("Mellow Fox", [], [...said, { type: "words", words: [104, 187, 235, 161] }]),
    press: [checkTexts.open],
  },
  "talk-check-coming": { lobby: talking, talk: talk("Mellow Fox", [], said), press: [checkTexts.open] },
  "talk-check-missing": {
    lobby: talking,
    talk: talk("Mellow Fox", [], [...said, { type: "words", words: "missing" }]),
    press: [checkTexts.open],
  },
  "over-undelivered": {
    lobby: at({ name: "over", match, told: true, end }),
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        { type: "say", text: "Still there?" },
        { type: "got", nth: 0 },
        { type: "say", text: "I lost you, I think" },
        { type: "finish", mood: "lost" },
      ],
    ),
  },
  "talk-pictures": {
    lobby: talking,
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        ...parcel("stranger", "image", { name: "here", url: painted(800, 600) }),
        { type: "heard", nth: 0, text: "the view from my window" },
        ...parcel("me", "image", { name: "here", url: painted(300, 900) }),
        ...parcel("stranger", "image", { name: "here", url: painted(1600, 60) }),
      ],
    ),
  },
  "talk-picture-shown": {
    lobby: talking,
    talk: talk("Mellow Fox", ["night trains"], parcel("stranger", "image", { name: "here", url: painted(800, 600) })),
    press: [parcelTexts.show],
  },
  "talk-picture-large": {
    lobby: talking,
    talk: talk("Mellow Fox", ["night trains"], parcel("me", "image", { name: "here", url: painted(1200, 1600) })),
    press: [`${parcelTexts.enlarge}: ${parcelTexts.picture("me", "")}`],
  },
  "talk-voice": {
    lobby: talking,
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        ...parcel("stranger", "voice", { name: "here", url: silence }),
        ...parcel("me", "voice", { name: "here", url: silence }),
      ],
    ),
  },
  "talk-going": {
    lobby: talking,
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        ...parcel("stranger", "image", { name: "going", done: 700_000 }),
        ...parcel("stranger", "voice", { name: "going", done: 0 }),
        ...parcel("me", "image", { name: "going", done: 500_000, url: painted(800, 600) }),
        ...parcel("me", "voice", { name: "going", done: 900_000, url: silence }),
      ],
    ),
  },
  "talk-gone": {
    lobby: talking,
    talk: talk(
      "Mellow Fox",
      ["night trains"],
      [
        ...gone.flatMap((why) => parcel("me", "voice", { name: "gone", why })),
        ...gone.flatMap((why) => parcel("stranger", "image", { name: "gone", why })),
      ],
    ),
  },
  "talk-recording": { lobby: talking, talk: talk("Mellow Fox", ["night trains"], said), press: [parcelTexts.record] },
  "talk-recorded": {
    lobby: talking,
    talk: talk("Mellow Fox", ["night trains"], said),
    press: [parcelTexts.record, "", "", "", "", "", "", "", "", "", "", parcelTexts.stopRecording],
  },
  "talk-menu": { lobby: talking, talk: talk("Mellow Fox", ["night trains"], said), press: [more] },
  "talk-report": { lobby: talking, talk: talk("Mellow Fox", ["night trains"], said), press: [more, open] },
  "talk-reported": {
    lobby: at({ name: "talking", match, reported: true }),
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "notice", what: "reported" }]),
  },
  over: {
    lobby: at({ name: "over", match, told: true, end }),
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "finish", mood: "left" }]),
  },
  "over-newer": {
    lobby: { ...at({ name: "over", match, told: true, end }), newer: true, reunion },
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "finish", mood: "left" }]),
  },
  "over-again": {
    lobby: { ...at({ name: "over", match, told: true, end }), reunion },
    talk: talk("Mellow Fox", ["night trains"], [...said, { type: "finish", mood: "left" }]),
  },
  "over-report": {
    lobby: at({ name: "over", match, told: true, end }),
    talk: talk("Mellow Fox", [], [{ type: "finish", mood: "left" }]),
    press: [open],
  },
  "over-reported": {
    lobby: at({ name: "over", match, told: true, end, reported: true }),
    talk: talk("Mellow Fox", [], [{ type: "finish", mood: "left" }]),
  },
  "over-lost": {
    lobby: at({ name: "over", match, told: true, end: { ...end, atMs: now - 60_000 } }),
    talk: talk("Mellow Fox", [], [{ type: "finish", mood: "lost" }]),
  },
  ...Object.fromEntries(
    callScreens.map(([name, press]) => [
      name,
      {
        lobby: talking,
        talk: name === "call-hidden" ? hidden([]) : talk("Mellow Fox", ["night trains"], said),
        press,
      },
    ]),
  ),
  ...Object.fromEntries(
    adsScreens.map(([name, { over, press }]) => [
      name,
      over
        ? {
            lobby: at({ name: "over", match, told: true, end }),
            talk: talk("Mellow Fox", ["night trains"], [...said, { type: "finish", mood: "left" }]),
            press,
          }
        : { lobby, press },
    ]),
  ),
  parted: { lobby: at({ name: "parted", reported: false }) },
  "parted-reported": { lobby: at({ name: "parted", reported: true }) },
  alarm: { lobby: at({ name: "alarm", reason: "key" }) },
  banned: { lobby: at({ ...banned, contact: "help@passerby.example" }) },
  "banned-page": { lobby: at({ ...banned, reason: "minor", contact: "https://passerby.example/appeal" }) },
  "banned-words": { lobby: at({ ...banned, reason: "reports", contact: "Ask at the desk of the library." }) },
  "banned-kick": { lobby: at({ ...banned, reason: "skips", kick: true, untilMs: now + 60_000 }) },
  "banned-over": { lobby: at({ ...banned, reason: "some-reason", untilMs: now - 1 }) },
  reload: { lobby: at({ name: "reload" }) },
  insecure: { lobby: at({ name: "unsupported", lack: "insecure" }) },
  "no-webrtc": { lobby: at({ name: "unsupported", lack: "webrtc" }) },
};

export const names: readonly string[] = Object.keys(screens);

/** Shows one of them, or the list of all; done when it is as it will stay. */
export async function show(name: string | null, language: string): Promise<void> {
  const place = document.getElementById("app");
  const chosen = screens[name ?? ""];
  if (!place || (name !== null && !chosen)) throw new Error(`no screen is called ${name}`);
  if (!chosen) {
    render(<List language={language} />, place);
    return;
  }
  const { lobby, talk, site = { relay: "none", operator: "The Night Owls of Linz" }, offline } = chosen;
  fillFor(name ?? "");
  watchNetwork({ addEventListener: nothing }, { onLine: !offline });
  render(
    <SiteContext.Provider value={site}>
      <Screen lobby={lobby} talk={talk} extras={callExtras(name ?? "") ?? extras} send={nothing} sendTalk={nothing} />
    </SiteContext.Provider>,
    place,
  );
  await pause(); // the screen first puts the focus where it belongs
  for (const button of chosen.press ?? []) await press(place, button);
  await Promise.all([...document.images].map((image) => image.decode().catch(nothing)));
}

function List({ language }: { language: string }): JSX.Element {
  return (
    <main>
      <h1>{`Every screen (${language})`}</h1>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a href={`?screen=${name}&language=${language}`}>{name}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}

const nothing = () => undefined;
const pause = () => new Promise((then) => setTimeout(then, 50));

/** Some come a moment later than the screen; no name means a moment's rest. */
async function press(within: HTMLElement, name: string): Promise<void> {
  for (let tries = 0; name !== "" && tries < 100; tries++) {
    const buttons = [...within.querySelectorAll("button")];
    const button = buttons.find((each) => name === each.ariaLabel || name === each.textContent?.trim());
    button?.click();
    if (button) break;
    if (tries === 99) throw new Error(`no button is called ${name}`);
    await pause();
  }
  await pause();
}
