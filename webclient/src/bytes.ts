// Bytes and text: base64url without padding (RFC 4648 §5), UTF-8 and JSON. Everything that reads answers undefined for
// what it cannot read; nothing here throws.

export type Bytes = Uint8Array<ArrayBuffer>;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Reads UTF-8; undefined when it is malformed. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads JSON out of a payload; undefined for anything else. */
export function fromJson(payload: Uint8Array | string): unknown {
  const text = typeof payload === "string" ? payload : fromUtf8(payload);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function concat(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A big-endian number of the given width. */
export function uint(value: number, width: 2 | 4): Bytes {
  const bytes = new Uint8Array(width);
  for (let i = 0; i < width; i++) bytes[i] = value >>> (8 * (width - 1 - i));
  return bytes;
}

export function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads canonical base64url; undefined for padding, other letters and stray bits at the end. */
export function fromBase64url(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : undefined;
}
