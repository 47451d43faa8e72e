// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Extras, openExtras } from "../src/extras/extras";
import { checkTexts } from "../src/extras/texts";
import { WORDS } from "../src/extras/words";
import type { Lobby, LobbyEvent } from "../src/state";
import { makeTalk, stepTalk, type Talk, type TalkEvent } from "../src/talk";
import { texts } from "../src/texts";
import { Screen, tabTitle } from "../src/views/root";
import { isReport } from "../src/wire";
import { at, banned, challenge, LIFE, profile, refused, SESSION } from "./fakes/lobby";

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

const submit = (form = "form") =>
  act(() => void find(form).dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
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

  it.each(["gate", "lobby", "waiting", "connecting", "parted", "alarm", "banned", "reload", "unsupported"] as const)(
    "puts the focus on its heading: %s",
    (name) => {
      show(at[name]().state);
      expect(document.activeElement).toBe(find("h1"));
    },
  );
});

describe("the offer to talk again", () => {
  const hint = () => place.querySelector("#again-hint")?.textContent;
  const ask = texts.again.ask;
  const present = () => [...place.querySelectorAll("button")].some(({ textContent }) => textContent === ask);
  const finished = () => talk({ type: "finish", mood: "left" });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(1_000_000); // when the walks take place
  });
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["after the end", () => show(at.over().state, finished())],
    ["in the lobby", () => show(at.stopped().state)],
    ["while one waits", () => show(at.talking().on({ type: "next" }).state)],
  ])("is a button with the time that is left beside it, not read out: %s", (_, draw) => {
    draw();
    expect(hint()).toContain("within 2 minutes");
    expect(button(ask).getAttribute("aria-describedby")).toBe("again-hint");
    expect(button(ask).closest("[role=status], [role=alert], [aria-live]")).toBeNull();
    act(() => void vi.advanceTimersByTime(40_000));
    expect(hint()).toContain("within 80 seconds");
    act(() => button(ask).click());
    expect(events.at(-1)).toEqual({ type: "again" });
    act(() => void vi.advanceTimersByTime(80_000));
    expect(present()).toBe(false);
  });

  it("is not there where there is none, and not for who asks already", () => {
    for (const make of [at.lobby, at.waiting, at.parted, at.alone, at.askingAgain]) {
      show(make().state);
      expect(present()).toBe(false);
    }
  });

  it.each([
    ["after the end", () => show(at.over().state, finished()), texts.talk.next],
    ["in the lobby", () => show(at.stopped().state), texts.lobby.start],
    ["while one waits", () => show(at.talking().on({ type: "next" }).state), texts.waiting.cancel],
  ])("gives the focus to what is there, when it goes: %s", (_, draw, next) => {
    draw();
    act(() => void vi.advanceTimersByTime(1_000));
    act(() => button(ask).focus());
    act(() => void vi.advanceTimersByTime(119_000));
    expect(document.activeElement).toBe(button(next));
  });

  it("is not taken by who taps Next twice", () => {
    show(at.talking().on({ type: "next" }).state);
    expect(button(ask).disabled).toBe(true);
    act(() => void vi.advanceTimersByTime(1_000));
    expect(button(ask).disabled).toBe(false);
  });

  it("takes no focus with it that is elsewhere", () => {
    show(at.stopped().state);
    act(() => find<HTMLInputElement>("#nickname").focus());
    act(() => void vi.advanceTimersByTime(120_000));
    expect(document.activeElement).toBe(find("#nickname"));
  });

  it("asks for a name first, as Start does", () => {
    show(at.stopped().on({ type: "profile", profile: { ...profile, nickname: " " } }).state);
    act(() => button(ask).click());
    expect(events).toEqual([]);
    expect(document.activeElement).toBe(find("#nickname"));
  });

  it("cannot be pressed before the lobby has answered", () => {
    show(at.stopped().on({ type: "lost" }).state);
    expect(button(ask).disabled).toBe(true);
  });

  it("once taken is said on the screen, whose heading takes the focus though it is the same one", () => {
    const walk = at.talking().on({ type: "next" });
    show(walk.state);
    act(() => void vi.advanceTimersByTime(1_000));
    act(() => button(ask).focus());
    show(walk.on({ type: "again" }).state);
    expect(find("h1").textContent).toBe(texts.again.title);
    expect(document.activeElement).toBe(find("h1"));
    expect(place.textContent).toContain("within 2 minutes");
  });

  it("is followed by a kind word when the stranger did not ask", () => {
    show(at.alone().state);
    expect(find(".note[role=status]").textContent).toContain(texts.lobby.alone);
  });
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

describe("waiting", () => {
  const counts = { here: 40, waiting: 10, talking: 20 };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(1_000_000); // when the walks take place
  });
  afterEach(() => void vi.useRealTimers());

  it("says how long people wait lately", () => {
    show({ ...at.waiting().state, counts: { ...counts, wait: 10 } });
    expect(find(".usual").textContent).toBe("Lately, most people found somebody within 10 seconds.");
  });

  it("says no more of it once this wait is longer", () => {
    show({ ...at.waiting().state, counts: { ...counts, wait: 20 } });
    act(() => void vi.advanceTimersByTime(19_000));
    expect(place.querySelector(".usual")).not.toBeNull();
    act(() => void vi.advanceTimersByTime(2_000));
    expect(place.querySelector(".usual")).toBeNull();
  });

  it("says nothing of it when the service does not know, nor when this wait is of another kind", () => {
    show({ ...at.waiting().state, counts });
    expect(place.querySelector(".usual")).toBeNull();
    show({ ...at.askingAgain().state, counts: { ...counts, wait: 10 } });
    expect(find("h1").textContent).toBe(texts.again.title);
    expect(place.querySelector(".usual")).toBeNull();
  });
});

describe("a talk", () => {
  it("shows a hostile name and text as text", () => {
    const evil = '<img src="x" onerror="alert(1)">';
    const state = {
      ...talk({ type: "heard", nth: 0, text: `<script>alert(1)</script>${evil}` }),
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
    expect(place.textContent).toContain("1 character too many");
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
    show(talking(), talk({ type: "heard", nth: 0, text: "hi" }));
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

describe("what was said", () => {
  const bubbles = () => [...place.querySelectorAll(".bubble")];
  const heard = (...lines: string[]) => talk(...lines.map((text, nth): TalkEvent => ({ type: "heard", nth, text })));

  it("has links that tell the other side nothing, to http and https alone", () => {
    const text = "see https://example.org/a, javascript:alert(1) and data:text/html,x";
    show(talking(), heard(text));
    expect(bubbles()[0]?.textContent).toBe(text);
    const links = [...place.querySelectorAll("a")];
    expect(links.map((link) => link.href)).toEqual(["https://example.org/a"]);
    expect(links[0]?.target).toBe("_blank");
    expect(links[0]?.rel).toBe("noopener noreferrer nofollow");
    expect(links[0]?.getAttribute("referrerpolicy")).toBe("no-referrer");
    expect(links[0]?.hasAttribute("data-host")).toBe(false);
  });

  it("shows where a link really leads beside what one reads, and changes no letter of it", () => {
    show(talking(), heard("https://раypal.com"));
    expect(find(".bubble a").getAttribute("data-host")).toBe("xn--ypal-43d9g.com");
    expect(find(".bubble").textContent).toBe("https://раypal.com");
  });

  it("is large when it is a few emoji, and keeps its lines otherwise", () => {
    show(talking(), heard("🌙🌙", "one\n  two"));
    expect(bubbles().map((one) => one.classList.contains("large"))).toEqual([true, false]);
    expect(bubbles()[1]?.textContent).toBe("one\n  two");
  });

  it("says of one's own lines whether they are there, and of those that never arrived that they were not delivered", () => {
    const said: TalkEvent[] = [
      { type: "say", text: "one" },
      { type: "say", text: "two" },
      { type: "got", nth: 0 },
    ];
    const ticks = () => [...place.querySelectorAll(".tick")].map((tick) => tick.textContent);
    show(talking(), talk(...said));
    expect(ticks()).toEqual([texts.talk.ticks.arrived, texts.talk.ticks.sent]);
    show(at.over().state, talk(...said, { type: "finish", mood: "lost" }));
    expect(ticks()).toEqual([texts.talk.ticks.arrived, texts.talk.ticks.failed]);
    expect(find(".tick.failed span").className).toBe("");
  });
});

describe("checking the connection", () => {
  const pc = new EventTarget() as RTCPeerConnection;
  const parcels = {} as RTCDataChannel;

  function showWith(words: Talk["words"], extras?: Extras): Extras {
    const opened = extras ?? openExtras({ role: "a", pc, parcels, say() {}, tell() {}, now: () => 0 });
    const send = (event: LobbyEvent | TalkEvent) => void events.push(event);
    const state = talk({ type: "words", words });
    act(() => render(<Screen lobby={talking()} talk={state} extras={opened} send={send} sendTalk={send} />, place));
    return opened;
  }

  it("shows four words in their order, each with its number, and says what they prove and what not", () => {
    showWith([0, 255, 7, 7]);
    act(() => button(checkTexts.open).click());
    const dialog = find<HTMLDialogElement>("dialog");
    expect(dialog.open).toBe(true);
    expect(find(`#${dialog.getAttribute("aria-labelledby")}`).textContent).toBe(checkTexts.title);
    const items = [...dialog.querySelectorAll("ol li")].map((item) => item.textContent);
    expect(items).toEqual([`${WORDS[0]} 0`, `${WORDS[255]} 255`, `${WORDS[7]} 7`, `${WORDS[7]} 7`]);
    for (const words of [checkTexts.lead, checkTexts.how, checkTexts.limit]) {
      expect(dialog.textContent).toContain(words);
    }
  });

  it("says that the words are not there yet, tells when they are, and says so when they do not come", () => {
    const extras = showWith("coming");
    act(() => button(checkTexts.open).click());
    const live = find("dialog [aria-live]");
    expect(live.textContent).toBe(checkTexts.coming);
    showWith("missing", extras);
    expect(live.textContent).toBe(checkTexts.missing);
    expect(find("dialog").textContent).not.toContain(checkTexts.lead);
    showWith([1, 2, 3, 4], extras);
    expect(live.textContent).toContain(WORDS[1]);
  });

  it("closes with Esc, which then is not Next, wherever the focus is", () => {
    showWith([1, 2, 3, 4]);
    act(() => button(checkTexts.open).click());
    press(document, "Escape");
    expect(events).toEqual([]);
    act(() => button(checkTexts.close).click());
    expect(place.querySelector("dialog")).toBeNull();
    press(document, "Escape");
    expect(events).toEqual([{ type: "next" }]);
  });
});

describe("reporting", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The state of a walk, at the time at which it is. */
  function showAt(walk: ReturnType<typeof at.over>, said: Talk): void {
    vi.setSystemTime(walk.moment.now);
    show(walk.state, said);
  }

  const gone = () => talk({ type: "finish", mood: "left" });
  const menu = () => button(texts.report.more);
  const labels = () => [...place.querySelectorAll("button")].map((one) => one.textContent);
  const choose = (reason: string) => {
    find<HTMLInputElement>(`input[value=${reason}]`).checked = true;
  };
  const open = () => {
    act(() => menu().click());
    act(() => button(texts.report.open).click());
  };

  it("is in a menu, which opens with the focus on its first entry and closes with Esc, which then is not Next", () => {
    showAt(at.talking(), talk());
    expect(menu().getAttribute("aria-expanded")).toBe("false");
    expect(find<HTMLElement>("#report-menu").hidden).toBe(true);
    act(() => menu().click());
    expect(menu().getAttribute("aria-expanded")).toBe("true");
    expect(document.activeElement).toBe(button(texts.report.open));
    press(button(texts.report.open), "Escape");
    expect(find<HTMLElement>("#report-menu").hidden).toBe(true);
    expect(document.activeElement).toBe(menu());
    expect(events).toEqual([]);
    press(menu(), "Escape");
    expect(events).toEqual([{ type: "next" }]);
  });

  it("has a menu that closes when one goes elsewhere, or presses its button again", () => {
    showAt(at.talking(), talk());
    act(() => menu().click());
    act(() => find<HTMLTextAreaElement>("textarea").focus());
    expect(find<HTMLElement>("#report-menu").hidden).toBe(true);
    act(() => menu().click());
    act(() => menu().click());
    expect(find<HTMLElement>("#report-menu").hidden).toBe(true);
  });

  it("asks for one reason of eight and for no words, and says what happens", () => {
    showAt(at.talking(), talk());
    open();
    const dialog = find<HTMLDialogElement>("dialog");
    expect(dialog.open).toBe(true);
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      expect(find(`#${dialog.getAttribute(name)}`).textContent).not.toBe("");
    }
    expect(dialog.textContent).toContain(texts.report.lead);
    const reasons = [...dialog.querySelectorAll<HTMLInputElement>("input[type=radio]")];
    expect(reasons.map(({ value }) => value)).toEqual(Object.keys(texts.report.reasons));
    for (const value of Object.keys(texts.report.reasons)) {
      expect(isReport({ kind: "report", life: LIFE, session: SESSION, reason: value })).toBe(true);
    }
    expect(reasons.every(({ required, checked }) => required && !checked)).toBe(true);
    expect(dialog.querySelectorAll("textarea, input[type=text]")).toHaveLength(0);
    submit("dialog form");
    expect(events).toEqual([]);
    expect(dialog.open).toBe(true);
    choose("scam");
    submit("dialog form");
    expect(events).toEqual([{ type: "report", reason: "scam", block: true }]);
    expect(place.querySelector("dialog")).toBeNull();
  });

  it("goes without a block when one does not want it", () => {
    showAt(at.talking(), talk());
    open();
    choose("minor");
    find<HTMLInputElement>("input[name=block]").checked = false;
    submit("dialog form");
    expect(events).toEqual([{ type: "report", reason: "minor", block: false }]);
  });

  it("can be thought better of, and Esc in the dialog is not Next", () => {
    showAt(at.talking(), talk());
    open();
    press(document, "Escape");
    act(() => button(texts.report.cancel).click());
    expect(place.querySelector("dialog")).toBeNull();
    expect(events).toEqual([]);
  });

  it("thanks for it, and offers it once", () => {
    showAt(at.reported(), talk({ type: "notice", what: "reported" }));
    expect(find("[role=log]").textContent).toContain(texts.report.done);
    act(() => menu().click());
    expect(find(".menu-done").textContent).toBe(texts.report.done);
    expect(labels()).not.toContain(texts.report.open);
    act(() => button(texts.report.blockAndLeave).click());
    expect(events).toEqual([{ type: "block" }]);
  });

  it("is offered beside Next after the end, and taken away when it is too late, with the focus on Next", () => {
    const walk = at.over();
    showAt(walk, gone());
    expect(document.activeElement).toBe(button("Next"));
    button(texts.report.block).focus();
    act(() => void vi.advanceTimersByTime(49_900));
    expect(labels()).toContain(texts.report.open);
    act(() => void vi.advanceTimersByTime(200));
    expect(labels()).not.toContain(texts.report.open);
    expect(labels()).not.toContain(texts.report.block);
    expect(document.activeElement).toBe(button("Next"));
  });

  it("says so calmly after the end, and still offers to block", () => {
    showAt(at.reportedOver(), gone());
    expect(find(".care [role=status]").textContent).toBe(texts.report.done);
    expect(labels()).not.toContain(texts.report.open);
    act(() => button(texts.report.block).click());
    expect(events).toEqual([{ type: "block" }]);
  });

  it("goes on in an open dialog when the stranger leaves, until it is too late", () => {
    showAt(at.talking(), talk());
    open();
    choose("hate");
    const walk = at.over();
    showAt(walk, gone());
    expect(find<HTMLInputElement>("input[value=hate]").checked).toBe(true);
    expect(find("dialog").textContent).not.toContain(texts.report.alsoLeave);
    act(() => void vi.advanceTimersByTime(51_000));
    expect(find("dialog").textContent).toContain(texts.report.late);
    act(() => button(texts.report.close).click());
    expect(place.querySelector("dialog")).toBeNull();
    expect(document.activeElement).toBe(button("Next"));
  });

  it("shows nothing of the talk after a block, and leads on", () => {
    show(at.parted().state);
    expect(place.textContent).not.toContain("Reported");
    act(() => button(texts.parted.next).click());
    act(() => button(texts.parted.stop).click());
    expect(events).toEqual([{ type: "next" }, { type: "stop" }]);
    show(at.reportedOver().on({ type: "block" }).state);
    expect(place.textContent).toContain(texts.parted.reported);
  });
});

describe("a pause", () => {
  it("counts down before the eyes, and is read out once", () => {
    vi.useFakeTimers();
    const walk = at.waiting();
    vi.setSystemTime(walk.moment.now);
    show(walk.state);
    const word = () => place.querySelector("main .visually-hidden[role=status]")?.textContent;
    expect(word()).toBe("");
    show(walk.inbox(refused("slow", 20)).state);
    expect(place.textContent).toContain("in 21 seconds");
    expect(word()).toBe(texts.waiting.pause("in 21 seconds"));
    act(() => void vi.advanceTimersByTime(5_000));
    expect(place.textContent).toContain("in 16 seconds");
    expect(word()).toBe(texts.waiting.pause("in 21 seconds"));
    show(walk.on({ type: "wake", timer: "retry" }).state);
    expect(word()).toBe("");
    vi.useRealTimers();
  });
});

describe("the word on a newer page", () => {
  const newer = (walk: ReturnType<typeof at.over>) => walk.on({ type: "newer" }).state;
  const offered = () =>
    [...place.querySelectorAll("button")].some(({ textContent }) => textContent === texts.newer.load);

  it.each(["gate", "lobby", "parted"] as const)("is a button in %s, which is read out when it comes", (name) => {
    show(at[name]().state);
    const region = find(".newer-page[role=status]");
    expect(region.textContent).toBe("");
    show(newer(at[name]()));
    expect(region.textContent).toContain(texts.newer.lead);
    act(() => button(texts.newer.load).click());
    expect(events).toEqual([{ type: "renew" }]);
  });

  it("is with what is left to do after a talk, and in no talk and no search", () => {
    show(newer(at.talking()), talk());
    expect(offered()).toBe(false);
    show(newer(at.over()), talk({ type: "finish", mood: "left" }));
    expect(find(".over").contains(button(texts.newer.load))).toBe(true);
    for (const name of ["waiting", "connecting"] as const) {
      show(newer(at[name]()));
      expect(offered()).toBe(false);
    }
  });
});

describe("the tab", () => {
  it("tells that somebody is here or has written, and never who", () => {
    const heard = talk({ type: "heard", nth: 0, text: "hi" });
    expect(tabTitle(talking(), heard, true)).toBe(texts.tab.unread);
    expect(tabTitle(talking(), heard, false)).toBe(texts.tab.met);
    expect(tabTitle(talking(), heard, true, true)).toBe(texts.tab.calls);
    expect(tabTitle(at.over().state, heard, true, true)).toBe(texts.tab.over);
    for (const make of Object.values(at)) expect(tabTitle(make().state, heard, true)).not.toContain("Merry Fox");
  });
});

describe("a ban", () => {
  it("names its reason, its end and the code, and lets one try again when it is over", () => {
    vi.useFakeTimers();
    const walk = at.banned();
    vi.setSystemTime(walk.moment.now);
    show(walk.state);
    expect(place.textContent).toContain(texts.banned.title);
    expect(place.textContent).toContain("too many actions in too short a time");
    expect(place.textContent).toContain("in 10 minutes");
    expect(place.textContent).toContain(texts.banned.maybe);
    expect(find("code").textContent).toBe("abc");
    expect(place.querySelector(".button.primary")).toBeNull();
    act(() => void vi.advanceTimersByTime(601_000));
    act(() => button("Try again").click());
    expect(events).toEqual([{ type: "accept" }]);
    vi.useRealTimers();
  });
});

describe("a ban's small print", () => {
  const ban = (more: Parameters<typeof banned>[0] = {}) => show(at.lobby().inbox(banned(more)).state);
  const link = () => place.querySelector("main a");

  it("of a minute or less is milder, but tells as much", () => {
    ban({ reason: "skips", seconds: 60 });
    expect(find("h1").textContent).toBe(texts.banned.kickTitle);
    expect(place.textContent).toContain(texts.banned.reasons.skips);
    expect(find("code").textContent).toBe("abc");
  });

  it.each(["toString", "some-reason"])("has a general word for a reason that it does not know: %s", (reason) => {
    ban({ reason });
    expect(place.textContent).toContain(texts.banned.otherReason);
    expect(place.textContent).not.toContain(reason);
  });

  it("links to mail and to a page, and to nothing else", () => {
    ban({ contact: "help@passerby.example" });
    expect(link()?.getAttribute("href")).toBe("mailto:help@passerby.example");
    expect(link()?.hasAttribute("target")).toBe(false);
    ban({ contact: "https://passerby.example/appeal" });
    expect(link()?.getAttribute("target")).toBe("_blank");
    expect(link()?.getAttribute("rel")).toBe("noreferrer noopener");
    ban({ contact: "javascript:alert(1)" });
    expect(link()).toBeNull();
    expect(place.textContent).toContain("javascript:alert(1)");
    ban();
    expect(place.textContent).toContain(texts.banned.noContact);
  });

  it("copies the code, or marks it when the browser will not", async () => {
    ban();
    const copied: string[] = [];
    const writeText = vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied.push(text);
    });
    const status = () => find(".appeal [role=status]").textContent;
    await act(async () => button(texts.banned.copy).click());
    expect(copied).toEqual(["abc"]);
    expect(status()).toBe(texts.banned.copied);
    writeText.mockRejectedValue(new Error("NotAllowedError"));
    await act(async () => button(texts.banned.copy).click());
    expect(status()).toBe(texts.banned.notCopied);
    expect(getSelection()?.toString()).toBe("abc");
    writeText.mockRestore();
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
