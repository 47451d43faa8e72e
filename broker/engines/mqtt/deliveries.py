"""What goes out to one client: the bound on what it has not read, and the packet ids it has not acknowledged.

    Core ── message, QoS ─► Deliveries ─► Wire ─► client
                                ▲ too much unread, or unacknowledged: Slow, and the client is cut off
    client ── PUBACK ───────────┘

Nothing is kept of a message that was handed to the wire: MQTT 3.1.1 repeats what was not acknowledged only to a session
that outlives its connection (§4.4), and none does here. So nobody who publishes, above all not the service, ever waits
for who reads.
"""

from typing import Final

from broker.engines.mqtt.packets import publish
from broker.engines.mqtt.wires import Wire

_IDS: Final = 0xFFFF


class Slow(Exception):
    """A client that does not read, or does not acknowledge, what it is sent."""


class Deliveries:
    """What one client is sent. At most `unread_bytes` wait for it; a frame on its way may be above that."""

    def __init__(self, wire: Wire, unread_bytes: int) -> None:
        self._wire = wire
        self._unread_bytes = unread_bytes
        self._awaited: set[int] = set()
        self._last_id = 0

    def send(self, packet: bytes) -> None:
        """Hand a packet to the wire.

        Raises:
            Slow: when too much is waiting already.
        """
        if self._wire.unsent + len(packet) > self._unread_bytes:
            raise Slow
        self._wire.write(packet)

    def publish(self, topic: str, payload: bytes, qos: int, *, retain: bool = False) -> None:
        """Deliver a message.

        Raises:
            Slow: likewise, or when no packet id is free.
        """
        self.send(publish(topic, payload, packet_id=self._next_id() if qos else None, retain=retain))

    def acknowledged(self, packet_id: int) -> None:
        """Note a PUBACK. One that nobody waits for is no harm."""
        self._awaited.discard(packet_id)

    def _next_id(self) -> int:
        if len(self._awaited) >= _IDS:
            raise Slow
        self._last_id = self._last_id % _IDS + 1
        while self._last_id in self._awaited:
            self._last_id = self._last_id % _IDS + 1
        self._awaited.add(self._last_id)
        return self._last_id
