// Peer connections in memory. Two of them find each other when each has taken the other's description, with DTLS roles
// that fit; then their channels open. Descriptions are short but have the lines that matter.

import type { MakePeer } from "../../src/handshake";

type Handler<E> = ((event: E) => void) | null;

export class FakeChannel {
  onopen: Handler<unknown> = null;
  onclose: Handler<unknown> = null;
  onmessage: Handler<{ data: unknown }> = null;
  onbufferedamountlow: Handler<unknown> = null;
  binaryType = "blob";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readyState = "connecting";
  other: FakeChannel | undefined;
  readonly sent: string[] = [];

  constructor(readonly options: RTCDataChannelInit) {}

  open(other: FakeChannel): void {
    this.other = other;
    this.readyState = "open";
    this.onopen?.({});
  }

  send(data: string): void {
    if (this.readyState !== "open") throw new Error("InvalidStateError");
    this.sent.push(data);
    const { other } = this;
    queueMicrotask(() => other?.onmessage?.({ data }));
  }

  close(): void {
    const { other } = this;
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    queueMicrotask(() => {
      other?.close();
      this.onclose?.({});
    });
  }
}

let count = 0;

export class FakePeer {
  onicecandidate: Handler<{ candidate: unknown }> = null;
  onnegotiationneeded: Handler<unknown> = null;
  onconnectionstatechange: Handler<unknown> = null;
  connectionState = "new";
  localDescription: { type: string; sdp: string } | null = null;
  closed = false;
  /** It has answered an offer without a section, so it will be the controlled one. */
  answeredNothing = false;
  remote: { type: string; sdp: string } | undefined;
  channel: FakeChannel | undefined;
  parcels: FakeChannel | undefined;
  signalingState = "stable";
  iceGatheringState = "complete";
  readonly added: RTCIceCandidateInit[] = [];
  /** What the browser would tell of the way, by id. */
  readonly stats = new Map<string, Record<string, unknown>>();
  /** How often it has begun to look for another way. */
  restarts = 0;
  /** Kinds of calls that the next descriptions tell of. */
  calls: string[] = [];
  private offeredNothing = false;
  private restarting = false;
  private needed = false;
  readonly name = String(++count).padStart(4, "0");

  constructor(
    readonly configuration: RTCConfiguration,
    private readonly world: FakeWorld,
  ) {}

  get fingerprint(): string {
    return Array.from({ length: 32 }, (_, i) => (i < 16 ? this.name.slice(0, 2) : this.name.slice(2))).join(":");
  }

  get remoteDescription(): { type: string; sdp: string } | null {
    return this.remote ?? null;
  }

  get ufrag(): string {
    return this.restarts === 0 ? this.name : `${this.name}r${this.restarts}`;
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    Object.assign(this.configuration, configuration);
  }

  async getStats(): Promise<Map<string, Record<string, unknown>>> {
    return this.stats;
  }

  restartIce(): void {
    this.restarting = true;
    this.need();
  }

  /** As W3C WebRTC §4.7.3: asked for once, when nothing is under way. */
  private need(): void {
    if (this.needed || this.signalingState !== "stable") return;
    this.needed = true;
    queueMicrotask(() => this.onnegotiationneeded?.({}));
  }

  private settle(): void {
    this.signalingState = "stable";
    this.needed = false;
    if (this.restarting) this.need();
  }

  createDataChannel(_: string, options: RTCDataChannelInit): FakeChannel {
    const made = new FakeChannel(options);
    if (options.id === 0) this.channel = made;
    else this.parcels = made;
    return made;
  }

  async setLocalDescription(): Promise<void> {
    if (this.offeredNothing) {
      this.offeredNothing = false;
      this.answeredNothing = true;
      this.settle();
      return;
    }
    if (this.closed) throw new Error("InvalidStateError");
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    // An answer to an offer with a new name has a new name, too.
    if (this.restarting || (type === "answer" && this.remote?.sdp.includes(`restart:`))) {
      this.restarts += 1;
      this.restarting = false;
    }
    const sdp = [
      "v=0",
      "o=- 1 2 IN IP4 127.0.0.1",
      "s=-",
      "t=0 0",
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
      "c=IN IP4 192.0.2.7",
      ...this.world.early.map((candidate) => `a=${candidate}`),
      `a=ice-ufrag:${this.ufrag}`,
      ...(this.restarts > 0 ? [`a=restart:${this.restarts}`] : []),
      `a=fingerprint:sha-256 ${this.fingerprint}`,
      `a=setup:${type === "offer" ? "actpass" : "active"}`,
      "a=mid:0",
      ...this.calls.map((kind) => `m=${kind} 9 UDP/TLS/RTP/SAVPF 111`),
      "",
    ].join("\r\n");
    this.localDescription = { type, sdp };
    if (type === "offer") this.signalingState = "have-local-offer";
    else this.settle();
    for (const candidate of this.world.early) this.find(candidate);
    this.world.connect();
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (this.world.refuses(this, description)) throw new Error("InvalidAccessError");
    if (!description.sdp.includes("m=")) {
      this.offeredNothing = true;
      this.signalingState = "have-remote-offer";
      return;
    }
    if (description.type === "answer" && this.signalingState !== "have-local-offer")
      throw new Error("InvalidStateError");
    // An own offer is taken back by that; what it was for is still needed.
    if (description.type === "offer" && this.signalingState === "have-local-offer" && this.restarts > 0)
      this.needed = false;
    this.remote = description;
    if (description.type === "offer") this.signalingState = "have-remote-offer";
    else this.settle();
    this.world.connect();
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.remote) throw new Error("InvalidStateError");
    this.added.push(candidate);
    if (candidate.candidate === "") throw new Error("OperationError");
  }

  find(candidate: string): void {
    this.onicecandidate?.({ candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: this.ufrag } });
  }

  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.({});
  }

  close(): void {
    this.closed = true;
    this.channel?.close();
    this.parcels?.close();
  }
}

export class FakeWorld {
  readonly peers: FakePeer[] = [];
  /** Candidates that every peer knows when its description is set. */
  early: string[] = [];
  /** Nobody finds anybody while it is false. */
  path = true;
  refuses: (peer: FakePeer, description: { type: string; sdp: string }) => boolean = () => false;

  readonly makePeer: MakePeer = (configuration) => {
    const peer = new FakePeer(configuration, this);
    this.peers.push(peer);
    return peer as unknown as RTCPeerConnection;
  };

  connect(): void {
    for (const one of this.peers)
      for (const other of this.peers) if (one.name < other.name && this.fit(one, other)) this.join(one, other);
  }

  private fit(one: FakePeer, other: FakePeer): boolean {
    if (!this.path || one.closed || other.closed || one.connectionState !== "new") return false;
    const ufrag = (sdp: string | undefined) => /a=ice-ufrag:(\d+)/.exec(sdp ?? "")?.[1];
    const active = (peer: FakePeer) =>
      peer.localDescription?.type === "answer" || peer.remote?.sdp.includes("a=setup:passive") === true;
    const know = ufrag(one.remote?.sdp) === other.name && ufrag(other.remote?.sdp) === one.name;
    return know && one.localDescription !== null && other.localDescription !== null && active(one) !== active(other);
  }

  private join(one: FakePeer, other: FakePeer): void {
    one.connectionState = other.connectionState = "connected";
    queueMicrotask(() => {
      if (!one.channel || !other.channel) return;
      // Each knows the other before either handler runs, or what is said on opening would be lost.
      one.channel.other = other.channel;
      other.channel.other = one.channel;
      one.channel.open(other.channel);
      other.channel.open(one.channel);
      one.become("connected");
      other.become("connected");
    });
  }
}
