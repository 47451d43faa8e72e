// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { choices, choose } from "../src/choices";
import * as languages from "../src/languages";
import { page as english } from "../src/languages/en/page";
import { online, watchNetwork } from "../src/network";
import { say, spoken } from "../src/speech";
import type { Lobby, LobbyEvent } from "../src/state";
import { makeTalk, type Talk, type TalkEvent } from "../src/talk";
import { texts } from "../src/texts";
import { Screen } from "../src/views/root";
import { SiteContext } from "../src/views/shell";
import type { Site } from "../src/wire";
import { at } from "./fakes/lobby";

let place: HTMLElement;
let events: (LobbyEvent | TalkEvent)[];
const network = { onLine: true, hear: new Map<string, () => void>() };

beforeEach(() => {
  place = document.createElement("div");
  document.body.append(place);
  events = [];
  say({ language: "en", page: english });
  choose({ language: undefined, theme: undefined, sound: undefined, notify: undefined });
  watchNetwork({ addEventListener: (name: string, then: () => void) => void network.hear.set(name, then) }, network);
});
afterEach(() => {
  goes("online");
  act(() => render(null, place));
  place.remove();
  vi.restoreAllMocks();
});

function show(lobby: Lobby, { talk, site = { relay: "none" } }: { talk?: Talk; site?: Site } = {}): void {
  const send = (event: LobbyEvent | TalkEvent) => void events.push(event);
  act(() =>
    render(
      <SiteContext.Provider value={site}>
        <Screen lobby={lobby} talk={talk} send={send} sendTalk={send} />
      </SiteContext.Provider>,
      place,
    ),
  );
}

function goes(where: "online" | "offline"): void {
  network.onLine = where === "online";
  act(() => network.hear.get(where)?.());
}

function find<E extends Element = HTMLElement>(selector: string): E {
  const found = place.querySelector<E>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

function button(name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll("button")].find(
    (candidate) => (candidate.getAttribute("aria-label") ?? candidate.textContent) === name,
  );
  if (!found) throw new Error(`no button ${name}`);
  return found;
}

function check(box: HTMLInputElement, on: boolean): void {
  act(() => {
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

async function pick(language: string): Promise<void> {
  const select = find<HTMLSelectElement>("#page-language");
  await act(async () => {
    select.value = language;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await new Promise((then) => setTimeout(then));
  });
}

const german = { ...english, lobby: { ...english.lobby, start: "Los" } };
const words = (load: () => Promise<typeof english>) => vi.spyOn(languages, "loadPage").mockImplementation(load);
const talk = () => makeTalk("Quiet Otter", "Merry Fox", []);

describe("the language control", () => {
  it("offers every language by its own name, marked as such, and shows the one that is spoken", () => {
    show(at.lobby().state);
    const options = [...find("#page-language").querySelectorAll("option")];
    expect(options.map(({ textContent }) => textContent)).toEqual(Object.values(languages.LANGUAGE_NAMES));
    expect(options.map(({ lang }) => lang)).toEqual(Object.keys(languages.LANGUAGE_NAMES));
    expect(find<HTMLSelectElement>("#page-language").value).toBe("en");
  });

  it("speaks another one at once, keeps the choice, and what was typed", async () => {
    words(() => Promise.resolve(german));
    show(at.lobby().state);
    const box = find<HTMLInputElement>("#tag");
    act(() => {
      box.value = "night tr";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await pick("de");
    expect(button("Los").type).toBe("submit");
    expect(choices.value).toEqual({ language: "de" });
    expect(find("#tag")).toBe(box);
    expect(box.value).toBe("night tr");
    expect(events).toEqual([]);
  });

  it("is found in English by who does not read the language that is spoken", () => {
    say({ language: "de", page: { ...german, shell: { ...german.shell, language: "Sprache" } } });
    show(at.lobby().state);
    expect(find("label[for=page-language]").textContent).toBe("Sprache / Language");
  });

  it("says when a language cannot be loaded, goes on in the one before, and keeps no choice", async () => {
    words(() => Promise.reject(new Error("no network")));
    show(at.lobby().state);
    await pick("de");
    expect(find(".language [role=status]").textContent).toBe(texts.shell.languageMissing);
    expect(find<HTMLSelectElement>("#page-language").value).toBe("en");
    expect(button(english.lobby.start).type).toBe("submit");
    expect(choices.value).toEqual({});
  });

  it("keeps the last of two that were asked for, whichever comes first", async () => {
    let come: (page: typeof english) => void = () => undefined;
    const load = words(
      () =>
        new Promise((then) => {
          come = then;
        }),
    );
    show(at.lobby().state);
    await pick("fr");
    load.mockImplementation(() => Promise.resolve(german));
    await pick("de");
    await act(async () => {
      come(english);
      await new Promise((then) => setTimeout(then));
    });
    expect(choices.value).toEqual({ language: "de" });
    expect(spoken().language).toBe("de");
  });
});

describe("the settings", () => {
  const open = () => act(() => button(texts.settings.open).click());
  const radios = () => [...place.querySelectorAll<HTMLInputElement>("input[name=theme]")];

  it("open from every screen of the lobby, and from a talk without ending it", () => {
    show(at.talking().state, { talk: talk() });
    open();
    const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    act(() => void find("dialog").dispatchEvent(key));
    expect(events).toEqual([]);
    act(() => button(texts.settings.close).click());
    expect(place.querySelector("dialog")).toBeNull();
  });

  it("take effect at once, and are kept", () => {
    show(at.lobby().state);
    open();
    expect(radios().map(({ checked }) => checked)).toEqual([true, false, false]);
    act(() => radios()[2]?.click());
    expect(choices.value).toEqual({ theme: "dark" });
    act(() => radios()[0]?.click());
    expect(choices.value).toEqual({});
    const sound = find<HTMLInputElement>("dialog input[type=checkbox]");
    expect(sound.checked).toBe(true);
    check(sound, false);
    expect(JSON.parse(localStorage.getItem("passerby") ?? "")).toEqual({ sound: false });
    check(sound, true);
    expect(choices.value).toEqual({});
  });

  it("forget everything on demand, and keep the focus with who asked for it", () => {
    choose({ theme: "dark", sound: true });
    show(at.lobby().state);
    open();
    const forget = button(texts.settings.forget);
    forget.focus();
    act(() => forget.click());
    expect(choices.value).toEqual({});
    expect(localStorage.getItem("passerby")).toBeNull();
    expect(find(".forget [role=status]").textContent).toBe(texts.settings.forgotten);
    expect(document.activeElement).toBe(forget);
    expect(radios().map(({ checked }) => checked)).toEqual([true, false, false]);
  });

  it("say that nothing is kept as long as nothing was chosen", () => {
    show(at.lobby().state);
    open();
    expect(find(".forget [role=status]").textContent).toBe(texts.settings.nothingKept);
    expect(button(texts.settings.forget).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("the gate's choice to hide", () => {
  const enter = () => {
    for (const name of ["adult", "terms"]) find<HTMLInputElement>(`input[name=${name}]`).checked = true;
    act(() => void find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
  };
  const hide = () => find<HTMLInputElement>("input[name=relay]");

  it("is not pretended where there is no relay", () => {
    show(at.gate().state);
    expect(place.querySelector("input[name=relay]")).toBeNull();
    expect(place.textContent).toContain(texts.gate.noRelay);
    enter();
    expect(events).toEqual([{ type: "accept" }]);
  });

  it("is there where the operator offers one, and changes what is said of the address", () => {
    show(at.gate().state, { site: { relay: "offered" } });
    expect(hide().checked).toBe(false);
    expect(find(".notice-main").textContent).toBe(texts.gate.address);
    check(hide(), true);
    expect(find(".notice-main").textContent).toBe(texts.gate.addressHidden);
    enter();
    expect(events).toEqual([{ type: "accept", relay: true }]);
  });

  it("is made already where the operator suggests it, and can be taken back", () => {
    show(at.gate().state, { site: { relay: "preset" } });
    expect(hide().checked).toBe(true);
    expect(place.textContent).toContain(texts.lobby.relayPreset);
    check(hide(), false);
    enter();
    expect(events).toEqual([{ type: "accept", relay: false }]);
  });
});

describe("without a network", () => {
  it("who has just come is told so, and comes to the gate by itself when there is one", () => {
    show(at.gate().state);
    goes("offline");
    expect(online.value).toBe(false);
    expect(find("h1").textContent).toBe(texts.offline.title);
    goes("online");
    expect(find("h1").textContent).toBe(texts.gate.title);
  });

  it("a browser that is wrong about it keeps nobody out", () => {
    show(at.gate().state);
    goes("offline");
    act(() => button(texts.offline.anyway).click());
    expect(find("h1").textContent).toBe(texts.gate.title);
    expect(find("header + [role=status]").textContent).toBe(texts.offline.word);
  });

  it("the lobby stays as it is, with a word above it; and so it does when there is one again", () => {
    show(at.lobby().state);
    const box = find("#nickname");
    const word = () => find("header + [role=status]").textContent;
    expect(word()).toBe("");
    goes("offline");
    expect(word()).toBe(texts.offline.word);
    goes("online");
    expect(word()).toBe(texts.offline.back);
    expect(find("#nickname")).toBe(box);
  });

  it("a talk is told that it may go on", () => {
    show(at.talking().state, { talk: talk() });
    goes("offline");
    expect(find(".hint-bar").textContent).toBe(texts.offline.talking);
  });
});

describe("what the operator has to say", () => {
  const links = () => [...place.querySelectorAll<HTMLAnchorElement>("a[href^='/legal/']")];

  it.each(["gate", "lobby", "parted", "alarm", "banned", "reload", "unsupported"] as const)(
    "stands below the screen, in its language, and opens beside it: %s",
    (name) => {
      show(at[name]().state, { site: { relay: "none", operator: "Night Owls" } });
      const pages = ["privacy", "terms", "contact", "facts"].map((page) => `/legal/en/${page}`);
      const below = links().filter((link) => link.closest("footer"));
      expect(below.map((link) => link.getAttribute("href"))).toEqual(pages);
      for (const { target, rel } of links()) expect([target, rel]).toEqual(["_blank", "noopener"]);
      expect(find("footer").textContent).toContain("Night Owls");
    },
  );

  it.each(["waiting", "connecting"] as const)("leads nobody away while somebody is looked for: %s", (name) => {
    show(at[name]().state);
    expect(place.querySelectorAll("a")).toHaveLength(0);
  });

  it("leads nobody away from a talk", () => {
    show(at.talking().state, { talk: talk() });
    expect(place.querySelectorAll("a")).toHaveLength(0);
  });
});

describe("the name mark", () => {
  it("leads to the lobby from where nothing can be lost by it", () => {
    show(at.parted().state);
    act(() => find<HTMLAnchorElement>("a.brand").click());
    expect(events).toEqual([{ type: "stop" }]);
    for (const name of ["gate", "lobby", "waiting", "connecting"] as const) {
      show(at[name]().state);
      expect(place.querySelector("a.brand")).toBeNull();
    }
  });
});

describe("Cancel", () => {
  it("is not pressed by who taps Next twice, which was in its place", () => {
    vi.useFakeTimers();
    const walk = at.talking().on({ type: "next" });
    vi.setSystemTime(walk.moment.now);
    show(walk.state);
    tap();
    expect(events).toEqual([]);
    vi.setSystemTime(walk.moment.now + 1_000);
    tap();
    expect(events).toEqual([{ type: "cancel" }]);
    vi.useRealTimers();
  });

  it("is pressed by a key at once", () => {
    show(at.talking().on({ type: "next" }).state);
    act(() => button(texts.waiting.cancel).click()); // as a browser does for Enter: without a pointer
    expect(events).toEqual([{ type: "cancel" }]);
  });

  function tap(): void {
    const click = new MouseEvent("click", { bubbles: true, detail: 1 });
    act(() => void button(texts.waiting.cancel).dispatchEvent(click));
  }
});
