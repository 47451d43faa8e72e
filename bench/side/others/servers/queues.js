// Who waits, by what was asked for. Tags fit when all of them are the same; who has waited longest comes first.

import { randomUUID } from "node:crypto";

export class Queues {
  #waiting = new Map();
  #places = new Map();

  /** Gives who waits with the same tags; when nobody does, this one waits. */
  meet(who, tags) {
    this.leave(who);
    const wish = tags.toSorted().join("\n");
    const queue = this.#waiting.get(wish);
    if (queue) {
      const [other] = queue;
      this.leave(other);
      return other;
    }
    this.#waiting.set(wish, new Set([who]));
    this.#places.set(who, wish);
    return undefined;
  }

  /** Somebody waits no longer. */
  leave(who) {
    const wish = this.#places.get(who);
    if (wish === undefined) return;
    this.#places.delete(who);
    const queue = this.#waiting.get(wish);
    queue.delete(who);
    if (!queue.size) this.#waiting.delete(wish);
  }

  /** A name for a session that nobody guesses. */
  name() {
    return randomUUID();
  }
}
