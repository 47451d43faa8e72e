// @vitest-environment happy-dom
// Nothing is stored without a choice, and nothing but choices.

import { beforeEach, describe, expect, it, vi } from "vitest";

async function anew(): Promise<typeof import("../src/choices")> {
  vi.resetModules();
  return await import("../src/choices");
}

beforeEach(() => localStorage.clear());

describe("choices", () => {
  it("are none at first, and nothing is stored", async () => {
    const { choices } = await anew();
    expect(choices.value).toEqual({});
    expect(localStorage.length).toBe(0);
  });

  it("are there at the next visit", async () => {
    const { choose } = await anew();
    choose({ language: "ar", theme: "dark" });
    choose({ sound: false });
    const { choices } = await anew();
    expect(choices.value).toEqual({ language: "ar", theme: "dark", sound: false });
  });

  it("can be taken back, the last of them with all that was stored", async () => {
    const { choices, choose } = await anew();
    choose({ language: "de", ads: true });
    choose({ ads: undefined });
    expect(choices.value).toEqual({ language: "de" });
    choose({ language: undefined });
    expect(localStorage.length).toBe(0);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["null", "null"],
    ["values that are none", '{"language":"xx","theme":"pink","sound":1,"notify":"yes","ads":null,"name":"Bo"}'],
  ])("that somebody else wrote are taken for none: %s", async (_, stored) => {
    localStorage.setItem("passerby", stored);
    const { choices } = await anew();
    expect(choices.value).toEqual({});
  });

  it("hold for this visit where nothing can be stored", async () => {
    const { choices, choose } = await anew();
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("full");
    });
    choose({ theme: "light" });
    expect(choices.value).toEqual({ theme: "light" });
    full.mockRestore();
  });
});
