// The shell of one talk: keeps its state in a signal, feeds it what is typed and what is heard, and runs its effects
// against the meeting. What a talk can do beyond text is loaded while one waits for it (`extras/`), so that the page opens
// at once; until it is there, and where it cannot be loaded, a talk is text.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Extras, openExtras } from "./extras/extras";
import type { Meeting, Said } from "./meeting";
import type { Moment } from "./state";
import { type Each, makeTalk, stepTalk, type Talk, type TalkEffect, type TalkEvent } from "./talk";

/** What came before the extras were there, kept for them. */
const EARLY_LIMIT = 64;

export interface TalkingPorts {
  moment(): Moment;
  /** Runs a turn when those before it are done. */
  soon(turn: () => void): void;
  wake(name: string, inMs: number, then: () => void): void;
  sleep(name: string): void;
  loadExtras(): Promise<typeof openExtras>;
}

export interface Talking {
  readonly talk: ReadonlySignal<Talk | undefined>;
  readonly extras: ReadonlySignal<Extras | undefined>;
  /** Somebody is being looked for: a talk may come soon. */
  prepare(): void;
  begin(meeting: Meeting, me: string, stranger: string, tags: readonly string[], hides: Each): void;
  send(event: TalkEvent): void;
  heard(message: Said): void;
  /** Everything of it is destroyed. */
  forget(): void;
}

export function makeTalking(ports: TalkingPorts): Talking {
  const talk = signal<Talk | undefined>(undefined);
  const extras = signal<Extras | undefined>(undefined);
  let loading: Promise<typeof openExtras | undefined> | undefined;
  let meeting: Meeting | undefined;
  let early: Said[] = [];
  let earlyBytes: unknown[] = [];

  function send(event: TalkEvent): void {
    ports.soon(() => {
      if (!talk.value) return;
      const [next, effects] = stepTalk(talk.value, { ...ports.moment(), ...event });
      talk.value = next;
      for (const effect of effects) run(effect);
      if (event.type === "finish") extras.value?.ended();
    });
  }

  function run(effect: TalkEffect): void {
    const name = "timer" in effect ? `talk/${effect.timer}` : "";
    switch (effect.do) {
      case "say":
        meeting?.say(effect.message);
        break;
      case "goDirect":
        meeting?.goDirect();
        break;
      case "wake":
        ports.wake(name, effect.inMs, () => send({ type: "wake", timer: effect.timer }));
        break;
      case "sleep":
        ports.sleep(name);
        break;
    }
  }

  /** A page that is older than what the server has now finds no extras: then it goes without, and tries again. */
  function prepare(): void {
    loading ??= ports.loadExtras().catch(() => {
      loading = undefined;
      return undefined;
    });
  }

  function begin(met: Meeting, me: string, stranger: string, tags: readonly string[], hides: Each): void {
    forget();
    meeting = met;
    talk.value = makeTalk(me, stranger, tags, hides);
    const { parcels } = met;
    parcels.binaryType = "arraybuffer";
    parcels.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (earlyBytes.length < EARLY_LIMIT) earlyBytes.push(data);
    };
    prepare();
    void loading?.then((open) => {
      if (meeting !== met || !open) return;
      const say = (message: Said) => {
        if (meeting === met) met.say(message);
      };
      const tell = (event: TalkEvent) => {
        if (meeting === met) send(event);
      };
      const opened = open({
        role: met.role,
        pc: met.pc,
        parcels,
        early: earlyBytes.splice(0),
        say,
        tell,
        now: () => ports.moment().now,
      });
      extras.value = opened;
      if (talk.value?.over) opened.ended();
      for (const message of early.splice(0)) opened.hear(message);
    });
  }

  function heard(message: Said): void {
    switch (message.kind) {
      case "text":
        send({ type: "heard", nth: message.id, text: message.text });
        break;
      case "got":
        send({ type: "got", nth: message.id });
        break;
      case "typing":
        send({ type: "typing", on: message.on });
        break;
      case "direct":
        send({ type: "direct", who: "stranger", on: message.on });
        break;
      default:
        if (extras.value) extras.value.hear(message);
        else if (early.length < EARLY_LIMIT) early.push(message);
    }
  }

  function forget(): void {
    ports.sleep("talk/typing");
    ports.sleep("talk/theirTyping");
    extras.value?.close();
    extras.value = talk.value = meeting = undefined;
    early = [];
    earlyBytes = [];
  }

  return { talk, extras, prepare, begin, send, heard, forget };
}
