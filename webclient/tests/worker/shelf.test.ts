import { beforeEach, describe, expect, it } from "vitest";
import { makeShelf } from "../../src/worker/shelf";
import type { Build } from "../../src/worker/ways";
import { FakeCaches, FakeServer } from "../fakes/caches";

const page = (id: string) => `<meta name="build" content="${id}" />`;
const older: Build = {
  id: "older",
  files: ["/assets/index-old.js", "/assets/grammar-same.js"],
  languages: { en: ["/assets/page-old.js"] },
};
const newer: Build = {
  id: "newer",
  files: ["/assets/index-new.js", "/assets/grammar-same.js"],
  languages: { en: ["/assets/page-new.js"], de: ["/assets/seite-new.js"] },
};

let caches: FakeCaches;
let server: FakeServer;

const serve = (build: Build) => {
  const names = [...build.files, ...Object.values(build.languages).flat()];
  server.files = { "/": page(build.id), ...Object.fromEntries(names.map((name) => [name, `text of ${name}`])) };
};
const shelf = (build: Build) => makeShelf(build, caches as unknown as CacheStorage, server.fetch as typeof fetch);
const on = (build: Build) => [...(caches.all.get(`page ${build.id}`)?.kept.keys() ?? [])].sort();
const request = (path: string) => new Request(`https://passerby.example${path}`);

beforeEach(() => {
  caches = new FakeCaches();
  server = new FakeServer({});
  serve(older);
});

describe("the shelf", () => {
  it("is filled with the page and all that every visitor needs, and later with one language", async () => {
    await shelf(older).fill();
    expect(on(older)).toEqual(["/", ...older.files].sort());
    await shelf(older).learn("en");
    expect(on(older)).toEqual(["/", ...older.files, "/assets/page-old.js"].sort());
  });

  it("does not fetch again what is on another shelf", async () => {
    await shelf(older).fill();
    serve(newer);
    server.asked.length = 0;
    await shelf(newer).fill();
    expect(server.asked.sort()).toEqual(["/", "/assets/index-new.js"]);
    expect(on(newer)).toEqual(["/", ...newer.files].sort());
  });

  it("is not filled from a server that has another build already, or lacks a file", async () => {
    serve(newer);
    await expect(shelf(older).fill()).rejects.toThrow("between two builds");
    serve(older);
    delete server.files["/assets/index-old.js"];
    await expect(shelf(older).fill()).rejects.toThrow("404");
    expect(on(older)).not.toContain("/");
  });

  it.each(["constructor", "xx", "en/../de"])("has no words of a language that there is not: %s", async (language) => {
    await shelf(older).learn(language);
    expect(on(older)).toEqual([]);
  });
});

describe("a file", () => {
  it("is taken from whichever shelf has it, when the server has forgotten it", async () => {
    await shelf(older).fill();
    serve(newer);
    await shelf(newer).fill();
    server.asked.length = 0;
    expect(await (await shelf(newer).file(request("/assets/index-old.js"))).text()).toBe(
      "text of /assets/index-old.js",
    );
    expect(server.asked).toEqual([]);
  });

  it("of this build is kept when it had to be fetched, and one of another build is not", async () => {
    server.files["/assets/other-new.js"] = "other";
    await shelf(older).file(request("/assets/page-old.js"));
    await shelf(older).file(request("/assets/other-new.js"));
    expect(on(older)).toEqual(["/assets/page-old.js"]);
  });

  it("that is not there is not kept as if it were", async () => {
    delete server.files["/assets/page-old.js"];
    expect((await shelf(older).file(request("/assets/page-old.js"))).status).toBe(404);
    expect(on(older)).toEqual([]);
  });

  it("comes from the network where the caches fail, or are full", async () => {
    (await caches.open("page older")).full = true;
    expect((await shelf(older).file(request("/assets/page-old.js"))).status).toBe(200);
    caches.broken = true;
    expect((await shelf(older).file(request("/assets/page-old.js"))).status).toBe(200);
  });
});

describe("the page", () => {
  it("is renewed by one of the same build, as when the operator has something else to say", async () => {
    await shelf(older).fill();
    const said = `${page("older")}<script id="site">{"operator":"Ada"}</script>`;
    await shelf(older).renew(new Response(said));
    expect(await (await shelf(older).page())?.text()).toBe(said);
  });

  it("is not renewed by one of another build, which names files that are not on the shelf, or by an error", async () => {
    await shelf(older).fill();
    await shelf(older).renew(new Response(page("newer")));
    await shelf(older).renew(new Response(page("older"), { status: 500 }));
    expect(await (await shelf(older).page())?.text()).toBe(page("older"));
  });
});

describe("old shelves", () => {
  it("stand as long as somebody uses them, and what is not ours stays", async () => {
    await shelf(older).fill();
    await caches.open("something else");
    serve(newer);
    await shelf(newer).fill();
    await shelf(newer).clear(new Set(["older", "newer"]));
    expect(await caches.keys()).toEqual(["page older", "something else", "page newer"]);
    await shelf(newer).clear(new Set(["newer"]));
    expect(await caches.keys()).toEqual(["something else", "page newer"]);
    await shelf(newer).clear(new Set());
    expect(await caches.keys()).toEqual(["something else", "page newer"]);
  });
});
