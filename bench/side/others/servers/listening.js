// What each of our servers here does in the end: listens on a free port of loopback, and tells it.

/** @param {import("node:http").Server} server */
export function listen(server) {
  server.listen(0, "127.0.0.1", () => process.stdout.write(`port ${server.address().port}\n`));
}
