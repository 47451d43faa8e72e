// What keeps two together under a talk, from the greeting to the end: the connection as it changes, and what the two
// browsers tell each other about it. What people say is none of its business.

import { type Attempt, iceServers } from "./handshake";
import { type Negotiated, type Negotiation, negotiate } from "./negotiation";
import type { Role } from "./seal";
import type { IceServer, SessionMessage } from "./wire";

export interface TogetherOptions {
  readonly attempt: Attempt;
  readonly role: Role;
  /** Only through a relay: the stranger is not to learn my address. */
  readonly relay: boolean;
  /** Of the stranger's certificate, as the handshake has taken it. */
  readonly fingerprint: string;
}

export interface TogetherPorts {
  /** Over the channel. */
  send(message: Negotiated): void;
  alarm(reason: string): void;
}

export interface Together {
  /** From the channel. */
  hear(message: Negotiated): void;
  /** Sealed, over the broker: a talk can be reached so when the channel cannot. */
  receive(message: SessionMessage): Promise<void>;
  goDirect(): void;
  refresh(ice: readonly IceServer[]): void;
  close(): void;
}

export function together(options: TogetherOptions, ports: TogetherPorts): Together {
  const { attempt, role, fingerprint } = options;
  const { pc } = attempt;
  let hiding = options.relay;
  const negotiation: Negotiation = negotiate(
    { pc, polite: role === "b", hiding: () => hiding, fingerprint },
    { send: ports.send, alarm: ports.alarm },
  );

  return {
    hear: negotiation.hear,
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
    close: negotiation.close,
  };
}
