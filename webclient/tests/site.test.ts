// @vitest-environment happy-dom
// What the operator says is read from the page, and from nothing that is not just as it should be.

import { beforeEach, describe, expect, it } from "vitest";
import { readSite } from "../src/site";

const nothing = { relay: "none" };

function write(text: string): void {
  const data = Object.assign(document.createElement("script"), { id: "site", type: "application/json" });
  data.textContent = text;
  document.head.replaceChildren(data);
}

beforeEach(() => document.head.replaceChildren());

describe("the site", () => {
  it("is what the server wrote into the page", () => {
    const said = { operator: "Ana & Bo", relay: "preset", ads: { url: "https://ads.example/slot", height: 90 } };
    write(JSON.stringify(said));
    expect(readSite(document)).toEqual(said);
  });

  it("says nothing where nothing was written", () => {
    expect(readSite(document)).toEqual(nothing);
  });

  it.each([
    ["an empty object", "{}"],
    ["no JSON", "<"],
    ["a field that nobody knows", '{"relay":"none","more":1}'],
    ["a relay that is none", '{"relay":"always"}'],
    ["an address that is none", '{"relay":"none","ads":{"url":"javascript:alert(1)","height":90}}'],
  ])("says nothing with %s", (_, text) => {
    write(text);
    expect(readSite(document)).toEqual(nothing);
  });
});
