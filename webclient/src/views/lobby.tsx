// The lobby: a name for today, topics, languages, and Start, which says why when it cannot.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { NICKNAME_LIMIT, suggestName, tidyName } from "../profile";
import type { Link, Lobby, LobbyEvent, Notice, Profile } from "../state";
import { headCount, inTime, texts } from "../texts";
import { AgainOffer } from "./again";
import { LanguageField, TagField } from "./chips";
import { Frame, Note, Passing, Title, useNow } from "./frame";
import { Icon } from "./icons";
import { Slot } from "./slot";

interface LobbyProps {
  lobby: Lobby;
  send: (event: LobbyEvent) => void;
}

export function LobbyView({ lobby, send }: LobbyProps): JSX.Element {
  const { profile, welcomed } = lobby;
  const [nameless, setNameless] = useState(false);
  const startButton = useRef<HTMLButtonElement>(null);
  const nameBox = useRef<HTMLInputElement>(null);
  const change = (part: Partial<Profile>) => send({ type: "profile", profile: { ...profile, ...part } });

  function begin(type: "start" | "again"): void {
    const nickname = tidyName(profile.nickname);
    setNameless(nickname === "");
    if (nickname === "") {
      nameBox.current?.focus();
      return;
    }
    change({ nickname });
    send({ type });
  }

  return (
    <Frame kind="split" foot>
      <section class="hero">
        <Passing />
        <Title>{texts.lobby.title}</Title>
        <p class="lead">{texts.lobby.lead}</p>
        <p class="count" role="status" data-testid="count">
          <span class="count-dot" aria-hidden="true" />
          {headCount(lobby.counts)}
        </p>
        <AgainOffer
          lobby={lobby}
          ask={() => begin("again")}
          disabled={!welcomed}
          instead={() => startButton.current?.focus()}
        />
      </section>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          begin("start");
        }}
        noValidate
      >
        <NoticeView notice={lobby.notice} />
        {turnedAway(lobby.link) ? <TurnedAwayNote link={lobby.link} /> : null}
        <div class="field">
          <label for="nickname">{texts.lobby.nickname}</label>
          <div class="row">
            <input
              ref={nameBox}
              id="nickname"
              type="text"
              autocomplete="off"
              spellcheck={false}
              maxLength={NICKNAME_LIMIT}
              value={profile.nickname}
              aria-invalid={nameless}
              aria-describedby={nameless ? "nickname-missing" : undefined}
              onInput={(event) => change({ nickname: event.currentTarget.value })}
            />
            <button
              type="button"
              class="icon-button"
              aria-label={texts.lobby.another}
              title={texts.lobby.another}
              onClick={() => change({ nickname: suggestName(texts.nicknames, Math.random()) })}
            >
              <Icon of="renew" />
            </button>
          </div>
          {nameless ? (
            <p class="hint wrong" id="nickname-missing" role="alert">
              {texts.lobby.nicknameMissing}
            </p>
          ) : null}
        </div>
        <TagField tags={profile.tags} set={(tags) => change({ tags })} />
        <LanguageField languages={profile.languages} set={(languages) => change({ languages })} />
        <label class="check">
          <input
            type="checkbox"
            checked={profile.relay}
            disabled={welcomed && lobby.relay === "none" && !profile.relay}
            aria-describedby="relay-hint"
            onChange={(event) => change({ relay: event.currentTarget.checked })}
          />
          <span>
            {texts.lobby.relay}
            <span class="hint" id="relay-hint">
              {relayHint(lobby)}
            </span>
          </span>
        </label>
        <div class="go near">
          <button
            ref={startButton}
            type="submit"
            class="button primary wide"
            disabled={!welcomed}
            aria-describedby="start-reason"
          >
            {texts.lobby.start}
          </button>
          <p class="fine" id="start-reason" role="status">
            {whyNot(lobby)}
          </p>
        </div>
      </form>
      <Slot place="lobby" />
    </Frame>
  );
}

/** Without a relay the choice is not pretended; who made it before that was known can still take it back. */
function relayHint({ welcomed, relay }: Lobby): string {
  if (welcomed && relay === "none") return texts.lobby.relayNone;
  return relay === "preset" ? `${texts.lobby.relayHint} ${texts.lobby.relayPreset}` : texts.lobby.relayHint;
}

/** Why Start is not to be pressed yet; nothing when it is. */
export function whyNot({ welcomed, link, down }: Lobby): string {
  if (welcomed || turnedAway(link)) return "";
  if (link.name === "lost" || link.name === "closed") return texts.lobby.unreachable;
  if (link.name === "opening") return texts.lobby.connecting;
  return down ? texts.lobby.restarting : texts.lobby.waitingForWelcome;
}

function NoticeView({ notice }: { notice: Notice }): JSX.Element | null {
  if (notice === "relayRefused" || notice === "relayUnreachable") {
    return <Note title={texts.lobby[`${notice}Title`]}>{texts.lobby[notice]}</Note>;
  }
  if (notice === "relay") return <Note title={texts.lobby.noRelayTitle}>{texts.lobby.noRelay}</Note>;
  if (notice === "alone") return <Note title={texts.lobby.aloneTitle}>{texts.lobby.alone}</Note>;
  if (notice === "wish") return <Note title={texts.lobby.noWishTitle}>{texts.lobby.noWish}</Note>;
  return null;
}

type TurnedAway = Extract<Link, { untilMs: number }>;

function turnedAway(link: Link): link is TurnedAway {
  return link.name === "refused" || link.name === "limited";
}

function TurnedAwayNote({ link }: { link: TurnedAway }): JSX.Element {
  const time = inTime(link.untilMs - useNow());
  const { refusedTitle, limitedTitle } = texts.lobby;
  return <Note title={link.name === "refused" ? refusedTitle : limitedTitle}>{texts.lobby[link.name](time)}</Note>;
}
