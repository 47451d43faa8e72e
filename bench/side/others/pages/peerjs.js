// PeerJS with its own server, and nobody who finds a stranger: each knows the other's id beforehand, and one calls.

import { Peer } from "peerjs";
import { meeting, offer, ports, rtcConfig, seat } from "./meeting.js";

const name = (which) => `${meeting}-${which}`;
let peer;

offer({
  async enter() {
    // An id of one's own spares it the request for one.
    peer = new Peer(name(seat), { host: "127.0.0.1", port: ports[0], path: "/", config: rtcConfig });
    await new Promise((opened) => peer.on("open", opened));
  },
  start() {
    if (seat === 1) peer.connect(name(0));
  },
});
