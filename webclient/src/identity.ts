// Who this page is to the broker: a random secret, and the peer id that follows from it (docs/reference/protocol.md, "Who
// is who"). Nothing is stored: a reload, or a duplicated tab, is a new peer.

import { concat, toBase64url, utf8 } from "./bytes";

export interface Identity {
  /** ClientID and user name. */
  readonly peer: string;
  /** The secret, in base64url. */
  readonly password: string;
}

export function makeIdentity(): Promise<Identity> {
  return identityOf(crypto.getRandomValues(new Uint8Array(32)));
}

export interface Identities {
  /** Draws one before it is needed; it is told to nobody until then, and is used once. */
  prepare(): void;
  /** At once, if it was prepared. */
  make(): Identity | Promise<Identity>;
}

export function makeIdentities(): Identities {
  let spare: Identity | undefined;
  return {
    prepare() {
      // What fails here is tried again when it is needed, which says so.
      makeIdentity().then(
        (drawn) => {
          spare = drawn;
        },
        () => undefined,
      );
    },
    make() {
      const drawn = spare ?? makeIdentity();
      spare = undefined;
      return drawn;
    },
  };
}

/** The identity that a secret of 32 bytes proves. */
export async function identityOf(secret: Uint8Array): Promise<Identity> {
  const digest = await crypto.subtle.digest("SHA-256", concat(utf8("passerby/v1/peer"), secret));
  return { peer: toBase64url(new Uint8Array(digest, 0, 16)), password: toBase64url(secret) };
}

/** So many random bytes, in base64url. */
export function randomId(bytes: number): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}
