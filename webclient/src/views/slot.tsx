// The place that an operator may give to somebody else. Most never do, and then there is nothing.

import type { JSX } from "preact";
import { filling, type Place } from "../slot";

export function Slot({ place }: { place: Place }): JSX.Element | null {
  const filled = filling.value;
  return filled ? <filled.Slot place={place} /> : null;
}

/** What a visitor chose about it, among the settings. */
export function SlotChoice(): JSX.Element | null {
  const filled = filling.value;
  return filled ? <filled.Choice /> : null;
}
