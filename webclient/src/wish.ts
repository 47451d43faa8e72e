// One wish to be matched: ticket, sealing keys, and a peer connection that gathers as soon as the wish has left, so that it
// is ready when a stranger is found. All three are of the one session that may come of it.
//
//   prepare ─ spare keys, a bare connection     at an idle moment: nobody is contacted, nothing gathered
//   draw ─ join leaves ─ begin: gather, an offer set ─ no match within a round trip and a bit ─ wait: as role b needs it
//
// Role b is whose wish is older, so who finds nobody waiting will be b, and who is matched at once is a.

import { type Attempt, attempt, type Bare, bare, type Opening, type Way } from "./handshake";
import { randomId } from "./identity";
import { type Meeting, type MeetingPorts, type MeetingWorld, meeting } from "./meeting";
import { makeSealKeys, type SealKeys } from "./seal";
import type { Matched } from "./wire";

/** Longer than an answer takes on top of the round trip when somebody has waited. */
const ANSWER_MS = 100;

export interface Wish {
  readonly ticket: string;
  /** The sealing key for `join`. */
  readonly key: string;
  /**
   * Makes the peer connection and begins to gather. Once the `join` has left: it takes longer than that.
   *
   * @throws when this browser takes no such servers.
   */
  begin(): void;
  /** The `join` has left, over so long a way to the broker and back. */
  joined(rttMs: number): void;
  /** Perhaps to another network: what was gathered may be no good there. */
  moved(): void;
  /** Once: ticket, keys and peer connection are this session's only. */
  meet(matched: Matched, mySeat: string, nickname: string, ports: MeetingPorts): Meeting;
  drop(): void;
}

export interface Wishes {
  /** Makes ready what the next wish needs, while nobody waits for it. */
  prepare(): void;
  /** At once, if it was prepared. */
  draw(way: Way): Wish | Promise<Wish>;
}

export function makeWishes(given: Partial<MeetingWorld> = {}): Wishes {
  const world: MeetingWorld = {
    makePeer: (configuration) => new RTCPeerConnection(configuration),
    now: () => performance.now(),
    ...given,
  };
  let keys: SealKeys | undefined;
  let spare: Bare | undefined;

  async function prepare(): Promise<void> {
    spare ??= bare(world.makePeer);
    if (keys) return;
    const drawn = await makeSealKeys();
    keys ??= drawn;
  }

  return {
    // What fails here is tried again by the wish, which says so.
    prepare: () => void prepare().catch(() => undefined),
    draw(way) {
      const [drawn, taken] = [keys, spare];
      keys = spare = undefined;
      if (drawn) return makeWish(way, drawn, taken, world);
      return makeSealKeys().then((late) => makeWish(way, late, taken, world));
    },
  };
}

function makeWish(way: Way, keys: SealKeys, spare: Bare | undefined, world: MeetingWorld): Wish {
  let begun: Attempt | undefined;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Who hides keeps the one it has: an address at a relay is dear, and whether there is one has to be seen. */
  function wait(): void {
    if (!way.relay && begun?.opening !== "yield") renew("yield");
  }

  function renew(opening: Opening): void {
    const before = begun;
    if (over || !before) return;
    begun = attempt(way, world.makePeer, opening);
    before.close();
  }

  function end(): void {
    over = true;
    clearTimeout(timer);
    begun = undefined;
  }

  return {
    ticket: randomId(16),
    key: keys.public,
    begin() {
      if (!over) begun = attempt(way, world.makePeer, "offer", spare);
    },
    joined(rttMs) {
      clearTimeout(timer);
      timer = setTimeout(wait, rttMs + ANSWER_MS);
    },
    moved() {
      if (begun) renew(begun.opening);
    },
    meet(matched, mySeat, nickname, ports) {
      if (!begun) throw new Error("a wish is met once, and not after it was dropped");
      const first = begun;
      end();
      const now = { ...way, ice: matched.ice.length > 0 ? matched.ice : way.ice };
      // What was gathered with older credentials is as good.
      const outdated = way.ice.length === 0 && matched.ice.length > 0;
      return meeting({ matched, mySeat, nickname, keys, way: now, first, outdated }, ports, world);
    },
    drop() {
      if (begun) begun.close();
      else if (!over) spare?.pc.close();
      end();
    },
  };
}
