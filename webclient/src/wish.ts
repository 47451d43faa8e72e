// One wish to be matched: ticket, sealing keys, and a peer connection that gathers from the first moment, so that it is
// ready when a stranger is found. All three are of the one session that may come of it.

import { type Attempt, attempt, type Way } from "./handshake";
import { randomId } from "./identity";
import { type Meeting, type MeetingPorts, type MeetingWorld, meeting } from "./meeting";
import { makeSealKeys } from "./seal";
import type { Matched } from "./wire";

export interface Wish {
  readonly ticket: string;
  /** The sealing key for `join`. */
  readonly key: string;
  /** Once: ticket, keys and peer connection are this session's only. */
  meet(matched: Matched, mySeat: string, nickname: string, ports: MeetingPorts): Meeting;
  drop(): void;
}

/** Draws ticket and keys, and begins to gather at once. */
export async function makeWish(way: Way, given: Partial<MeetingWorld> = {}): Promise<Wish> {
  const world: MeetingWorld = {
    makePeer: (configuration) => new RTCPeerConnection(configuration),
    now: () => performance.now(),
    ...given,
  };
  let begun: Attempt | undefined = attempt(way, world.makePeer, "offer");
  const keys = await makeSealKeys();
  return {
    ticket: randomId(16),
    key: keys.public,
    meet(matched, mySeat, nickname, ports) {
      if (!begun) throw new Error("a wish is met once, and not after it was dropped");
      const first = begun;
      begun = undefined;
      const now = { ...way, ice: matched.ice.length > 0 ? matched.ice : way.ice };
      // What was gathered with older credentials is as good.
      const outdated = way.ice.length === 0 && matched.ice.length > 0;
      return meeting({ matched, mySeat, nickname, keys, way: now, first, outdated }, ports, world);
    },
    drop() {
      begun?.close();
      begun = undefined;
    },
  };
}
