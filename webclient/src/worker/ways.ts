// Which way a request goes: into our hands, or past us. Pure, so that a test can hold it against every kind of request.

/** One build of the page, as the build itself writes it down (`bundle/worker.ts`). */
export interface Build {
  readonly id: string;
  /** What every visitor needs sooner or later, by path. */
  readonly files: readonly string[];
  /** What only those need who read that language. */
  readonly languages: Readonly<Record<string, readonly string[]>>;
}

/**
 * `page`: the page itself, from the network if that answers in time · `leaf`: a page beside it, from the network, with a
 * word where there is none · `file`: never changes under its name, so what is kept is as good · `past`: not ours to touch.
 */
export type Way = "page" | "leaf" | "file" | "past";

export type Asked = Pick<Request, "method" | "mode" | "url">;

export function wayOf({ method, mode, url }: Asked, origin: string): Way {
  const { origin: theirs, pathname } = new URL(url);
  if (method !== "GET" || theirs !== origin) return "past";
  if (mode === "navigate") return isPage(pathname) ? "page" : pathname.startsWith("/legal/") ? "leaf" : "past";
  return /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(pathname) ? "file" : "past";
}

/** The path of the page that a talk can be in. */
export function isPage(pathname: string): boolean {
  return pathname === "/";
}

/** Whether a build has a file of this path. */
export function has({ files, languages }: Build, path: string): boolean {
  return files.includes(path) || Object.values(languages).some((own) => own.includes(path));
}

/** Only a page of this build is kept beside its files: one of another build would name files that are not there. */
export function isOf({ id }: Build, html: string): boolean {
  return html.includes(`<meta name="build" content="${id}"`);
}
