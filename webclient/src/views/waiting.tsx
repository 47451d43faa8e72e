// Waiting for somebody, and the moment of connecting. What happens is said in plain words, with the time it took so far.

import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Hold, Lobby, LobbyEvent, Search } from "../state";
import { elapsed, inTime, lasting, texts } from "../texts";
import { AgainOffer } from "./again";
import { Deeds, Frame, Passing, Title, useNow } from "./frame";
import { Hint } from "./hint";

/** From here on a wait is a long one and deserves a kind word. */
const LONG_MS = 30_000;
/** So long it may be said what is usual, though that is less. */
const SHORT_MS = 15_000;
/** On a phone other buttons come up where Next has been: a second tap on that is no wish to press them. */
const DOUBLE_TAP_MS = 900;
/** So many strangers in a row who could not be reached say something about this network. */
const FAILURES = 3;

interface WaitingProps {
  lobby: Lobby;
  search: Search;
  send: (event: LobbyEvent) => void;
}

export function WaitingView({ lobby, search, send }: WaitingProps): JSX.Element {
  const now = useNow();
  const cancel = useRef<HTMLButtonElement>(null);
  const again = search.again !== undefined;
  const early = now - search.sinceMs < DOUBLE_TAP_MS;

  function stop({ detail }: MouseEvent): void {
    const byKey = detail === 0;
    if (byKey || Date.now() - search.sinceMs >= DOUBLE_TAP_MS) send({ type: "cancel" });
  }

  return (
    <Frame kind="centre">
      <Passing />
      <Title key={again}>{again ? texts.again.title : texts.waiting.title}</Title>
      <p class="lead">{why(lobby, search, now)}</p>
      <PauseWord hold={search.hold} />
      <Usual lobby={lobby} search={search} now={now} />
      <p class="elapsed" data-testid="elapsed">
        {texts.waiting.elapsed(elapsed(now - search.sinceMs))}
      </p>
      <Hint lobby={lobby} talking={false} />
      <AgainOffer
        lobby={lobby}
        ask={() => send({ type: "again" })}
        disabled={early}
        instead={() => cancel.current?.focus()}
      />
      <Deeds>
        <button ref={cancel} type="button" class="button" aria-disabled={early} onClick={stop}>
          {texts.waiting.cancel}
        </button>
      </Deeds>
    </Frame>
  );
}

/** How long people wait, as long as that says something of this wait, too. */
function Usual({ lobby, search, now }: { lobby: Lobby; search: Search; now: number }): JSX.Element | null {
  const { counts } = lobby;
  const { again, failures, hold, proof, sinceMs } = search;
  if (!counts?.wait || pauses(hold) || proof || again !== undefined || failures >= FAILURES) return null;
  if (now - sinceMs > Math.max(counts.wait * 1_000, SHORT_MS)) return null;
  return <p class="usual">{texts.waiting.usual(lasting(counts.wait * 1_000))}</p>;
}

/** Read out once, while the words that are seen count down. */
function PauseWord({ hold }: { hold: Hold | undefined }): JSX.Element {
  const word = useMemo(() => (pauses(hold) ? texts.waiting.pause(inTime(hold.untilMs - Date.now())) : ""), [hold]);
  return (
    <p class="visually-hidden" role="status">
      {word}
    </p>
  );
}

/** To draw another ticket a little later is no pause. */
function pauses(hold: Hold | undefined): hold is Hold & { reason: Exclude<Hold["reason"], "seat"> } {
  return hold !== undefined && hold.reason !== "seat";
}

function why(lobby: Lobby, { again, hold, proof, failures, sinceMs }: Search, now: number): string {
  if (proof) return texts.waiting.proving(Math.floor((100 * proof.tried) / 2 ** proof.effort));
  if (pauses(hold)) return texts.waiting[hold.reason](inTime(hold.untilMs - now));
  if (again !== undefined) return texts.again.lead(lasting((lobby.reunion?.untilMs ?? now) - now));
  if (failures >= FAILURES) return texts.waiting.failing;
  if (now - sinceMs > LONG_MS) return texts.waiting.long;
  return lobby.profile.tags.length > 0 ? texts.waiting.tags : texts.waiting.lead;
}

export function ConnectingView({ send }: { send: (event: LobbyEvent) => void }): JSX.Element {
  return (
    <Frame kind="centre">
      <Passing near />
      <Title>{texts.connecting.title}</Title>
      <p class="lead">{texts.connecting.lead}</p>
      <Deeds>
        <button type="button" class="button" onClick={() => send({ type: "cancel" })}>
          {texts.waiting.cancel}
        </button>
      </Deeds>
    </Frame>
  );
}
