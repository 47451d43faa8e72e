// What keeps two together under a talk, from the greeting to the end: the connection as it changes, and what the two
// browsers tell each other about it. What people say is none of its business.
//
//   whole    offer, answer, candidates over the channel        and seat{seat, ttl}: where I can be reached without it
//   broken   the same, sealed, over the broker, to the seat that the stranger told last
//
// What a seat lets through is little, and so are the counters of a seal: both are watched over here.

import { type CheckWords, type Commitment, check } from "./checkwords";
import { checkTalkDescription } from "./description";
import { type Attempt, iceServers } from "./handshake";
import { type Negotiated, type Negotiation, negotiate } from "./negotiation";
import { readPath } from "./path";
import { rescue } from "./rescue";
import type { Role } from "./seal";
import { type HeldSeat, ICE_RENEW_MS, usable } from "./state";
import type { Path } from "./talk";
import type { IceServer, Nonce, SeatTold, SessionMessage } from "./wire";

/** To one seat: a gate lets 64 through, and a last one may be a farewell. */
const perSeat = 56;
/** So many counters used, and no restart is begun over the broker: the others are for answers. */
const sealedMost = 200;

export interface TogetherOptions {
  readonly attempt: Attempt;
  readonly session: string;
  readonly role: Role;
  /** Only through a relay: the stranger is not to learn my address. */
  readonly relay: boolean;
  /** My sealing key, and what my hello has bound me to. */
  readonly me: Commitment & { readonly key: string };
  /** Their certificate as the handshake has taken it, and what their hello said. */
  readonly stranger: { readonly fingerprint: string; readonly key: string; readonly commitment: string };
  /** How long the credentials of the relay are good for; 0 when nobody knows. */
  readonly iceTtlS: number;
}

export interface TogetherPorts {
  /** Over the channel. */
  send(message: Negotiated | Nonce | SeatTold): void;
  /** Sealed, over the broker. */
  post(message: Negotiated, to: string): void;
  /** How many messages were sealed in all. */
  sealed(): number;
  /** There is a broker just now. */
  linked(): boolean;
  now(): number;
  alarm(reason: string): void;
  /** Whether the way between the two is lost, each time that this changes. */
  broken(on: boolean): void;
  path(path: Path): void;
  lost(): void;
  words(words: CheckWords): void;
}

export interface Together {
  /** From the channel. */
  hear(message: Negotiated | Nonce | SeatTold): void;
  /** Sealed, over the broker: a talk can be reached so when the channel cannot. */
  receive(message: SessionMessage): Promise<void>;
  /** The connection has another state. */
  changed(): void;
  /** Here I can be reached for so long. */
  reach(seat: string, ttlS: number): void;
  /** Where the stranger can be reached when the channel carries nothing. */
  readonly address: string | undefined;
  /** The page woke; `moved`: maybe somewhere else. */
  wake(moved: boolean): void;
  /** The broker is there again. */
  linked(): void;
  goDirect(): void;
  /** Fresh credentials, good for so long, before those in use end. */
  refresh(ice: readonly IceServer[], ttlS: number): void;
  close(): void;
}

export function together(options: TogetherOptions, ports: TogetherPorts): Together {
  const { attempt, session, role, me, stranger } = options;
  const { pc } = attempt;
  let hiding = options.relay;
  let theirs: HeldSeat | undefined;
  let posted = 0;
  let relayed = false;
  /** When the credentials end with which the way in use was found, and those with which another one would be. */
  let inUseUntilMs = ports.now() + options.iceTtlS * 1_000;
  let untilMs = inUseUntilMs;

  const negotiation: Negotiation = negotiate(
    { pc, polite: role === "b", hiding: () => hiding, fingerprint: stranger.fingerprint },
    { send, offered: () => keeper.offered(), alarm: ports.alarm },
  );
  // As the browser has it, and not as signaling told it to the stranger. It stays the same as long as the connection does.
  const fingerprint = checkTalkDescription(pc.localDescription?.sdp ?? "")?.fingerprint;
  const checking = check({ session, role, me: { fingerprint, ...me }, stranger }, ports);
  const keeper = rescue(role, {
    look: async () => {
      const sight = await readPath(pc);
      if (sight) relayed = sight.relayed;
      return sight;
    },
    state: () => pc.connectionState,
    pending: () => negotiation.pending,
    visible: () => typeof document === "undefined" || document.visibilityState === "visible",
    now: ports.now,
    reaches: (broken) => !broken || (address() !== undefined && ports.linked() && ports.sealed() < sealedMost),
    restart,
    broken: () => ports.broken(true),
    mended() {
      ports.broken(false);
      // What was asked over the broker may never be answered, and would stand in the way of a call.
      if (negotiation.pending) negotiation.restart();
    },
    lost: ports.lost,
    path: ports.path,
  });

  function restart(): void {
    inUseUntilMs = untilMs;
    negotiation.restart();
  }

  function send(message: Negotiated): void {
    if (!keeper.broken) ports.send(message);
    else {
      const to = address();
      if (to === undefined) return;
      posted += 1;
      ports.post(message, to);
    }
  }

  function address(): string | undefined {
    return usable(theirs, ports.now()) && posted < perSeat ? theirs.seat : undefined;
  }

  return {
    hear(message) {
      if (message.kind === "nonce") void checking.hear(message);
      else if (message.kind !== "seat") negotiation.hear(message);
      else {
        if (message.seat !== theirs?.seat) posted = 0;
        theirs = { seat: message.seat, untilMs: ports.now() + message.ttl * 1_000 };
      }
    },
    async receive(message) {
      if (message.kind === "offer") keeper.asked();
      if (message.kind !== "plain" && message.kind !== "bye") negotiation.hear(message);
    },
    changed: keeper.changed,
    reach: (seat, ttl) => ports.send({ kind: "seat", seat, ttl }),
    get address() {
      return keeper.broken && ports.linked() ? address() : undefined;
    },
    wake: keeper.wake,
    linked: keeper.reaching,
    goDirect() {
      hiding = false;
      pc.setConfiguration({ ...pc.getConfiguration(), iceTransportPolicy: "all" });
      restart();
    },
    refresh(ice, ttlS) {
      try {
        pc.setConfiguration({ ...pc.getConfiguration(), iceServers: iceServers(ice) });
      } catch {
        return; // none that this browser accepts: those in use have to do
      }
      untilMs = ports.now() + ttlS * 1_000;
      // A relay lets nobody stay whose credentials have ended: a talk moves on before, if these may be the last that come
      // in time.
      if (relayed && inUseUntilMs < untilMs - 0.75 * ICE_RENEW_MS) keeper.restart();
    },
    close() {
      keeper.close();
      checking.close();
      negotiation.close();
    },
  };
}
