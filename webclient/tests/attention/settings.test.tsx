// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { choices, choose } from "../../src/choices";
import { texts } from "../../src/texts";
import { Attention } from "../../src/views/attention";

let place: HTMLElement;
let asked: number;

/** A browser whose owner answers its question like this. */
function browser(before: NotificationPermission, answer: NotificationPermission): void {
  vi.stubGlobal("Notification", {
    permission: before,
    async requestPermission() {
      asked += 1;
      Object.assign(Notification, { permission: answer });
      return answer;
    },
  });
  vi.stubGlobal("navigator", { serviceWorker: {} });
}

function show(): [HTMLInputElement, HTMLInputElement] {
  act(() => render(<Attention />, place));
  const [sound, notify] = place.querySelectorAll("input");
  if (!sound || !notify) throw new Error("two switches");
  return [sound, notify];
}

const press = async (box: HTMLInputElement) => {
  await act(async () => {
    box.click();
    await new Promise((answered) => setTimeout(answered));
  });
};

beforeEach(() => {
  asked = 0;
  place = document.createElement("div");
  document.body.append(place);
});
afterEach(() => {
  act(() => render(null, place));
  place.remove();
  choose({ sound: undefined, notify: undefined });
  vi.unstubAllGlobals();
});

describe("the sound", () => {
  it("is on until it is switched off, and only that is kept", async () => {
    browser("default", "default");
    const [sound] = show();
    expect(sound.checked).toBe(true);
    await press(sound);
    expect(choices.value).toEqual({ sound: false });
    await press(sound);
    expect(choices.value).toEqual({});
    expect(asked).toBe(0);
  });
});

describe("the message of the system", () => {
  it("is asked for at the press that switches it on, and is on when the answer is yes", async () => {
    browser("default", "granted");
    const [, notify] = show();
    expect([notify.checked, asked]).toEqual([false, 0]);
    await press(notify);
    expect([notify.checked, asked]).toEqual([true, 1]);
    expect(choices.value).toEqual({ notify: true });
    await press(notify);
    expect(notify.checked).toBe(false);
    expect(choices.value).toEqual({});
  });

  it.each(["denied", "default"] as const)("stays off when the answer is %s", async (answer) => {
    browser("default", answer);
    const [, notify] = show();
    await press(notify);
    expect(notify.checked).toBe(false);
    expect(choices.value).toEqual({});
    expect(place.textContent?.includes(texts.settings.notifyDenied)).toBe(answer === "denied");
  });

  it("that was allowed before and is not any more is off, and says why; the browser is not asked again", async () => {
    choose({ notify: true });
    browser("denied", "granted");
    const [, notify] = show();
    expect(notify.checked).toBe(false);
    expect(place.textContent).toContain(texts.settings.notifyDenied);
    await press(notify);
    expect([notify.checked, asked]).toEqual([false, 0]);
  });

  it("is not to be had where the browser has none", () => {
    vi.stubGlobal("Notification", undefined);
    const [, notify] = show();
    expect(notify.disabled).toBe(true);
    expect(place.textContent).toContain(texts.settings.notifyMissing);
  });
});
