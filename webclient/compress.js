// Lays a .br and a .gz beside each file of the build that gets smaller by it, so that no server compresses anything twice.
// index.html has none: servers write something into it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const FORMS = {
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};
const dist = new URL("./dist/", import.meta.url);

for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|svg|json|webmanifest|txt)$/.test(name)) continue;
  const file = new URL(name, dist);
  const bytes = readFileSync(file);
  for (const [ending, compress] of Object.entries(FORMS)) {
    const compressed = compress(bytes);
    if (compressed.length < bytes.length) writeFileSync(new URL(`${file.href}.${ending}`), compressed);
  }
}
