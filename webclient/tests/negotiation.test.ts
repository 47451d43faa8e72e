import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Negotiated, type Negotiation, negotiate } from "../src/negotiation";
import { type FakePeer, FakeWorld } from "./fakes/peers";

type Name = "a" | "b";
const other = { a: "b", b: "a" } as const;

/** Two who have a connection: a is the impolite one. What they tell lies in the post until it is delivered, or lost. */
class Pair {
  readonly world = new FakeWorld();
  readonly peers: Record<Name, FakePeer>;
  readonly post: Record<Name, Negotiated[]> = { a: [], b: [] };
  readonly told: Record<Name, string[]> = { a: [], b: [] };
  readonly sides: Record<Name, Negotiation>;

  constructor() {
    const make = () => this.world.makePeer({}) as unknown as FakePeer;
    this.peers = { a: make(), b: make() };
    this.sides = { a: this.side("a"), b: this.side("b") };
  }

  private side(name: Name): Negotiation {
    return negotiate(
      {
        pc: this.peers[name] as unknown as RTCPeerConnection,
        polite: name === "b",
        hiding: () => false,
        fingerprint: this.peers[other[name]].fingerprint,
      },
      {
        send: (message) => void this.post[name].push(message),
        offered: () => void this.told[name].push("offered"),
        alarm: (reason) => void this.told[name].push(reason),
      },
    );
  }

  /** Delivers what one of them has told so far; the last words of the other are not part of it. */
  async deliver(from: Name): Promise<void> {
    for (const message of this.post[from].splice(0)) this.sides[other[from]].hear(message);
    await settle();
  }

  async deliverAll(): Promise<void> {
    await settle();
    while (this.post.a.length > 0 || this.post.b.length > 0) {
      await this.deliver("a");
      await this.deliver("b");
    }
  }

  kinds(name: Name): string[] {
    return this.post[name].map((message) => ("nth" in message ? `${message.kind} ${message.nth}` : message.kind));
  }

  /** Both know the other's present description, and wait for nothing. */
  expectAgreed(): void {
    const { a, b } = this.peers;
    expect([a.signalingState, b.signalingState]).toEqual(["stable", "stable"]);
    expect(a.remote?.sdp).toContain(`a=ice-ufrag:${b.ufrag}\r\n`);
    expect(b.remote?.sdp).toContain(`a=ice-ufrag:${a.ufrag}\r\n`);
    expect([this.sides.a.pending, this.sides.b.pending]).toEqual([false, false]);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

let pair: Pair;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  pair = new Pair();
});
afterEach(() => void vi.useRealTimers());

async function restart(...names: Name[]): Promise<void> {
  for (const name of names) pair.sides[name].restart();
  await settle();
}

describe("another way", () => {
  it.each(["a", "b"] as const)("is agreed on when %s looks for it", async (name) => {
    await restart(name);
    expect(pair.kinds(name)).toEqual(["offer 1"]);
    expect(pair.sides[name].pending).toBe(true);
    await pair.deliver(name);
    expect(pair.kinds(other[name])).toEqual(["answer 1"]);
    await pair.deliverAll();
    pair.expectAgreed();
    expect(pair.told[other[name]]).toEqual(["offered"]);
    await restart(name);
    expect(pair.kinds(name)).toEqual(["offer 2"]);
    await pair.deliverAll();
    pair.expectAgreed();
  });

  it("is agreed on once when both look for it at the same moment", async () => {
    await restart("a", "b");
    expect([pair.kinds("a"), pair.kinds("b")]).toEqual([["offer 1"], ["offer 1"]]);
    await pair.deliverAll();
    pair.expectAgreed();
    expect([pair.peers.a.restarts, pair.peers.b.restarts]).toEqual([1, 2]);
  });

  it("is agreed on when the impolite one's offer got lost, and the polite one's was ignored for it", async () => {
    await restart("a");
    pair.post.a.length = 0;
    await restart("b");
    await pair.deliver("b");
    expect(pair.kinds("a")).toEqual(["offer 1"]); // said once more, since who offers may not have heard it
    await pair.deliverAll();
    pair.expectAgreed();
  });

  it.each(["a", "b"] as const)("is asked for anew while an offer of %s is out", async (name) => {
    await restart(name);
    pair.post[name].length = 0;
    await restart(name);
    expect(pair.kinds(name)).toEqual(["offer 2"]);
    await pair.deliverAll();
    pair.expectAgreed();
  });

  it("is found though the first of two answers got lost, and the offer came twice", async () => {
    await restart("a");
    const [first] = pair.post.a;
    await pair.deliver("a");
    pair.post.b.length = 0;
    await restart("a");
    await pair.deliverAll();
    pair.expectAgreed();
    if (first) pair.sides.b.hear(first);
    await settle();
    expect(pair.kinds("b")).toEqual([]);
    pair.expectAgreed();
  });

  it("is not given up for what comes late over the other way", async () => {
    await restart("a");
    const late = pair.post.a.splice(0);
    await restart("a");
    await pair.deliver("a");
    const answers = pair.post.b.splice(0);
    await restart("a"); // the answer is not there yet
    const newer = pair.post.a.splice(0);
    for (const answer of answers) pair.sides.a.hear(answer);
    await settle();
    expect(pair.sides.a.pending).toBe(true); // it answers an offer that is no more
    for (const message of [...newer, ...late]) pair.sides.b.hear(message);
    await pair.deliverAll();
    pair.expectAgreed();
  });

  it("is not looked for amid the taking of an offer of theirs, which would make the answer of another one", async () => {
    await restart("a", "b");
    const offer = pair.post.a.shift();
    if (offer) pair.sides.b.hear(offer);
    pair.sides.b.restart();
    await settle();
    expect(pair.kinds("b")).toEqual(["offer 1", "answer 1"]); // that is another way already
    await pair.deliverAll();
    pair.expectAgreed();
  });

  it("is looked for no more when it is closed", async () => {
    for (const name of ["a", "b"] as const) pair.sides[name].close();
    await restart("a", "b");
    pair.sides.a.hear({ kind: "offer", nth: 1, sdp: "x" });
    await settle();
    expect([pair.post.a, pair.post.b]).toEqual([[], []]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("candidates", () => {
  const found = (peer: FakePeer, count: number) => {
    for (let nth = 0; nth < count; nth++) peer.find(`candidate:${nth} 1 udp 1 192.0.2.1 ${nth} typ host`);
  };

  it("follow their description in batches, collected ever longer", async () => {
    await restart("a");
    found(pair.peers.a, 21);
    await vi.advanceTimersByTimeAsync(5);
    expect(pair.kinds("a")).toEqual(["offer 1", "candidates", "candidates"]);
    found(pair.peers.a, 1);
    await vi.advanceTimersByTimeAsync(49);
    expect(pair.kinds("a")).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(pair.kinds("a")).toHaveLength(4);
    await pair.deliver("a");
    expect(pair.peers.b.added).toHaveLength(22);
  });

  it("of what is not taken are not taken either", async () => {
    await restart("a", "b");
    found(pair.peers.b, 1);
    await vi.advanceTimersByTimeAsync(5);
    await pair.deliver("b");
    expect(pair.peers.a.added).toEqual([]);
    pair.post.a.length = 1;
    await pair.deliver("a");
    found(pair.peers.b, 2);
    await vi.advanceTimersByTimeAsync(50);
    await pair.deliver("b");
    expect(pair.peers.a.added).toHaveLength(2); // those of the answer are
  });
});

describe("a description", () => {
  async function told(change: (sdp: string) => string): Promise<void> {
    await restart("a");
    const [offer] = pair.post.a;
    if (offer?.kind !== "offer") throw new Error("no offer");
    pair.sides.b.hear({ ...offer, sdp: change(offer.sdp) });
    await settle();
  }

  it("with another certificate is an alarm, and is not taken", async () => {
    await told((sdp) => sdp.replace(/(sha-256 )\S\S/, "$1FF"));
    expect(pair.told.b).toEqual(["fingerprint"]);
    expect(pair.post.b).toEqual([]);
    expect(pair.peers.b.remote).toBeUndefined();
  });

  it("may have the sections of a call", async () => {
    pair.peers.a.calls = ["audio", "video"];
    await told((sdp) => sdp);
    expect(pair.kinds("b")).toEqual(["answer 1"]);
  });

  it.each([
    ["more sections than those", ["audio", "video", "video"]],
    ["another section", ["image"]],
    ["a second channel section", ["application"]],
  ])("with %s is not taken", async (_, calls) => {
    pair.peers.a.calls = calls;
    await told((sdp) => sdp);
    expect(pair.post.b).toEqual([]);
    expect(pair.told.b).toEqual([]);
  });

  it.each([undefined, null])("without a number is of the handshake, and nothing here", async (nth) => {
    await restart("a");
    const [offer] = pair.post.a;
    if (offer?.kind !== "offer") throw new Error("no offer");
    pair.sides.b.hear({ kind: "offer", sdp: offer.sdp, ...(nth === undefined ? {} : { nth }) });
    await settle();
    expect(pair.post.b).toEqual([]);
  });

  it("that the browser refuses stops nothing that follows", async () => {
    pair.world.refuses = (peer, { type }) => peer === pair.peers.b && type === "offer";
    await restart("a");
    await pair.deliver("a");
    expect(pair.post.b).toEqual([]);
    pair.world.refuses = () => false;
    await restart("a");
    await pair.deliverAll();
    pair.expectAgreed();
  });
});
