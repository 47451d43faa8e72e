// The way between two as the browser sees it, read from its statistics (W3C webrtc-stats): which pair of candidates is in
// use, whether a relay is on it, how long it takes, and whether anything comes back on it.

import type { Path } from "./talk";

/** The pair in use, and the checks on it (RFC 8445 §2.2), which go on as long as it is: asked and answered so far. */
export interface Sight extends Path {
  readonly pair: string;
  readonly asked: number;
  readonly answered: number;
}

/** Undefined where the browser tells of no pair in use. */
export async function readPath(pc: Pick<RTCPeerConnection, "getStats">): Promise<Sight | undefined> {
  const stats = new Map<string, Record<string, unknown>>();
  let pair: string | undefined;
  (await pc.getStats()).forEach((some: Record<string, unknown>, id: string) => {
    stats.set(id, some);
    if (some.type === "transport" && typeof some.selectedCandidatePairId === "string")
      pair = some.selectedCandidatePairId;
    // Firefox marks the pair itself.
    if (some.type === "candidate-pair" && some.selected === true) pair ??= id;
  });
  const used = pair === undefined ? undefined : stats.get(pair);
  if (pair === undefined || !used) return undefined;
  const relayed = (end: unknown) => typeof end === "string" && stats.get(end)?.candidateType === "relay";
  const { currentRoundTripTime: rttS, requestsSent, responsesReceived } = used;
  return {
    pair,
    relayed: relayed(used.localCandidateId) || relayed(used.remoteCandidateId),
    rttMs: typeof rttS === "number" ? Math.round(rttS * 1_000) : undefined,
    asked: typeof requestsSent === "number" ? requestsSent : 0,
    answered: typeof responsesReceived === "number" ? responsesReceived : 0,
  };
}
