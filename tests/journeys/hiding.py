"""What a page tells of the way that its talk takes, for journeys of people who hide their address."""

import re
from typing import Final

from tests.journeys.people import Person

HIDE: Final = re.compile("Hide my network address")

# Keeps the page's peer connections where a test can ask them for their statistics.
WATCH: Final = """
window.connections = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) { super(...given); window.connections.push(this); }
};
"""

# The kind of this page's end of the way in use. It may not know the other: to who had the first check from a relay
# before the candidate was told, that is "prflx".
OWN_END: Final = """async () => {
  for (const connection of window.connections) {
    if (connection.connectionState !== "connected") continue;
    const stats = await connection.getStats();
    const all = [...stats.values()];
    const used = all.find((each) => each.type === "transport" && each.selectedCandidatePairId);
    const pair = used && stats.get(used.selectedCandidatePairId);
    if (pair) return stats.get(pair.localCandidateId).candidateType;
  }
  return "";
}"""


async def ends(*people: Person) -> list[str]:
    return [str(await person.page.evaluate(OWN_END)) for person in people]
