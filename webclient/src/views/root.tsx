// Chooses the screen. Every screen is drawn from the state alone; what the visitor does goes back as an event.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../app";
import type { Extras } from "../extras/extras";
import { online } from "../network";
import { spoken } from "../speech";
import type { Lobby, LobbyEvent } from "../state";
import type { Talk, TalkEvent } from "../talk";
import { texts } from "../texts";
import type { Site } from "../wire";
import { GateView } from "./gate";
import { LobbyView } from "./lobby";
import { Newer } from "./newer";
import { OfflineView } from "./offline";
import { SiteContext } from "./shell";
import { AlarmView, BannedView, PartedView, ReloadView, UnsupportedView } from "./stopped";
import { TalkView } from "./talk";
import { ConnectingView, WaitingView } from "./waiting";

export function Root({ app, site }: { app: App; site: Site }): JSX.Element {
  const lobby = app.lobby.value;
  const talk = app.talking.talk.value;
  const extras = app.talking.extras.value;
  const rings = extras?.rings.value ?? false;
  useEffect(() => {
    const tell = () => {
      document.title = tabTitle(lobby, talk, document.visibilityState === "hidden", rings);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [lobby, talk, rings, spoken().language]);
  return (
    <SiteContext.Provider value={site}>
      <Screen lobby={lobby} talk={talk} extras={extras} send={app.send} sendTalk={app.talking.send} />
    </SiteContext.Provider>
  );
}

/** Who waits or talks may be looking at another tab. */
export function tabTitle({ phase }: Lobby, talk: Talk | undefined, hidden: boolean, rings = false): string {
  switch (phase.name) {
    case "waiting":
    case "connecting":
      return texts.tab.waiting;
    case "talking":
      if (rings) return texts.tab.calls;
      return hidden && talk?.lines.at(-1)?.who === "stranger" ? texts.tab.unread : texts.tab.met;
    case "over":
      return texts.tab.over;
    default:
      return texts.name;
  }
}

export interface ScreenProps {
  lobby: Lobby;
  talk: Talk | undefined;
  extras?: Extras | undefined;
  send: (event: LobbyEvent) => void;
  sendTalk: (event: TalkEvent) => void;
}

export function Screen(props: ScreenProps): JSX.Element {
  const { lobby, send } = props;
  const talks = lobby.phase.name === "talking" || lobby.phase.name === "over";
  return (
    <>
      {talks ? null : <Newer lobby={lobby} send={send} />}
      <Stage {...props} />
    </>
  );
}

function Stage({ lobby, talk, extras, send, sendTalk }: ScreenProps): JSX.Element {
  const { phase } = lobby;
  const [anyway, setAnyway] = useState(false);
  switch (phase.name) {
    case "unsupported":
      return <UnsupportedView lack={phase.lack} />;
    case "gate":
      return online.value || anyway ? <GateView send={send} /> : <OfflineView anyway={() => setAnyway(true)} />;
    case "lobby":
      return <LobbyView lobby={lobby} send={send} />;
    case "waiting":
      return <WaitingView lobby={lobby} search={phase.search} send={send} />;
    case "connecting":
      return <ConnectingView send={send} />;
    case "talking":
    case "over":
      // The talk is made together with its phase; without one there is nothing to show.
      return talk ? (
        <TalkView lobby={lobby} talk={talk} extras={extras} send={send} sendTalk={sendTalk} />
      ) : (
        <ConnectingView send={send} />
      );
    case "parted":
      return <PartedView reported={phase.reported} send={send} />;
    case "alarm":
      return <AlarmView send={send} />;
    case "banned":
      return <BannedView phase={phase} send={send} />;
    case "reload":
      return <ReloadView />;
  }
}
