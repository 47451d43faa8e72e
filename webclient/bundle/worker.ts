// Builds the service worker beside the page, under a name without a hash, with the list of this build's files written in;
// and writes the build's name into index.html, by which page and worker know whether they are of one build.

import { build, type Plugin } from "vite";
import type { Build } from "../src/worker/ways.ts";

type Bundle = Parameters<Extract<Plugin["generateBundle"], (...given: never[]) => unknown>>[1];

const UNNAMED = '<meta name="build" content="" />';

export function serviceWorker(): Plugin {
  return {
    name: "passerby:worker",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const index = bundle["index.html"];
        if (index?.type !== "asset") return; // another page than ours is built
        const html = String(index.source);
        if (!html.includes(UNNAMED)) throw new Error(`index.html has no ${UNNAMED}`);
        const files = filesOf(html, bundle);
        const id = await nameOf([html, ...files.files, ...Object.values(files.languages).flat()]);
        index.source = html.replace(UNNAMED, UNNAMED.replace('""', `"${id}"`));
        this.emitFile({ type: "asset", fileName: "worker.js", source: await scriptOf({ id, ...files }) });
      },
    },
  };
}

/** What few operators have, so that nobody else's page is to know of it. */
const SELDOM = /\/src\/(ads\/\w+\.tsx|languages\/\w+\/ads\.ts)$/;

/** All that index.html leads to, by whatever way but the seldom ones, and apart from it what only one language needs. */
function filesOf(html: string, bundle: Bundle): Omit<Build, "id"> {
  const found = new Set<string>();
  const follow = (name: string): void => {
    if (found.has(name) || !bundle[name] || isSeldom(bundle[name])) return;
    found.add(name);
    for (const next of namedBy(bundle[name])) follow(next);
  };
  for (const [, name] of html.matchAll(/<(?:script|link)[^>]*?(?:src|href)="\/(assets\/[^"]+)"/g)) follow(name ?? "");

  const files: string[] = [];
  const languages: Record<string, string[]> = {};
  for (const name of [...found].sort()) {
    const language = languageOf(bundle[name]);
    if (language === undefined) files.push(`/${name}`);
    else languages[language] = [...(languages[language] ?? []), `/${name}`];
  }
  return { files, languages };
}

function namedBy(file: Bundle[string]): readonly string[] {
  if (file.type !== "chunk") return [];
  const { imports, dynamicImports, viteMetadata } = file;
  return [imports, dynamicImports, viteMetadata?.importedCss ?? [], viteMetadata?.importedAssets ?? []].flatMap(
    (names) => [...names],
  );
}

function isSeldom(file: Bundle[string]): boolean {
  return file.type === "chunk" && SELDOM.test(file.facadeModuleId ?? "");
}

function languageOf(file: Bundle[string] | undefined): string | undefined {
  if (file?.type !== "chunk") return undefined;
  return /\/languages\/(\w+)\/\w+\.ts$/.exec(file.facadeModuleId ?? "")?.[1];
}

/** The same for the same files, and for no others: their names tell what is in them. */
async function nameOf(parts: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts.join("\n")));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function scriptOf(written: Build): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { BUILD: JSON.stringify(written) },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: "src/worker/worker.ts", output: { format: "iife" } },
    },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("the worker was not built");
  return output.output[0].code;
}
