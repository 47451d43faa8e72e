// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Lobby, LobbyEvent } from "../src/state";
import { makeTalk, stepTalk, type Talk, type TalkEvent } from "../src/talk";
import { texts } from "../src/texts";
import { Screen, tabTitle } from "../src/views/root";
import { at, challenge } from "./fakes/lobby";

let place: HTMLElement;
let events: (LobbyEvent | TalkEvent)[];

beforeEach(() => {
  place = document.createElement("div");
  document.body.append(place);
  events = [];
});
afterEach(() => {
  act(() => render(null, place));
  place.remove();
});

function show(lobby: Lobby, talk?: Talk): void {
  const send = (event: LobbyEvent | TalkEvent) => void events.push(event);
  act(() => render(<Screen lobby={lobby} talk={talk} send={send} sendTalk={send} />, place));
}

function find<E extends Element>(selector: string): E {
  const found = place.querySelector<E>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

function button(name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll("button")].find((candidate) =>
    (candidate.getAttribute("aria-label") ?? candidate.textContent ?? "").startsWith(name),
  );
  if (!found) throw new Error(`no button ${name}`);
  return found;
}

function type(box: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  act(() => {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function press(target: EventTarget, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  act(() => void target.dispatchEvent(event));
  return event;
}

const submit = () =>
  act(() => void find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
const talking = () => at.talking().state;
const talk = (...heard: TalkEvent[]) =>
  heard.reduce(
    (state, event) => stepTalk(state, { now: 0, random: 0, ...event })[0],
    makeTalk("Quiet Otter", "Merry Fox", ["tea"]),
  );

describe("every screen", () => {
  it.each(Object.entries(at))("can be drawn: %s", (_name, make) => {
    const { state } = make();
    const said = state.phase.name === "talking" || state.phase.name === "over" ? talk() : undefined;
    show(state, said);
    expect(place.querySelectorAll("h1")).toHaveLength(1);
    expect(place.querySelectorAll("main")).toHaveLength(1);
    for (const box of place.querySelectorAll("input, select, textarea")) {
      expect(box.closest("label") ?? place.querySelector(`label[for="${box.id}"]`)).not.toBeNull();
    }
    expect(place.querySelectorAll("[style]")).toHaveLength(0);
  });

  it.each(["gate", "lobby", "waiting", "connecting", "alarm", "banned", "reload", "unsupported"] as const)(
    "puts the focus on its heading: %s",
    (name) => {
      show(at[name]().state);
      expect(document.activeElement).toBe(find("h1"));
    },
  );
});

describe("the gate", () => {
  it("opens only with both checks", () => {
    show(at.gate().state);
    expect(place.textContent).toContain(
      "Your stranger’s browser will learn your network address. They can record what you say.",
    );
    const [adult, terms] = place.querySelectorAll<HTMLInputElement>("input[type=checkbox]");
    if (!adult || !terms) throw new Error("two checks are missing");
    submit();
    adult.checked = true;
    submit();
    expect(events).toEqual([]);
    terms.checked = true;
    submit();
    expect(events).toEqual([{ type: "accept" }]);
  });
});

describe("the lobby", () => {
  it("says why Start cannot be pressed yet", () => {
    show(at.opening().state);
    expect(button("Start").disabled).toBe(true);
    expect(place.textContent).toContain(texts.lobby.connecting);
    show(at.lobby().state);
    expect(button("Start").disabled).toBe(false);
  });

  it("says in words of their own why it was turned away, and when it tries again", () => {
    vi.useFakeTimers();
    for (const [name, title, time] of [
      ["refused", texts.lobby.refusedTitle, "in 5 seconds"],
      ["limited", texts.lobby.limitedTitle, "in 40 seconds"],
    ] as const) {
      const walk = at[name]();
      vi.setSystemTime(walk.moment.now);
      show(walk.state);
      expect(find(".note-title").textContent).toBe(title);
      expect(find(".note p").textContent).toBe(texts.lobby[name](time));
      expect(button("Start").disabled).toBe(true);
      expect(find("#start-reason").textContent).toBe("");
    }
    vi.useRealTimers();
  });

  it("starts with a tidy name, and not without one", () => {
    const { state } = at.lobby();
    show({ ...state, profile: { ...state.profile, nickname: " \n " } });
    submit();
    expect(events).toEqual([]);
    expect(find("[role=alert]").textContent).toBe(texts.lobby.nicknameMissing);
    show({ ...state, profile: { ...state.profile, nickname: "  Fox " } });
    submit();
    expect(events).toEqual([{ type: "profile", profile: { ...state.profile, nickname: "Fox" } }, { type: "start" }]);
  });

  it("adds a topic with Enter, which then does not start", () => {
    show(at.lobby().state);
    const box = find<HTMLInputElement>("#tag");
    expect(press(box, "Enter").defaultPrevented).toBe(false);
    type(box, "Trains");
    expect(press(box, "Enter").defaultPrevented).toBe(true);
    expect(events).toMatchObject([{ type: "profile", profile: { tags: ["tea", "trains"] } }]);
  });

  it("removes a topic and a language", () => {
    show(at.lobby().state);
    act(() => button("Remove tea").click());
    act(() => button("Remove English").click());
    expect(events).toMatchObject([{ profile: { tags: [] } }, { profile: { languages: [] } }]);
  });

  it("speaks of few people without a number", () => {
    const { state } = at.lobby();
    show({ ...state, counts: { here: 5, waiting: 1, talking: 4 } });
    expect(find("[data-testid=count]").textContent).toBe("A few people are here.");
    show({ ...state, counts: { here: 1_200, waiting: 1, talking: 900 } });
    expect(find("[data-testid=count]").textContent).toBe("About 1,200 people are here, 900 of them talking.");
  });
});

describe("a talk", () => {
  it("shows a hostile name and text as text", () => {
    const evil = '<img src="x" onerror="alert(1)">';
    const state = {
      ...talk({ type: "heard", text: `<script>alert(1)</script>${evil}` }),
      stranger: evil,
      tags: [evil],
    };
    show(talking(), { ...state, theyType: true });
    expect(place.querySelectorAll("img, script")).toHaveLength(0);
    expect(find("h1 bdi").textContent).toBe(evil);
    expect(find(".bubble").textContent).toBe(`<script>alert(1)</script>${evil}`);
  });

  it("puts the focus into the box, and sends with Enter", () => {
    show(talking(), talk());
    const box = find<HTMLTextAreaElement>("textarea");
    expect(document.activeElement).toBe(box);
    type(box, "hello");
    press(box, "Enter", { shiftKey: true });
    press(box, "Enter", { isComposing: true });
    expect(events).toEqual([{ type: "draft", empty: false }]);
    press(box, "Enter");
    expect(events.at(-1)).toEqual({ type: "say", text: "hello" });
    expect(box.value).toBe("");
  });

  it("counts near the limit, and sends nothing above it", () => {
    show(talking(), talk());
    const box = find<HTMLTextAreaElement>("textarea");
    type(box, "x".repeat(3_990));
    expect(place.textContent).toContain("10 characters left");
    type(box, "x".repeat(4_001));
    expect(place.textContent).toContain("1 characters too many");
    expect(button("Send").disabled).toBe(true);
    press(box, "Enter");
    expect(events.map(({ type }) => type)).not.toContain("say");
  });

  it("moves on with Esc, but not out of an input method", () => {
    show(talking(), talk());
    press(document, "Escape", { isComposing: true });
    press(document, "Escape", { repeat: true });
    expect(events).toEqual([]);
    press(find("textarea"), "Escape");
    expect(events).toEqual([{ type: "next" }]);
  });

  it("is a log that is read out, with one Next and one Stop", () => {
    show(talking(), talk({ type: "heard", text: "hi" }));
    expect(find("[role=log]").getAttribute("aria-live")).toBe("polite");
    expect(find("[role=log]").textContent).toContain("hi");
    for (const name of ["Next", "Stop"]) {
      expect([...place.querySelectorAll("button")].filter((one) => one.textContent?.startsWith(name))).toHaveLength(1);
    }
  });

  it("that is over has no box, and Next in focus", () => {
    show(at.over().state, talk({ type: "finish", mood: "left" }));
    expect(place.querySelector("textarea")).toBeNull();
    expect(place.textContent).toContain("Merry Fox left.");
    expect(document.activeElement).toBe(button("Next"));
    act(() => button("Stop").click());
    expect(events).toEqual([{ type: "stop" }]);
  });

  it("goes on while the lobby is out of reach, and says so", () => {
    show({ ...talking(), link: { name: "lost" } }, talk());
    expect(place.textContent).toContain(texts.hint.lostTalking);
  });

  it("goes on after too much was said to the lobby, and says so", () => {
    const link = { name: "limited", untilMs: Date.now() + 40_000 } as const;
    show({ ...talking(), link }, talk());
    expect(find(".hint-bar").textContent).toBe(texts.hint.limitedTalking("in 40 seconds"));
    show({ ...at.waiting().state, link });
    expect(find(".hint-bar").textContent).toBe(texts.hint.limited("in 40 seconds"));
  });
});

describe("the tab", () => {
  it("tells that somebody is here or has written, and never who", () => {
    const heard = talk({ type: "heard", text: "hi" });
    expect(tabTitle(talking(), heard, true)).toBe(texts.tab.unread);
    expect(tabTitle(talking(), heard, false)).toBe(texts.tab.met);
    for (const make of Object.values(at)) expect(tabTitle(make().state, heard, true)).not.toContain("Merry Fox");
  });
});

describe("a ban", () => {
  it("names its reason, its end and the code, and lets one try again when it is over", () => {
    vi.useFakeTimers();
    const walk = at.banned();
    vi.setSystemTime(walk.moment.now);
    show(walk.state);
    expect(place.textContent).toContain("too many messages in too little time");
    expect(place.textContent).toContain("in 10 minutes");
    expect(find("code").textContent).toBe("abc");
    expect(place.querySelector("button")).toBeNull();
    act(() => void vi.advanceTimersByTime(601_000));
    act(() => button("Try again").click());
    expect(events).toEqual([{ type: "accept" }]);
    vi.useRealTimers();
  });
});

describe("work before a wish", () => {
  it("is told in plain words, with how far it is, also when it takes longer than usual", () => {
    const walk = at.proving();
    show(walk.state);
    expect(place.textContent).toContain("Proving that you are not a program");
    expect(place.textContent).toContain("0 % of the usual work");
    show(walk.on({ type: "tried", seed: challenge().seed, hashes: 1_030 }).state);
    expect(place.textContent).toContain("25 % of the usual work");
    show(walk.on({ type: "tried", seed: challenge().seed, hashes: 5_000 }).state);
    expect(place.textContent).toContain("a little more than usual");
    expect(button("Cancel").disabled).toBe(false);
  });
});
