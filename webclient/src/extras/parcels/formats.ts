// What bytes really are, whatever they are called, and how big a picture in them says it is: read from their heads, before
// any decoder of the browser sees them. Every loop is bounded by the bytes, and nothing here throws.

/** Of a file that somebody picks, or of a parcel. */
export type Format = "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/avif" | Sound;
type Sound = "audio/webm" | "audio/ogg" | "audio/mp4";

export interface Extent {
  width: number;
  height: number;
  animated: boolean;
}

/** Kinds of boxes at the top of a file of the ISO family that mean AVIF. */
const AVIF = ["avif", "avis"];
/** A decoder that unfolds more than this takes more memory than a picture in a chat is worth. */
const PIXELS_LIMIT = 25_000_000;
const SIDE_LIMIT = 12_000;
/** Of a PNG; encoders write a few, and a few thousand when they write very small ones. */
const CHUNKS_LIMIT = 10_000;

/** The kind that the first bytes tell; undefined for every other, text and SVG among them. */
export function sniff(bytes: Uint8Array): Format | undefined {
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (word(bytes, 0) === "RIFF" && word(bytes, 8) === "WEBP") return "image/webp";
  if (word(bytes, 0) === "GIF8" && ["7a", "9a"].includes(word(bytes, 4).slice(0, 2))) return "image/gif";
  if (word(bytes, 4) === "ftyp") return AVIF.includes(word(bytes, 8)) ? "image/avif" : "audio/mp4";
  // EBML with the document type of WebM, which stands in its first few bytes; Matroska is none that we announce.
  if (starts(bytes, 0, 0x1a, 0x45, 0xdf, 0xa3)) return text(bytes, 4, 64).includes("webm") ? "audio/webm" : undefined;
  return word(bytes, 0) === "OggS" ? "audio/ogg" : undefined;
}

/** How big it says that it is, and whether it moves; undefined when it does not say, is cut short, or is none of these. */
export function measure(bytes: Uint8Array, type: "image/jpeg" | "image/png" | "image/webp"): Extent | undefined {
  const found = type === "image/png" ? png(bytes) : type === "image/jpeg" ? jpeg(bytes) : webp(bytes);
  return found && found.width > 0 && found.height > 0 ? found : undefined;
}

export function tooBig({ width, height }: Extent): boolean {
  return width * height > PIXELS_LIMIT || Math.max(width, height) > SIDE_LIMIT;
}

/** Chunks (length, name, data, checksum), from the one that tells the size to the one that ends it. */
function png(bytes: Uint8Array): Extent | undefined {
  if (u32(bytes, 8) !== 13 || word(bytes, 12) !== "IHDR") return undefined;
  const extent = { width: u32(bytes, 16), height: u32(bytes, 20), animated: false };
  let at = 8;
  for (let count = 0; count < CHUNKS_LIMIT && at + 12 <= bytes.length; count += 1, at += 12 + u32(bytes, at)) {
    const name = word(bytes, at + 4);
    if (name === "acTL") extent.animated = true;
    if (name === "IHDR" && at > 8) return undefined;
    if (name === "IEND") return extent;
  }
  return undefined;
}

/** Segments (0xff, marker, length, data) as far as the first scan; then the end of the image must come. */
function jpeg(bytes: Uint8Array): Extent | undefined {
  let extent: Extent | undefined;
  for (let at = unfilled(bytes, 2); at + 4 <= bytes.length; at = unfilled(bytes, at + 2 + u16(bytes, at + 2))) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === SCAN) return ends(bytes, at) ? extent : undefined;
    if (!carriesData(bytes, at)) return undefined;
    if (!isFrame(marker)) continue;
    if (extent) return undefined; // two sizes: which one a decoder believes is not to be guessed
    extent = { width: u16(bytes, at + 7), height: u16(bytes, at + 5), animated: false };
  }
  return undefined;
}

/** Before a marker there may be any number of 0xff. */
function unfilled(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
  return at;
}

const SCAN = 0xda;

function carriesData(bytes: Uint8Array, at: number): boolean {
  const marker = bytes[at + 1] ?? 0;
  return bytes[at] === 0xff && marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd9) && u16(bytes, at + 2) >= 2;
}

/** SOF0 to SOF15, without the three of the same row that mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Within a scan 0xff is always followed by something else than 0xd9, unless the image ends there. */
function ends(bytes: Uint8Array, from: number): boolean {
  for (let at = from + 2; at < bytes.length; at += 1) if (bytes[at] === 0xd9 && bytes[at - 1] === 0xff) return true;
  return false;
}

function webp(bytes: Uint8Array): Extent | undefined {
  if (u32le(bytes, 4) + 8 > bytes.length) return undefined; // cut short
  const at = 20;
  switch (word(bytes, 12)) {
    case "VP8X": {
      const animated = ((bytes[at] ?? 0) & 0x02) !== 0;
      return ended(bytes, at + 10, { width: 1 + u24le(bytes, at + 4), height: 1 + u24le(bytes, at + 7), animated });
    }
    case "VP8 ": {
      if (!starts(bytes, at + 3, 0x9d, 0x01, 0x2a)) return undefined;
      const width = u16le(bytes, at + 6) & 0x3fff;
      return ended(bytes, at + 10, { width, height: u16le(bytes, at + 8) & 0x3fff, animated: false });
    }
    case "VP8L": {
      if (bytes[at] !== 0x2f) return undefined;
      const bits = u32le(bytes, at + 1);
      return ended(bytes, at + 5, {
        width: 1 + (bits & 0x3fff),
        height: 1 + ((bits >>> 14) & 0x3fff),
        animated: false,
      });
    }
    default:
      return undefined;
  }
}

function ended(bytes: Uint8Array, needed: number, extent: Extent): Extent | undefined {
  return bytes.length >= needed ? extent : undefined;
}

function starts(bytes: Uint8Array, at: number, ...wanted: number[]): boolean {
  return wanted.every((byte, nth) => bytes[at + nth] === byte);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function word(bytes: Uint8Array, at: number): string {
  return text(bytes, at, 4);
}

// What lies beyond the end counts as zeros.
function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}

function u16le(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function u24le(bytes: Uint8Array, at: number): number {
  return u16le(bytes, at) | ((bytes[at + 2] ?? 0) << 16);
}

function u32le(bytes: Uint8Array, at: number): number {
  return u24le(bytes, at) + (bytes[at + 3] ?? 0) * 0x1000000;
}
