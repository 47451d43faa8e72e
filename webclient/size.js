// What a visitor must load before the page is alive: every script that index.html names, gzipped. More than the limit
// fails the build, so that weight is a decision and not an accident.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 40 * 1024;
const dist = new URL("./dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const named = [...page.matchAll(/<(?:script|link)[^>]*?(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(
  (match) => match[1],
);
const inline = /<script(?![^>]*\bsrc=)(?![^>]*"application\/json")|<style|\sstyle=|\son\w+=/i.exec(page);

let scriptBytes = 0;
for (const name of new Set(named)) {
  const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
  if (name.endsWith(".js")) scriptBytes += bytes;
  console.log(`${name}  ${(bytes / 1024).toFixed(1)} KB gzip`);
}

console.log(`initial JavaScript: ${(scriptBytes / 1024).toFixed(1)} KB gzip of ${LIMIT_BYTES / 1024} KB`);
if (scriptBytes === 0 || scriptBytes > LIMIT_BYTES) {
  console.error(scriptBytes === 0 ? "index.html names no script" : "too much initial JavaScript");
  process.exitCode = 1;
}
if (inline) {
  console.error(`index.html holds something inline that the policy forbids: ${inline[0]}`);
  process.exitCode = 1;
}
