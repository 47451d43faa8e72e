// The floor: no server. Two pages of one browser hand each other descriptions and candidates directly, and the one who
// waits has its offer ready. No way of signaling can be quicker.
//
//   waits   pc, offer, candidates        ◄── here ──  comes
//           offer, candidates, each ──►               answer, candidates, each ──►

import { meeting, offer, rtcConfig, seat } from "./meeting.js";

const wire = new BroadcastChannel(meeting);
let pc;
let told = false;
const found = [];

function tell(message) {
  if (told) wire.postMessage(message);
  else found.push(message);
}

function tellAll() {
  told = true;
  for (const message of found.splice(0)) wire.postMessage(message);
}

wire.onmessage = async ({ data: { here, description, candidate } }) => {
  if (here) tellAll();
  if (candidate) await pc.addIceCandidate(candidate);
  if (!description) return;
  await pc.setRemoteDescription(description);
  if (seat === 1) {
    await pc.setLocalDescription();
    tell({ description: pc.localDescription.toJSON() });
    tellAll();
  }
};

offer({
  enter() {},
  async start() {
    if (seat === 1) wire.postMessage({ here: true });
    pc = new RTCPeerConnection(rtcConfig);
    pc.createDataChannel("floor", { negotiated: true, id: 0 });
    pc.onicecandidate = ({ candidate }) => candidate && tell({ candidate: candidate.toJSON() });
    if (seat === 1) return;
    await pc.setLocalDescription();
    found.unshift({ description: pc.localDescription.toJSON() });
  },
});
