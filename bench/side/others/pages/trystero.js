// Trystero over MQTT. It brings those together who know the name of a room and finds no stranger for anybody, so both
// are given the name. Its connection to the broker and its twenty offers in advance begin with the first joinRoom: who is
// warm is in another room, alone.

import { getRelaySockets, joinRoom } from "@trystero-p2p/mqtt";
import { meeting, offer, ports, rtcConfig } from "./meeting.js";

const url = `ws://127.0.0.1:${ports[0]}/mqtt`;
const config = { appId: "bench", relayConfig: { urls: [url] }, rtcConfig };
const SETTLED_MS = 500;

async function connected() {
  while (getRelaySockets()[url]?.readyState !== WebSocket.OPEN) await new Promise((done) => setTimeout(done, 10));
  // It does not tell when it is subscribed, nor when its offers are gathered.
  await new Promise((done) => setTimeout(done, SETTLED_MS));
}

offer({
  async enter(cold) {
    if (cold) return;
    joinRoom(config, crypto.randomUUID());
    await connected();
  },
  start() {
    joinRoom(config, meeting);
  },
});
