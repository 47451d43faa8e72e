// Whether the browser has a network at all. It may think so where there is none, and is only believed when it says no.

import { type ReadonlySignal, signal } from "@preact/signals";

const here = signal(true);

export const online: ReadonlySignal<boolean> = here;

export function watchNetwork(window: Pick<Window, "addEventListener">, navigator: Pick<Navigator, "onLine">): void {
  const look = () => {
    here.value = navigator.onLine;
  };
  look();
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
}
