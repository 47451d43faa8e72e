import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type App, makeApp, type Outside } from "../src/app";
import { utf8 } from "../src/bytes";
import type { LinkOptions } from "../src/link";
import type { MeetingPorts } from "../src/meeting";
import type { SolveEvents } from "../src/stamp";
import type { Wish } from "../src/wish";
import {
  banned,
  challenge,
  ended,
  KEY,
  LIFE,
  LIFE2,
  limited,
  matched,
  newSeat,
  profile,
  pulse,
  refused,
  SESSION,
  seat,
  TICKET,
  WORD,
  welcome,
} from "./fakes/lobby";

type Log = unknown[][];
type Seen = { link?: LinkOptions; meeting?: MeetingPorts; work?: SolveEvents };

/** The outside world as a list of what was done to it, and the handles by which it answers. */
function world() {
  const log: Log = [];
  const seen: Seen = {};
  let wishes = 0;
  const outside: Outside = {
    url: "ws://here/mqtt",
    makeIdentity: () => {
      const identity = { peer: "peer", password: "secret" };
      return ready ? identity : Promise.resolve(identity);
    },
    openLink: (options) => {
      seen.link = options;
      const act =
        (name: string) =>
        (...args: unknown[]) =>
          void log.push([name, ...args]);
      return {
        life: LIFE,
        rttMs: 12,
        publish(...said) {
          if (String(said[1]).includes('"kind":"join"')) steps.push("join");
          log.push(["publish", ...said]);
        },
        subscribe: act("subscribe"),
        unsubscribe: act("unsubscribe"),
        limit: act("limit"),
        probe: act("probe"),
        rest: act("rest"),
        close: act("close"),
      };
    },
    wishes: {
      prepare: () => void steps.push("prepare"),
      draw: () => {
        wishes += 1;
        const ticket = wishes === 1 ? TICKET : `ticket${wishes}`.padEnd(22, "a");
        const drawn: Wish = {
          ticket,
          key: KEY,
          meet: (_matched, mySeat, nickname, ports) => {
            if (refuseToMeet) throw new SyntaxError("no such server");
            log.push(["meet", ticket, mySeat, nickname]);
            seen.meeting = ports;
            return {
              receive: (payload, seat) => void log.push(["receive", payload, seat]),
              reach: (seat, ttlS) => void log.push(["reach", seat, ttlS]),
              wake: (moved) => void log.push(["moved", moved]),
              linked: () => void log.push(["linked"]),
              role: "a",
              pc: {} as RTCPeerConnection,
              parcels: {} as RTCDataChannel,
              say: (message) => void log.push(["say", message]),
              goDirect: () => void log.push(["goDirect"]),
              refresh: (ice) => void log.push(["refresh", ice]),
              end: () => void log.push(["end"]),
            };
          },
          begin() {
            if (refuseToBegin) throw new SyntaxError("no such server");
            steps.push("begin");
          },
          moved: () => void steps.push("moved"),
          joined: (rttMs) => void steps.push(`joined ${rttMs}`),
          drop: () => void log.push(["drop", ticket]),
        };
        return ready ? drawn : Promise.resolve(drawn);
      },
    },
    idle: (run) => void setTimeout(run, 20),
    loadExtras: () => Promise.reject(new Error("none here")),
    solve: (seed, effort, events) => {
      log.push(["solve", seed, effort]);
      seen.work = events;
      return () => void log.push(["stop", seed]);
    },
    reload: () => void log.push(["reload"]),
    now: () => Date.now(),
    random: () => 0.5,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as number),
  };
  return { outside, log, seen };
}

/** What was made ready for a wish, and when its join left. */
let steps: string[] = [];
let ready = false;
let refuseToBegin = false;
let refuseToMeet = false;
let log: Log;
let seen: Seen;
let app: App;

beforeEach(() => {
  vi.useFakeTimers();
  ready = refuseToBegin = refuseToMeet = false;
  steps = [];
  const made = world();
  ({ log, seen } = made);
  app = makeApp(made.outside, profile);
});
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const arrive = (topic: string, message: unknown) => seen.link?.events.message(topic, utf8(JSON.stringify(message)));
const inbox = (message: unknown) => arrive("v1/inbox/peer", message);
const published = () =>
  log.filter(([what]) => what === "publish").map(([, topic, text]) => [topic, JSON.parse(String(text))]);

async function toLobby(): Promise<void> {
  app.send({ type: "accept" });
  await settle();
  seen.link?.events.connected(LIFE, 12);
  inbox(welcome());
}

async function toTalk(): Promise<void> {
  await toLobby();
  app.send({ type: "start" });
  await settle();
  inbox(matched());
  seen.meeting?.open({ nickname: "Merry Fox", relay: false, rendezvous: WORD });
  inbox(newSeat());
}

describe("before the gate is accepted", () => {
  it("nothing is contacted, whatever happens", async () => {
    app.wake();
    app.leave();
    app.send({ type: "start" });
    await settle();
    expect(seen.link).toBeUndefined();
    expect(log).toEqual([]);
  });

  it("nor after it, when the page goes away meanwhile", async () => {
    app.send({ type: "accept" });
    app.leave();
    await settle();
    expect(seen.link).toBeUndefined();
  });
});

describe("what a wish needs", () => {
  it("is made ready with the connection to the broker, and later only where nobody is looked for", async () => {
    await toLobby();
    expect(steps).toEqual(["prepare"]);
    await vi.advanceTimersByTimeAsync(20);
    expect(steps).toEqual(["prepare", "prepare"]);
    app.send({ type: "start" });
    await vi.advanceTimersByTimeAsync(20);
    expect(steps.filter((step) => step === "prepare")).toHaveLength(2);
    app.send({ type: "cancel" });
    await vi.advanceTimersByTimeAsync(20);
    expect(steps.filter((step) => step === "prepare")).toHaveLength(3);
  });

  it("lets the join leave in the turn of the press, and before a connection is made", async () => {
    ready = true;
    await toLobby();
    app.send({ type: "start" });
    expect(steps).toEqual(["prepare", "join", "joined 12", "begin"]);
  });

  it("is gathered anew when the page woke on what may be another network", async () => {
    await toLobby();
    app.send({ type: "start" });
    await settle();
    app.wake();
    expect(steps).not.toContain("moved");
    app.wake(true);
    expect(steps.at(-1)).toBe("moved");
  });

  it("takes the join back when no connection can be made", async () => {
    refuseToBegin = true;
    await toLobby();
    app.send({ type: "start" });
    await settle();
    expect(published().map(([, { kind }]) => kind)).toEqual(["join", "cancel"]);
    expect(log.at(-2)).toEqual(["drop", TICKET]);
    expect(app.lobby.value).toMatchObject({ phase: { name: "lobby" }, notice: "wish" });
  });
});

describe("a challenge", () => {
  const asked = () => inbox({ ...refused("stamp"), challenge: challenge() });

  it("is worked on, and the stamp goes with the join", async () => {
    await toLobby();
    app.send({ type: "start" });
    await settle();
    asked();
    expect(log.at(-1)).toEqual(["solve", challenge().seed, 12]);
    seen.work?.solved("A".repeat(50));
    expect(published().at(-1)).toMatchObject([
      "v1/lobby/peer",
      { kind: "join", ticket: TICKET, stamp: "A".repeat(50) },
    ]);
  });

  it("is dropped when the visitor cancels or leaves", async () => {
    for (const go of [() => app.send({ type: "cancel" }), () => app.leave()]) {
      const made = world();
      ({ log, seen } = made);
      app = makeApp(made.outside, profile);
      await toLobby();
      app.send({ type: "start" });
      await settle();
      asked();
      go();
      expect(log).toContainEqual(["stop", challenge().seed]);
    }
  });
});

describe("sleep", () => {
  it("is announced when the page freezes, so that nobody is matched with it", async () => {
    await toLobby();
    app.freeze();
    expect(log.at(-1)).toEqual([
      "rest",
      { topic: "v1/presence/peer", payload: `{"kind":"gone","life":"${LIFE}","mood":"lost"}` },
    ]);
  });

  it("ends with a look at the connection and a sign of life, at once", async () => {
    await toLobby();
    log.length = 0;
    app.wake();
    expect(log[0]).toEqual(["probe"]);
    expect(published()).toEqual([["v1/presence/peer", { kind: "ping", life: LIFE }]]);
  });

  it("says nothing to a service that has not welcomed this life", async () => {
    app.send({ type: "accept" });
    await settle();
    seen.link?.events.connected(LIFE, 12);
    app.wake();
    expect(published()).toEqual([]);
  });
});

describe("the link", () => {
  it("is opened with here, the will and two filters", async () => {
    await toLobby();
    expect(seen.link?.filters).toEqual(["v1/inbox/peer", "v1/pulse"]);
    const [first] = seen.link?.first(LIFE2) ?? [];
    expect(first).toEqual({ topic: "v1/presence/peer", payload: `{"kind":"here","life":"${LIFE2}","version":1}` });
    expect(seen.link?.will(LIFE2)).toEqual({
      topic: "v1/presence/peer",
      payload: `{"kind":"gone","life":"${LIFE2}","mood":"lost"}`,
    });
    expect(log).toEqual([["subscribe", [`v1/session/${seat("seat1")}`]]]);
  });

  it("is opened in the turn of the press, before anything is drawn, when an identity lies ready", () => {
    ready = true;
    app.send({ type: "accept" });
    expect(seen.link).toBeDefined();
  });

  it("repeats here by the clock, with QoS 1", async () => {
    app.send({ type: "accept" });
    await settle();
    seen.link?.events.connected(LIFE, 12);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(log.map(([what, topic, , qos]) => [what, topic, qos])).toEqual([
      ["publish", "v1/presence/peer", 1],
      ["publish", "v1/presence/peer", 1],
    ]);
  });

  it("claims the talk in the first word of a new life", async () => {
    await toTalk();
    expect(seen.link?.first(LIFE2)[0]?.payload).toContain(SESSION);
  });

  it("asks for a reload when a welcome of another version cannot be read", async () => {
    await toLobby();
    inbox({ kind: "welcome", life: LIFE, version: 2, novelty: true });
    expect(app.lobby.value.phase.name).toBe("reload");
    expect(log.at(-1)?.[0]).toBe("close");
  });

  it("remembers the gate's notice before the connection ends, and a talk goes on without it", async () => {
    await toTalk();
    inbox(limited());
    expect(log.at(-1)).toEqual(["limit", 30]);
    seen.link?.events.limited(40);
    expect(app.lobby.value.link).toEqual({ name: "limited", untilMs: Date.now() + 40_000 });
    seen.meeting?.heard({ kind: "text", id: 0, text: "still here" });
    expect(app.talking.talk.value?.lines.at(-1)).toMatchObject({ text: "still here" });
    expect(log.map(([what]) => what)).not.toContain("end");
  });

  it.each([
    ["nonsense", "nonsense"],
    ["an unknown field", { ...welcome(), more: 1 }],
    ["a loose number", { ...pulse(), epoch: "9" }],
  ])("does not stumble over %s", async (_name, value) => {
    await toLobby();
    const before = app.lobby.value;
    inbox(value);
    arrive("v1/pulse", value);
    seen.link?.events.message("v1/inbox/peer", Uint8Array.of(0xff, 0xfe));
    seen.link?.events.message("v1/pulse", new Uint8Array(5_000));
    seen.link?.events.message("v1/other", utf8("{}"));
    expect(app.lobby.value).toBe(before);
  });

  it("says good-bye when the page goes away", async () => {
    await toTalk();
    app.leave();
    expect(log.slice(-2)).toEqual([
      ["end"],
      ["close", { topic: "v1/presence/peer", payload: `{"kind":"gone","life":"${LIFE}","mood":"left"}` }],
    ]);
  });
});

describe("a newer page", () => {
  it("takes the place of this one when that is wished after a talk, and nothing of the talk is left", async () => {
    await toTalk();
    app.send({ type: "newer" });
    app.send({ type: "renew" });
    expect(log.map(([what]) => what)).not.toContain("reload");
    seen.meeting?.over("lost");
    app.send({ type: "renew" });
    expect(log.at(-1)).toEqual(["reload"]);
    expect(app.talking.talk.value).toBeUndefined();
  });
});

describe("a wish", () => {
  it("is joined with, and dropped on cancel", async () => {
    await toLobby();
    app.send({ type: "start" });
    await settle();
    expect(published().at(-1)).toMatchObject(["v1/lobby/peer", { kind: "join", ticket: TICKET }]);
    app.send({ type: "cancel" });
    expect(log).toContainEqual(["drop", TICKET]);
  });

  it("that comes after a cancel is dropped", async () => {
    await toLobby();
    app.send({ type: "start" });
    app.send({ type: "cancel" });
    await settle();
    expect(log.at(-1)).toEqual(["drop", TICKET]);
  });

  it("gets the sealed messages that overtook its match", async () => {
    await toLobby();
    app.send({ type: "start" });
    await settle();
    const payload = Uint8Array.of(1, 2, 3);
    for (let nth = 0; nth < 20; nth++) seen.link?.events.message(`v1/session/${seat("seat1")}`, payload);
    seen.link?.events.message(`v1/session/${seat("other")}`, payload);
    inbox(matched());
    expect(log.filter(([what]) => what === "receive")).toEqual(
      Array.from({ length: 8 }, () => ["receive", payload, seat("seat1")]),
    );
  });
});

describe("a meeting", () => {
  it("gets what comes for its seat and for that which its stranger was told, and nothing else", async () => {
    await toTalk();
    expect(log).toContainEqual(["reach", seat("seat2"), 600]);
    const payload = Uint8Array.of(1);
    for (const name of ["seat3", "seat1", "seat2"]) seen.link?.events.message(`v1/session/${seat(name)}`, payload);
    expect(log.filter(([what]) => what === "receive")).toEqual([
      ["receive", payload, seat("seat1")],
      ["receive", payload, seat("seat2")],
    ]);
    app.send({ type: "over", session: SESSION, mood: "left" });
    seen.link?.events.message(`v1/session/${seat("seat2")}`, payload);
    expect(log.filter(([what]) => what === "receive")).toHaveLength(2);
  });

  it("hears that the page woke, perhaps elsewhere, and that the broker is back, after what was subscribed to", async () => {
    await toTalk();
    app.wake(true);
    expect(log).toContainEqual(["moved", true]);
    seen.link?.events.lost();
    log.length = 0;
    seen.link?.events.connected(LIFE2, 12);
    expect(log.map(([what]) => what)).toEqual(["subscribe", "linked"]);
  });

  it("whose way is lost goes on, and says so until there is another", async () => {
    await toTalk();
    seen.meeting?.broken(true);
    expect(app.talking.talk.value?.reconnecting).toBe(true);
    app.talking.send({ type: "say", text: "still here" });
    expect(log.at(-1)).toMatchObject(["say", { text: "still here" }]);
    seen.meeting?.broken(false);
    seen.meeting?.path({ relayed: true, rttMs: 7 });
    expect(app.talking.talk.value).toMatchObject({ reconnecting: false, path: { relayed: true, rttMs: 7 } });
  });

  it("carries text and typing both ways", async () => {
    await toTalk();
    seen.meeting?.heard({ kind: "text", id: 0, text: "hello" });
    seen.meeting?.heard({ kind: "typing", on: true });
    expect(app.talking.talk.value).toMatchObject({ theyType: true, stranger: "Merry Fox" });
    app.talking.send({ type: "draft", empty: false });
    app.talking.send({ type: "say", text: "hi" });
    expect(app.talking.talk.value?.lines.slice(1)).toMatchObject([{ text: "hello" }, { text: "hi" }]);
    expect(log.slice(-2)).toEqual([
      ["say", { kind: "typing", on: true }],
      ["say", { kind: "text", id: 0, text: "hi" }],
    ]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(app.talking.talk.value?.theyType).toBe(false);
  });

  it("that is over leaves its lines on the screen, and nothing of it after Next", async () => {
    await toTalk();
    seen.meeting?.heard({ kind: "text", id: 0, text: "hello" });
    seen.meeting?.over("left");
    expect(app.talking.talk.value?.over).toBe("left");
    app.send({ type: "next" });
    expect(app.talking.talk.value).toBeUndefined();
    expect(app.lobby.value.phase.name).toBe("waiting");
    expect(JSON.stringify(app.lobby.value)).not.toContain("Merry Fox");
    expect(log.filter(([what]) => what === "end")).toEqual([]);
  });

  it("that was left can say nothing any more", async () => {
    await toTalk();
    const old = seen.meeting;
    app.send({ type: "next" });
    await settle();
    expect(log.filter(([what]) => what === "end")).toHaveLength(1);
    inbox(matched({ ticket: "ticket2".padEnd(22, "a"), session: "session2".padEnd(22, "a") }));
    seen.meeting?.open({ nickname: "Calm Hare", relay: false, rendezvous: WORD });
    old?.heard({ kind: "text", id: 0, text: "ghost" });
    old?.heard({ kind: "typing", on: true });
    old?.notice("flood");
    old?.over("lost");
    old?.alarm("key");
    expect(app.talking.talk.value?.lines).toHaveLength(1);
    expect(app.talking.talk.value).toMatchObject({ stranger: "Calm Hare", theyType: false, over: undefined });
  });

  it("hears advice from the service as a line", async () => {
    await toTalk();
    inbox(ended("lost"));
    expect(app.talking.talk.value?.lines.at(-1)).toMatchObject({ note: "sight" });
    expect(app.lobby.value.phase.name).toBe("talking");
  });

  it("that cannot begin is one that failed, and the next is looked for", async () => {
    await toLobby();
    refuseToMeet = true;
    app.send({ type: "start" });
    await settle();
    inbox(matched());
    await settle();
    expect(published().map(([, message]) => [message.kind, message.mood])).toEqual([
      ["join", undefined],
      ["leave", "failed"],
      ["join", undefined],
    ]);
  });

  it("that is reported and blocked is ended and forgotten, with two words to the service, said twice", async () => {
    await toTalk();
    seen.meeting?.heard({ kind: "text", id: 0, text: "a bad thing" });
    log.length = 0;
    app.send({ type: "report", reason: "threat", block: true });
    expect(app.talking.talk.value).toBeUndefined();
    expect(log.filter(([what]) => what === "end")).toHaveLength(1);
    const words = [
      ["v1/lobby/peer", { kind: "report", life: LIFE, session: SESSION, reason: "threat" }],
      ["v1/lobby/peer", { kind: "leave", life: LIFE, session: SESSION, mood: "blocked" }],
    ];
    expect(published()).toEqual(words);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published()).toEqual([...words, ...words]);
    expect(JSON.stringify(app.lobby.value)).not.toContain(SESSION);
  });

  it("that is reported goes on, with a line that says thank you", async () => {
    await toTalk();
    app.send({ type: "report", reason: "spam", block: false });
    expect(app.talking.talk.value?.lines.at(-1)).toMatchObject({ note: "reported" });
    expect(log.map(([what]) => what)).not.toContain("end");
  });

  it("of who is banned is ended and forgotten at once, and nothing is contacted before its time", async () => {
    await toTalk();
    inbox(banned({ seconds: 60 }));
    expect(log.slice(-2)).toEqual([["end"], ["close"]]);
    expect(app.talking.talk.value).toBeUndefined();
    const before = seen.link;
    app.wake();
    app.freeze();
    app.send({ type: "accept" });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(seen.link).toBe(before);
    await vi.advanceTimersByTimeAsync(1_000);
    app.send({ type: "accept" });
    await settle();
    expect(seen.link).not.toBe(before);
  });

  it("that raises the alarm is ended and forgotten", async () => {
    await toTalk();
    seen.meeting?.alarm("key");
    expect(app.lobby.value.phase).toEqual({ name: "alarm", reason: "key" });
    expect(app.talking.talk.value).toBeUndefined();
    expect(log).toContainEqual(["end"]);
  });
});
