import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Link, type LinkEvents, openLink } from "../src/link";
import { fakeSockets } from "./fakes/broker";

const identity = { peer: "P".repeat(22), password: "S".repeat(43) };
const presence = `v1/presence/${identity.peer}`;

function start(given: { random?: number; cell?: string } = {}) {
  const { sockets, WebSocket, last } = fakeSockets();
  const told: string[] = [];
  const lives: string[] = [];
  const events: LinkEvents = {
    connected: (life, rttMs) => {
      lives.push(life);
      told.push(`connected ${rttMs}`);
    },
    message: (topic, payload) => told.push(`${topic} ${new TextDecoder().decode(payload)}`),
    lost: () => told.push("lost"),
    refused: (retryS) => told.push(`refused ${retryS}`),
    limited: (retryS) => told.push(`limited ${retryS}`),
  };
  const link = openLink({
    url: "wss://example.test/mqtt",
    identity,
    first: (life) => [{ topic: presence, payload: `here ${life}` }],
    filters: ["v1/inbox/me", "v1/pulse"],
    will: (life) => ({ topic: presence, payload: `gone ${life}` }),
    events,
    cell: given.cell,
    ports: { WebSocket, random: () => given.random ?? 1 },
  });
  return { link, sockets, last, told, lives };
}

async function connected(given: { random?: number; cell?: string } = {}) {
  const started = start(given);
  await accept(started);
  return started;
}

async function accept({ last }: { last: ReturnType<typeof start>["last"] }): Promise<void> {
  last().accept();
  await vi.advanceTimersByTimeAsync(0);
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("connecting", () => {
  it("sends nothing before the socket is open, then everything in one frame", async () => {
    const { last, link } = start();
    expect(last()).toMatchObject({ url: "wss://example.test/mqtt", protocol: "mqtt", binaryType: "arraybuffer" });
    expect(last().frames).toHaveLength(0);
    last().answering = false;
    last().accept();
    expect(last().frames).toHaveLength(1);
    expect(last().told).toEqual([
      "CONNECT",
      "SUBSCRIBE v1/inbox/me v1/pulse",
      `PUBLISH ${presence} here ${link.life} qos1`,
    ]);
  });

  it("names itself, its keep-alive of 30 s and a Will of QoS 1 that is not retained", async () => {
    const { last, link } = await connected();
    const body = last().heard[0]?.body ?? new Uint8Array();
    expect([...body.subarray(6, 10)]).toEqual([4, 0b1100_1110, 0, 30]);
    const text = new TextDecoder().decode(body);
    expect(text).toContain(`gone ${link.life}`);
    expect(text.split(identity.peer)).toHaveLength(4); // ClientID, the Will's topic, user name
    expect(text.endsWith(identity.password)).toBe(true);
  });

  it("is in its cell with all that it says, and hears nothing of another", async () => {
    const { last, link, told } = await connected({ cell: "berlin" });
    link.subscribe(["v1/session/s"]);
    link.publish("v1/lobby/me", "join", 0);
    link.unsubscribe(["v1/session/s"]);
    await pass(0);
    expect(last().told).toEqual([
      "CONNECT",
      "SUBSCRIBE berlin/v1/inbox/me berlin/v1/pulse",
      `PUBLISH berlin/${presence} here ${link.life} qos1`,
      "SUBSCRIBE berlin/v1/session/s",
      "PUBLISH berlin/v1/lobby/me join qos0",
      "UNSUBSCRIBE berlin/v1/session/s",
    ]);
    expect(new TextDecoder().decode(last().heard[0]?.body)).toContain(`berlin/${presence}`);
    last().publish("berlin/v1/pulse", "ours");
    last().publish("v1/pulse", "of none");
    last().publish("hamburg/v1/pulse", "theirs");
    await pass(0);
    expect(told.slice(1)).toEqual(["v1/pulse ours"]);
  });

  it("tells the round trip of CONNECT", async () => {
    const { last, link, told } = start();
    last().answering = false;
    last().accept();
    await pass(40);
    last().reply(0x20, 2, 0, 0);
    expect(told).toEqual(["connected 40"]);
    expect(link.rttMs).toBe(40);
  });

  it("smooths the round trip with each PUBACK", async () => {
    const { last, link } = await connected();
    last().answering = false;
    link.publish(presence, "ping", 1);
    await pass(80);
    last().reply(0x40, 2, 0, 3);
    expect(link.rttMs).toBe(20);
  });

  it.each([
    ["no socket", () => undefined],
    [
      "no CONNACK",
      (socket: { answering: boolean; accept(): void }) => {
        socket.answering = false;
        socket.accept();
      },
    ],
  ])("gives up after 10 s of %s", async (_, begin) => {
    const { last, told } = start();
    begin(last());
    await pass(9_999);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(["lost"]);
    expect(last().closed).toBe(true);
  });
});

describe("a connection", () => {
  it("hands on what comes, and acknowledges QoS 1", async () => {
    const { last, told } = await connected();
    last().publish("v1/pulse", "one");
    last().publish("v1/inbox/me", "two", 777);
    expect(told.slice(1)).toEqual(["v1/pulse one", "v1/inbox/me two"]);
    expect(last().heard.at(-1)).toMatchObject({ type: "PUBACK", body: Uint8Array.of(3, 9) });
  });

  it("publishes with QoS 0 unless told otherwise, and never retained", async () => {
    const { link, last } = await connected();
    link.publish("t", "a");
    link.publish("t", new TextEncoder().encode("b"), 1);
    expect(last().told.slice(3)).toEqual(["PUBLISH t a qos0", "PUBLISH t b qos1"]);
  });

  it("drops what is said before CONNACK and after the end", async () => {
    const { link, last } = start();
    link.publish("t", "early");
    link.subscribe(["seat"]);
    last().answering = false;
    last().accept();
    link.publish("t", "early");
    link.close();
    link.publish("t", "late");
    expect(last().frames).toHaveLength(1);
  });

  it("pings after 15 s of silence, and not while it speaks", async () => {
    const { link, last } = await connected();
    await pass(14_000);
    link.publish("t", "x");
    await pass(14_999);
    expect(last().told).not.toContain("PINGREQ");
    await pass(1);
    expect(last().told.filter((told) => told === "PINGREQ")).toHaveLength(1);
    await pass(15_000);
    expect(last().told.filter((told) => told === "PINGREQ")).toHaveLength(2);
  });

  it("is dead when PINGREQ stays unanswered for 10 s", async () => {
    const { last, told } = await connected();
    last().answering = false;
    await pass(24_999);
    expect(told).toEqual(["connected 0"]);
    await pass(1);
    expect(told).toEqual(["connected 0", "lost"]);
  });

  it("is dead when PUBACK does not come for 10 s, whatever else arrives", async () => {
    const { link, last, told } = await connected();
    last().answering = false;
    link.publish(presence, "ping", 1);
    await pass(9_000);
    last().publish("v1/pulse", "x");
    await pass(1_000);
    expect(told.at(-1)).toBe("lost");
    expect(last().closed).toBe(true);
  });

  it.each([
    ["is malformed", (socket: { reply(...bytes: number[]): void }) => socket.reply(0x10, 0)],
    ["is a second CONNACK", (socket: { reply(...bytes: number[]): void }) => socket.reply(0x20, 2, 0, 0)],
  ])("ends with what %s", async (_, reply) => {
    const { last, told } = await connected();
    reply(last());
    expect(told.at(-1)).toBe("lost");
    expect(last().closed).toBe(true);
  });

  it("ends with a text frame", async () => {
    const { last, told } = await connected();
    last().onmessage?.({ data: "hello" });
    expect(told.at(-1)).toBe("lost");
  });

  it("hears nothing before CONNACK", async () => {
    const { last, told } = start();
    last().publish("v1/inbox/me", "early");
    expect(told).toEqual(["lost"]);
  });

  it("reads packets that are split over frames", async () => {
    const { last, told } = await connected();
    for (const byte of [0x30, 4, 0, 1, 116, 120, 0x30, 4, 0, 1, 116, 121]) last().reply(byte);
    expect(told.slice(1)).toEqual(["t x", "t y"]);
  });
});

describe("reconnecting", () => {
  it("begins a new life, with a new Will and first words, and without the old seats", async () => {
    const started = await connected();
    const { link, last, sockets, lives } = started;
    link.subscribe(["v1/session/old"]);
    last().hangUp();
    await pass(500);
    expect(sockets).toHaveLength(2);
    await accept(started);
    expect(lives).toEqual([lives[0], link.life]);
    expect(lives[0]).not.toBe(lives[1]);
    expect(last().told).toEqual([
      "CONNECT",
      "SUBSCRIBE v1/inbox/me v1/pulse",
      `PUBLISH ${presence} here ${link.life} qos1`,
    ]);
  });

  it("waits twice as long each time, up to 30 s, spread over the whole of it", async () => {
    for (const random of [1, 0.5]) {
      const { last, sockets } = start({ random });
      for (const ms of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
        const before = sockets.length;
        last().hangUp();
        await pass(ms * random - 1);
        expect(sockets).toHaveLength(before);
        await pass(1);
        expect(sockets).toHaveLength(before + 1);
      }
    }
  });

  it("starts from the shortest wait again only after 30 s of life", async () => {
    const started = await connected();
    for (const [livedMs, waitMs] of [
      [29_000, 500],
      [29_000, 1000],
      [31_000, 500],
    ] as const) {
      const before = started.sockets.length;
      await pass(livedMs);
      started.last().hangUp();
      await pass(waitMs - 1);
      expect(started.sockets).toHaveLength(before);
      await pass(1);
      expect(started.sockets).toHaveLength(before + 1);
      await accept(started);
    }
  });

  it("asks a broker that refuses it again after 5 s, up to 5 min", async () => {
    const { last, sockets, told } = start({ random: 0 });
    for (const retryS of [5, 10, 20, 40, 80, 160, 300, 300]) {
      last().connackCode = 5;
      last().accept();
      await pass(0);
      expect(told.at(-1)).toBe(`refused ${retryS}`);
      const before = sockets.length;
      await pass(retryS * 1000 - 1);
      expect(sockets).toHaveLength(before);
      await pass(1);
      expect(sockets).toHaveLength(before + 1);
    }
    expect(told).not.toContain("lost");
  });

  it("takes an unavailable server for a lost one", async () => {
    const { last, told } = start();
    last().connackCode = 3;
    last().accept();
    await pass(0);
    expect(told).toEqual(["lost"]);
  });
});

describe("a probe", () => {
  it("finds a dead connection within 1.5 s, and connects anew at once", async () => {
    const { link, last, told, sockets } = await connected();
    last().answering = false;
    link.probe();
    expect(last().told.at(-1)).toBe("PINGREQ");
    await pass(1_000);
    link.probe(); // asking again gives it no more time
    await pass(500);
    expect(told.at(-1)).toBe("lost");
    await pass(100);
    expect(sockets).toHaveLength(2);
  });

  it("has patience with a slow network", async () => {
    const { link, last, told } = await connected();
    last().answering = false;
    link.publish(presence, "ping", 1);
    await pass(900);
    last().reply(0x40, 2, 0, 3);
    link.probe();
    await pass(2_699);
    expect(told).toEqual(["connected 0"]);
    await pass(1);
    expect(told.at(-1)).toBe("lost");
  });

  it("gives up an attempt that began before", async () => {
    const { link, told, sockets } = start();
    await pass(5_000);
    link.probe();
    await pass(1_500);
    expect(told).toEqual(["lost"]);
    await pass(100);
    expect(sockets).toHaveLength(2);
  });

  it("hurries one attempt only: a broker that is away is not to be met by everybody at once", async () => {
    const { link, last, sockets } = await connected();
    link.probe();
    last().hangUp();
    await pass(100);
    expect(sockets).toHaveLength(2);
    last().hangUp();
    await pass(999);
    expect(sockets).toHaveLength(2);
    await pass(1);
    expect(sockets).toHaveLength(3);
  });

  it("leaves a living one alone", async () => {
    const { link, told } = await connected();
    link.probe();
    link.probe();
    await pass(14_000);
    expect(told).toEqual(["connected 0"]);
  });

  it("cuts a wait short, but not that of one who was just refused", async () => {
    const { link, last, sockets } = start();
    last().hangUp();
    link.probe();
    link.probe();
    expect(sockets).toHaveLength(2);
    last().connackCode = 5;
    last().accept();
    await pass(4_999);
    link.probe();
    expect(sockets).toHaveLength(2);
    await pass(1);
    link.probe();
    expect(sockets).toHaveLength(3);
  });
});

describe("a limit", () => {
  it("keeps the next connection away for as long as it told, and up to half of that longer", async () => {
    for (const [random, waitS] of [
      [0, 30],
      [0.5, 38],
      [1, 45],
    ] as const) {
      const { link, last, told, sockets } = await connected({ random });
      link.limit(30);
      last().hangUp();
      expect(told).toEqual(["connected 0", `limited ${waitS}`]);
      await pass(30_000 * (1 + random / 2) - 1);
      expect(sockets).toHaveLength(1);
      await pass(1);
      expect(sockets).toHaveLength(2);
    }
  });

  it("of a day is not lengthened by half a day", async () => {
    const { link, last, told } = await connected();
    link.limit(86_400);
    last().hangUp();
    expect(told.at(-1)).toBe("limited 86430");
  });

  it("of no time at all is a connection that was lost", async () => {
    const { link, last, told, sockets } = await connected();
    link.limit(0);
    last().hangUp();
    expect(told.at(-1)).toBe("lost");
    await pass(500);
    expect(sockets).toHaveLength(2);
  });

  it("counts from when it was told, and is over when the connection outlives it", async () => {
    const { link, last, told } = await connected({ random: 0 });
    link.limit(30);
    await pass(10_000);
    expect(told).toEqual(["connected 0"]);
    last().hangUp();
    expect(told.at(-1)).toBe("limited 20");

    const other = await connected();
    other.link.limit(30);
    await pass(30_000);
    other.last().hangUp();
    expect(other.told).toEqual(["connected 0", "lost"]);
  });

  it("is one connection's: the next that is lost is only lost", async () => {
    const started = await connected({ random: 0 });
    started.link.limit(30);
    started.last().hangUp();
    await pass(30_000);
    await accept(started);
    vi.setSystemTime(Date.now() - 3_600_000);
    started.last().hangUp();
    expect(started.told.at(-1)).toBe("lost");
  });

  it("is not shortened by probes", async () => {
    const { link, last, sockets } = await connected();
    link.limit(30);
    link.probe();
    last().hangUp();
    await pass(29_999);
    link.probe();
    expect(sockets).toHaveLength(1);
    await pass(1);
    link.probe();
    expect(sockets).toHaveLength(2);
  });

  it("is not shortened by resting either", async () => {
    const { link, last, told, sockets } = await connected({ random: 0 });
    link.limit(30);
    last().hangUp();
    link.rest({ topic: presence, payload: "gone" });
    await pass(10_000);
    link.probe();
    expect(told.slice(-2)).toEqual(["lost", "limited 20"]);
    await pass(19_999);
    link.probe();
    expect(sockets).toHaveLength(1);
    await pass(1);
    expect(sockets).toHaveLength(2);
  });

  it("can be slept through", async () => {
    const { link, last, sockets } = await connected();
    link.limit(30);
    last().hangUp();
    vi.setSystemTime(Date.now() + 30_000);
    link.probe();
    expect(sockets).toHaveLength(2);
  });

  it("leaves no timer in a link that is closed", async () => {
    const { link, last, sockets } = await connected();
    link.limit(30);
    last().hangUp();
    link.close();
    link.limit(30);
    link.probe();
    expect(vi.getTimerCount()).toBe(0);
    expect(sockets).toHaveLength(1);
  });
});

describe("sleep", () => {
  // The machine's timers and its steady clock stand still, the clock on the wall does not.
  const sleepFor = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it("of more than 1.5 keep-alives ends the connection without asking", async () => {
    const { link, last, told, sockets } = await connected();
    sleepFor(46_000);
    link.probe();
    expect(told.at(-1)).toBe("lost");
    expect(last().told).not.toContain("PINGREQ");
    await pass(100);
    expect(sockets).toHaveLength(2);
  });

  it("of less is asked about", async () => {
    const { link, last, told } = await connected();
    sleepFor(44_000);
    link.probe();
    await pass(1_500);
    expect(last().told.at(-1)).toBe("PINGREQ");
    expect(told).toEqual(["connected 0"]);
  });

  it("that nobody told of is noticed before anything is said", async () => {
    const { link, last, told } = await connected();
    sleepFor(46_000);
    link.publish(presence, "ping", 1);
    expect(last().told).not.toContain(`PUBLISH ${presence} ping qos1`);
    expect(told.at(-1)).toBe("lost");
  });

  it("that nobody told of is noticed within the quiet time", async () => {
    const { told } = await connected();
    sleepFor(46_000);
    await pass(15_000);
    expect(told.at(-1)).toBe("lost");
  });
});

describe("rest", () => {
  it("says a last thing and stays away until the next probe", async () => {
    const started = await connected();
    const { link, last, sockets, told, lives } = started;
    link.rest({ topic: presence, payload: "gone" });
    expect(last().told.slice(-2)).toEqual([`PUBLISH ${presence} gone qos1`, "DISCONNECT"]);
    expect(told.at(-1)).toBe("lost");
    await pass(600_000);
    expect(sockets).toHaveLength(1);
    link.rest({ topic: presence, payload: "gone" });
    link.probe();
    expect(sockets).toHaveLength(2);
    await accept(started);
    expect(lives).toHaveLength(2);
  });

  it("of who waits to reconnect ends with the probe, too", async () => {
    const { link, last, sockets } = start();
    last().hangUp();
    link.rest({ topic: presence, payload: "gone" });
    await pass(60_000);
    expect(sockets).toHaveLength(1);
    link.probe();
    expect(sockets).toHaveLength(2);
  });

  it("of a closed link is none", async () => {
    const { link, sockets } = await connected();
    link.close();
    link.rest({ topic: presence, payload: "gone" });
    link.probe();
    expect(sockets).toHaveLength(1);
  });
});

describe("closing", () => {
  it("says a last thing, tells the broker to send no Will, and leaves no timer", async () => {
    const { link, last, told } = await connected();
    link.close({ topic: presence, payload: "gone" });
    expect(last().told.slice(-2)).toEqual([`PUBLISH ${presence} gone qos1`, "DISCONNECT"]);
    expect(last().closed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    last().publish("v1/pulse", "late");
    expect(told).toEqual(["connected 0"]);
  });

  it.each([
    ["while it connects", (_: Link) => undefined],
    ["while it waits", (_: Link, hangUp: () => void) => hangUp()],
  ])("leaves no timer %s either", async (_, before) => {
    const { link, last, sockets } = start();
    before(link, () => last().hangUp());
    link.close();
    link.probe();
    expect(vi.getTimerCount()).toBe(0);
    expect(sockets).toHaveLength(1);
  });
});
