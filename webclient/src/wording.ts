// How a line is shown: every letter as it was written, with its links, and large when it is nothing but a few emoji. It
// knows text; the view makes elements of it, and no markup of a stranger's is ever read.

/** A part of a line: plain, or a link. `host` is where it really leads, when that is not what one reads. */
export type Piece = string | { readonly text: string; readonly href: string; readonly host: string | undefined };

/** Ends at space, at what would end it in a sentence, and at marks that turn the direction of reading. */
const LINK = /\bhttps?:\/\/[^\s<>"`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const CLOSING = /[.,;:!?'"’”»*_~…)\]}]+$/u;

const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

const EMOJI_LETTERS = 60;
const EMOJI = String.raw`(?:\p{RI}{2}|\p{ExtPict}(?:\ufe0f|\p{EMod})?(?:\u200d\p{ExtPict}(?:\ufe0f|\p{EMod})?)*)`;
const EMOJI_ONLY = new RegExp(`^(?:${EMOJI}\\s?){1,4}$`, "u");

export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = linkOf(match[0]);
    if (!link) continue;
    if (match.index > at) found.push(text.slice(at, match.index));
    found.push(link);
    at = match.index + link.text.length;
  }
  if (at < text.length) found.push(text.slice(at));
  return found;
}

export function onlyEmoji(text: string): boolean {
  return text.length <= EMOJI_LETTERS && EMOJI_ONLY.test(text);
}

function linkOf(found: string): Exclude<Piece, string> | undefined {
  const text = bodyOf(found);
  const read = /\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
  const url = urlOf(text);
  // A name before the host is there to be taken for it.
  if (!url || !/^https?:$/.test(url.protocol) || read.includes("@")) return undefined;
  const asRead = read.replace(/:\d*$/, "").toLowerCase() === url.hostname;
  return { text, href: url.href, host: asRead ? undefined : url.hostname };
}

/** Without what belongs to the sentence; but a closing bracket belongs to the link that has opened it. */
function bodyOf(found: string): string {
  const body = found.replace(CLOSING, "");
  const next = found[body.length] ?? "";
  const open = OPENING[next];
  return open && body.lastIndexOf(open) > body.lastIndexOf(next) ? body + next : body;
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
