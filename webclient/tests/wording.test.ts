import { describe, expect, it } from "vitest";
import { onlyEmoji, pieces } from "../src/wording";

const links = (text: string) => pieces(text).flatMap((piece) => (typeof piece === "string" ? [] : piece));
const written = (text: string) =>
  pieces(text)
    .map((piece) => (typeof piece === "string" ? piece : piece.text))
    .join("");

describe("a link", () => {
  it.each([
    ["https://example.org", "https://example.org/"],
    ["HTTP://Example.ORG/a?b=c#d", "http://example.org/a?b=c#d"],
    ["https://example.org:8443/x", "https://example.org:8443/x"],
  ])("is made of %s, and leads there", (text, href) => {
    expect(pieces(`see ${text} there`)).toEqual(["see ", { text, href, host: undefined }, " there"]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://example.org",
    "blob:https",
    "mailto:a@example.org",
    "example.org",
    "www.example.org",
    "https://",
    "https:///",
    "https://bank.example@evil.example/",
    "https://bank.example:pw@evil.example/",
    "https://@evil.example/",
    "https://[::1",
    "https://a b",
    "xhttps://example.org",
  ])("is not made of %s", (text) => {
    expect(links(text.replace(/a b$/, ""))).toEqual([]);
  });

  it("never leads to anything but http and https, whatever is before and after it", () => {
    for (const text of ["javascript:https://example.org", "data:https://example.org,x", 'x="https://e.org"onclick=1'])
      for (const { href } of links(text)) expect(href).toMatch(/^https?:\/\//);
  });

  it.each([
    ["https://example.org.", "https://example.org"],
    ["(https://example.org/a)", "https://example.org/a"],
    ["https://example.org/Fox_(animal)", "https://example.org/Fox_(animal)"],
    ["(https://example.org/Fox_(animal)), yes", "https://example.org/Fox_(animal)"],
    ["https://example.org/a?!…", "https://example.org/a"],
    ["“https://example.org/a”", "https://example.org/a"],
    ["<https://example.org/a>", "https://example.org/a"],
    ["https://example.org/a\u202egpj.exe", "https://example.org/a"],
    ["https://example.org,https", "https://example.org,https"],
  ])("ends where its sentence goes on: %s", (text, link) => {
    expect(links(text)[0]?.text).toBe(link);
  });

  it.each([
    ["https://xn--bcher-kva.example", undefined],
    ["https://bücher.example", "xn--bcher-kva.example"],
    ["https://раypal.com/login", "xn--ypal-43d9g.com"],
    ["https://ｅvil.example", "evil.example"],
    ["https://pay\u00adpal.com", "paypal.com"],
    ["http://2130706433/", "127.0.0.1"],
    ["https://ex%61mple.org", "example.org"],
    ["https://bank.example\\@evil.example", undefined],
  ])("says where it really leads when one reads something else: %s", (text, host) => {
    const [link] = links(text);
    if (link) expect(link.host).toBe(host);
    else expect(host).toBeUndefined();
  });

  it("changes not a letter of what was written", () => {
    for (const text of [
      "a https://b.example/c. d",
      "https://a.example https://b.example",
      "\n x  \t https://ü.example\n",
    ])
      expect(written(text)).toBe(text);
  });

  it("is looked for in what was made to be hard", () => {
    for (const part of ["https://", "https://a.(", "http://a.b/)))", "🏳️‍"]) {
      const text = part.repeat(4_000 / part.length);
      expect(written(text)).toBe(text);
    }
  });
});

describe("a few emoji", () => {
  it.each(["🌙", "👍🏽", "❤️", "🇩🇪", "👩‍👩‍👧", "🏳️‍🌈", "🌙 🌙", "🐢🐢🐢🐢"])("are shown large: %s", (text) => {
    expect(onlyEmoji(text)).toBe(true);
  });

  it.each(["", "a", "1", "#", "🌙!", "ok 🌙", "🐢🐢🐢🐢🐢", "\n", "x".repeat(61)])("are not: %s", (text) => {
    expect(onlyEmoji(text)).toBe(false);
  });
});
