import { describe, expect, it } from "vitest";
import { type Asked, type Build, has, isOf, wayOf } from "../../src/worker/ways";

const HERE = "https://passerby.example";
const asked = (path: string, more: Partial<Asked> = {}): Asked => ({
  method: "GET",
  mode: "navigate",
  url: new URL(path, HERE).href,
  ...more,
});
const file = (path: string, more: Partial<Asked> = {}) => wayOf(asked(path, { mode: "cors", ...more }), HERE);

describe("a request", () => {
  it.each(["/", "/?from=home-screen", "/#top"])("for the page is answered by the network or the shelf: %s", (path) => {
    expect(wayOf(asked(path), HERE)).toBe("page");
  });

  it.each(["/legal/en/privacy", "/legal/de/facts"])(
    "for a page beside it has a word where there is no network: %s",
    (path) => {
      expect(wayOf(asked(path), HERE)).toBe("leaf");
    },
  );

  it.each(["/assets/index-CoIzDhv2.js", "/assets/index-BZ_U-UcU.css"])(
    "for what has a hash is answered at once: %s",
    (path) => {
      expect(file(path)).toBe("file");
      expect(file(path, { mode: "no-cors" })).toBe("file");
    },
  );

  it.each(["/index.html", "/legal", "/metrics", "/assets/index-CoIzDhv2.js"])("to go to %s goes past", (path) => {
    expect(wayOf(asked(path), HERE)).toBe("past");
  });

  it.each([
    "/",
    "/mqtt",
    "/worker.js",
    "/manifest.webmanifest",
    "/favicon.svg",
    "/icons/192.png",
    "/assets/plain.js",
    "/legal/en/privacy",
    "/other/assets/index-CoIzDhv2.js",
  ])("for %s, and not to go there, goes past", (path) => {
    expect(file(path)).toBe("past");
  });

  it("that is no GET goes past", () => {
    for (const method of ["POST", "HEAD", "PUT"]) {
      expect(wayOf(asked("/", { method }), HERE)).toBe("past");
      expect(file("/assets/index-CoIzDhv2.js", { method })).toBe("past");
    }
  });

  it.each(["https://ads.example/", "https://passerby.example:8443/", "http://passerby.example/"])(
    "to %s goes past",
    (url) => {
      expect(wayOf(asked("/", { url }), HERE)).toBe("past");
      expect(file("/", { url: `${url}assets/index-CoIzDhv2.js` })).toBe("past");
    },
  );

  it("for bytes that the page holds itself goes past", () => {
    expect(file("/", { url: `blob:${HERE}/assets/index-CoIzDhv2.js` })).toBe("past");
  });
});

describe("a build", () => {
  const build: Build = { id: "a1b2", files: ["/assets/index-1.js"], languages: { de: ["/assets/page-2.js"] } };

  it("knows its own files, also those of one language", () => {
    expect(["/assets/index-1.js", "/assets/page-2.js", "/assets/page-3.js"].map((path) => has(build, path))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("knows its own page", () => {
    expect(isOf(build, '<head><meta name="build" content="a1b2" /></head>')).toBe(true);
    expect(isOf(build, '<head><meta name="build" content="c3d4" /></head>')).toBe(false);
    expect(isOf(build, "a1b2")).toBe(false);
  });
});
