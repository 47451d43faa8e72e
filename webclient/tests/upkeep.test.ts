// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepUp, type UpkeepPorts } from "../src/upkeep";

class FakeContainer extends EventTarget {
  controller: { postMessage(said: unknown): void } | null = null;
  registered: unknown[] = [];
  asked = 0;
  started = false;
  said: unknown[] = [];
  active = { postMessage: (said: unknown) => void this.said.push(["active", said]) };
  refuse = false;

  get ready() {
    return Promise.resolve({ active: this.active });
  }

  async register(url: unknown, how: unknown) {
    if (this.refuse) throw new TypeError("no worker there");
    this.registered.push([String(url), how]);
    return {
      update: () => {
        this.asked += 1;
        return Promise.reject(new Error("offline"));
      },
    };
  }

  startMessages() {
    this.started = true;
  }

  tell(data: unknown, ports: unknown[] = []) {
    this.dispatchEvent(Object.assign(new Event("message"), { data, ports }));
  }

  takeOver() {
    this.controller = { postMessage: (said) => void this.said.push(["controller", said]) };
    this.dispatchEvent(new Event("controllerchange"));
  }
}

let container: FakeContainer;
let nowMs: number;
let newer: number;
let policies: [string, { createScriptURL(url: string): string }][];

const ports = () =>
  ({
    page: document,
    container,
    tab: "passerby tab",
    now: () => nowMs,
    newer: () => {
      newer += 1;
    },
  }) as unknown as UpkeepPorts;

beforeEach(() => {
  container = new FakeContainer();
  nowMs = 0;
  newer = 0;
  policies = [];
  document.head.innerHTML = '<meta name="build" content="mine" />';
  vi.stubGlobal("trustedTypes", {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }) {
      policies.push([name, rules]);
      return rules;
    },
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe("the worker", () => {
  it("is registered by the one policy there is, which lets nothing else through, and is asked for anew each time", async () => {
    await keepUp(ports());
    expect(container.registered).toEqual([["/worker.js", { updateViaCache: "none" }]]);
    expect(policies.map(([name]) => name)).toEqual(["passerby"]);
    expect(() => policies[0]?.[1].createScriptURL("/worker.js?more")).toThrow(TypeError);
  });

  it("is registered where a browser has no such policies, too", async () => {
    vi.stubGlobal("trustedTypes", undefined);
    await keepUp(ports());
    expect(container.registered).toHaveLength(1);
  });

  it("is not registered by a page that was not built", async () => {
    document.head.innerHTML = '<meta name="build" content="" />';
    expect(await keepUp(ports())).toBeUndefined();
    expect(container.registered).toEqual([]);
  });

  it("is told which language the page speaks, once each, and a new one is told again; it is told nothing else", async () => {
    const greet = await keepUp(ports());
    greet?.("de");
    greet?.("de");
    greet?.("ja");
    container.takeOver();
    expect(container.said).toEqual([
      ["active", { kind: "hello", language: "de" }],
      ["active", { kind: "hello", language: "ja" }],
      ["controller", { kind: "hello", language: "ja" }],
    ]);
  });

  it("that asks is told the build and the tab, over its own port", async () => {
    const told: unknown[] = [];
    await keepUp(ports());
    container.tell({ kind: "which" }, [{ postMessage: (said: unknown) => void told.push(said) }]);
    container.tell({ kind: "which" });
    expect(told).toEqual([{ build: "mine", tab: "passerby tab" }]);
    expect(container.started).toBe(true);
  });
});

describe("a newer page", () => {
  it("is there when a worker of another build has taken over", async () => {
    await keepUp(ports());
    container.tell({ kind: "renewed", build: "mine" });
    for (const nonsense of [undefined, "renewed", { kind: "renewed" }, { kind: "other", build: "theirs" }]) {
      container.tell(nonsense);
    }
    expect(newer).toBe(0);
    container.tell({ kind: "renewed", build: "theirs" });
    expect(newer).toBe(1);
  });

  it("is asked about when the tab is looked at again, half an hour after the last time", async () => {
    await keepUp(ports());
    const look = () => document.dispatchEvent(new Event("visibilitychange"));
    look();
    expect(container.asked).toBe(0);
    nowMs = 30 * 60_000;
    look();
    look();
    expect(container.asked).toBe(1);
  });
});
