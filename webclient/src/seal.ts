// Sealing: what two browsers say to each other through the broker, closed to everyone else (docs/reference/protocol.md,
// "Sealing"). ECDH P-256, HKDF-SHA-256, AES-256-GCM with a key per direction and an explicit counter. It knows bytes, and
// nothing of what they mean. From the same secret comes the rendezvous, by which the two may find each other again: a word
// that nobody else can know, and that tells nothing of the keys.
//
//   payload = counter (4) ‖ AES-256-GCM(key of the sender's role, 8 zero bytes ‖ counter, plain, aad = seat ‖ counter)

import { type Bytes, concat, fromBase64url, toBase64url, uint, utf8 } from "./bytes";

export type Role = "a" | "b";

const lastCounter = 255;
const counterBytes = 4;

/** An own key pair for one session; the private half cannot leave the browser's keeping. */
export interface SealKeys {
  readonly private: CryptoKey;
  /** 65 bytes uncompressed, base64url: what `join` and `hello` carry. */
  readonly public: string;
}

export interface SealOptions {
  readonly role: Role;
  readonly keys: SealKeys;
  /** The stranger's public key, as signaling told it. */
  readonly peerKey: string;
  readonly mySeat: string;
  readonly peerSeat: string;
}

export interface Seal {
  /** 16 bytes, base64url, the same on both sides. */
  readonly rendezvous: string;
  /** Payloads come out in the order of the calls. Undefined when the counters are used up. */
  seal(plain: Uint8Array): Promise<Bytes | undefined>;
  /** Undefined for what was not sealed for this seat by this stranger, and for what was opened before. */
  open(payload: Uint8Array): Promise<Bytes | undefined>;
}

export async function makeSealKeys(): Promise<SealKeys> {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const point = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { private: pair.privateKey, public: toBase64url(new Uint8Array(point)) };
}

/** @throws when the stranger's key is not a point of the curve. */
export async function makeSeal({ role, keys, peerKey, mySeat, peerSeat }: SealOptions): Promise<Seal> {
  const shared = await agree(keys, peerKey);
  const inOrder = role === "a" ? [keys.public, peerKey, mySeat, peerSeat] : [peerKey, keys.public, peerSeat, mySeat];
  const [mine, theirs, rendezvous] = await Promise.all([
    directionKey(shared, role, inOrder, "encrypt"),
    directionKey(shared, role === "a" ? "b" : "a", inOrder, "decrypt"),
    meetingWord(shared, inOrder),
  ]);
  const seen = new Set<number>();
  let next = 0;
  let before: Promise<unknown> = Promise.resolve();

  return {
    rendezvous,
    async seal(plain) {
      if (next > lastCounter) return undefined;
      const counter = uint(next++, counterBytes);
      const box = crypto.subtle.encrypt(parameters(peerSeat, counter), mine, concat(plain));
      const turn = before.then(async () => concat(counter, new Uint8Array(await box)));
      before = turn.catch(() => undefined);
      return turn;
    },
    async open(payload) {
      if (payload.length < counterBytes) return undefined;
      const counter = concat(payload.subarray(0, counterBytes));
      const number = new DataView(counter.buffer).getUint32(0);
      if (number > lastCounter || seen.has(number)) return undefined;
      try {
        const box = concat(payload.subarray(counterBytes));
        const plain = new Uint8Array(await crypto.subtle.decrypt(parameters(mySeat, counter), theirs, box));
        // Asked again: two copies may have been opened at the same time. Marked only now: what does not open must not
        // use up the counter of what will.
        if (seen.has(number)) return undefined;
        seen.add(number);
        return plain;
      } catch {
        return undefined;
      }
    },
  };
}

async function agree(keys: SealKeys, peerKey: string): Promise<CryptoKey> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const point = await crypto.subtle.importKey("raw", fromBase64url(peerKey) ?? new Uint8Array(0), curve, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, keys.private, 256);
  return crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey", "deriveBits"]);
}

function directionKey(shared: CryptoKey, sender: Role, inOrder: string[], use: KeyUsage): Promise<CryptoKey> {
  const [keyA = "", keyB = "", seatA = "", seatB = ""] = inOrder;
  const info = concat(utf8(`passerby/v1/seal/${sender}`), ...points(keyA, keyB), utf8(seatA), utf8(seatB));
  return crypto.subtle.deriveKey(hkdf(info), shared, { name: "AES-GCM", length: 256 }, false, [use]);
}

async function meetingWord(shared: CryptoKey, [keyA = "", keyB = ""]: string[]): Promise<string> {
  const info = concat(utf8("passerby/v1/again"), ...points(keyA, keyB));
  return toBase64url(new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), shared, 128)));
}

function points(...keys: string[]): Bytes[] {
  return keys.map((key) => fromBase64url(key) ?? new Uint8Array(0));
}

function hkdf(info: Bytes): HkdfParams {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
}

function parameters(seat: string, counter: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv: concat(new Uint8Array(8), counter), additionalData: concat(utf8(seat), counter) };
}
