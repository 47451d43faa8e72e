// A random chat's server on bare `ws`: the least that one can write. What the two say to each other is passed on as it
// came, unread but for its kind. The heartbeat is the one of its README, every 30 s: without it who vanished waits on
// for ever.
//
//   {kind: "ask", tags} ──►    ◄── {kind: "matched", session, first}   to both
//   {kind: "offer" | "answer" | "candidate", …} ◄──► the stranger's    {kind: "leave"} ──►    ◄── {kind: "over"}

import { WebSocketServer } from "ws";
import { Queues } from "./queues.js";

const heartbeatMs = 30_000;
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
const queues = new Queues();

function part(socket) {
  const { stranger } = socket;
  socket.stranger = undefined;
  if (stranger?.stranger !== socket) return;
  stranger.stranger = undefined;
  stranger.send('{"kind":"over"}');
}

function ask(socket, tags) {
  part(socket);
  const other = queues.meet(socket, tags);
  if (!other) return;
  const session = queues.name();
  socket.stranger = other;
  other.stranger = socket;
  other.send(JSON.stringify({ kind: "matched", session, first: true }));
  socket.send(JSON.stringify({ kind: "matched", session, first: false }));
}

server.on("connection", (socket) => {
  socket.alive = true;
  socket.on("pong", () => {
    socket.alive = true;
  });
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    if (message.kind === "ask") ask(socket, message.tags);
    else if (message.kind === "leave") part(socket);
    else socket.stranger?.send(data, { binary: false });
  });
  socket.on("close", () => {
    queues.leave(socket);
    part(socket);
  });
});

setInterval(() => {
  for (const socket of server.clients) {
    if (!socket.alive) {
      socket.terminate();
      continue;
    }
    socket.alive = false;
    socket.ping();
  }
}, heartbeatMs);

server.on("listening", () => process.stdout.write(`port ${server.address().port}\n`));
