// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app";
import { signalTo } from "../../src/attention/signals";
import { choose } from "../../src/choices";
import type { Lobby } from "../../src/state";
import { makeTalk, stepTalk, type Talk } from "../../src/talk";
import { texts } from "../../src/texts";
import { at } from "../fakes/lobby";

const state = vi.hoisted(() => ({ cards: 0, log: [] as string[] }));

vi.mock("../../src/attention/sound", () => ({
  makeSound: ({ makeContext }: { makeContext(): unknown }) => ({
    awake: false,
    unlock: () => void makeContext(),
    chime: (what: string) => void state.log.push(`chime ${what}`),
    ring: (on: boolean) => void state.log.push(`ring ${on}`),
  }),
}));

let lobby: ReturnType<typeof signal<Lobby>>;
let talk: ReturnType<typeof signal<Talk | undefined>>;
let rings: ReturnType<typeof signal<boolean>>;
let hidden: boolean;
let focused: boolean;
let shown: string[];

function look(now: { hidden?: boolean; focused?: boolean }): void {
  hidden = now.hidden ?? hidden;
  focused = now.focused ?? focused;
  document.dispatchEvent(new Event("visibilitychange"));
  dispatchEvent(new Event(focused ? "focus" : "blur"));
}

function meet(): void {
  talk.value = makeTalk("Ana", "Bo of the harbours", []);
  lobby.value = at.talking().state;
}

function hear(nth: number): void {
  if (talk.value) talk.value = stepTalk(talk.value, { type: "heard", nth, text: "walnuts", now: 0, random: 0 })[0];
}

const settle = () => new Promise((then) => setTimeout(then));

beforeEach(() => {
  state.cards = 0;
  state.log = [];
  shown = [];
  hidden = false;
  focused = true;
  document.head.innerHTML = '<link rel="icon" href="/favicon.svg" />';
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => (hidden ? "hidden" : "visible"));
  vi.spyOn(document, "hasFocus").mockImplementation(() => focused);
  vi.stubGlobal(
    "AudioContext",
    class {
      constructor() {
        state.cards += 1;
      }
    },
  );
  vi.stubGlobal("Notification", { permission: "granted" });
  const place = {
    showNotification: async (title: string, { body, tag }: NotificationOptions) =>
      void shown.push(`${tag}: ${title}: ${body}`),
    getNotifications: async () => [{ close: () => void shown.push("closed") }],
  };
  Object.defineProperty(navigator, "serviceWorker", {
    configurable: true,
    value: { getRegistration: async () => place },
  });
  lobby = signal(at.waiting().state);
  talk = signal<Talk | undefined>(undefined);
  rings = signal(false);
  const extras = signal({ rings });
  signalTo({ lobby, talking: { talk, extras } } as unknown as App, "tab");
});
afterEach(() => {
  // Nothing of it may go on in the next test.
  lobby.value = at.lobby().state;
  choose({ sound: undefined, notify: undefined });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("who looks elsewhere", () => {
  it.each([{ hidden: true }, { focused: false }])(
    "hears who comes and writes, unless the sound is off: %o",
    (where) => {
      look(where);
      meet();
      expect(state.log).toEqual(["chime met"]);
      choose({ sound: false });
      lobby.value = at.lobby().state;
      state.log = [];
      meet();
      hear(0);
      expect(state.log.filter((what) => what.startsWith("chime"))).toEqual([]);
    },
  );

  it("sees a mark on the tab until the page is looked at", () => {
    const icon = () => document.querySelector("link")?.getAttribute("href");
    look({ hidden: true });
    meet();
    expect(icon()).toContain("news");
    look({ hidden: false });
    expect(icon()).toContain("favicon.svg");
  });

  it("is told by the system when that was chosen and allowed, in words that are always the same", async () => {
    look({ hidden: true });
    meet();
    hear(0);
    await settle();
    expect(shown).toEqual([]);
    look({ hidden: false });
    choose({ notify: true });
    look({ hidden: true });
    hear(1);
    await settle();
    expect(shown).toEqual([`tab: Passerby: ${texts.attention.wrote}`]);
    look({ hidden: false });
    await settle();
    expect(shown.at(-1)).toBe("closed");
    Object.assign(Notification, { permission: "denied" });
    look({ hidden: true });
    hear(2);
    await settle();
    expect(shown).toHaveLength(2);
  });
});

describe("who looks on", () => {
  it("hears a call ring, and nothing else; it stops when the sound is switched off", () => {
    meet();
    hear(0);
    expect(state.log).toEqual([]);
    rings.value = true;
    expect(state.log).toEqual(["ring true"]);
    choose({ sound: false });
    expect(state.log.at(-1)).toBe("ring false");
  });
});

describe("the sound card", () => {
  it("is woken by a press, and not where the sound is off", () => {
    choose({ sound: false });
    dispatchEvent(new Event("click"));
    expect(state.cards).toBe(0);
    choose({ sound: undefined });
    dispatchEvent(new Event("click"));
    expect(state.cards).toBeGreaterThan(0);
  });
});
