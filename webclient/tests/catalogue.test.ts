// Every word of the English catalogue is said somewhere; and what finds that out does find one that is not.

import { expect, test } from "vitest";
import page from "../src/languages/en/page.ts?raw";
import gate from "../src/views/gate.tsx?raw";
import { unsaid } from "./catalogue";

const withinMs = 60_000;

test("every word is said somewhere", { timeout: withinMs }, () => {
  expect(unsaid()).toEqual([]);
});

test("a word that nothing says is found", { timeout: withinMs }, () => {
  const more = page.replace("  gate: {", '  gate: {\n    nobody: "Nobody says this.",');
  const less = gate.replaceAll("texts.gate.untouched", '""');
  expect(unsaid({ "src/languages/en/page.ts": more, "src/views/gate.tsx": less })).toEqual([
    "gate.nobody",
    "gate.untouched",
  ]);
});
