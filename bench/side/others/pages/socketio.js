// A random chat of the usual make on Socket.IO: the server pairs, and relays offer, answer and each candidate as an
// event of its own. The one who is told to begins.

import { io } from "socket.io-client";
import { offer, ports, rtcConfig } from "./meeting.js";

let socket;
let pc;
let stranger;
const early = [];

function connect() {
  pc = new RTCPeerConnection(rtcConfig);
  pc.onicecandidate = ({ candidate }) => candidate && socket.emit("candidate", { to: stranger, candidate });
}

async function take(description) {
  await pc.setRemoteDescription(description);
  for (const candidate of early.splice(0)) await pc.addIceCandidate(candidate);
}

async function matched({ initiator, stranger: id }) {
  stranger = id;
  connect();
  if (!initiator) return;
  pc.createDataChannel("chat");
  await pc.setLocalDescription(await pc.createOffer());
  socket.emit("offer", { to: stranger, description: pc.localDescription });
}

offer({
  async enter() {
    socket = io(`http://127.0.0.1:${ports[0]}`, { transports: ["websocket"] });
    socket.on("matched", matched);
    socket.on("offer", async ({ description }) => {
      await take(description);
      await pc.setLocalDescription(await pc.createAnswer());
      socket.emit("answer", { to: stranger, description: pc.localDescription });
    });
    socket.on("answer", ({ description }) => take(description));
    socket.on("candidate", ({ candidate }) => {
      if (pc.remoteDescription) pc.addIceCandidate(candidate);
      else early.push(candidate);
    });
    await new Promise((connected) => socket.on("connect", connected));
  },
  async start() {
    const answered = new Promise((done) => {
      socket.once("waiting", done);
      socket.once("matched", done);
    });
    socket.emit("start");
    await answered;
  },
});
