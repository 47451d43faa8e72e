// The offer to talk again with one's last stranger: quiet, beside whatever else there is to do, and gone when its time is.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { offered } from "../reunion";
import type { Lobby } from "../state";
import { lasting, texts } from "../texts";
import { useNow } from "./frame";

interface AgainProps {
  lobby: Lobby;
  ask: () => void;
  disabled?: boolean;
  /** Takes the focus should the offer go while it has it. */
  instead: () => void;
}

/** The time that is left is beside the button, and not read out each time it changes. */
export function AgainOffer({ lobby, ask, disabled, instead }: AgainProps): JSX.Element | null {
  const now = useNow();
  const reunion = offered(lobby, now);
  const button = useRef<HTMLButtonElement>(null);
  // Looked at while the button is still there: what is drawn next may be without it.
  const focused = button.current !== null && document.activeElement === button.current;
  useLayoutEffect(() => {
    if (!reunion && focused) instead();
  });
  if (!reunion) return null;
  return (
    <div class="again">
      <button
        ref={button}
        type="button"
        class="button quiet small"
        aria-describedby="again-hint"
        disabled={disabled}
        onClick={ask}
      >
        {texts.again.ask}
      </button>
      <p class="hint" id="again-hint">
        {texts.again.left(lasting(reunion.untilMs - now))}
      </p>
    </div>
  );
}
