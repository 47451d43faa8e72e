// Agreeing anew on a connection that stands: for a call, and for another way between the two. Perfect negotiation (W3C
// WebRTC §10.7): both may offer at any time; when offers cross, the polite side takes its own back.
//
//   my offer{nth} ──► … ◄── answer{nth}      an answer to an older offer of mine, and an older offer of theirs, is nothing:
//                                            on the way over the channel one can come late, when the other way was quicker
//
// It knows the peer connection and not which way its messages take.

import { checkTalkDescription, outgoingCandidate, outgoingDescription } from "./description";
import type { Answer, Candidates, Offer } from "./wire";

const candidatesPerMessage = 20;
const batchMs = 5;

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
  alarm(reason: string): void;
}

export interface Negotiation {
  /** Each waits until the one before is done with. */
  hear(message: Negotiated): void;
  /** Looks for another way between the two (RFC 8445 §9), while the old one stays in use as long as it carries. */
  restart(): void;
  close(): void;
}

export function negotiate(options: NegotiationOptions, ports: NegotiationPorts): Negotiation {
  const { pc, polite, hiding, fingerprint } = options;
  let offering = false;
  let ignoring = false;
  let closed = false;
  /** My last offer, and the last of theirs. */
  let mine = 0;
  let theirs = 0;
  let batch: ReturnType<typeof setTimeout> | undefined;
  const found: RTCIceCandidate[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  pc.onnegotiationneeded = () => void offer();
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    found.push(candidate);
    batch ??= setTimeout(tellCandidates, batchMs);
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
    const sdp = pc.localDescription?.sdp;
    if (sdp !== undefined) ports.send({ kind, sdp: outgoingDescription(sdp, hiding()), nth });
  }

  function tellCandidates(): void {
    batch = undefined;
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
      ignoring = false; // what comes now belongs to their answer, and no more to the offer that was ignored
      await pc.setRemoteDescription({ type: "answer", sdp: checked.sdp });
    }
  }

  function late({ kind, nth }: Offer | Answer): boolean {
    return nth == null || (kind === "offer" ? nth <= theirs : nth !== mine);
  }

  async function takeOffer(sdp: string, nth: number): Promise<void> {
    theirs = nth;
    ignoring = !polite && (offering || pc.signalingState !== "stable");
    if (ignoring) return;
    await pc.setRemoteDescription({ type: "offer", sdp }); // takes back an offer of mine, if there is one
    await pc.setLocalDescription();
    tell("answer", nth);
  }

  async function hear(message: Negotiated): Promise<void> {
    if (closed) return;
    if (message.kind !== "candidates") await take(message);
    else if (!ignoring) for (const some of message.candidates) add(some as RTCIceCandidateInit);
  }

  /** Not awaited: an address that has to be looked up first must not hold up the others. */
  function add(candidate: RTCIceCandidateInit): void {
    pc.addIceCandidate(candidate).catch(() => undefined);
  }

  return {
    hear(message) {
      queue = queue.then(() => hear(message)).catch(() => undefined);
    },
    restart() {
      if (closed) return;
      pc.restartIce();
      // While an offer of mine is out nothing is needed in the browser's eyes, but its answer may never come.
      if (pc.signalingState === "have-local-offer") void offer();
    },
    close() {
      closed = true;
      clearTimeout(batch);
      found.length = 0;
      pc.onnegotiationneeded = pc.onicecandidate = null;
    },
  };
}
