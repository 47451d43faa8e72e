// The check words: whether somebody sits between the two, made so that people can compare it (docs/reference/protocol.md,
// "Check words"). Both browsers bind themselves to a nonce in `hello`, and only then tell it; so whoever sits in the middle
// has one guess, and cannot look for keys that happen to make the same words. It knows neither channel nor view.
//
//   hello{commitment} ◄──► hello{commitment}   then   nonce ◄──► nonce   then   four numbers, the same on both sides or not

import { type Bytes, concat, fromBase64url, toBase64url, utf8 } from "./bytes";
import type { Role } from "./seal";
import type { Nonce } from "./wire";

/** A stranger whose nonce does not come by then has no words to compare; the talk goes on. */
const nonceTimeoutMs = 5_000;
/** A byte of the digest for each word: 32 bits in all. */
export const WORDS = 4;

/** Where each word stands in the list of 256 (`extras/words.ts`), or why there are none. */
export type CheckWords = readonly number[] | "coming" | "missing";

/** What one of the two is known by: the certificate of the connection, and the key that sealed the way to it. */
export interface Party {
  /** SHA-256, as descriptions have it: hex pairs with colons. Undefined where there is not exactly one. */
  readonly fingerprint: string | undefined;
  /** 65 bytes, base64url. */
  readonly key: string;
}

export interface Commitment {
  /** Told only after both commitments crossed. */
  readonly nonce: Bytes;
  readonly commitment: string;
}

/** Binds me to a nonce before I see the stranger's. */
export async function commit(
  session: string,
  role: Role,
  nonce: Bytes = crypto.getRandomValues(new Uint8Array(32)),
): Promise<Commitment> {
  const text = concat(utf8("passerby/v1/check/commit"), new Uint8Array(1), utf8(session + role), nonce);
  return { nonce, commitment: toBase64url(await sha256(text)) };
}

/** Undefined when something of it cannot be read. Which of the two comes first does not matter; whose nonce does. */
export async function checkWords(
  session: string,
  parties: readonly [Party, Party],
  nonces: Readonly<Record<Role, Bytes>>,
): Promise<readonly number[] | undefined> {
  const pairs = parties.map(bytesOf);
  if (pairs.some((pair) => pair.length !== 32 + 65)) return undefined;
  const text = concat(
    utf8("passerby/v1/check/words"),
    new Uint8Array(1),
    utf8(session),
    ...pairs.sort(byBytes),
    nonces.a,
    nonces.b,
  );
  return [...(await sha256(text)).subarray(0, WORDS)];
}

export interface CheckOptions {
  readonly session: string;
  readonly role: Role;
  readonly me: Party & Commitment;
  readonly stranger: Party & { readonly commitment: string };
}

export interface CheckPorts {
  send(message: Nonce): void;
  /** First perhaps `missing`, and the numbers when they are known. */
  words(words: CheckWords): void;
  alarm(reason: "commitment"): void;
}

export interface Check {
  /** The first one counts. */
  hear(message: Nonce): Promise<void>;
  close(): void;
}

/** To be called when both hellos have crossed and fit: tells my nonce at once. */
export function check({ session, role, me, stranger }: CheckOptions, ports: CheckPorts): Check {
  const theirRole: Role = role === "a" ? "b" : "a";
  const timer = setTimeout(() => ports.words("missing"), nonceTimeoutMs);
  let heard = false;
  let closed = false;
  ports.send({ kind: "nonce", nonce: toBase64url(me.nonce) });

  return {
    async hear(message) {
      if (heard || closed) return;
      heard = true;
      clearTimeout(timer);
      const nonce = fromBase64url(message.nonce);
      const kept = nonce && (await commit(session, theirRole, nonce)).commitment === stranger.commitment;
      if (closed) return;
      if (!kept) {
        ports.alarm("commitment");
        return;
      }
      const nonces = role === "a" ? { a: me.nonce, b: nonce } : { a: nonce, b: me.nonce };
      const words = await checkWords(session, [me, stranger], nonces);
      if (!closed) ports.words(words ?? "missing");
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function bytesOf({ fingerprint, key }: Party): Bytes {
  const pairs = fingerprint?.split(":") ?? [];
  return concat(
    Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)),
    fromBase64url(key) ?? new Uint8Array(0),
  );
}

function byBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
