// Meeting one stranger: from a match to a talk, and to its end. It ties together what others know: seal and post (the
// sealed way through the broker), handshake (the peer connection), channel (what is said), and together (what keeps the
// two in touch). It decides whether the one on the other end is the one whom signaling told of, and nothing is delivered
// before that.
//
//   meet ── post, handshake ──► channel open ── hello ◄──► hello ──► open, text, typing …
//     │ 6 s: failed               │ 5 s: failed     │ does not fit: alarm
//
// `over` is told once, and never after `end` or `alarm`.

import { type Channel, openChannel } from "./channels";
import { type CheckWords, type Commitment, commit } from "./checkwords";
import { type Attempt, attempt, handshake, type MakePeer, type Opening, openingOf, type Way } from "./handshake";
import { openPost } from "./post";
import { makeSeal, type Role, type SealKeys } from "./seal";
import type { Path } from "./talk";
import { type Together, together } from "./together";
import { sessionTopic } from "./topics";
import { type ChannelMessage, type Hello, type IceServer, type Matched, type SessionMessage, VERSION } from "./wire";

const openTimeoutMs = 6_000;
const helloTimeoutMs = 5_000;
const farewellMs = 200;

export interface MeetingPorts {
  publish(topic: string, payload: Uint8Array): void;
  /** Whether that leaves just now. */
  linked(): boolean;
  /** The stranger is who signaling said: talk. */
  open(stranger: { nickname: string; relay: boolean; rendezvous: string }): void;
  heard(message: Said): void;
  over(mood: "left" | "lost" | "failed"): void;
  /** Somebody sits between the two: `session`, `role`, `key`, `peerKey`, `commitment`, `fingerprint`, or `early`. */
  alarm(reason: string): void;
  notice(what: "flood" | "oversize"): void;
  /** The way between the two is lost, and another one looked for; or there is one again. */
  broken(on: boolean): void;
  /** Told every few seconds, while somebody looks. */
  path(path: Path): void;
  /** What the two can compare, once it is known, or that it will not be. */
  words(words: CheckWords): void;
}

/** What people say to each other, or do, once they talk. */
export type Said = Exclude<
  ChannelMessage,
  { kind: "hello" | "nonce" | "seat" | "offer" | "answer" | "candidates" | "bye" }
>;

export interface Meeting {
  readonly role: Role;
  /** The connection and the channel for what is big; they change until the talk begins, and then no more. */
  readonly pc: RTCPeerConnection;
  readonly parcels: RTCDataChannel;
  /** A payload from `v1/session/{seat}`: that of the match, or one that the stranger was told by `reach`. */
  receive(payload: Uint8Array, seat?: string): void;
  say(message: Said): void;
  /** For so long I can be reached at this seat, should the way be lost: tells the stranger. */
  reach(seat: string, ttlS: number): void;
  /** The page woke; `moved`: maybe on another network. */
  wake(moved: boolean): void;
  /** There is a broker again. */
  linked(): void;
  /** From now on the stranger may learn my address: both have agreed. */
  goDirect(): void;
  /** Fresh credentials, good for so long, before those in use end. */
  refresh(ice: readonly IceServer[], ttlS: number): void;
  end(): void;
}

/** What a test puts in place of the browser's. */
export interface MeetingWorld {
  makePeer: MakePeer;
  now(): number;
}

export interface MeetingOptions {
  readonly matched: Matched;
  readonly mySeat: string;
  readonly nickname: string;
  readonly keys: SealKeys;
  readonly way: Way;
  readonly first: Attempt;
  /** The first attempt was begun without the servers that came with the match. */
  readonly outdated: boolean;
}

export function meeting(options: MeetingOptions, ports: MeetingPorts, world: MeetingWorld): Meeting {
  const { matched, keys, way } = options;
  const { role, session } = matched;
  let phase: "shaking" | "greeting" | "talking" | "over" = "shaking";
  let timer = setTimeout(() => over("failed"), openTimeoutMs);
  let own: Commitment | undefined;
  let company: Together | undefined;
  let rendezvous = "";

  const again = (opening: Opening) => attempt(way, world.makePeer, opening);
  if (options.outdated) options.first.close();
  const first = options.outdated ? again(openingOf(role, matched.handshake)) : options.first;
  let channel = bind(first);

  const sealing = makeSeal({ role, keys, peerKey: matched.key, mySeat: options.mySeat, peerSeat: matched.to });
  sealing.then(
    (seal) => (rendezvous = seal.rendezvous), // long before the channel opens, which needs what was sealed
    () => undefined, // reported by the post
  );
  const post = openPost(sealing, {
    publish: (payload, to = matched.to) => ports.publish(sessionTopic(to), payload),
    // The channel cannot open before a description was taken, and that waits for both: `own` is there when it opens.
    start: () => Promise.all([shake.start(), commit(session, role).then((made) => (own = made))]),
    message: receive,
    failed: () => over("failed"),
  });
  const shake = handshake(
    { attempt: first, again, role, mode: matched.handshake, relay: way.relay },
    {
      send: post.send,
      renewed(next) {
        channel.release();
        channel = bind(next);
      },
      failed: () => over("failed"),
      alarm,
    },
  );

  function bind({ pc, channel: raw }: Attempt): Channel {
    pc.onconnectionstatechange = () => {
      if (company) company.changed();
      else if (pc.connectionState === "failed") gone();
    };
    return openChannel(raw, { opened, message: hear, closed: gone, notice: (what) => ports.notice(what) }, world.now);
  }

  async function receive(message: SessionMessage): Promise<void> {
    if (message.kind === "bye") over("left");
    // A description that has a number is of the talk, and one that has none of the handshake.
    else if (company && (message.kind === "candidates" || ("nth" in message && message.nth != null)))
      await company.receive(message);
    else await shake.receive(message);
  }

  function opened(): void {
    if (phase !== "shaking" || !own) return;
    phase = "greeting";
    clearTimeout(timer);
    timer = setTimeout(() => over("failed"), helloTimeoutMs);
    post.settle();
    shake.opened();
    channel.send({
      kind: "hello",
      version: VERSION,
      session,
      role,
      key: keys.public,
      peerKey: matched.key,
      nickname: options.nickname,
      commitment: own.commitment,
      relay: way.relay,
    });
  }

  function hear(message: ChannelMessage | undefined): void {
    opened(); // in case a browser delivers before it tells of the opening
    if (phase === "over") return;
    if (message?.kind === "bye") over("left");
    else if (phase === "greeting" && message?.kind === "hello") greet(message);
    else if (phase !== "talking") alarm("early");
    else if (message) converse(message);
  }

  function converse(message: ChannelMessage): void {
    switch (message.kind) {
      case "hello":
      case "bye":
        return;
      case "nonce":
      case "seat":
      case "offer":
      case "answer":
      case "candidates":
        company?.hear(message);
        return;
      default:
        ports.heard(message);
    }
  }

  function greet(hello: Hello): void {
    const misfit = misfitOf(hello);
    if (misfit !== undefined) alarm(misfit);
    else if (hello.version !== VERSION) over("failed");
    else if (own) {
      phase = "talking";
      clearTimeout(timer);
      const { key, commitment } = hello;
      company = together(
        {
          attempt: shake.attempt,
          session,
          role,
          relay: way.relay,
          me: { key: keys.public, ...own },
          stranger: { fingerprint: shake.fingerprint ?? "", key, commitment },
          iceTtlS: matched.ice.length > 0 ? (matched.iceTtl ?? Number.POSITIVE_INFINITY) : 0,
        },
        {
          send: channel.send,
          post: post.send,
          sealed: () => post.sealed,
          linked: ports.linked,
          now: world.now,
          alarm,
          words: ports.words,
          broken(on) {
            channel.hold(on);
            ports.broken(on);
          },
          path: ports.path,
          lost: gone,
        },
      );
      ports.open({ nickname: hello.nickname, relay: hello.relay, rendezvous });
    }
  }

  /** What of the stranger's hello is not as signaling told me. Equal commitments: somebody sends me back my own. */
  function misfitOf(hello: Hello): string | undefined {
    if (hello.session !== session) return "session";
    if (hello.role === role) return "role";
    if (hello.key !== matched.key) return "key";
    if (hello.peerKey !== keys.public) return "peerKey";
    return hello.commitment === own?.commitment ? "commitment" : undefined;
  }

  function gone(): void {
    over(phase === "talking" ? "lost" : "failed");
  }

  function over(mood: "left" | "lost" | "failed"): void {
    if (!stop()) return;
    post.close();
    channel.release();
    shake.close();
    ports.over(mood);
  }

  function alarm(reason: string): void {
    if (!stop()) return;
    post.close();
    part(); // gently, so that the stranger still gets my hello and can see for himself
    ports.alarm(reason);
  }

  function end(): void {
    const address = company?.address;
    if (!stop()) return;
    if (channel.open) {
      channel.hold(false);
      channel.send({ kind: "bye" });
    }
    // Without a way it would not arrive; and before the channel is open there is no other.
    if (!channel.open || address !== undefined) post.close({ kind: "bye" }, address);
    else post.close();
    part();
  }

  /** Whether it was not over already. From here on nothing is delivered. */
  function stop(): boolean {
    if (phase === "over") return false;
    phase = "over";
    clearTimeout(timer);
    company?.close();
    return true;
  }

  function part(): void {
    const close = () => {
      clearTimeout(timer);
      channel.release();
      shake.close();
    };
    timer = setTimeout(close, farewellMs);
    channel.finish(close);
  }

  return {
    role,
    get pc() {
      return shake.attempt.pc;
    },
    get parcels() {
      return shake.attempt.parcels;
    },
    receive: post.receive,
    say(message) {
      if (phase === "talking") channel.send(message);
    },
    reach: (seat, ttlS) => company?.reach(seat, ttlS),
    wake: (moved) => company?.wake(moved),
    linked: () => company?.linked(),
    goDirect() {
      company?.goDirect();
    },
    refresh(ice, ttlS) {
      company?.refresh(ice, ttlS);
    },
    end,
  };
}
