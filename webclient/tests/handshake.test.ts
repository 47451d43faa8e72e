import { beforeEach, describe, expect, it } from "vitest";
import { attempt, bare, type Handshake, handshake, type Opening } from "../src/handshake";
import type { SessionMessage } from "../src/wire";
import { FakePeer, FakeWorld } from "./fakes/peers";

let world: FakeWorld;
let told: string[];
let sent: SessionMessage[];

function begin(role: "a" | "b", mode: "offer" | "mirror", opening: Opening = "offer"): Handshake {
  const way = { ice: [], relay: false };
  return handshake(
    {
      attempt: attempt(way, world.makePeer, opening),
      again: (opening) => attempt(way, world.makePeer, opening),
      role,
      mode,
      relay: false,
    },
    {
      send: (message) => sent.push(message),
      renewed: () => told.push("renewed"),
      failed: () => told.push("failed"),
      alarm: (reason) => told.push(`alarm ${reason}`),
    },
  );
}

async function strangersOffer(): Promise<SessionMessage> {
  const peer = new FakePeer({}, new FakeWorld());
  await peer.setLocalDescription();
  return { kind: "offer", sdp: peer.localDescription?.sdp ?? "" };
}

const candidates = (...some: string[]): SessionMessage => ({
  kind: "candidates",
  candidates: some.map((candidate) => ({ candidate, sdpMid: "0" })),
});

beforeEach(() => {
  world = new FakeWorld();
  told = [];
  sent = [];
});

describe("role b of an offer", () => {
  it("waits with a new peer connection that gathers, and answers", async () => {
    const shake = begin("b", "offer");
    await shake.start();
    expect(told).toEqual(["renewed"]);
    expect(world.peers.map((peer) => peer.closed)).toEqual([true, false]);
    expect(world.peers[1]?.configuration.iceCandidatePoolSize).toBe(1);
    expect(sent).toEqual([]);
    await shake.receive(await strangersOffer());
    expect(sent.map((message) => message.kind)).toEqual(["answer"]);
    expect(world.peers[1]?.remote?.type).toBe("offer");
  });
});

describe("a connection that was prepared", () => {
  it.each([
    ["a", "offer", "offer"],
    ["a", "mirror", "offer"],
    ["b", "offer", "await"],
    ["b", "mirror", "yield"],
  ] as const)(
    "for role %s of %s by %s is the one that is used, and every other is made anew",
    async (role, mode, right) => {
      for (const opening of ["offer", "await", "yield"] as const) {
        world = new FakeWorld();
        told = [];
        await begin(role, mode, opening).start();
        expect(told).toEqual(opening === right ? [] : ["renewed"]);
        expect(world.peers.map((peer) => peer.closed)).toEqual(opening === right ? [false] : [true, false]);
      }
    },
  );

  it("without servers is given them with the wish, and offers", async () => {
    const spare = bare(world.makePeer);
    expect(world.peers[0]?.localDescription).toBeNull();
    const way = { ice: [{ urls: ["turn:relay.test"], username: "u", credential: "c" }], relay: true };
    await attempt(way, world.makePeer, "offer", spare).ready;
    expect(world.peers).toHaveLength(1);
    expect(world.peers[0]?.configuration).toMatchObject({ iceTransportPolicy: "relay", bundlePolicy: "max-bundle" });
    expect(world.peers[0]?.configuration.iceServers).toHaveLength(1);
    expect(world.peers[0]?.localDescription?.type).toBe("offer");
  });
});

describe("mirror", () => {
  it("lets role a offer at once, with the peer connection of the wish", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    expect(told).toEqual([]);
    expect(world.peers.map((peer) => peer.answeredNothing)).toEqual([false]);
    expect(sent.map((message) => message.kind)).toEqual(["offer"]);
  });

  it("lets role b answer an offer of nothing first, so that only one of the two is controlling", async () => {
    const shake = begin("b", "mirror");
    await shake.start();
    expect(told).toEqual(["renewed"]);
    expect(world.peers.map((peer) => [peer.closed, peer.answeredNothing])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(sent).toEqual([{ kind: "offer", sdp: world.peers[1]?.localDescription?.sdp.replaceAll("\r\n", "\n") }]);
  });

  it("does without in a browser that takes no offer of nothing", async () => {
    world.refuses = (_, { sdp }) => !sdp.includes("m=");
    const shake = begin("b", "mirror");
    await shake.start();
    expect(told).toEqual(["renewed"]);
    expect(sent.map((message) => message.kind)).toEqual(["offer"]);
    await shake.receive(await strangersOffer());
    expect(world.peers[1]?.remote?.type).toBe("answer");
  });
});

describe("candidates", () => {
  const found = "candidate:7 1 udp 1 0f1e.local 5 typ host";

  it("that come right after an answer go with it", async () => {
    const shake = begin("b", "offer", "await");
    await shake.start();
    const [peer] = world.peers;
    if (!peer) throw new Error("no peer");
    peer.iceGatheringState = "gathering";
    const taken = shake.receive(await strangersOffer());
    await Promise.resolve();
    setTimeout(() => {
      if (peer.localDescription) peer.localDescription.sdp += `a=${found}\r\n`;
      peer.find(found);
    });
    await taken;
    expect(sent).toMatchObject([{ kind: "answer", sdp: expect.stringContaining(found) }]);
  });

  it("wait for a description, 20 at most, and then are added in order", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    await shake.receive(candidates(...Array.from({ length: 15 }, (_, i) => `candidate:${i}`)));
    await shake.receive(candidates(...Array.from({ length: 15 }, (_, i) => `candidate:${i + 15}`)));
    expect(world.peers[0]?.added).toEqual([]);
    await shake.receive(await strangersOffer());
    await shake.receive(candidates("candidate:99"));
    const added = world.peers[0]?.added.map(({ candidate }) => candidate);
    expect(added).toEqual([...Array.from({ length: 20 }, (_, i) => `candidate:${i}`), "candidate:99"]);
  });

  it("that the browser refuses, or that end them, do no harm", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    await shake.receive(await strangersOffer());
    await shake.receive(candidates("", "candidate:1"));
    expect(world.peers[0]?.added).toHaveLength(2);
    expect(told).toEqual([]);
  });
});

describe("descriptions", () => {
  it.each([
    ["a", "offer", "offer"],
    ["b", "offer", "answer"],
    ["a", "mirror", "answer"],
    ["b", "mirror", "answer"],
  ] as const)("that role %s of %s does not expect (%s) are passed over", async (role, mode, kind) => {
    const shake = begin(role, mode);
    await shake.start();
    await shake.receive({ ...(await strangersOffer()), kind } as SessionMessage);
    expect(shake.attempt.pc).toMatchObject({ remote: undefined });
    expect(told.filter((what) => what !== "renewed")).toEqual([]);
  });

  it("count once: a second one is passed over", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    await shake.receive(await strangersOffer());
    const first = world.peers[0]?.remote;
    await shake.receive(await strangersOffer());
    expect(world.peers[0]?.remote).toBe(first);
    expect(told).toEqual([]);
  });

  it("with another certificate raise an alarm once the channel is open", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    const offer = await strangersOffer();
    await shake.receive(offer);
    shake.opened();
    await shake.receive(offer);
    expect(told).toEqual([]);
    await shake.receive(await strangersOffer());
    expect(told).toEqual(["alarm fingerprint"]);
  });

  it("that the browser refuses in `offer` end in failure", async () => {
    world.refuses = () => true;
    const shake = begin("b", "offer");
    await shake.start();
    await shake.receive(await strangersOffer());
    expect(told).toEqual(["renewed", "failed"]);
  });

  it("that I cannot make end in failure", async () => {
    world.makePeer({});
    FakePeer.prototype.setLocalDescription = ((original) =>
      async function (this: FakePeer) {
        FakePeer.prototype.setLocalDescription = original;
        throw new Error("InvalidStateError");
      })(FakePeer.prototype.setLocalDescription);
    await begin("a", "offer").start();
    expect(told).toEqual(["failed"]);
  });
});

describe("plain", () => {
  it("begins anew once, whoever says it and however often, and never in an open session", async () => {
    const shake = begin("a", "mirror");
    await shake.start();
    await shake.receive({ kind: "plain" });
    await shake.receive({ kind: "plain" });
    expect(told).toEqual(["renewed"]);
    expect(sent.map((message) => message.kind)).toEqual(["offer", "offer"]);

    const talking = begin("a", "mirror");
    talking.opened();
    await talking.receive({ kind: "plain" });
    expect(told).toEqual(["renewed"]);
  });
});
