// Keeps what one writes in sight of who writes it. Where a keyboard on the screen covers a part of the page instead of making
// it smaller (Safari on iOS; others heed `interactive-widget`), the talk is made as tall as what is left.

import { useEffect } from "preact/hooks";

/** The bars of a browser come and go by less. */
const KEYBOARD_PX = 120;

export function useKeyboard(): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (!seen) return;
    const { style } = document.documentElement;
    function fit(): void {
      if (!seen) return;
      // Who zooms in sees less, too, and wants to.
      const covered = seen.scale < 1.01 && window.innerHeight - seen.height > KEYBOARD_PX;
      if (!covered) {
        style.removeProperty("--tall");
        return;
      }
      style.setProperty("--tall", `${Math.round(seen.height)}px`);
      window.scrollTo(0, 0);
    }
    seen.addEventListener("resize", fit);
    return () => {
      seen.removeEventListener("resize", fit);
      style.removeProperty("--tall");
    };
  }, []);
}
