// What the page and its service worker say to each other: which build the page is, which language it speaks, and which of
// several tabs it is. Nothing else ever goes that way, and nothing of a talk does.
//
//   page ── hello{language} ──► worker      keeps the words of that language, too, and lets go of what nobody uses
//   page ◄─ which ────────────  worker      asks over a port of its own, and is told {build, tab}
//   page ◄─ renewed{build} ───  worker      a worker of this build has taken over

/** From a page that is alive, and again with each new worker or language. */
export interface Hello {
  readonly kind: "hello";
  readonly language: string;
}

export type Told = { readonly kind: "which" } | { readonly kind: "renewed"; readonly build: string };

/** What a page answers to `which`. */
export interface Answer {
  readonly build: string;
  /** Drawn by each page for itself: a click on its notification leads back to it. */
  readonly tab: string;
}

export function isHello(value: unknown): value is Hello {
  return record(value) && value.kind === "hello" && typeof value.language === "string";
}

export function isTold(value: unknown): value is Told {
  return record(value) && (value.kind === "which" || (value.kind === "renewed" && typeof value.build === "string"));
}

export function isAnswer(value: unknown): value is Answer {
  return record(value) && typeof value.build === "string" && typeof value.tab === "string";
}

function record(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
