import { describe, expect, it } from "vitest";
import {
  checkDescription,
  leanDescription,
  mirrored,
  outgoingCandidate,
  outgoingDescription,
  tellsCandidate,
} from "../src/description";

const mine = Array(32).fill("AB").join(":");
const other = Array(32).fill("CD").join(":");

function sdp(...more: string[]): string {
  const head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"];
  return `${[...head, "c=IN IP4 0.0.0.0", "a=setup:actpass", ...more].join("\r\n")}\r\n`;
}

describe("a stranger's description", () => {
  it("is let through unchanged", () => {
    const whole = sdp(`a=fingerprint:sha-256 ${mine}`, "a=candidate:1 1 udp 1 192.0.2.1 5 typ host");
    expect(checkDescription(whole)).toEqual({ sdp: whole, fingerprint: mine });
    expect(checkDescription(whole.replaceAll("\r\n", "\n"))?.sdp).toBe(whole);
  });

  it("may repeat its fingerprint, in any case of letters", () => {
    const lines = [`a=fingerprint:sha-256 ${mine}`, `a=fingerprint:SHA-256 ${mine.toLowerCase()}`];
    expect(checkDescription(sdp(...lines))?.fingerprint).toBe(mine);
  });

  it("loses fingerprints that the check words would not cover", () => {
    const lines = [
      `a=fingerprint:sha-512 ${other}:${other}`,
      `a=fingerprint:sha-256 ${mine}`,
      `a=FINGERPRINT:md5 ${other}`,
    ];
    expect(checkDescription(sdp(...lines))?.sdp).toBe(sdp(`a=fingerprint:sha-256 ${mine}`));
  });

  it("loses a candidate of more than 512 characters", () => {
    const long = `a=candidate:${"x".repeat(503)}`;
    const kept = `a=candidate:${"x".repeat(502)}`;
    const checked = checkDescription(sdp(`a=fingerprint:sha-256 ${mine}`, kept, long));
    expect(checked?.sdp).toContain(kept);
    expect(checked?.sdp).not.toContain(long);
  });

  it.each([
    ["without a fingerprint", sdp()],
    ["with a fingerprint by another hash only", sdp(`a=fingerprint:sha-1 ${mine}`)],
    ["with two fingerprints", sdp(`a=fingerprint:sha-256 ${mine}`, `a=fingerprint:sha-256 ${other}`)],
    ["with a fingerprint cut short", sdp(`a=fingerprint:sha-256 ${mine.slice(3)}`)],
    ["with a second section", sdp(`a=fingerprint:sha-256 ${mine}`, "m=audio 9 UDP/TLS/RTP/SAVPF 111")],
    ["with another section", sdp(`a=fingerprint:sha-256 ${mine}`).replace("m=application", "m=video")],
    ["with lines that only some browsers see", sdp(`a=fingerprint:sha-256 ${mine}\ra=fingerprint:sha-256 ${other}`)],
    ["with a line that is none", sdp(`a=fingerprint:sha-256 ${mine}`, " a=setup:active")],
    ["longer than 12,000", sdp(`a=fingerprint:sha-256 ${mine}`, `a=x:${"y".repeat(12_000)}`)],
  ])("is refused %s", (_, text) => {
    expect(checkDescription(text)).toBeUndefined();
  });

  it("becomes an answer in which b is the DTLS client", () => {
    expect(mirrored(sdp(), "a")).toBe(sdp().replace("actpass", "active"));
    expect(mirrored(sdp(), "b")).toBe(sdp().replace("actpass", "passive"));
  });
});

describe("what leaves", () => {
  const host = "candidate:1 1 udp 2113937151 0f1e.local 54321 typ host generation 0 ufrag aaaa network-cost 999";
  const relay = "candidate:3 1 udp 33562367 198.51.100.9 6000 typ relay raddr 203.0.113.5 rport 4000 generation 0";
  const told = relay.replace("203.0.113.5 rport 4000", "0.0.0.0 rport 0");

  it("is everything that was gathered, unless only a relay may be used", () => {
    const text = sdp(`a=${host}`, `a=${relay}`).replace("c=IN IP4 0.0.0.0", "c=IN IP4 203.0.113.5");
    expect(outgoingDescription(text, false)).toBe(text);
    expect(outgoingDescription(text, true)).toBe(sdp(`a=${told}`));
  });

  it("is leaner for the channel alone, and read as the same", () => {
    const text = sdp("a=extmap-allow-mixed", "a=msid-semantic: WMS", `a=${host}`, `a=fingerprint:sha-256 ${mine}`);
    const lean = leanDescription(text);
    expect(lean).not.toMatch(/\r|extmap|msid|generation|ufrag aaaa/);
    expect(checkDescription(lean)?.sdp).toBe(
      sdp(`a=${host.replace(" generation 0 ufrag aaaa", "")}`, `a=fingerprint:sha-256 ${mine}`),
    );
  });

  it("in relay mode says nothing of an address in the lines of a call, either", () => {
    const call = sdp("m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 192.0.2.1", "a=rtcp:54321 IN IP4 192.0.2.1");
    expect(outgoingDescription(call, false)).toBe(call);
    expect(outgoingDescription(call, true)).not.toContain("192.0.2.1");
  });

  it.each([
    [host, false, host],
    [host, true, undefined],
    [relay, true, told],
    [host.replace("typ host", "typ srflx raddr 0.0.0.0 rport 0 typ relay"), true, undefined],
    ["candidate:5 1 tcp 1518280447 0f1e.local 9 typ host tcptype active generation 0", false, undefined],
    [
      "candidate:6 1 tcp 1518280447 192.0.2.1 5000 typ host tcptype passive",
      false,
      "candidate:6 1 tcp 1518280447 192.0.2.1 5000 typ host tcptype passive",
    ],
    ["", false, undefined],
    [`candidate:${"x".repeat(600)}`, false, undefined],
  ])("of candidate %j with relay %j is %j", (candidate, only, expected) => {
    expect(outgoingCandidate(candidate, only)).toBe(expected);
  });

  it("knows a candidate in a description by its first eight words", () => {
    const inDescription = `a=${host.replace(" ufrag aaaa", "")}`;
    expect(tellsCandidate(sdp(inDescription), host)).toBe(true);
    expect(tellsCandidate(sdp(inDescription), host.replace("54321", "54322"))).toBe(false);
  });
});
