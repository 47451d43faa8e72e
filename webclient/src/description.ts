// Session descriptions as text (SDP, RFC 8866), before they are handed to the browser and before they leave it. What a
// stranger sends is checked line by line, as browsers read it; nothing here knows a connection.

/** ASCII in practice; the bound is that of the wire. */
const descriptionLetters = 12_000;
export const candidateLetters = 512;

export interface CheckedDescription {
  readonly sdp: string;
  /** The one SHA-256 fingerprint of the stranger's DTLS certificate, in capitals. */
  readonly fingerprint: string;
}

/** Before the talk there is the channel, and nothing else. */
export function checkDescription(sdp: string): CheckedDescription | undefined {
  return check(sdp, (sections) => sections.length === 1 && sections[0] === "application");
}

/** In a talk a call may have come to it: voice, and a picture. */
export function checkTalkDescription(sdp: string): CheckedDescription | undefined {
  return check(sdp, ([first, ...calls]) => {
    return first === "application" && calls.length <= 2 && calls.every((kind) => kind === "audio" || kind === "video");
  });
}

/**
 * Lets a stranger's description through when it has the sections it may have and exactly one distinct SHA-256
 * fingerprint. Fingerprints by other hash functions are taken out: check words are made from the SHA-256 one, and a
 * browser that trusted another instead could be led to a certificate that the words do not cover.
 */
function check(sdp: string, fits: (sections: string[]) => boolean): CheckedDescription | undefined {
  if (sdp.length > descriptionLetters) return undefined;
  const lines = sdp.split(/\r?\n/).filter((line) => line !== "" && !tooLongCandidate(line));
  // A lone carriage return or a line that is no `letter=` would be read differently by different browsers.
  if (!lines.every((line) => /^[a-z]=[^\r\0]*$/.test(line))) return undefined;
  if (!fits(lines.flatMap((line) => /^m=(\S+) /.exec(line)?.[1] ?? (line.startsWith("m=") ? "" : []))))
    return undefined;
  const fingerprints = new Set(lines.flatMap((line) => fingerprintOf(line) ?? []));
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined || fingerprints.size !== 1) return undefined;
  const kept = lines.filter((line) => !/^a=\s*fingerprint/i.test(line) || fingerprintOf(line) !== undefined);
  return { sdp: `${kept.join("\r\n")}\r\n`, fingerprint };
}

function fingerprintOf(line: string): string | undefined {
  return /^a=fingerprint:sha-256 ([0-9a-f]{2}(?::[0-9a-f]{2}){31})\s*$/i.exec(line)?.[1]?.toUpperCase();
}

function tooLongCandidate(line: string): boolean {
  return line.startsWith("a=candidate:") && line.length - 2 > candidateLetters;
}

/**
 * Turns the stranger's offer into an answer to mine: only who is DTLS client must be said, and it is said by role, so that
 * both sides say the same.
 */
export function mirrored(sdp: string, role: "a" | "b"): string {
  return sdp.replace(/^a=setup:actpass(?=\r?$)/gm, `a=setup:${role === "a" ? "active" : "passive"}`);
}

/** What of my own description may leave. In relay mode nothing that tells an address of mine, whatever was gathered. */
export function outgoingDescription(sdp: string, relay: boolean): string {
  return sdp
    .split("\r\n")
    .flatMap((line) => {
      if (relay && line.startsWith("c=IN ")) return "c=IN IP4 0.0.0.0";
      if (relay && line.startsWith("a=rtcp:")) return "a=rtcp:9 IN IP4 0.0.0.0"; // of a call: once more (RFC 3605)
      if (!line.startsWith("a=candidate:")) return line;
      const candidate = outgoingCandidate(line.slice(2), relay);
      return candidate === undefined ? [] : `a=${candidate}`;
    })
    .join("\r\n");
}

/** The same of a channel alone in fewer bytes: without what is about media, or said twice. Readers take any line end. */
export function leanDescription(sdp: string): string {
  return sdp
    .split("\r\n")
    .filter((line) => line !== "a=extmap-allow-mixed" && !line.startsWith("a=msid-semantic:"))
    .map((line) => (line.startsWith("a=candidate:") ? line.replace(/ (?:generation 0|ufrag \S+)/g, "") : line))
    .join("\n");
}

/**
 * A candidate as it may leave, or undefined. A relayed one names the address it was mapped from as `raddr`: not to tell.
 * An active TCP one (RFC 6544) could only be met by a passive one, which no browser has: it would be checked in vain.
 */
export function outgoingCandidate(candidate: string, relay: boolean): string | undefined {
  if (candidate === "" || candidate.length > candidateLetters || / tcptype active(?: |$)/.test(candidate))
    return undefined;
  if (!relay) return candidate;
  if (!/^candidate:(?:\S+ ){6}typ relay(?: |$)/.test(candidate)) return undefined;
  return candidate.replace(/ raddr \S+ rport \S+/g, " raddr 0.0.0.0 rport 0");
}

/** Whether the description already tells this candidate; its tail is written differently in events and descriptions. */
export function tellsCandidate(sdp: string, candidate: string): boolean {
  return sdp.includes(candidate.split(" ").slice(0, 8).join(" "));
}
