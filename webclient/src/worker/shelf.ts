// Where the files of the page are kept, one shelf (a cache) for each build: the page itself and what it names, byte for byte
// as the server sent it. What has a hash in its name is looked for on every shelf, so a tab that is older than the server
// goes on finding what it needs, as long as its shelf stands.

import { type Build, has, isOf } from "./ways";

const LABEL = "page ";
const PAGE = "/";

export interface Shelf {
  /** Puts everything on it that the page needs before a language is known. Throws when something cannot be had. */
  fill(): Promise<void>;
  /** Puts the words of a language on it. */
  learn(language: string): Promise<void>;
  page(): Promise<Response | undefined>;
  /** Puts a page that came just now in the place of the one that was there, if it is of this build. */
  renew(page: Response): Promise<void>;
  /** From whichever shelf has it, else from the network. */
  file(request: Request): Promise<Response>;
  /** Takes down all shelves but this one and those of these builds. */
  clear(used: ReadonlySet<string>): Promise<void>;
}

export function makeShelf(build: Build, caches: CacheStorage, fetch: typeof globalThis.fetch): Shelf {
  const open = () => caches.open(LABEL + build.id);

  async function keep(path: string, shelf: Cache): Promise<void> {
    if (await shelf.match(path)) return;
    const kept = await caches.match(path, { ignoreVary: true });
    await shelf.put(path, kept ?? whole(await fetch(path)));
  }

  async function fill(): Promise<void> {
    const shelf = await open();
    const page = whole(await fetch(PAGE, { cache: "no-cache" }));
    if (!isOf(build, await page.clone().text())) throw new Error("the server is between two builds");
    await Promise.all(build.files.map((path) => keep(path, shelf)));
    await shelf.put(PAGE, page);
  }

  async function learn(language: string): Promise<void> {
    const shelf = await open();
    const paths = Object.hasOwn(build.languages, language) ? build.languages[language] : undefined;
    await Promise.all((paths ?? []).map((path) => keep(path, shelf)));
  }

  async function renew(page: Response): Promise<void> {
    if (page.ok && isOf(build, await page.clone().text())) await (await open()).put(PAGE, page);
  }

  async function file(request: Request): Promise<Response> {
    // A browser that does not let us at the caches now still has a network.
    const kept = await caches.match(request, { ignoreVary: true }).catch(() => undefined);
    if (kept) return kept;
    const response = await fetch(request);
    if (good(response) && has(build, new URL(request.url).pathname)) {
      const copy = response.clone();
      await open()
        .then((shelf) => shelf.put(request, copy))
        .catch(() => undefined); // it is full
    }
    return response;
  }

  async function clear(used: ReadonlySet<string>): Promise<void> {
    const old = (await caches.keys()).filter((name) => {
      const id = name.slice(LABEL.length);
      return name.startsWith(LABEL) && id !== build.id && !used.has(id);
    });
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  return {
    fill,
    learn,
    page: () => open().then((shelf) => shelf.match(PAGE, { ignoreVary: true })),
    renew,
    file,
    clear,
  };
}

function good(response: Response): boolean {
  return response.status === 200 && !response.redirected;
}

function whole(response: Response): Response {
  if (!good(response)) throw new Error(`${response.url}: ${response.status}`);
  return response;
}
