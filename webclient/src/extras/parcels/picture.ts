// Pictures, drawn anew on both sides: by the sender, so that what a camera wrote beside the picture (where, when, with what)
// stays behind; by the receiver, so that no byte of a stranger's ever reaches an <img>, but only what this page has drawn
// itself. What comes is looked at first (formats.ts), so that no decoder unfolds a bomb.

import type { Bytes } from "../../bytes";
import type { Parcel } from "../../wire";
import { measure, sniff, tooBig } from "./formats";
import { PARCEL_BYTES, type Refusal } from "./goods";

/** The longest side of what is sent, and of what is shown. */
const SIDE_PX = 1_600;
/** A camera's file is smaller by far; more is not worth the memory. */
const FILE_BYTES = 100 * 1024 * 1024;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];

type PictureType = "image/jpeg" | "image/webp" | "image/png";
export interface Drawn {
  blob: Blob;
  type: PictureType;
}

/** A file of one's own, made ready to be sent; or why it cannot be. */
export async function prepare(file: Blob): Promise<Drawn | "type" | "size" | "unreadable"> {
  if (file.size > FILE_BYTES) return "size";
  const type = sniff(new Uint8Array(await file.slice(0, 64).arrayBuffer()));
  if (!type?.startsWith("image/")) return "type";
  try {
    return (await redraw(new Blob([file], { type }))) ?? "size";
  } catch {
    return "unreadable";
  }
}

/** A stranger's bytes, made safe to be shown; or why they are refused. */
export async function receive({ type }: Parcel, bytes: Bytes): Promise<Blob | Refusal> {
  if (!isPicture(type) || sniff(bytes) !== type) return "type";
  const extent = measure(bytes, type);
  if (!extent) return "unreadable";
  if (extent.animated) return "type";
  if (tooBig(extent)) return "size";
  const { width, height } = extent;
  // One side alone, so that a turned picture keeps its shape.
  const smaller = width >= height ? { resizeWidth: SIDE_PX } : { resizeHeight: SIDE_PX };
  const options = Math.max(width, height) > SIDE_PX ? { ...smaller, resizeQuality: "high" as const } : undefined;
  const drawn = await redraw(new Blob([bytes], { type }), options);
  return drawn?.blob ?? "size";
}

function isPicture(type: string): type is PictureType {
  return type === "image/jpeg" || type === "image/webp" || type === "image/png";
}

/** Undefined: nothing that this browser writes is small enough. Throws when the browser cannot read it. */
async function redraw(source: Blob, options?: ImageBitmapOptions): Promise<Drawn | undefined> {
  const bitmap = await createImageBitmap(source, options); // turned as the camera was held
  const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = makeCanvas(width, height);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null;
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const clear = source.type !== "image/jpeg" && seesThrough(context.getImageData(0, 0, width, height).data);
  try {
    return await encode(canvas, context, clear);
  } finally {
    canvas.width = canvas.height = 0;
  }
}

function seesThrough(pixels: Uint8ClampedArray): boolean {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return true;
  return false;
}

type Canvas = OffscreenCanvas | HTMLCanvasElement;
type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** JPEG; what is partly clear as WebP, or as PNG where the browser writes no WebP, or on white after all. */
async function encode(canvas: Canvas, context: Context, clear: boolean): Promise<Drawn | undefined> {
  const kept = clear ? ((await write(canvas, "image/webp")) ?? (await write(canvas, "image/png"))) : undefined;
  if (kept) return kept;
  if (clear) {
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return write(canvas, "image/jpeg");
}

async function write(canvas: Canvas, type: PictureType): Promise<Drawn | undefined> {
  for (const quality of type === "image/png" ? [1] : QUALITIES) {
    const blob = await toBlob(canvas, type, quality);
    if (blob?.type !== type) return undefined; // the browser writes another kind instead
    if (blob.size <= PARCEL_BYTES) return { blob, type };
  }
  return undefined;
}

function makeCanvas(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

function toBlob(canvas: Canvas, type: string, quality: number): Promise<Blob | null> {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type, quality });
  return new Promise((then) => canvas.toBlob(then, type, quality));
}
