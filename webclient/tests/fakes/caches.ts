// Cache Storage in memory, as much of it as the shelf uses, and a server that counts what it is asked.

export class FakeCache {
  readonly kept = new Map<string, Response>();
  /** From now on nothing more fits. */
  full = false;

  match = async (asked: string | Request) => this.kept.get(pathOf(asked))?.clone();

  async put(asked: string | Request, response: Response): Promise<void> {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    this.kept.set(pathOf(asked), response);
  }
}

export class FakeCaches {
  readonly all = new Map<string, FakeCache>();
  broken = false;

  async open(name: string): Promise<FakeCache> {
    const cache = this.all.get(name) ?? new FakeCache();
    this.all.set(name, cache);
    return cache;
  }

  async match(asked: string | Request): Promise<Response | undefined> {
    if (this.broken) throw new DOMException("not now", "UnknownError");
    for (const cache of this.all.values()) {
      const found = await cache.match(asked);
      if (found) return found;
    }
    return undefined;
  }

  keys = async () => [...this.all.keys()];
  delete = async (name: string) => this.all.delete(name);
}

export class FakeServer {
  readonly asked: string[] = [];
  down = false;

  constructor(public files: Record<string, string>) {}

  fetch = async (asked: string | Request | URL): Promise<Response> => {
    const path = pathOf(asked instanceof URL ? asked.href : asked);
    this.asked.push(path);
    if (this.down) throw new TypeError("Failed to fetch");
    const text = this.files[path];
    return text === undefined ? new Response("no such page", { status: 404 }) : new Response(text);
  };
}

function pathOf(asked: string | Request): string {
  return new URL(typeof asked === "string" ? asked : asked.url, "https://passerby.example").pathname;
}
