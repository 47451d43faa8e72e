// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAds } from "../src/ads/ads";
import { adsTexts } from "../src/ads/texts";
import { choices, choose } from "../src/choices";
import { filling, offered } from "../src/slot";
import type { Lobby } from "../src/state";
import { makeTalk, stepTalk } from "../src/talk";
import { Screen } from "../src/views/root";
import { at } from "./fakes/lobby";

const ADS = { url: "https://ads.example:8443/slot.html", height: 120 };
const own = new URL("https://chat.example/");

interface Dom {
  happyDOM: {
    settings: {
      enableIframePageLoading: boolean;
      fetch: { interceptor: { beforeAsyncRequest: (to: { window: typeof window }) => Promise<Response> } };
    };
  };
}

// Frames are loaded, and all of them are empty.
const { settings } = (window as unknown as Dom).happyDOM;
settings.enableIframePageLoading = true;
settings.fetch.interceptor = { beforeAsyncRequest: async ({ window }) => new window.Response("") };

let place: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  choose({ ads: undefined });
  place = document.createElement("div");
  document.body.append(place);
  filling.value = openAds(ADS);
});
afterEach(() => {
  act(() => render(null, place));
  place.remove();
  filling.value = undefined;
});

function show(lobby: Lobby, over = false): void {
  const talk = makeTalk("Quiet Otter", "Merry Fox", ["tea"]);
  const [ended] = stepTalk(talk, { now: 0, random: 0, type: "finish", mood: "left" });
  const send = () => undefined;
  act(() => render(<Screen lobby={lobby} talk={over ? ended : talk} send={send} sendTalk={send} />, place));
}

const frame = () => place.querySelector("iframe");
const buttons = () => [...place.querySelectorAll<HTMLButtonElement>(".ads button")];
const names = () => buttons().map(({ textContent }) => textContent);
const press = (name: string) =>
  act(() =>
    buttons()
      .find(({ textContent }) => textContent === name)
      ?.click(),
  );

describe("what is offered", () => {
  const site = { relay: "none", ads: ADS } as const;

  it("is what the operator named, on another origin", () => {
    expect(offered(site, own, {})).toBe(ADS);
    expect(offered(site, own, { globalPrivacyControl: false })).toBe(ADS);
  });

  it.each([
    ["nothing was named", { relay: "none" }, own, {}],
    ["none was named", { relay: "none", ads: null }, own, {}],
    ["Global Privacy Control says no", site, own, { globalPrivacyControl: true }],
    ["it is the page's own origin", site, new URL("https://ads.example:8443/"), {}],
    [
      "it is plain http below https",
      { relay: "none", ads: { ...ADS, url: "http://ads.example/" } },
      new URL("https://chat.example/"),
      {},
    ],
  ] as const)("is nothing when %s", (_, said, here, browser) => {
    expect(offered(said, here, browser)).toBeUndefined();
  });

  it("may be plain http where the page is, as when it is tried out", () => {
    const ads = { ...ADS, url: "http://localhost:9000/frame.html" };
    expect(offered({ relay: "none", ads }, new URL("http://localhost:8000/"), {})).toBe(ads);
  });
});

describe("the slot", () => {
  it("is nothing at all where it was never filled", () => {
    filling.value = undefined;
    show(at.lobby().state);
    expect(place.querySelector(".ads")).toBeNull();
    const { innerHTML } = place;
    filling.value = openAds(ADS);
    show(at.lobby().state);
    expect(place.innerHTML).not.toBe(innerHTML);
  });

  it("asks first, says whose they are, and takes the focus of nobody", () => {
    show(at.lobby().state);
    expect(place.querySelector(".ads")?.textContent).toContain("ads.example:8443");
    expect(names()).toEqual([adsTexts.allow, adsTexts.refuse]);
    expect(frame()).toBeNull();
    expect(document.activeElement).toBe(place.querySelector("h1"));
    expect(localStorage.length).toBe(0);
  });

  it("has two answers that are alike", () => {
    show(at.lobby().state);
    const [yes, no] = buttons();
    expect(yes?.className).toBe(no?.className);
    expect(yes?.parentElement?.children).toHaveLength(2);
  });

  it("asks nobody after a talk", () => {
    show(at.over().state, true);
    expect(place.querySelector(".ads")).toBeNull();
  });

  it("once allowed shows a frame that can reach nothing, in the lobby and after a talk", () => {
    show(at.lobby().state);
    press(adsTexts.allow);
    expect(choices.value.ads).toBe(true);
    expect(document.activeElement).toBe(buttons()[0]);
    for (const draw of [() => show(at.lobby().state), () => show(at.over().state, true)]) {
      draw();
      const attributes = Object.fromEntries([...(frame()?.attributes ?? [])].map(({ name, value }) => [name, value]));
      expect(attributes).toMatchObject({
        src: ADS.url,
        sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox",
        allow: "",
        referrerpolicy: "no-referrer",
        loading: "lazy",
        height: "120",
        title: "Advertisement from ads.example:8443",
      });
      expect(attributes).toHaveProperty("credentialless");
      expect(place.querySelector(".ads h2")?.textContent).toBe(adsTexts.label);
    }
  });

  it.each(["gate", "waiting", "connecting", "talking", "parted", "alarm", "banned", "reload"] as const)(
    "is not on any other screen, be it allowed: %s",
    (name) => {
      choose({ ads: true });
      show(at[name]().state);
      expect(place.querySelector(".ads, iframe")).toBeNull();
    },
  );

  it("goes with the screen: no frame outlives the lobby", () => {
    choose({ ads: true });
    show(at.lobby().state);
    const before = frame();
    expect(before?.isConnected).toBe(true);
    show(at.waiting().state);
    expect(before?.isConnected).toBe(false);
  });

  it("is quiet after a no, and remembers it", () => {
    show(at.lobby().state);
    press(adsTexts.refuse);
    expect(choices.value.ads).toBe(false);
    expect(frame()).toBeNull();
    expect(place.querySelector(".ads")?.textContent).toBe(adsTexts.off + adsTexts.change);
    show(at.over().state, true);
    expect(place.querySelector(".ads")).toBeNull();
  });

  it("asks again on wish; the frame is gone at once, and the answer of before holds until there is another", () => {
    choose({ ads: true });
    show(at.over().state, true);
    press(adsTexts.change);
    expect(frame()).toBeNull();
    expect(choices.value.ads).toBe(true);
    expect(document.activeElement?.textContent).toBe(adsTexts.title);
    press(adsTexts.refuse);
    expect(choices.value.ads).toBe(false);
    expect(frame()).toBeNull();
    expect(document.activeElement?.textContent).toBe(adsTexts.change);
    press(adsTexts.change);
    press(adsTexts.allow);
    expect(frame()).not.toBeNull();
  });

  it("follows a choice that was made elsewhere", () => {
    choose({ ads: true });
    show(at.lobby().state);
    act(() => choose({ ads: false }));
    expect(frame()).toBeNull();
  });

  it("removes a frame that takes the focus from who types, and gives it back", async () => {
    choose({ ads: true });
    show(at.lobby().state);
    const box = place.querySelector<HTMLInputElement>("#nickname");
    box?.focus();
    frame()?.focus();
    window.dispatchEvent(new Event("blur"));
    await act(() => new Promise((then) => setTimeout(then, 5)));
    expect(frame()).toBeNull();
    expect(document.activeElement).toBe(box);
    expect(place.querySelector(".ads h2")?.textContent).toBe(adsTexts.removed);
    show(at.over().state, true);
    expect(frame()).toBeNull();
    press(adsTexts.change);
    press(adsTexts.allow);
    expect(frame()).not.toBeNull();
  });

  it("lets the focus into it by Tab", async () => {
    choose({ ads: true });
    show(at.lobby().state);
    buttons()[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", bubbles: true }));
    frame()?.focus();
    window.dispatchEvent(new Event("blur"));
    await act(() => new Promise((then) => setTimeout(then, 5)));
    expect(document.activeElement).toBe(frame());
  });
});

describe("the choice among all others", () => {
  it("has neither answer before one is given, and gives it", () => {
    const { Choice } = openAds(ADS);
    act(() => render(<Choice />, place));
    const [yes, no] = place.querySelectorAll<HTMLInputElement>("input[type=radio]");
    expect([yes?.checked, no?.checked]).toEqual([false, false]);
    act(() => no?.click());
    expect(choices.value.ads).toBe(false);
    act(() => yes?.click());
    expect(choices.value.ads).toBe(true);
    expect([yes?.checked, no?.checked]).toEqual([true, false]);
  });
});
