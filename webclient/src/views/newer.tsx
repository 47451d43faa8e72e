// A word that the server has a newer page, where it can be loaded without losing anything. It waits until it is wanted.

import type { JSX } from "preact";
import { renewable } from "../session";
import type { Lobby, LobbyEvent } from "../state";
import { texts } from "../texts";

export function Newer({ lobby, send }: { lobby: Lobby; send: (event: LobbyEvent) => void }): JSX.Element {
  return (
    <div class="newer-page" role="status">
      {renewable(lobby) ? (
        <p>
          {texts.newer.lead}{" "}
          <button type="button" class="button quiet small" onClick={() => send({ type: "renew" })}>
            {texts.newer.load}
          </button>
        </p>
      ) : null}
    </div>
  );
}
