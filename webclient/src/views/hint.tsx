// A small word on the connection to the lobby, for those who wait or talk: nothing they need to act on.

import type { JSX } from "preact";
import { online } from "../network";
import type { Lobby } from "../state";
import { inTime, texts } from "../texts";
import { useNow } from "./frame";

export function Hint({ lobby, talking }: { lobby: Lobby; talking: boolean }): JSX.Element {
  const now = useNow();
  return (
    <p class="hint-bar" role="status">
      {words(lobby, now, talking)}
    </p>
  );
}

function words({ link, down, stale }: Lobby, now: number, talking: boolean): string {
  // Above the other screens it is said by their frame.
  if (!online.value) return talking ? texts.offline.talking : "";
  if (stale) return texts.hint.stale;
  if (link.name === "refused") return texts.hint.refused(inTime(link.untilMs - now));
  if (link.name === "limited") {
    const time = inTime(link.untilMs - now);
    return talking ? texts.hint.limitedTalking(time) : texts.hint.limited(time);
  }
  if (link.name === "lost" || link.name === "opening") return talking ? texts.hint.lostTalking : texts.hint.lost;
  if (down) return talking ? texts.hint.downTalking : texts.hint.down;
  return "";
}
