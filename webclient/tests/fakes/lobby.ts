// Words of the wire and walks through the machine, for the tests of lobby and talk.

import { step } from "../../src/lobby";
import { type Effect, type Lobby, type LobbyEvent, type Moment, makeLobby, type Phase } from "../../src/state";
import type {
  Banned,
  Challenge,
  Ended,
  InboxMessage,
  Limited,
  Matched,
  Pulse,
  PulseMessage,
  Refused,
  Welcome,
} from "../../src/wire";

export const LIFE = "life1111111";
export const LIFE2 = "life2222222";
export const TICKET = "ticket1aaaaaaaaaaaaaaa";
export const TICKET2 = "ticket2aaaaaaaaaaaaaaa";
export const SESSION = "session1aaaaaaaaaaaaaa";
export const WORD = "rendezvous1aaaaaaaaaaa";
export const KEY = `B${"k".repeat(86)}`;
export const seat = (name: string) => name.padEnd(56, "_");
export const profile = { nickname: "Quiet Otter", tags: ["tea"], languages: ["en"], relay: false };

export const welcome = (more: Partial<Welcome> = {}): Welcome => ({
  kind: "welcome",
  life: LIFE,
  epoch: 7,
  version: 1,
  seat: seat("seat1"),
  ttl: 600,
  ping: 15,
  pulse: { here: 10, waiting: 2, talking: 6 },
  relay: "none",
  ice: [],
  ...more,
});

export const matched = (more: Partial<Matched> = {}): Matched => ({
  kind: "matched",
  life: LIFE,
  epoch: 7,
  ticket: TICKET,
  session: SESSION,
  to: seat("theirs"),
  key: KEY,
  role: "a",
  handshake: "offer",
  tags: ["tea"],
  ice: [],
  seat: seat("seat2"),
  ttl: 600,
  ...more,
});

export const ended = (mood: Ended["mood"], more: Partial<Ended> = {}): Ended => ({
  kind: "ended",
  life: LIFE,
  session: SESSION,
  mood,
  ...more,
});

export const refused = (reason: Refused["reason"], retry = 0): Refused => ({
  kind: "refused",
  life: LIFE,
  ticket: TICKET,
  reason,
  retry,
});

export const challenge = (seed = "seed1"): Challenge => ({ seed: seed.padEnd(43, "_"), effort: 12, ttl: 120 });

export const banned = (more: Partial<Banned> = {}): Banned => ({
  kind: "banned",
  life: LIFE,
  reason: "pace",
  seconds: 600,
  code: "abc",
  ...more,
});

export const limited = (): Limited => ({ kind: "limited", reason: "messages", retry: 30 });

export const pulse = (more: Partial<Pulse> = {}): Pulse => ({
  kind: "pulse",
  epoch: 7,
  here: 20,
  waiting: 5,
  talking: 10,
  spread: 10,
  ...more,
});

/** A machine that is walked with events, keeping the last effects; time stands still unless it is moved. */
export class Walk {
  state: Lobby = makeLobby(profile);
  effects: readonly Effect[] = [];
  moment: Moment = { now: 1_000_000, random: 0.5, rttMs: 12.4 };

  on(...events: LobbyEvent[]): this {
    for (const event of events) [this.state, this.effects] = step(this.state, { ...this.moment, ...event });
    return this;
  }

  inbox(message: InboxMessage): this {
    return this.on({ type: "inbox", message });
  }

  pulse(message: PulseMessage): this {
    return this.on({ type: "pulse", message });
  }

  later(ms: number): this {
    this.moment = { ...this.moment, now: this.moment.now + ms };
    return this;
  }

  did<D extends Effect["do"]>(what: D): Extract<Effect, { do: D }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { do: D }> => effect.do === what);
  }

  phase<N extends Phase["name"]>(name: N): Extract<Phase, { name: N }> {
    const { phase } = this.state;
    if (phase.name !== name) throw new Error(`in ${phase.name}, not in ${name}`);
    return phase as Extract<Phase, { name: N }>;
  }
}

const at = {
  gate: () => new Walk(),
  unsupported: () => {
    const walk = new Walk();
    walk.state = makeLobby(profile, "insecure");
    return walk;
  },
  opening: () => at.gate().on({ type: "accept" }),
  unwelcome: () => at.opening().on({ type: "connected", life: LIFE }),
  lobby: () => at.unwelcome().inbox(welcome()),
  drawing: () => at.lobby().on({ type: "start" }),
  waiting: () => at.drawing().on({ type: "wished", number: 1, ticket: TICKET, key: KEY }),
  proving: () =>
    at
      .unwelcome()
      .inbox(welcome({ challenge: challenge() }))
      .on({ type: "start" }, { type: "wished", number: 1, ticket: TICKET, key: KEY }),
  held: () => at.waiting().inbox(refused("busy", 9)),
  connecting: () => at.waiting().inbox(matched()),
  talking: () =>
    at.connecting().on({ type: "opened", session: SESSION, nickname: "Merry Fox", relay: false, rendezvous: WORD }),
  over: () => at.talking().on({ type: "over", session: SESSION, mood: "left" }),
  stopped: () => at.talking().on({ type: "stop" }),
  askingAgain: () => at.stopped().on({ type: "again" }, { type: "wished", number: 2, ticket: TICKET2, key: KEY }),
  alone: () => at.askingAgain().later(120_000).on({ type: "wake", timer: "reunion" }),
  reported: () => at.talking().on({ type: "report", reason: "hate", block: false }),
  reportedOver: () => at.over().on({ type: "report", reason: "hate", block: false }),
  parted: () => at.talking().on({ type: "block" }),
  alarm: () => at.talking().on({ type: "alarm", session: SESSION, reason: "key" }),
  banned: () => at.lobby().inbox(banned()),
  kicked: () => at.lobby().inbox(banned({ seconds: 60 })),
  paused: () => at.waiting().inbox(refused("slow", 9)).on({ type: "cancel" }),
  reload: () => at.lobby().inbox(welcome({ version: 2 })),
  lost: () => at.waiting().on({ type: "lost" }),
  refused: () => at.lobby().on({ type: "refused", retryS: 5 }),
  limited: () => at.lobby().inbox(limited()).on({ type: "limited", retryS: 40 }),
};

/** Walks to everywhere that one can be. */
export { at };
