// No network: said as a screen of its own to who has just opened the page, and as a word above any other screen.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { online } from "../network";
import { texts } from "../texts";
import { Deeds, Frame, Title } from "./frame";
import { Icon } from "./icons";

/** A browser may be wrong about it, for instance where the server is on the same machine. */
export function OfflineView({ anyway }: { anyway: () => void }): JSX.Element {
  return (
    <Frame kind="letter" offline foot>
      <Icon of="offline" size={48} />
      <div role="status">
        <Title>{texts.offline.title}</Title>
        <p class="lead">{texts.offline.lead}</p>
      </div>
      <Deeds>
        <button type="button" class="button" onClick={anyway}>
          {texts.offline.anyway}
        </button>
      </Deeds>
    </Frame>
  );
}

/** Also when it is back, to who was told that it was gone. */
export function OfflineWord(): JSX.Element {
  const away = !online.value;
  const was = useRef(away);
  const [back, setBack] = useState(false);
  useEffect(() => {
    setBack(was.current && !away);
    was.current = away;
  }, [away]);
  return (
    <p class={away ? "offline-word" : "visually-hidden"} role="status">
      {away ? texts.offline.word : back ? texts.offline.back : ""}
    </p>
  );
}
