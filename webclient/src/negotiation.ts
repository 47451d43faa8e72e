// Agreeing anew on a connection that stands: for a call, and for another way between the two. Perfect negotiation (W3C
// WebRTC §10.7): both may offer at any time; when offers cross, the polite side takes its own back.
//
//   my offer{nth} ──► … ◄── answer{nth}      an answer to an older offer of mine, and an older offer of theirs, is nothing:
//                                            on the way over the channel one can come late, when the other way was quicker
//
// Whatever is told may be lost while the way between the two is. So an offer without an answer is followed by a new one as
// often as `restart` is called, and who ignores an offer because its own is out says that one again: the other may have
// offered only because it never came.
//
// It knows the peer connection and not which way its messages take.

import { checkTalkDescription, outgoingCandidate, outgoingDescription } from "./description";
import { delay } from "./state";
import type { Answer, Candidates, Offer } from "./wire";

const candidatesPerMessage = 20;
/** Candidates come in bursts, and each message counts where there are few: ever longer are they collected. */
const batchMs = [5, 50, 500, 2_000] as const;

export type Negotiated = Offer | Answer | Candidates;

export interface NegotiationOptions {
  readonly pc: RTCPeerConnection;
  /** Exactly one of the two is. */
  readonly polite: boolean;
  /** Whether nothing but relayed candidates may leave just now. */
  readonly hiding: () => boolean;
  /** Of the stranger's certificate, which stays the same as long as the talk lasts. */
  readonly fingerprint: string;
}

export interface NegotiationPorts {
  send(message: Negotiated): void;
  /** The stranger has offered: this one is being seen to. */
  offered(): void;
  alarm(reason: string): void;
}

export interface Negotiation {
  /** An offer of mine has no answer. */
  readonly pending: boolean;
  /** Each waits until the one before is done with. */
  hear(message: Negotiated): void;
  /** Looks for another way between the two (RFC 8445 §9), while the old one stays in use as long as it carries. */
  restart(): void;
  close(): void;
}

export function negotiate(options: NegotiationOptions, ports: NegotiationPorts): Negotiation {
  const { pc, polite, hiding, fingerprint } = options;
  let offering = false;
  let closed = false;
  /** My last offer, and the last of theirs. */
  let mine = 0;
  let theirs = 0;
  let batch: ReturnType<typeof setTimeout> | undefined;
  let batches = 0;
  const found: RTCIceCandidate[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  pc.onnegotiationneeded = () => void offer();
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    found.push(candidate);
    batch ??= setTimeout(tellCandidates, delay(batchMs, batches));
  };

  async function offer(): Promise<void> {
    try {
      offering = true;
      await pc.setLocalDescription();
      if (closed || pc.signalingState !== "have-local-offer") return;
      mine += 1;
      tell("offer", mine);
    } catch {
      // The connection was closed meanwhile, or theirs came first: then their offer is on its way.
    } finally {
      offering = false;
    }
  }

  function tell(kind: "offer" | "answer", nth: number): void {
    batches = 0;
    const sdp = pc.localDescription?.sdp;
    if (sdp !== undefined) ports.send({ kind, sdp: outgoingDescription(sdp, hiding()), nth });
  }

  function tellCandidates(): void {
    batch = undefined;
    batches += 1;
    const candidates = found.splice(0).flatMap(({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) => {
      const told = outgoingCandidate(candidate, hiding());
      return told === undefined ? [] : { candidate: told, sdpMid, sdpMLineIndex, usernameFragment };
    });
    for (let at = 0; at < candidates.length; at += candidatesPerMessage)
      ports.send({ kind: "candidates", candidates: candidates.slice(at, at + candidatesPerMessage) });
  }

  async function take(message: Offer | Answer): Promise<void> {
    if (late(message)) return;
    const checked = checkTalkDescription(message.sdp);
    if (!checked) return;
    if (checked.fingerprint !== fingerprint) ports.alarm("fingerprint");
    else if (message.kind === "offer") await takeOffer(checked.sdp, message.nth ?? 0);
    else if (pc.signalingState === "have-local-offer") {
      await pc.setRemoteDescription({ type: "answer", sdp: checked.sdp });
    }
  }

  function late({ kind, nth }: Offer | Answer): boolean {
    return nth == null || (kind === "offer" ? nth <= theirs : nth !== mine);
  }

  async function takeOffer(sdp: string, nth: number): Promise<void> {
    theirs = nth;
    ports.offered();
    if (!polite && (offering || pc.signalingState !== "stable")) {
      if (!offering) tell("offer", mine);
      return;
    }
    await pc.setRemoteDescription({ type: "offer", sdp }); // takes back an offer of mine, if there is one
    await pc.setLocalDescription();
    tell("answer", nth);
  }

  async function hear(message: Negotiated): Promise<void> {
    if (closed) return;
    if (message.kind !== "candidates") await take(message);
    else for (const some of message.candidates) add(some as RTCIceCandidateInit);
  }

  /** Of what was ignored, or is no more, too. Not awaited: an address that has to be looked up must not hold up others. */
  function add(candidate: RTCIceCandidateInit): void {
    const { usernameFragment } = candidate;
    if (usernameFragment && !pc.remoteDescription?.sdp.includes(`a=ice-ufrag:${usernameFragment}\r\n`)) return;
    pc.addIceCandidate(candidate).catch(() => undefined);
  }

  return {
    get pending() {
      return pc.signalingState === "have-local-offer";
    },
    hear(message) {
      queue = queue.then(() => hear(message)).catch(() => undefined);
    },
    restart() {
      if (closed) return;
      const out = pc.signalingState === "have-local-offer";
      pc.restartIce();
      // While an offer of mine is out nothing is needed in the browser's eyes, but its answer may never come. In its turn:
      // amid the taking of an offer of theirs this would become the answer.
      if (out) queue = queue.then(() => (!closed && pc.signalingState === "have-local-offer" ? offer() : undefined));
    },
    close() {
      closed = true;
      clearTimeout(batch);
      found.length = 0;
      pc.onnegotiationneeded = pc.onicecandidate = null;
    },
  };
}
