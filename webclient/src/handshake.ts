// How two peer connections find each other: descriptions and candidates, sent as they become known. It knows
// RTCPeerConnection and the meaning of session messages; sealing and sending are its ports'.
//
//   offer     a ── offer ──► b              mirror    a ── offer ──► b
//             a ◄─ answer ── b                        a ◄─ offer ─── b     each takes the other's as the answer to its own
//
//   then candidates, both ways, batched. A browser that refuses the mirrored answer says `plain`, and both start anew as
//   in `offer`. The end of gathering is never waited for: it begins with the wish, long before a stranger is known.
//
// Who offers first has the controlling role in ICE (RFC 8445 §6.1.1). In `mirror` both would have it, and the repair of
// that costs Chromium 50 ms, now and then 430 (measured). So role b first answers an offer of nothing, which makes it the
// controlled one, and offers then.

import {
  checkDescription,
  leanDescription,
  mirrored,
  outgoingCandidate,
  outgoingDescription,
  tellsCandidate,
} from "./description";
import type { Role } from "./seal";
import type { RelayFailure } from "./state";
import type { IceServer, SessionMessage } from "./wire";

const candidatesWaiting = 20;
const candidatesPerMessage = 20;
const batchMs = 5;
/** What was pooled is found a millisecond or two after the description was set. */
const pooledMs = 8;

export type MakePeer = (configuration: RTCConfiguration) => RTCPeerConnection;

export interface Way {
  readonly ice: readonly IceServer[];
  /** Only through a relay: the stranger is not to learn my address. */
  readonly relay: boolean;
  /** The relay that I want to hide behind gives me no address; told when nothing is left to hope for. */
  readonly relayFailed?: (why: RelayFailure) => void;
}

/** `offer` at once; `yield` the controlling role and offer; or `await` the stranger's offer. */
export type Opening = "offer" | "yield" | "await";

/** No section, so there is nothing to agree on but who came first. */
const nothing = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

/** How role and way of the match begin. */
export function openingOf(role: Role, mode: "mirror" | "offer"): Opening {
  if (role === "a") return "offer";
  return mode === "mirror" ? "yield" : "await";
}

/** One peer connection and its channels, gathering from the first moment. */
export interface Attempt {
  readonly opening: Opening;
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  /** For what is too big for the other one, where it would be in the way of what is typed. */
  readonly parcels: RTCDataChannel;
  /** The local offer is set, or was not asked for. */
  readonly ready: Promise<void>;
  /** What was gathered and not yet taken. */
  readonly found: RTCIceCandidate[];
  onfound: (() => void) | undefined;
  close(): void;
}

/** Servers as the browser wants to be told of them. */
export function iceServers(ice: readonly IceServer[]): RTCIceServer[] {
  return ice.map(({ urls, username, credential }) => ({
    urls,
    ...(username != null && { username }),
    ...(credential != null && { credential }),
  }));
}

/** A peer connection and its channels, as they are before anything is gathered or anybody contacted. */
export interface Bare {
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly parcels: RTCDataChannel;
}

export function bare(makePeer: MakePeer, configuration: RTCConfiguration = { bundlePolicy: "max-bundle" }): Bare {
  const pc = makePeer(configuration);
  return {
    pc,
    // Negotiated: both sides know it, so both descriptions have the same one section, which is what makes mirroring work.
    channel: pc.createDataChannel("passerby", { negotiated: true, id: 0 }),
    parcels: pc.createDataChannel("parcels", { negotiated: true, id: 1 }),
  };
}

/** Begins with a new connection, or, to offer, with a spare one. */
export function attempt(way: Way, makePeer: MakePeer, opening: "offer", spare: Bare | undefined): Attempt;
export function attempt(way: Way, makePeer: MakePeer, opening: Opening): Attempt;
export function attempt({ ice, relay, relayFailed }: Way, makePeer: MakePeer, opening: Opening, spare?: Bare): Attempt {
  const configuration: RTCConfiguration = {
    iceServers: iceServers(ice),
    iceTransportPolicy: relay ? "relay" : "all",
    // With "max-bundle" Chromium refuses an offer of nothing. There is one section, so both policies do the same.
    bundlePolicy: opening === "yield" ? "balanced" : "max-bundle",
    // Who waits for an offer gathers while that travels.
    iceCandidatePoolSize: opening === "await" ? 1 : 0,
  };
  if (relay || ice.length > 0) spare?.pc.setConfiguration(configuration);
  const { pc, channel, parcels } = spare ?? bare(makePeer, configuration);
  const made: Attempt = {
    opening,
    pc,
    channel,
    parcels,
    ready: describeFirst(pc, opening),
    found: [],
    onfound: undefined,
    close() {
      pc.onicecandidate = pc.onconnectionstatechange = pc.onicecandidateerror = pc.onicegatheringstatechange = null;
      made.onfound = undefined;
      made.found.length = 0;
      pc.close();
    },
  };
  made.ready.catch(() => undefined); // reported where it is awaited
  if (relay && relayFailed) watchRelay(pc, relayFailed);
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    made.found.push(candidate);
    made.onfound?.();
  };
  return made;
}

/** STUN error codes of a relay that was reached and refuses (RFC 8656 §19.6); those from 700 on are the browser's own. */
const refusal = { least: 300, most: 699 };

/** Tells when gathering ends without a single relayed address, and why. */
function watchRelay(pc: RTCPeerConnection, failed: (why: RelayFailure) => void): void {
  let why: RelayFailure | undefined;
  pc.onicecandidateerror = ({ errorCode }) => {
    if (errorCode >= refusal.least && errorCode <= refusal.most) why = "relayRefused";
    else why ??= "relayUnreachable";
  };
  pc.onicegatheringstatechange = () => {
    const sdp = pc.localDescription?.sdp;
    if (pc.iceGatheringState !== "complete" || sdp === undefined || why === undefined) return;
    if (!sdp.includes(" typ relay")) failed(why);
  };
}

/** Its first candidates, if they come at once: they go with the answer, and need no message of their own. */
async function firstFound(attempt: Attempt): Promise<void> {
  if (attempt.found.length > 0 || attempt.pc.iceGatheringState === "complete") return;
  await new Promise<void>((done) => {
    attempt.onfound = () => setTimeout(done, 1); // they come one by one
    setTimeout(done, pooledMs);
  });
  attempt.onfound = undefined;
}

async function describeFirst(pc: RTCPeerConnection, opening: Opening): Promise<void> {
  if (opening === "await") return;
  if (opening === "yield") {
    // A browser that does not take it offers without: both are controlling then, and find each other all the same.
    const taken = await pc.setRemoteDescription({ type: "offer", sdp: nothing }).then(
      () => true,
      () => false,
    );
    if (taken) await pc.setLocalDescription();
  }
  await pc.setLocalDescription();
}

export interface HandshakeOptions {
  /** Begun with the wish, as it was thought to be needed. */
  readonly attempt: Attempt;
  readonly again: (opening: Opening) => Attempt;
  readonly role: Role;
  readonly mode: "mirror" | "offer";
  readonly relay: boolean;
}

export interface HandshakePorts {
  send(message: SessionMessage): void;
  /** This is the attempt from now on; the one before is closed. */
  renewed(attempt: Attempt): void;
  failed(): void;
  alarm(reason: string): void;
}

export interface Handshake {
  readonly attempt: Attempt;
  /** Of the stranger's certificate, once a description of theirs was taken. */
  readonly fingerprint: string | undefined;
  /** To be awaited before the first `receive`. */
  start(): Promise<void>;
  /** One after the other: each is awaited before the next. */
  receive(message: SessionMessage): Promise<void>;
  /** The channel is open: from now on the stranger's certificate cannot change. */
  opened(): void;
  close(): void;
}

export function handshake(options: HandshakeOptions, ports: HandshakePorts): Handshake {
  const { role, relay } = options;
  let mode = options.mode;
  let current = options.attempt;
  let fingerprint: string | undefined;
  let open = false;
  /** Candidates for a description that has not come; undefined once it has. */
  let waiting: RTCIceCandidateInit[] | undefined = [];
  let batch: ReturnType<typeof setTimeout> | undefined;

  async function start(): Promise<void> {
    // The role comes with the match. A peer connection that has offered stays the controlling one, and to answer with it,
    // its offer would also have to be rolled back and gathered again; a new one is quicker (measured), and the same in
    // every browser. Who has waited has mostly the right one already.
    const opening = openingOf(role, mode);
    if (current.opening !== opening) renew(opening);
    if (role === "a" || mode === "mirror") await describe("offer");
  }

  async function describe(kind: "offer" | "answer"): Promise<void> {
    await current.ready;
    const sdp = current.pc.localDescription?.sdp;
    if (sdp === undefined) throw new Error("no local description");
    const told = outgoingDescription(sdp, relay);
    ports.send({ kind, sdp: leanDescription(told) });
    const late = current.found.filter(({ candidate }) => !tellsCandidate(told, candidate));
    current.found.splice(0, current.found.length, ...late);
    current.onfound = () => {
      batch ??= setTimeout(tellCandidates, batchMs);
    };
    if (late.length > 0) tellCandidates();
  }

  function tellCandidates(): void {
    clearTimeout(batch);
    batch = undefined;
    const candidates = current.found.splice(0).flatMap(({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) => {
      const told = outgoingCandidate(candidate, relay);
      return told === undefined ? [] : { candidate: told, sdpMid, sdpMLineIndex, usernameFragment };
    });
    for (let at = 0; at < candidates.length; at += candidatesPerMessage)
      ports.send({ kind: "candidates", candidates: candidates.slice(at, at + candidatesPerMessage) });
  }

  function renew(opening: Opening): void {
    clearTimeout(batch);
    batch = undefined;
    current.close();
    current = options.again(opening);
    fingerprint = undefined;
    waiting = [];
    ports.renewed(current);
  }

  async function plain(): Promise<void> {
    if (mode === "offer" || open) return; // both may have said it
    mode = "offer";
    renew(openingOf(role, mode));
    if (role === "a") await describe("offer");
  }

  async function take(kind: "offer" | "answer", sdp: string): Promise<void> {
    const checked = checkDescription(sdp);
    if (!checked) throw new Error("a description that is refused");
    if (open && checked.fingerprint !== fingerprint) ports.alarm("fingerprint");
    if (!waiting || !expected(kind)) return;
    fingerprint = checked.fingerprint;
    if (mode === "mirror") await mirror(checked.sdp);
    else await agree(kind, checked.sdp);
  }

  async function mirror(sdp: string): Promise<void> {
    await current.ready;
    try {
      await current.pc.setRemoteDescription({ type: "answer", sdp: mirrored(sdp, role) });
    } catch {
      ports.send({ kind: "plain" });
      await plain();
      return;
    }
    addWaiting();
  }

  async function agree(kind: "offer" | "answer", sdp: string): Promise<void> {
    await current.pc.setRemoteDescription({ type: kind, sdp });
    addWaiting();
    if (kind === "answer") return;
    await current.pc.setLocalDescription();
    await firstFound(current);
    await describe("answer");
  }

  function addWaiting(): void {
    const early = waiting ?? [];
    waiting = undefined;
    for (const candidate of early) add(candidate);
  }

  function expected(kind: "offer" | "answer"): boolean {
    if (mode === "mirror") return kind === "offer";
    return kind === (role === "a" ? "answer" : "offer");
  }

  /** Not awaited: an address that has to be looked up first must not hold up the others. */
  function add(candidate: RTCIceCandidateInit): void {
    if (!waiting) current.pc.addIceCandidate(candidate).catch(() => undefined);
    else if (waiting.length < candidatesWaiting) waiting.push(candidate);
  }

  return {
    get attempt() {
      return current;
    },
    get fingerprint() {
      return fingerprint;
    },
    start: () => start().catch(ports.failed),
    async receive(message) {
      try {
        if (message.kind === "plain") await plain();
        else if (message.kind === "candidates") for (const some of message.candidates) add(some as RTCIceCandidateInit);
        else if (message.kind !== "bye") await take(message.kind, message.sdp);
      } catch {
        ports.failed();
      }
    },
    opened() {
      open = true;
    },
    close() {
      clearTimeout(batch);
      current.close();
      waiting = undefined;
    },
  };
}
