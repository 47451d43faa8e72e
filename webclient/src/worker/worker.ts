// The service worker: keeps the files of the page, so that it opens at once and without a network, and outlives an update of
// the server while somebody talks. It sees requests for the page and its files and nothing else: what is said goes over
// WebRTC and a WebSocket, and neither comes by here.
//
// A new one takes over at once. That disturbs nobody: files are named after what is in them, so any worker serves the tabs
// of any build from their shelves, and it is the page alone that decides when it is loaded anew.

import { makeShelf } from "./shelf";
import { type Build, isPage, wayOf } from "./ways";
import { type Answer, isAnswer, isHello, type Told } from "./words";

declare const self: ServiceWorkerGlobalScope;
/** Written in by `bundle/worker.ts`. */
declare const BUILD: Build;

/** A network that takes longer to give the page is as good as none. */
const PATIENCE_MS = 4_000;
/** A page that takes longer to say which one it is sleeps. */
const ANSWER_MS = 1_000;

const mine: Build = BUILD;
const shelf = makeShelf(mine, self.caches, (request, how) => fetch(request, how));

self.addEventListener("install", (event) => {
  event.waitUntil(shelf.fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  switch (wayOf(event.request, self.location.origin)) {
    case "page":
      event.respondWith(page(event));
      break;
    case "leaf":
      event.respondWith(leaf(event));
      break;
    case "file":
      event.respondWith(shelf.file(event.request));
      break;
    case "past":
      break;
  }
});

self.addEventListener("message", (event) => {
  const { data } = event;
  if (isHello(data))
    event.waitUntil(
      shelf
        .learn(data.language)
        .catch(() => undefined)
        .then(tidy),
    );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lookAt(event.notification.tag));
});

async function takeOver(): Promise<void> {
  await self.clients.claim();
  for (const client of await windows()) client.postMessage({ kind: "renewed", build: mine.id } satisfies Told);
  await tidy();
}

async function page(event: FetchEvent): Promise<Response> {
  const network = fetch(event.request);
  event.waitUntil(network.then((response) => shelf.renew(response.clone())).catch(() => undefined));
  const there = network.then((response) => (response.status < 500 ? response : undefined)).catch(() => undefined);
  return (await Promise.race([there, after(PATIENCE_MS)])) ?? (await shelf.page().catch(() => undefined)) ?? network;
}

/** The page says in its own language that this one is not at hand. */
async function leaf({ request }: FetchEvent): Promise<Response> {
  const network = fetch(request);
  return network.catch(async () => (await shelf.page()) ?? network);
}

/** Takes down the shelves of builds of which no tab is open. A tab that does not answer may be one of any. */
async function tidy(): Promise<void> {
  if (self.registration.installing) return; // it fills its shelf just now
  const answers = await Promise.all((await windows()).map(ask));
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length === answers.length) await shelf.clear(new Set(known.map(({ build }) => build)));
}

/** Brings the tab to the front whose notification this was. */
async function lookAt(tab: string): Promise<void> {
  const open = await windows();
  const answers = await Promise.all(open.map(ask));
  const client = open[answers.findIndex((answer) => answer?.tab === tab)] ?? open[0];
  await (client ? client.focus() : self.clients.openWindow("/"));
}

async function windows(): Promise<WindowClient[]> {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => isPage(new URL(url).pathname));
}

async function ask(client: Client): Promise<Answer | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<Answer | undefined>((answered) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => answered(isAnswer(data) ? data : undefined);
  });
  client.postMessage({ kind: "which" } satisfies Told, [port2]);
  try {
    return await Promise.race([answer, after(ANSWER_MS)]);
  } finally {
    port1.close();
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((then) => setTimeout(then, ms, undefined));
}
