// Whether the browser has a network at all. It may think so where there is none, and is only believed when it says no.

import { type ReadonlySignal, signal } from "@preact/signals";

const here = signal(true);

export const online: ReadonlySignal<boolean> = here;

interface Outside {
  addEventListener(type: "online" | "offline", then: () => void): void;
}

export function watchNetwork(window: Outside, navigator: Pick<Navigator, "onLine">): void {
  const look = () => {
    here.value = navigator.onLine;
  };
  look();
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
}
