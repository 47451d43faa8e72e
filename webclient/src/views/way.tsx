// The way between the two: direct or through the relay, how long it takes, and the choice to give up hiding.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Talk, TalkEvent } from "../talk";
import { texts } from "../texts";

interface WayProps {
  talk: Talk;
  sendTalk: (event: TalkEvent) => void;
}

/** In the line under the name: how the two are connected, and how long a word takes. */
export function Badge({ talk }: { talk: Talk }): JSX.Element {
  const over = talk.over !== undefined;
  const { reconnecting } = talk;
  const rttMs = over || reconnecting ? undefined : talk.path?.rttMs;
  return (
    <p class="talk-state">
      <span class={over ? "lamp off" : reconnecting ? "lamp searching" : "lamp"} aria-hidden="true" />
      <span title={over ? undefined : why(talk)}>{how(talk)}</span>
      {rttMs === undefined ? null : (
        <span class="round-trip" title={texts.talk.roundTripHint}>
          {texts.talk.roundTrip(Math.round(rttMs))}
        </span>
      )}
    </p>
  );
}

/** For who hides. */
export function GoDirect({ talk, sendTalk }: WayProps): JSX.Element | null {
  const [asking, setAsking] = useState(false);
  if (!talk.hides.me || talk.over) return null;
  return (
    <>
      <button type="button" class="under-button" onClick={() => setAsking(true)}>
        <span class="under-word">{texts.talk.goDirect}</span>
      </button>
      {asking ? <DirectDialog talk={talk} sendTalk={sendTalk} closed={() => setAsking(false)} /> : null}
    </>
  );
}

function how({ over, reconnecting, path, hides }: Talk): string {
  if (over) return texts.talk.closed;
  if (reconnecting) return texts.talk.reconnecting;
  // Who hides is behind the relay before anything was measured; there is no other way for them.
  if (path?.relayed ?? hides.me) return texts.talk.relayed;
  return path ? texts.talk.directly : texts.talk.connected;
}

function why({ path, hides }: Talk): string | undefined {
  if (hides.me) return `${texts.talk.relayedHint} ${texts.talk.hidden}`;
  return path && (path.relayed ? texts.talk.relayedHint : texts.talk.directlyHint);
}

function DirectDialog({ talk, sendTalk, closed }: WayProps & { closed: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const { direct, hides } = talk;

  function say(on: boolean): void {
    dialog.current?.close(); // first, so that the focus is back
    sendTalk({ type: "direct", who: "me", on });
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="direct-title" aria-describedby="direct-lead" onClose={closed}>
      <div class="dialog-body">
        <h2 class="card-title" id="direct-title">
          {texts.direct.title}
        </h2>
        <p id="direct-lead">{direct.me ? texts.direct.asked : texts.direct.lead}</p>
        {direct.me ? null : (
          <p class="soft">
            {!hides.stranger ? texts.direct.alone : direct.stranger ? texts.direct.wished : texts.direct.both}
          </p>
        )}
        <div class="dialog-end">
          <button type="button" class="button quiet" onClick={() => say(false)}>
            {texts.direct.stay}
          </button>
          {direct.me ? (
            <button type="button" class="button primary" onClick={() => dialog.current?.close()}>
              {texts.direct.close}
            </button>
          ) : (
            <button type="button" class="button primary" onClick={() => say(true)}>
              {texts.direct.go}
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}
