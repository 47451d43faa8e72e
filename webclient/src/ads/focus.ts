// A script in a frame can take the focus whenever it likes, and gets what is typed from then on. No browser lets the page
// forbid it: not by `inert`, nor by hiding the frame (tried with Chromium 156). So the focus may go into the frame with the
// visitor only, by a pointer that is over its place or by Tab; one that takes it is removed before much is typed.

const FIELDS = "input, textarea, select";

/** Watches over a frame in its place; `thief` is called when it has taken the focus. Gives how to end that. */
export function guardFocus(
  frame: HTMLIFrameElement,
  place: Element,
  thief: (from: Element | null) => void,
): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  // Without a pointer that hovers, a tap into the frame looks like a script that takes the focus: there, fields are guarded.
  const hovers = matchMedia("(hover: hover)").matches;
  let last = document.activeElement;
  let inside = false;
  let tabbing = false;

  function invited(): boolean {
    return tabbing || (hovers ? place.matches(":hover") : last?.matches(FIELDS) !== true);
  }

  function look(): void {
    const now = document.activeElement;
    if (now !== frame) {
      last = now;
      inside = false;
    } else if (!inside) {
      inside = invited();
      if (!inside) thief(last);
    }
  }

  function key({ key }: KeyboardEvent): void {
    tabbing = key === "Tab";
  }
  function arrive(): void {
    look();
    tabbing = false;
  }
  // As the focus leaves it is nowhere for a moment, or not yet in the frame.
  const leave = () => setTimeout(() => signal.aborted || look());
  document.addEventListener("keydown", key, { signal, capture: true });
  document.addEventListener("focusin", arrive, { signal });
  document.addEventListener("focusout", leave, { signal });
  addEventListener("blur", leave, { signal });
  return () => ended.abort();
}
