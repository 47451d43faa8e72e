// What a parcel is made of, and how far it has come. Both sides of a transfer speak of it in these words.

import type { Bytes } from "../../bytes";
import type { ParcelState } from "../../talk";
import type { Drop, Parcel, Refuse, Taken } from "../../wire";

/** Bound of the wire, of what is announced and of what comes. */
export const PARCEL_BYTES = 8 * 1024 * 1024;
/** Of each message on the channel for what is big: the number of the parcel, big-endian. */
export const HEAD_BYTES = 4;

/** To be sent: everything of a parcel but its number. */
export interface Goods extends Omit<Parcel, "kind" | "id" | "size"> {
  bytes: Bytes;
}

export type Refusal = Refuse["why"];
export type Progress =
  | { name: "going"; done: number }
  | { name: "here" }
  | { name: "gone"; why: Extract<ParcelState, { name: "gone" }>["why"] };

/** A line need not be drawn anew more often than that in the course of one parcel. */
const PARTS = 20;

/** Whether so many bytes are worth telling, after so many were told. */
export function worthTelling(done: number, told: number, size: number): boolean {
  return done > told && (done === size || done - told >= size / PARTS);
}

/** The part of a data channel that a transfer needs, so that a test can stand in for it. */
export type Wire = Pick<
  RTCDataChannel,
  | "readyState"
  | "bufferedAmount"
  | "bufferedAmountLowThreshold"
  | "binaryType"
  | "onbufferedamountlow"
  | "onmessage"
  | "onclose"
> & { send(data: Bytes): void };

export type About = Parcel | Drop | Refuse | Taken;
