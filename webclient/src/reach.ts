// Where a stranger can reach us should the way between the two be lost: a seat of its own, which the channel tells in
// advance. Another one than that of the next wish: whoever was told a seat can fill it.
//
//   opened ─ the newest seat: reach ─ ping{wantSeat} ─► seat, for the next wish
//   < 180 s left ─ ping{wantSeat} ─► seat: reach …      the one before is listened to until then, and after it

import { type Lobby, type Moment, REACH_LEAST_MS, REACH_RENEW_MS, type Step, usable } from "./state";

/** Takes the newest seat for it, if one is needed and that one will do. */
export function reach(state: Lobby, moment: Moment): Step {
  const { phase, seat } = state;
  if (phase.name !== "talking" || !reachIsOld(state, moment) || !usable(seat, moment.now)) return [state, []];
  const leftMs = seat.untilMs - moment.now;
  // One that is not much younger is not worth telling, unless there is none.
  if (phase.reach && leftMs < REACH_LEAST_MS) return [state, []];
  const before = phase.reach ? { before: phase.reach.seat } : {};
  // The first one came with the match, and a service may have come since.
  const epoch = phase.reach ? state.epoch : phase.match.epoch;
  return [
    { ...state, seat: undefined, phase: { ...phase, reach: { seat, epoch, ...before } } },
    [{ do: "reach", seat: seat.seat, ttlS: Math.floor(leftMs / 1_000) }],
  ];
}

export function reachIsOld({ phase, epoch }: Lobby, moment: Moment): boolean {
  if (phase.name !== "talking") return false;
  return !phase.reach || phase.reach.epoch !== epoch || phase.reach.seat.untilMs - moment.now < REACH_RENEW_MS;
}
