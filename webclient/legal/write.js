// Writes facts.json from facts.ts: `make legal` runs it.

import { writeFileSync } from "node:fs";
import { createServer } from "vite";

const vite = await createServer({ server: { middlewareMode: true, ws: false }, appType: "custom", logLevel: "error" });
try {
  const { facts } = await vite.ssrLoadModule("/legal/facts.ts");
  writeFileSync(new URL("./facts.json", import.meta.url), `${JSON.stringify(facts, null, 2)}\n`);
} finally {
  await vite.close();
}
