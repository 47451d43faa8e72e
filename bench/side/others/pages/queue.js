// PeerJS with its own server, and a queue that finds the stranger: who comes is told the id of who waits, and calls.

import { Peer } from "peerjs";
import { offer, ports, rtcConfig } from "./meeting.js";

const id = crypto.randomUUID();
let queue;
let peer;
let waits;

function open() {
  queue = new WebSocket(`ws://127.0.0.1:${ports[1]}/`);
  queue.addEventListener("message", ({ data }) => {
    const { call } = JSON.parse(data);
    if (call) peer.connect(call);
    waits();
  });
  return new Promise((opened) => queue.addEventListener("open", opened));
}

offer({
  async enter() {
    peer = new Peer(id, { host: "127.0.0.1", port: ports[0], path: "/", config: rtcConfig });
    await Promise.all([open(), new Promise((opened) => peer.on("open", opened))]);
  },
  async start() {
    const answered = new Promise((done) => {
      waits = done;
    });
    queue.send(JSON.stringify({ id }));
    await answered;
  },
});
