// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openCalls } from "../src/extras/calls";
import { callTexts } from "../src/extras/texts";
import type { ChannelMessage } from "../src/wire";
import { FakeDevices } from "./fakes/devices";

let place: HTMLElement;
let said: ChannelMessage[];
let devices: FakeDevices;
let calls: ReturnType<typeof openCalls>;

/** One that the page's elements take, with tracks that they would not. */
class FakeStream extends MediaStream {
  constructor(readonly tracks: MediaStreamTrack[]) {
    super();
  }
  override getTracks = () => this.tracks;
  override getAudioTracks = () => [];
}

beforeEach(() => {
  vi.stubGlobal("MediaStream", FakeStream);
  place = document.createElement("div");
  document.body.append(place);
  said = [];
  devices = new FakeDevices();
  const pc = new EventTarget() as unknown as RTCPeerConnection;
  const ports = { role: "b", pc, say: (message: ChannelMessage) => void said.push(message), now: () => 1_000 } as const;
  calls = openCalls(ports, devices.world);
  act(() =>
    render(
      <>
        <calls.CallButtons />
        <calls.CallStage stranger="Mellow Fox" />
        <textarea id="message" />
      </>,
      place,
    ),
  );
});
afterEach(() => {
  act(() => calls.close());
  act(() => render(null, place));
  place.remove();
  vi.unstubAllGlobals();
});

const named = (name: string) =>
  [...place.querySelectorAll("button")].find(
    (button) => name === (button.getAttribute("aria-label") ?? button.textContent),
  );

function press(name: string): void {
  const button = named(name);
  if (!button) throw new Error(`no button ${name}`);
  act(() => button.click());
}

function pressEscape(target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  act(() => void target.dispatchEvent(event));
  return event;
}

const usable = (name: string) => vi.waitFor(() => expect(named(name)?.disabled).toBe(false));
const status = () => place.querySelector("[role=status]")?.textContent;

it("goes from the button over the look at oneself to the ring, and Esc takes it back", async () => {
  press(callTexts.voice);
  expect(said).toEqual([]);
  await usable(callTexts.preview.ring(false));
  press(callTexts.preview.ring(false));
  expect(said).toEqual([{ kind: "ring", call: 1, video: false }]);
  expect(status()).toBe("Asking Mellow Fox for a call…");
  expect(pressEscape().defaultPrevented).toBe(true);
  expect(said.at(-1)).toEqual({ kind: "hangup", call: 1 });
  expect(devices.live).toEqual([]);
});

it("takes Esc for itself while one looks at oneself, and leaves it alone otherwise", async () => {
  expect(pressEscape().defaultPrevented).toBe(false);
  press(callTexts.video);
  const menu = document.createElement("div");
  menu.className = "menu";
  place.append(menu);
  expect(pressEscape(menu).defaultPrevented).toBe(false); // a menu closes itself
  expect(pressEscape().defaultPrevented).toBe(true);
  expect(pressEscape().defaultPrevented).toBe(false);
  act(() => calls.hear({ kind: "ring", call: 1, video: true }));
  expect(pressEscape().defaultPrevented).toBe(false); // who is asked may still want the next stranger
});

it("shows who asks without opening anything, and says so", () => {
  act(() => calls.hear({ kind: "ring", call: 1, video: true }));
  expect(status()).toBe("Mellow Fox would like to call you, with video");
  expect(devices.asked).toEqual([]);
  press(callTexts.decline);
  expect(said).toEqual([{ kind: "hangup", call: 1 }]);
});

it("leaves who is writing alone, and gives the focus of what is gone to what came", async () => {
  const box = place.querySelector("textarea");
  box?.focus();
  act(() => calls.hear({ kind: "ring", call: 1, video: false }));
  expect(document.activeElement).toBe(box);
  named(callTexts.open)?.focus();
  press(callTexts.open);
  expect(document.activeElement?.tagName).toBe("H2");
  await usable(callTexts.preview.accept(false));
  press(callTexts.preview.accept(false));
  named(callTexts.hangUp)?.focus();
  press(callTexts.hangUp);
  expect(document.activeElement).toBe(box);
});

it("says in words what the stranger sends", async () => {
  act(() => calls.hear({ kind: "ring", call: 1, video: true }));
  press(callTexts.open);
  await usable(callTexts.preview.accept(true));
  press(callTexts.preview.accept(true));
  expect(place.textContent).toContain(callTexts.joining);
  act(() => calls.hear({ kind: "sending", audio: false, video: false }));
  expect(status()).toContain("Mellow Fox is muted, with the camera off.");
});

it("stops everything with the talk", async () => {
  press(callTexts.video);
  await vi.waitFor(() => expect(devices.live).toHaveLength(2));
  act(() => calls.ended());
  await vi.waitFor(() => expect(devices.live).toEqual([])); // also what was still on its way
  expect(named(callTexts.voice)).toBeUndefined();
  act(() => calls.hear({ kind: "ring", call: 1, video: true }));
  expect(said).toEqual([]);
});

it("offers a press where the browser plays nothing without one", async () => {
  const { Voice } = await import("../src/extras/callparts");
  const refused = Object.assign(new Error("no"), { name: "NotAllowedError" });
  const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValueOnce(refused).mockResolvedValue();
  act(() => render(<Voice stream={new FakeStream([])} />, place));
  await vi.waitFor(() => expect(named(callTexts.tapToHear)).toBeDefined());
  press(callTexts.tapToHear);
  await vi.waitFor(() => expect(named(callTexts.tapToHear)).toBeUndefined());
  expect(play).toHaveBeenCalledTimes(2);
});
