// The pictures and voice notes of one talk, as object URLs: so many bytes and so many pieces, the oldest going first. An
// object URL holds its bytes until it is revoked, so all of the log are made and revoked here and nowhere else.

import type { Who } from "../../talk";

export const KEPT_BYTES = 64 * 1024 * 1024;
export const KEPT_LIMIT = 60;

export interface Keep {
  add(who: Who, nth: number, blob: Blob): void;
  url(who: Who, nth: number): string | undefined;
  free(who: Who, nth: number): void;
  close(): void;
}

/** `old` tells of what had to make room. */
export function openKeep(old: (who: Who, nth: number) => void): Keep {
  const kept = new Map<string, { who: Who; nth: number; url: string; size: number }>();
  let size = 0;
  let closed = false;

  function free(who: Who, nth: number): void {
    const key = `${who} ${nth}`;
    const piece = kept.get(key);
    if (!piece) return;
    URL.revokeObjectURL(piece.url);
    kept.delete(key);
    size -= piece.size;
  }

  return {
    add(who, nth, blob) {
      if (closed) return;
      free(who, nth);
      kept.set(`${who} ${nth}`, { who, nth, url: URL.createObjectURL(blob), size: blob.size });
      size += blob.size;
      for (const piece of kept.values()) {
        if (size <= KEPT_BYTES && kept.size <= KEPT_LIMIT) break;
        free(piece.who, piece.nth);
        old(piece.who, piece.nth);
      }
    },
    url: (who, nth) => kept.get(`${who} ${nth}`)?.url,
    free,
    close() {
      closed = true;
      for (const piece of [...kept.values()]) free(piece.who, piece.nth);
    },
  };
}
