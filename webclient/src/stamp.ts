// Stamps: the work that a busy lobby asks for before a wish (docs/reference/protocol.md, "Stamps"). Done here, on the page's
// own thread, in slices so short that typing and motion go on between them: the page's policy allows no worker.
//
//   stamp = effort (1) ‖ seed (32) ‖ counter (4), so that SHA-256("passerby/v1/work" ‖ seed ‖ counter) begins with
//           `effort` zero bits
//
// crypto.subtle hashes one message per promise, which costs ten times the hash. So here is a SHA-256 (FIPS 180-4) that
// knows just this one message of 52 bytes, one block long. Nothing secret ever passes through it.

import { concat, fromBase64url, toBase64url, uint, utf8 } from "./bytes";
import type { Hop } from "./timers";

/** No slice is longer, so that a key that is struck meanwhile waits no longer for its letter. */
export const SLICE_MS = 8;
/** How often the work tells how far it is. */
const TELL_MS = 250;
/** So many hashes between two looks at the clock: a millisecond on a slow phone. */
const BATCH = 256;

export interface SolveEvents {
  tried(hashes: number): void;
  solved(stamp: string): void;
}

export interface SolvePorts {
  hop: Hop;
  /** Milliseconds. */
  now(): number;
}

/** Begins the work, and answers how to stop it. A seed that is none is never solved. */
export function solve(seed: string, effort: number, events: SolveEvents, { hop, now }: SolvePorts): () => void {
  const bytes = fromBase64url(seed);
  const hash = bytes?.length === 32 ? makeHash(bytes) : undefined;
  let stopped = !hash;
  let counter = 0;
  let toldMs = now();

  function slice(): void {
    if (stopped || !bytes || !hash) return;
    const beginMs = now();
    for (let nowMs = beginMs; nowMs - beginMs < SLICE_MS - 1; nowMs = now()) {
      const found = search(hash, effort, counter);
      if (found !== undefined) {
        stopped = true;
        events.solved(toBase64url(concat(Uint8Array.of(effort), bytes, uint(found, 4))));
        return;
      }
      counter += BATCH;
      if (nowMs - toldMs >= TELL_MS) {
        toldMs = nowMs;
        events.tried(counter);
      }
    }
    hop(slice);
  }

  hop(slice);
  return () => {
    stopped = true;
  };
}

function search(hash: Hash, effort: number, from: number): number | undefined {
  for (let counter = from; counter < from + BATCH; counter++) {
    if (Math.clz32(hash(counter)[0] as number) >= effort) return counter;
  }
  return undefined;
}

type Hash = (counter: number) => Int32Array;

/** SHA-256 of label, this seed, and a counter, as eight words; the same array each time. */
export function makeHash(seed: Uint8Array): Hash {
  const words = new Int32Array(64);
  const block = new DataView(concat(utf8("passerby/v1/work"), seed).buffer);
  for (let at = 0; at < 12; at++) words[at] = block.getInt32(4 * at);
  words[13] = 0x8000_0000;
  words[15] = 8 * 52;
  const state = new Int32Array(8);
  return (counter) => {
    words[12] = counter;
    compress(words, state);
    return state;
  };
}

/** The compression of one block, from the initial value; `words` holds the block and room for its schedule. */
function compress(words: Int32Array, state: Int32Array): void {
  for (let at = 16; at < 64; at++) {
    const x = words[at - 15] as number;
    const y = words[at - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[at] = ((words[at - 16] as number) + s0 + (words[at - 7] as number) + s1) | 0;
  }
  let a = START[0];
  let b = START[1];
  let c = START[2];
  let d = START[3];
  let e = START[4];
  let f = START[5];
  let g = START[6];
  let h = START[7];
  for (let at = 0; at < 64; at++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (ROUNDS[at] as number) + (words[at] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] = START[0] + a;
  state[1] = START[1] + b;
  state[2] = START[2] + c;
  state[3] = START[3] + d;
  state[4] = START[4] + e;
  state[5] = START[5] + f;
  state[6] = START[6] + g;
  state[7] = START[7] + h;
}

/** What indexing an array of eight words cannot give otherwise: numbers, and never undefined. */
type Eight = readonly [number, number, number, number, number, number, number, number];

// As signed words: numbers beyond 31 bits are slow ones.
const START = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
) as unknown as Eight;

const ROUNDS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);
