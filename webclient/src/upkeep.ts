// Keeps the page in this browser by a service worker (`worker/`), and hears from it when the server has a newer one. Comes
// when the first screen stands and the browser has nothing to do: whatever fails here, the page is as it would be without.

import { type Answer, type Hello, isTold } from "./worker/words";

const WORKER = "/worker.js";
/** A tab that stays open asks whether there is a newer page no more often than this. */
const ASK_EVERY_MS = 30 * 60_000;

export interface UpkeepPorts {
  readonly page: Document;
  readonly container: ServiceWorkerContainer;
  readonly tab: string;
  now(): number;
  /** The server has a newer page than this one. */
  newer(): void;
}

/** Answers how to tell which language the page speaks; nothing where there is no worker. */
export async function keepUp(ports: UpkeepPorts): Promise<((language: string) => void) | undefined> {
  const { page, container, tab, now, newer } = ports;
  const build = page.querySelector<HTMLMetaElement>("meta[name=build]")?.content;
  if (!build) return undefined; // not built: somebody works on it

  container.addEventListener("message", ({ data, ports: [port] }: MessageEvent<unknown>) => {
    if (!isTold(data)) return;
    if (data.kind === "which") port?.postMessage({ build, tab } satisfies Answer);
    else if (data.build !== build) newer();
  });
  container.startMessages();

  const registration = await container.register(workerUrl() as string, { updateViaCache: "none" });
  const { active } = await container.ready;
  let language: string | undefined;
  let greeted: ServiceWorker | null = null;
  function greet(): void {
    const worker = container.controller ?? active;
    if (language === undefined || worker === greeted) return;
    greeted = worker;
    worker?.postMessage({ kind: "hello", language } satisfies Hello);
  }
  container.addEventListener("controllerchange", greet);

  let askedMs = now();
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState !== "visible" || now() - askedMs < ASK_EVERY_MS) return;
    askedMs = now();
    registration.update().catch(() => undefined); // another time
  });
  return (spoken) => {
    if (language === spoken) return;
    language = spoken;
    greeted = null;
    greet();
  };
}

interface Policy {
  createScriptURL(url: string): unknown;
}

/** The one policy that the page's headers let be made, and the one address that it lets through. */
function workerUrl(): unknown {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };
  };
  if (!trustedTypes) return WORKER;
  const policy = trustedTypes.createPolicy("passerby", {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError("no script but the worker");
      return url;
    },
  });
  return policy.createScriptURL(WORKER);
}
