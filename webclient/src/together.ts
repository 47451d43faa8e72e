// What keeps two together under a talk, from the greeting to the end: the connection as it changes, and what the two
// browsers tell each other about it. What people say is none of its business.

import { type CheckWords, type Commitment, check } from "./checkwords";
import { checkTalkDescription } from "./description";
import { type Attempt, iceServers } from "./handshake";
import { type Negotiated, type Negotiation, negotiate } from "./negotiation";
import type { Role } from "./seal";
import type { IceServer, Nonce, SessionMessage } from "./wire";

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
}

export interface TogetherPorts {
  /** Over the channel. */
  send(message: Negotiated | Nonce): void;
  alarm(reason: string): void;
  words(words: CheckWords): void;
}

export interface Together {
  /** From the channel. */
  hear(message: Negotiated | Nonce): void;
  /** Sealed, over the broker: a talk can be reached so when the channel cannot. */
  receive(message: SessionMessage): Promise<void>;
  goDirect(): void;
  refresh(ice: readonly IceServer[]): void;
  close(): void;
}

export function together(options: TogetherOptions, ports: TogetherPorts): Together {
  const { attempt, session, role, me, stranger } = options;
  const { pc } = attempt;
  let hiding = options.relay;
  const negotiation: Negotiation = negotiate(
    { pc, polite: role === "b", hiding: () => hiding, fingerprint: stranger.fingerprint },
    { send: ports.send, alarm: ports.alarm },
  );
  // As the browser has it, and not as signaling told it to the stranger. It stays the same as long as the connection does.
  const fingerprint = checkTalkDescription(pc.localDescription?.sdp ?? "")?.fingerprint;
  const checking = check({ session, role, me: { fingerprint, ...me }, stranger }, ports);

  return {
    hear(message) {
      if (message.kind === "nonce") void checking.hear(message);
      else negotiation.hear(message);
    },
    async receive(message) {
      if (message.kind !== "plain" && message.kind !== "bye") negotiation.hear(message);
    },
    goDirect() {
      hiding = false;
      pc.setConfiguration({ ...pc.getConfiguration(), iceTransportPolicy: "all" });
      negotiation.restart();
    },
    refresh(ice) {
      pc.setConfiguration({ ...pc.getConfiguration(), iceServers: iceServers(ice) });
    },
    close() {
      checking.close();
      negotiation.close();
    },
  };
}
