// A random chat's server on Socket.IO, as its clones on GitHub have it, but without their faults and as lean as it gets:
// WebSocket only, nothing compressed, a stranger is spoken to by reference and not by way of a room.
//
//   ask {tags} ──►    ◄── matched {session, first}   to both; who asked for other tags waits in another queue
//   offer, answer, candidate ◄──► the stranger's      leave ──►    ◄── over   to the stranger

import { createServer } from "node:http";
import { Server } from "socket.io";
import { listen } from "./listening.js";
import { Queues } from "./queues.js";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
const queues = new Queues();

function part(socket) {
  const { stranger } = socket.data;
  socket.data.stranger = undefined;
  if (stranger?.data.stranger !== socket) return;
  stranger.data.stranger = undefined;
  stranger.emit("over");
}

io.on("connection", (socket) => {
  socket.on("ask", ({ tags }) => {
    part(socket);
    const other = queues.meet(socket, tags);
    if (!other) return;
    const session = queues.name();
    socket.data.stranger = other;
    other.data.stranger = socket;
    other.emit("matched", { session, first: true });
    socket.emit("matched", { session, first: false });
  });
  for (const kind of ["offer", "answer", "candidate"]) {
    socket.on(kind, (what) => socket.data.stranger?.emit(kind, what));
  }
  socket.on("leave", () => part(socket));
  socket.on("disconnect", () => {
    queues.leave(socket);
    part(socket);
  });
});

listen(http);
