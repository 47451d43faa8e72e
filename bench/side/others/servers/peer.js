// The server of PeerJS, as its own command starts it.

import { PeerServer } from "peer";

PeerServer({ host: "127.0.0.1", port: 0, path: "/" }, (server) =>
  process.stdout.write(`port ${server.address().port}\n`),
);
