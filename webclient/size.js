// What a visitor must load before the page is alive, gzipped: every script and style sheet that index.html names, what
// those import, and the words of one language, of which the heaviest counts. More than the limits fails the build, so that
// weight is a decision and not an accident. What a browser really asks for is looked at in tests/journeys/test_weight.py.

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1024;
const SCRIPT_LIMIT = 40 * KB;
const ALL_LIMIT = 60 * KB;

const dist = new URL("./dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const read = (name) => readFileSync(new URL(name, dist));
const named = [...page.matchAll(/<(?:script|link)[^>]*?(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
const inline = /<script(?![^>]*\bsrc=)(?![^>]*"application\/json")|<style|\sstyle=|\son\w+=/i.exec(page);

/** These, and the scripts that they cannot begin without. */
function withImports(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    if (!name.endsWith(".js")) continue;
    const imports = read(name)
      .toString()
      .matchAll(/\b(?:from|import)\s*["']\.\/([^"']+\.js)["']/g);
    withImports(
      [...imports].map(([, other]) => `assets/${other}`),
      found,
    );
  }
  return [...found];
}

const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
const shown = (bytes) => `${(bytes / KB).toFixed(1)} KB`;

const first = withImports(named);
const scripts = first.filter((name) => name.endsWith(".js"));
const languages = readdirSync(new URL("assets/", dist))
  .filter((name) => /^page-.*\.js$/.test(name))
  .map((name) => withImports([`assets/${name}`]).filter((each) => !first.includes(each)))
  .sort((one, other) => weigh(other) - weigh(one));
const words = languages[0] ?? [];
for (const name of [...first, ...words]) console.log(`${name}  ${shown(weigh([name]))} gzip`);

const limits = [
  ["initial JavaScript", weigh(scripts), SCRIPT_LIMIT],
  ["first load, with the heaviest language", weigh([...first, ...words]), ALL_LIMIT],
];
for (const [what, bytes, limit] of limits) {
  console.log(`${what}: ${shown(bytes)} gzip of ${limit / KB} KB`);
  if (bytes <= limit) continue;
  console.error(`too much: ${what}`);
  process.exitCode = 1;
}
if (scripts.length === 0 || words.length === 0) {
  console.error(`index.html names no script, or there is no language: ${first.join(" ")}`);
  process.exitCode = 1;
}
if (inline) {
  console.error(`index.html holds something inline that the policy forbids: ${inline[0]}`);
  process.exitCode = 1;
}
