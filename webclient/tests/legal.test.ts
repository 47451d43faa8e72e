// What the legal pages say of the browser's side.

import { expect, test } from "vitest";
import { facts } from "../legal/facts";
import written from "../legal/facts.json";

test("facts.json holds the constants of the page: else run `make legal`", () => {
  expect(written).toEqual(facts);
});
