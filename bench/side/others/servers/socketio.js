// A random chat's server of the usual make: whoever waits is paired with who comes next, at random, both are told each
// other's socket id and who begins, and whatever one says to that id is handed on.

import { randomInt } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { listen } from "./listening.js";

const server = createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, cors: { origin: "*" } });
/** @type {import("socket.io").Socket[]} */
const waiting = [];

io.on("connection", (socket) => {
  socket.on("start", () => {
    if (waiting.length === 0) {
      waiting.push(socket);
      socket.emit("waiting");
      return;
    }
    const [stranger] = waiting.splice(randomInt(waiting.length), 1);
    socket.emit("matched", { initiator: true, stranger: stranger.id });
    stranger.emit("matched", { initiator: false, stranger: socket.id });
  });
  for (const kind of ["offer", "answer", "candidate"])
    socket.on(kind, ({ to, ...message }) => io.to(to).emit(kind, message));
  socket.on("disconnect", () => {
    const at = waiting.indexOf(socket);
    if (at >= 0) waiting.splice(at, 1);
  });
});
listen(server);
