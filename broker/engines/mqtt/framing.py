"""Cuts a stream of bytes from a stranger into whole MQTT 3.1.1 packets, or refuses it.

Pure. Knows the fixed header and nothing of what follows it. A packet that would be too long is refused from its first
bytes, before anything is kept of it.

    fixed header:  type 4 bits | flags 4 bits, remaining length 1 to 4 bytes            (MQTT 3.1.1 §2.2)
"""

from dataclasses import dataclass
from enum import IntEnum

_LENGTH_BYTES = 4


class Malformed(ValueError):
    """Bytes that are no packet a client may send. The text says what was wrong, never what was in it."""


class Type(IntEnum):
    """Packet types (§2.2.1). A client never sends the others, and QoS 2 is spoken by nobody here."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


_FLAGS = {Type.SUBSCRIBE: 2, Type.UNSUBSCRIBE: 2}
_FROM_CLIENTS = frozenset(
    {
        Type.CONNECT,
        Type.PUBLISH,
        Type.PUBACK,
        Type.SUBSCRIBE,
        Type.UNSUBSCRIBE,
        Type.PINGREQ,
        Type.DISCONNECT,
    }
)


@dataclass(frozen=True, slots=True)
class Packet:
    """One whole packet: its type, its flags, what follows the fixed header, and all its bytes as they came."""

    type: Type
    flags: int
    body: bytes
    raw: bytes


class Framer:
    """Cuts a stream of bytes into whole packets, and refuses one from its first bytes when it would be too long."""

    def __init__(self, max_remaining: int) -> None:
        self._max = max_remaining
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        """Add bytes, as they came."""
        self._bytes += data

    def next(self) -> Packet | None:
        """Cut off the next packet; None while it is not whole.

        Raises:
            Malformed: when what comes next cannot become a packet that a client may send.
        """
        if not self._bytes:
            return None
        kind, flags = _first_byte(self._bytes[0])
        header = remaining(self._bytes)
        if header is None:
            return None
        start, length = header
        if length > self._max:
            raise Malformed("too long")
        end = start + length
        if len(self._bytes) < end:
            return None
        raw = bytes(self._bytes[:end])
        del self._bytes[:end]
        return Packet(kind, flags, raw[start:], raw)


def _first_byte(byte: int) -> tuple[Type, int]:
    try:
        kind = Type(byte >> 4)
    except ValueError:
        kind = Type.CONNACK
    flags = byte & 0x0F
    if kind not in _FROM_CLIENTS or (kind is not Type.PUBLISH and flags != _FLAGS.get(kind, 0)):
        raise Malformed("not a packet of a client")
    return kind, flags


def remaining(data: bytes | bytearray) -> tuple[int, int] | None:
    """Read the remaining length (§2.2.3): where the body starts, and its length; None while bytes are missing."""
    length = 0
    for index, byte in enumerate(data[1 : 1 + _LENGTH_BYTES]):
        length |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            return 2 + index, length
    if len(data) > _LENGTH_BYTES:
        raise Malformed("remaining length of more than four bytes")
    return None
