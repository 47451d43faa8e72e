import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CheckWords } from "../src/checkwords";
import type { Way } from "../src/handshake";
import type { Meeting, MeetingWorld } from "../src/meeting";
import type { Hello, Matched } from "../src/wire";
import { makeWishes, type Wish } from "../src/wish";
import { type FakePeer, FakeWorld } from "./fakes/peers";

const seats = { a: "A".repeat(56), b: "B".repeat(56) };
/** Where they can be reached once they talk. */
const later = { a: "C".repeat(56), b: "D".repeat(56) };
type Name = "a" | "b";

/** WebCrypto answers in real time, whatever the clock of the test says. */
const realTimeout = globalThis.setTimeout;
async function until(condition: () => unknown): Promise<void> {
  for (let i = 0; i < 5_000 && !condition(); i++) await new Promise((done) => realTimeout(done, 2));
  expect(condition()).toBeTruthy();
}
const aMoment = () => new Promise((done) => realTimeout(done, 30));

async function makeWish(way: Way, given: Partial<MeetingWorld>): Promise<Wish> {
  const wish = await makeWishes(given).draw(way);
  wish.begin();
  return wish;
}

class Pair {
  readonly world = new FakeWorld();
  readonly told: Record<Name, string[]> = { a: [], b: [] };
  readonly rendezvous: Partial<Record<Name, string>> = {};
  readonly posted: Record<Name, Uint8Array[]> = { a: [], b: [] };
  /** Where that was posted to. */
  readonly seats: Record<Name, string[]> = { a: [], b: [] };
  linked = true;
  readonly words: Record<Name, CheckWords[]> = { a: [], b: [] };
  readonly meetings: Partial<Record<Name, Meeting>> = {};
  lose: (from: Name, index: number) => boolean = () => false;
  alter: (matched: Matched) => Matched = (matched) => matched;
  wishes: Record<Name, Wish> | undefined;
  relay = false;

  async wish(): Promise<Record<Name, Wish>> {
    const options = { ice: [], relay: this.relay };
    const a = await makeWish(options, { makePeer: this.world.makePeer });
    const b = await makeWish(options, { makePeer: this.world.makePeer });
    this.wishes = { a, b };
    return this.wishes;
  }

  async meet(handshake: "offer" | "mirror", who: Name[] = ["a", "b"]): Promise<this> {
    const wishes = this.wishes ?? (await this.wish());
    for (const role of who) {
      const peer = role === "a" ? "b" : "a";
      const matched: Matched = {
        kind: "matched",
        life: "l".repeat(11),
        epoch: 1,
        ticket: wishes[role].ticket,
        session: "s".repeat(22),
        to: seats[peer],
        key: wishes[peer].key,
        role,
        handshake,
        tags: [],
        ice: [],
        seat: "n".repeat(56),
        ttl: 600,
      };
      const tell = (what: string) => (detail: unknown) => this.told[role].push(`${what} ${JSON.stringify(detail)}`);
      this.meetings[role] = wishes[role].meet(this.alter(matched), seats[role], `nick ${role}`, {
        publish: (topic, payload) => this.carry(role, topic, payload),
        open: ({ nickname, rendezvous }) => {
          this.told[role].push(`open ${nickname}`);
          this.rendezvous[role] = rendezvous;
        },
        heard: (message) => this.told[role].push(`heard ${JSON.stringify(message)}`),
        over: tell("over"),
        alarm: tell("alarm"),
        notice: tell("notice"),
        linked: () => this.linked,
        broken: tell("broken"),
        path: tell("path"),
        words: (words) => this.words[role].push(words),
      });
    }
    return this;
  }

  async talk(handshake: "offer" | "mirror" = "mirror"): Promise<this> {
    await this.meet(handshake);
    await until(() => this.told.a.length && this.told.b.length);
    expect(this.told).toEqual({ a: ["open nick b"], b: ["open nick a"] });
    this.told.a.length = this.told.b.length = 0;
    return this;
  }

  private carry(from: Name, topic: string, payload: Uint8Array): void {
    const to = from === "a" ? "b" : "a";
    const seat = topic.replace("v1/session/", "");
    expect([seats[to], later[to]]).toContain(seat);
    this.seats[from].push(seat);
    const index = this.posted[from].push(payload) - 1;
    if (!this.lose(from, index)) queueMicrotask(() => this.meetings[to]?.receive(payload, seat));
  }

  /** The peer connection in use. */
  peer(name: Name): FakePeer {
    const open = this.world.peers.filter((peer) => !peer.closed);
    const found = open.at(name === "a" ? 0 : -1);
    if (!found) throw new Error("no peer connection is open");
    return found;
  }
}

let pair: Pair;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  pair = new Pair();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a wish", () => {
  it("gathers at once, with one negotiated channel, and shows ticket and key", async () => {
    const { a } = await pair.wish();
    const [peer] = pair.world.peers;
    expect(peer?.configuration).toMatchObject({ bundlePolicy: "max-bundle", iceTransportPolicy: "all" });
    expect(peer?.channel?.options).toEqual({ negotiated: true, id: 0 });
    expect(peer?.localDescription?.type).toBe("offer");
    expect(a.ticket).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(a.key).toMatch(/^B[A-Za-z0-9_-]{86}$/);
  });

  it("is closed when it is dropped, and meets nobody then", async () => {
    const { a } = await pair.wish();
    a.drop();
    expect(pair.world.peers[0]?.closed).toBe(true);
    await expect(pair.meet("offer", ["a"])).rejects.toThrow();
  });

  it("begins anew with the servers that come with the match", async () => {
    pair.alter = (matched) => ({ ...matched, ice: [{ urls: ["turn:relay.test"], username: "u", credential: null }] });
    await pair.talk();
    expect(pair.world.peers.slice(0, 2).every((peer) => peer.closed)).toBe(true);
    expect(pair.peer("a").configuration.iceServers).toEqual([{ urls: ["turn:relay.test"], username: "u" }]);
  });
});

describe.each(["offer", "mirror"] as const)("the handshake %s", (handshake) => {
  it("ends in a talk", async () => {
    await pair.talk(handshake);
    expect([pair.posted.a.length, pair.posted.b.length]).toEqual([1, 1]);
    pair.meetings.a?.say({ kind: "text", id: 0, text: "hello" });
    pair.meetings.b?.say({ kind: "typing", on: true });
    await until(() => pair.told.b.length && pair.told.a.length);
    expect(pair.told).toEqual({
      a: ['heard {"kind":"typing","on":true}'],
      b: ['heard {"kind":"text","id":0,"text":"hello"}'],
    });
  });

  it("gives both the same word to find each other again by", async () => {
    const pair = await new Pair().talk(handshake);
    expect(pair.rendezvous.a).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(pair.rendezvous.b).toBe(pair.rendezvous.a);
  });

  it("tells candidates that come late, in one message, and those that came early only once", async () => {
    const candidate = (port: number) => `candidate:1 1 udp 1 192.0.2.1 ${port} typ host`;
    pair.world.path = false;
    pair.world.early = [candidate(1)];
    await pair.meet(handshake);
    await until(() => pair.posted.a.length === 1 && pair.posted.b.length === 1);
    for (let port = 2; port < 6; port++) pair.peer("a").find(candidate(port));
    await vi.advanceTimersByTimeAsync(5);
    await until(() => pair.posted.a.length === 2);
    await until(() => pair.peer("b").added.length === 4);
    expect(pair.peer("b").added[0]).toEqual({
      candidate: candidate(2),
      sdpMid: "0",
      sdpMLineIndex: 0,
      usernameFragment: pair.peer("a").name,
    });
  });

  it.each([["a"], ["b"], ["ab"]])("survives the loss of the first message of %s", async (who) => {
    pair.lose = (from, index) => who.includes(from) && index === 0;
    const bWaits = handshake === "offer" && who.includes("a");
    await pair.meet(handshake);
    await until(() => pair.posted.a.length && (bWaits || pair.posted.b.length));
    expect(pair.told.a).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    await until(() => pair.posted.a.length === 2);
    // With `offer`, b says nothing before it has heard a: its first is its answer to the repeated offer.
    if (bWaits && who.includes("b")) {
      await until(() => pair.posted.b.length);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    await until(() => pair.told.a.length && pair.told.b.length);
    expect(pair.told).toEqual({ a: ["open nick b"], b: ["open nick a"] });
    for (const [first, second] of Object.values(pair.posted)) if (second) expect(second).toEqual(first);
  });

  it("repeats itself once only, and fails after 6 s", async () => {
    pair.lose = () => true;
    await pair.meet(handshake);
    await until(() => pair.posted.a.length && (handshake === "offer" || pair.posted.b.length));
    await vi.advanceTimersByTimeAsync(5_999);
    expect(pair.told.a).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pair.told).toEqual({ a: ['over "failed"'], b: ['over "failed"'] });
    expect(pair.posted.a).toHaveLength(2);
    expect(pair.posted.a[1]).toEqual(pair.posted.a[0]);
    expect(pair.world.peers.every((peer) => peer.closed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sends nothing but relayed candidates when only a relay may be used", async () => {
    pair.relay = true;
    pair.world.path = false;
    pair.world.early = ["candidate:1 1 udp 1 192.0.2.1 1 typ host"];
    await pair.meet(handshake);
    await until(() => pair.posted.b.length);
    pair.peer("b").find("candidate:2 1 udp 1 192.0.2.1 2 typ srflx raddr 192.0.2.9 rport 3");
    pair.peer("b").find("candidate:3 1 udp 1 198.51.100.1 3 typ relay raddr 192.0.2.9 rport 3");
    await vi.advanceTimersByTimeAsync(5);
    await until(() => pair.peer("a").added.length === 1);
    expect(pair.peer("a").added[0]?.candidate).toBe(
      "candidate:3 1 udp 1 198.51.100.1 3 typ relay raddr 0.0.0.0 rport 0",
    );
    expect(pair.peer("a").remote?.sdp).not.toMatch(/192\.0\.2|candidate/);
    expect(pair.peer("a").configuration.iceTransportPolicy).toBe("relay");
  });
});

describe("the fall-back to plain", () => {
  it.each([["a"], ["b"], ["ab"]])("works when %s refuses the mirrored answer", async (who) => {
    await pair.wish();
    // Those of the wishes, then the one with which b mirrors, then the two for `plain`.
    const refusing = () => pair.world.peers.filter((_, i) => (i === 0 && who !== "b") || (i === 2 && who !== "a"));
    pair.world.refuses = (peer, { type }) => type === "answer" && refusing().includes(peer);
    await pair.talk("mirror");
    expect(refusing().every((peer) => peer.closed)).toBe(true);
    expect(pair.world.peers).toHaveLength(5);
    const counters = (payloads: Uint8Array[]) => payloads.map((payload) => payload[3]);
    expect(counters(pair.posted.a)).toEqual([...pair.posted.a.keys()]);
    expect(counters(pair.posted.b)).toEqual([...pair.posted.b.keys()]);
  });
});

describe("somebody in the middle", () => {
  it("is noticed by both when the sessions differ, and everything is closed", async () => {
    pair.alter = (matched) => (matched.role === "a" ? { ...matched, session: "t".repeat(22) } : matched);
    await pair.meet("mirror");
    await until(() => pair.told.a.length && pair.told.b.length);
    expect(pair.told).toEqual({ a: ['alarm "session"'], b: ['alarm "session"'] });
    expect(pair.world.peers.every((peer) => peer.closed)).toBe(true);
  });

  /** Role b meets what only says that it is a. */
  async function deceived(change: (hello: Hello, mine: Hello) => object): Promise<string[]> {
    await pair.wish();
    const theirs = pair.world.peers[0]?.channel;
    if (!theirs) throw new Error("no channel");
    const send = theirs.send.bind(theirs);
    theirs.send = (data) => {
      theirs.send = () => undefined;
      // A moment later that of role b has opened, too, and said hello.
      queueMicrotask(() => {
        const mine = JSON.parse(pair.peer("b").channel?.sent[0] ?? "{}");
        send(JSON.stringify({ ...JSON.parse(data), ...change(JSON.parse(data), mine) }));
      });
    };
    await pair.meet("mirror");
    await until(() => pair.told.b.length);
    return pair.told.b;
  }

  it.each([
    ["role", () => ({ role: "b" })],
    ["key", (hello: Hello) => ({ key: hello.peerKey })],
    ["peerKey", (hello: Hello) => ({ peerKey: hello.key })],
    ["commitment", (_: Hello, mine: Hello) => ({ commitment: mine.commitment })],
    ["early", () => ({ kind: "text" })],
  ])("is noticed by the %s in hello, before anything is delivered", async (reason, change) => {
    expect(await deceived(change)).toEqual([`alarm "${reason}"`]);
    pair.meetings.b?.say({ kind: "text", id: 0, text: "not to be heard" });
    expect(pair.world.peers[2]?.channel?.sent).toHaveLength(1);
  });

  it("of another version is met with failed, not with an alarm", async () => {
    expect(await deceived(() => ({ version: 2 }))).toEqual(['over "failed"']);
  });

  it("saying text before hello is noticed", async () => {
    await pair.wish();
    const theirs = pair.world.peers[0]?.channel;
    if (!theirs) throw new Error("no channel");
    const send = theirs.send.bind(theirs);
    theirs.send = () => send('{"kind":"text","text":"hi"}');
    await pair.meet("mirror");
    await until(() => pair.told.b.length);
    expect(pair.told.b).toEqual(['alarm "early"']);
  });

  it("swapping the sealing keys leads to nothing but failure", async () => {
    const evil = await makeWish({ ice: [], relay: false }, { makePeer: new FakeWorld().makePeer });
    pair.alter = (matched) => ({ ...matched, key: evil.key });
    await pair.meet("mirror");
    await aMoment();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(pair.told).toEqual({ a: ['over "failed"'], b: ['over "failed"'] });
  });
});

describe("an end", () => {
  it("by bye is told as left, once, and closes both sides", async () => {
    await pair.talk();
    pair.meetings.a?.end();
    pair.meetings.a?.end();
    await until(() => pair.told.b.length);
    await vi.advanceTimersByTimeAsync(200);
    expect(pair.told).toEqual({ a: [], b: ['over "left"'] });
    expect(pair.world.peers.every((peer) => peer.closed)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("before the channel is open is told through the broker", async () => {
    pair.world.path = false;
    await pair.meet("mirror");
    await until(() => pair.posted.a.length && pair.posted.b.length);
    pair.meetings.a?.end();
    await until(() => pair.told.b.length);
    expect(pair.told).toEqual({ a: [], b: ['over "left"'] });
    await aMoment();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits no longer than 200 ms for a stranger who does not answer", async () => {
    await pair.talk();
    const channel = pair.peer("a").channel;
    if (channel) channel.close = () => undefined;
    const peer = pair.peer("a");
    pair.meetings.a?.end();
    await vi.advanceTimersByTimeAsync(199);
    expect(peer.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(peer.closed).toBe(true);
  });

  it("is lost when the channel closes without a bye", async () => {
    await pair.talk();
    pair.peer("a").channel?.close();
    await until(() => pair.told.b.length);
    expect(pair.told).toEqual({ a: ['over "lost"'], b: ['over "lost"'] });
  });

  it("is failed when the connection fails before they talk", async () => {
    pair.world.path = false;
    await pair.meet("mirror");
    pair.peer("a").become("failed");
    expect(pair.told.a).toEqual(['over "failed"']);
  });

  it("is lost after 20 s without a path, and not when it comes back", async () => {
    await pair.talk();
    const peer = pair.peer("a");
    peer.become("disconnected");
    await vi.advanceTimersByTimeAsync(19_000);
    peer.become("connected");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pair.told.a).toEqual(["broken true", "broken false"]);
    peer.become("failed");
    await vi.advanceTimersByTimeAsync(20_500);
    expect(pair.told.a.slice(2)).toEqual(["broken true", 'over "lost"']);
    pair.meetings.a?.end();
    expect(pair.told.a).toHaveLength(4);
  });

  it("is failed when hello does not come within 5 s", async () => {
    await pair.wish();
    const channel = pair.world.peers[0]?.channel;
    if (channel) channel.send = () => undefined;
    await pair.meet("mirror");
    await until(() => pair.world.peers[2]?.channel?.sent.length);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(pair.told.b).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pair.told.b).toEqual(['over "failed"']);
  });

  it("is failed with a key that is no key", async () => {
    pair.alter = (matched) => ({ ...matched, key: "B".repeat(87) });
    await pair.meet("offer", ["a"]);
    await until(() => pair.told.a.length);
    expect(pair.told.a).toEqual(['over "failed"']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is failed with a description that is refused", async () => {
    await pair.wish();
    const peer = pair.world.peers[0];
    if (peer?.localDescription) peer.localDescription.sdp = peer.localDescription.sdp.replace("sha-256", "sha-1");
    await pair.meet("mirror");
    await until(() => pair.told.b.length);
    expect(pair.told.b).toEqual(['over "failed"']);
  });
});

describe("a talk whose way is lost", () => {
  async function lost(reachable = true): Promise<void> {
    await pair.talk();
    if (reachable) for (const name of ["a", "b"] as const) pair.meetings[name]?.reach(later[name], 600);
    await aMoment();
    pair.posted.a.length = pair.posted.b.length = pair.seats.a.length = pair.seats.b.length = 0;
    for (const name of ["a", "b"] as const) pair.peer(name).become("disconnected");
  }

  it("is mended over the seats that were told, with counters that go on", async () => {
    await lost();
    await until(() => pair.peer("a").remote?.sdp.includes("restart:1"));
    expect(pair.seats).toEqual({ a: [later.b], b: [later.a] });
    expect([pair.posted.a[0]?.[3], pair.posted.b[0]?.[3]]).toEqual([1, 1]);
    for (const name of ["a", "b"] as const) pair.peer(name).become("connected");
    expect(pair.told).toEqual({ a: ["broken true", "broken false"], b: ["broken true", "broken false"] });
  });

  it("is mended though only one of the two has noticed the loss", async () => {
    await pair.talk();
    for (const name of ["a", "b"] as const) pair.meetings[name]?.reach(later[name], 600);
    await aMoment();
    pair.peer("a").become("disconnected");
    await until(() => pair.seats.b.includes(later.a));
    expect(pair.told.b).toEqual(["broken true"]);
  });

  it("keeps what is said meanwhile, and says it then", async () => {
    await lost();
    pair.meetings.a?.say({ kind: "text", id: 0, text: "still here" });
    await aMoment();
    expect(pair.told.b).toEqual(["broken true"]);
    pair.peer("a").become("connected");
    await until(() => pair.told.b.length === 2);
    expect(pair.told.b[1]).toContain("still here");
  });

  it("asks nobody whose seat it was not told, nor when there is no broker", async () => {
    await lost(false);
    await vi.advanceTimersByTimeAsync(3_000);
    pair.meetings.a?.reach(later.a, 600); // told on a channel that carries nothing
    pair.linked = false;
    pair.meetings.b?.linked();
    await vi.advanceTimersByTimeAsync(3_000);
    await aMoment();
    expect(pair.seats).toEqual({ a: [], b: [] });
  });

  it("asks at once when the broker is back", async () => {
    pair.linked = false;
    pair.meetings.a?.linked(); // before anybody talks that is nothing
    await lost();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(pair.seats).toEqual({ a: [], b: [] });
    pair.linked = true;
    pair.meetings.b?.linked();
    await vi.advanceTimersByTimeAsync(0);
    await until(() => pair.seats.b.length);
    expect(pair.seats.b[0]).toBe(later.a);
  });

  it("does not use a seat in its last 30 s", async () => {
    await pair.talk();
    pair.meetings.b?.reach(later.b, 40);
    await aMoment();
    await vi.advanceTimersByTimeAsync(10_500);
    pair.peer("a").become("disconnected");
    await vi.advanceTimersByTimeAsync(8_000);
    await aMoment();
    expect(pair.seats.a).toEqual([seats.b]); // the handshake
  });

  it("sends no more to one seat than a gate lets through, nor more than there are counters", async () => {
    await pair.talk();
    pair.lose = () => true;
    for (const [nth, most] of [
      ["E", 56],
      ["F", 112],
      ["G", 168],
      ["H", 200],
    ] as const) {
      later.b = nth.repeat(56);
      pair.meetings.b?.reach(later.b, 600);
      await aMoment();
      const peer = pair.peer("a");
      for (let again = 0; again < 15; again++) {
        peer.become("disconnected");
        await vi.advanceTimersByTimeAsync(18_000);
        peer.become("connected");
        await vi.advanceTimersByTimeAsync(100);
      }
      await aMoment();
      expect(pair.posted.a.length - 1).toBeLessThanOrEqual(most);
      expect(pair.posted.a.length - 1).toBeGreaterThan(most - 12);
    }
    later.b = "D".repeat(56);
  });

  it("ends with a farewell over the seat, as the channel carries none", async () => {
    await lost();
    pair.meetings.a?.end();
    await until(() => pair.told.b.length === 2);
    expect(pair.told.b).toEqual(["broken true", 'over "left"']);
  });

  it("leaves nothing pending when it came back by itself, which would stand in the way of a call", async () => {
    pair.lose = () => pair.told.a.includes("broken true");
    await lost();
    await until(() => pair.seats.a.length);
    for (const name of ["a", "b"] as const) pair.peer(name).become("connected");
    await until(() => pair.peer("a").signalingState === "stable");
    expect(pair.peer("a").channel?.sent.some((text) => text.includes('"nth":2'))).toBe(true);
  });

  it("is looked for over the channel when the page woke elsewhere, as long as that carries", async () => {
    await pair.talk();
    pair.meetings.b?.wake(false);
    pair.meetings.a?.wake(true);
    await until(() => pair.peer("a").remote?.sdp.includes("restart:1"));
    expect([pair.seats.a.length, pair.seats.b.length]).toEqual([1, 1]);
    expect(pair.told).toEqual({ a: [], b: [] });
  });
});

describe("fresh servers", () => {
  const ice = [{ urls: ["turn:relay.test"], username: "u", credential: "c" }];

  it.each([
    ["goes over to them when it is relayed, and stays with them while they are good", "relay", 1],
    ["only knows of them when it is not", "host", 0],
  ])("a talk %s", async (_, candidateType, restarts) => {
    await pair.talk();
    const peer = pair.peer("a");
    peer.stats.set("T", { type: "transport", selectedCandidatePairId: "P" });
    peer.stats.set("P", { type: "candidate-pair", localCandidateId: "L" });
    peer.stats.set("L", { candidateType });
    await vi.advanceTimersByTimeAsync(1_000);
    pair.meetings.a?.refresh(ice, 600);
    await aMoment();
    expect(peer.configuration).toMatchObject({ iceServers: ice, iceTransportPolicy: "all" });
    expect(peer.restarts).toBe(restarts);
    await vi.advanceTimersByTimeAsync(10_000);
    pair.told.a.length = 1;
    pair.meetings.a?.refresh(ice, 600);
    await aMoment();
    expect(peer.restarts).toBe(restarts);
    pair.meetings.a?.refresh(ice, 900);
    await aMoment();
    expect(peer.restarts).toBe(2 * restarts);
    expect(pair.told.a).toEqual([`path {"relayed":${candidateType === "relay"}}`]);
  });

  it("that the browser does not accept change nothing", async () => {
    await pair.talk();
    const peer = pair.peer("a");
    peer.setConfiguration = () => {
      throw new SyntaxError("no such server");
    };
    pair.meetings.a?.refresh(ice, 600);
    expect(peer.configuration.iceServers).toEqual([]);
  });
});

describe("noise on my seat", () => {
  it("is dropped, and the talk goes on", async () => {
    await pair.meet("mirror", ["a"]);
    for (let i = 0; i < 100; i++) pair.meetings.a?.receive(crypto.getRandomValues(new Uint8Array(i)));
    pair.meetings.a?.receive(new Uint8Array(17 * 1024));
    await aMoment();
    await pair.meet("mirror", ["b"]);
    await vi.advanceTimersByTimeAsync(2_000);
    await until(() => pair.told.a.length && pair.told.b.length);
    expect(pair.told).toEqual({ a: ["open nick b"], b: ["open nick a"] });
  });
});

describe("the check words", () => {
  it.each(["offer", "mirror"] as const)("are the same four on both sides after %s", async (handshake) => {
    await pair.talk(handshake);
    await until(() => pair.words.a.length && pair.words.b.length);
    expect(pair.words.a).toEqual(pair.words.b);
    expect(pair.words.a[0]).toHaveLength(4);
    expect(pair.told).toEqual({ a: [], b: [] });
  });

  it("differ when each has a certificate of somebody else before it, who hides that", async () => {
    await pair.wish();
    const [peer] = pair.world.peers;
    if (!peer?.localDescription) throw new Error("no description");
    const other = Array(32).fill("EE").join(":");
    const { sdp } = peer.localDescription;
    peer.localDescription.sdp = sdp.replace(peer.fingerprint, other);
    await pair.meet("offer", ["a"]);
    await until(() => pair.posted.a.length);
    peer.localDescription.sdp = sdp; // that is what a really has
    await pair.meet("offer", ["b"]);
    await vi.advanceTimersByTimeAsync(2_000); // b was not there yet: the same once more
    await until(() => pair.words.a.length && pair.words.b.length);
    expect(pair.words.a[0]).not.toEqual(pair.words.b[0]);
  });

  /** Role b meets what only says that it is a, after both hellos. */
  async function answered(change: (nonce: string) => string | undefined): Promise<void> {
    await pair.wish();
    const theirs = pair.world.peers[0]?.channel;
    if (!theirs) throw new Error("no channel");
    const send = theirs.send.bind(theirs);
    theirs.send = (data) => {
      const changed = JSON.parse(data).kind === "nonce" ? change(data) : data;
      if (changed !== undefined) send(changed);
    };
    await pair.meet("mirror");
    await until(() => pair.told.b.length);
  }

  it("are an alarm when the nonce is not the one that was committed to", async () => {
    await answered(() => JSON.stringify({ kind: "nonce", nonce: "A".repeat(43) }));
    await until(() => pair.told.b.length === 2);
    expect(pair.told.b).toEqual(["open nick a", 'alarm "commitment"']);
    expect(pair.words.b).toEqual([]);
  });

  it("are missing when no nonce comes within 5 s, and the talk goes on", async () => {
    await answered(() => undefined);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(pair.words.b).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pair.words.b).toEqual(["missing"]);
    pair.meetings.a?.say({ kind: "text", id: 0, text: "hello" });
    await until(() => pair.told.b.length === 2);
    expect(pair.told.b[1]).toContain("hello");
  });

  it("are an alarm when a nonce comes before hello", async () => {
    await pair.wish();
    const theirs = pair.world.peers[0]?.channel;
    if (!theirs) throw new Error("no channel");
    const send = theirs.send.bind(theirs);
    theirs.send = () => send(JSON.stringify({ kind: "nonce", nonce: "A".repeat(43) }));
    await pair.meet("mirror");
    await until(() => pair.told.b.length);
    expect(pair.told.b).toEqual(['alarm "early"']);
  });
});

describe("a certificate that changes in a talk", () => {
  const changed = (name: Name, nth: number) => ({
    kind: "offer",
    sdp: (pair.peer(name).localDescription?.sdp ?? "").replace(
      pair.peer(name).fingerprint,
      Array(32).fill("EE").join(":"),
    ),
    nth,
  });

  it("is an alarm when it is told over the channel", async () => {
    await pair.talk();
    const mine = pair.peer("a");
    const before = mine.remote;
    pair.peer("b").channel?.send(JSON.stringify(changed("b", 1)));
    await until(() => pair.told.a.length);
    expect(pair.told.a).toEqual(['alarm "fingerprint"']);
    expect(mine.remote).toBe(before);
  });

  it("is no alarm when it stays the same", async () => {
    await pair.talk();
    const offer = { ...changed("b", 1), sdp: pair.peer("b").localDescription?.sdp };
    pair.peer("b").channel?.send(JSON.stringify(offer));
    await until(() => pair.peer("a").remote?.sdp === offer.sdp);
    expect(pair.told.a).toEqual([]);
  });
});
