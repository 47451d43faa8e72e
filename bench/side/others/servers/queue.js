// The least that makes a random chat of PeerJS: who comes is told the id of somebody who waits, at random, or waits.

import { randomInt } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { listen } from "./listening.js";

const server = createServer();
/** @type {{ id: string, socket: import("ws").WebSocket }[]} */
const waiting = [];

function leave(socket) {
  const at = waiting.findIndex((each) => each.socket === socket);
  if (at >= 0) waiting.splice(at, 1);
}

new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  socket.on("close", () => leave(socket));
  socket.on("message", (data) => {
    const { id } = JSON.parse(data.toString());
    if (waiting.length === 0) {
      waiting.push({ id, socket });
      socket.send("{}");
    } else {
      const [stranger] = waiting.splice(randomInt(waiting.length), 1);
      socket.send(JSON.stringify({ call: stranger.id }));
    }
  });
});
listen(server);
