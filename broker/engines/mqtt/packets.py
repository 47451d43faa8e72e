"""MQTT 3.1.1 packets as they come from strangers, taken apart or refused, and the few that we make ourselves.

Pure. Knows the layout of what a client may send, and takes nothing else: a length that does not add up, a string that
is not UTF-8, a byte too many, all are `Malformed`. The codecs of amqtt are not used for this: they turn broken UTF-8
into other text and skip what is left over, so the gate would judge one topic and the broker route another. Knows
nothing of who may do what. Sections are those of MQTT 3.1.1.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from broker.engines.mqtt.framing import Malformed, Packet, Type, remaining
from broker.topics import valid_filter, valid_topic

MAX_FILTERS: Final = 32
"""How many filters one SUBSCRIBE may hold; a client of ours sends three."""

REFUSED: Final = 0x80
"""The return code in a SUBACK that says no (§3.9.3)."""

_ANSWERS: Final = frozenset({Type.CONNACK, Type.SUBACK, Type.UNSUBACK, Type.PINGRESP})
_U16 = struct.Struct(">H")


class ConnectCode(IntEnum):
    """Return codes of a CONNACK (§3.2.2.3) that we send."""

    ACCEPTED = 0
    WRONG_LEVEL = 1
    REFUSED = 5


PINGREQ: Final = b"\xc0\x00"
PINGRESP: Final = b"\xd0\x00"


@dataclass(frozen=True, slots=True)
class Will:
    """What is to be said for a client that vanishes (§3.1.2.5)."""

    topic: str
    payload: bytes
    retain: bool
    qos: int = 0


@dataclass(frozen=True, slots=True)
class Connect:
    """A CONNECT (§3.1). `level` alone is meant when it is not 4; a password that is no text is an empty one."""

    level: int
    client_id: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    clean: bool = True
    keep_alive_s: int = 0
    will: Will | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    """A PUBLISH (§3.3) of QoS 0 (`packet_id` is None) or 1."""

    topic: str
    payload: bytes
    retain: bool
    packet_id: int | None


class _Fields:
    """Reads the fields of a body one after the other, and insists that they fill it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._body):
            raise Malformed("truncated")
        piece = self._body[self._at : end]
        self._at = end
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def packet_id(self) -> int:
        number = self.number()
        if not number:
            raise Malformed("packet id 0")
        return number

    def data(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        return _text(self.data())

    def rest(self) -> bytes:
        return self.take(len(self._body) - self._at)

    def more(self) -> bool:
        return self._at < len(self._body)

    def end(self) -> None:
        if self.more():
            raise Malformed("bytes left over")


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Malformed("not UTF-8 text")
    return text


def _topic(fields: _Fields) -> str:
    topic = fields.text()
    if not valid_topic(topic):
        raise Malformed("not a topic name")
    return topic


def read_connect(packet: Packet) -> Connect:
    """Take a CONNECT apart (§3.1).

    Raises:
        Malformed: when it is another packet, or a broken one.
    """
    if packet.type is not Type.CONNECT:
        raise Malformed("the first packet is not CONNECT")
    fields = _Fields(packet.body)
    if fields.data() not in (b"MQTT", b"MQIsdp"):
        raise Malformed("another protocol")
    level = fields.byte()
    if level != 4:  # noqa: PLR2004  (MQTT 3.1.1; the layout that follows is another in other versions)
        return Connect(level)
    flags, keep_alive_s = fields.byte(), fields.number()
    _check_connect_flags(flags)
    client_id = fields.text()
    will = Will(_topic(fields), fields.data(), bool(flags & 0x20), (flags & 0x18) >> 3) if flags & 0x04 else None
    username = fields.text() if flags & 0x80 else ""
    password = fields.data() if flags & 0x40 else b""
    fields.end()
    return Connect(
        level, client_id, username, password.decode("utf-8", "replace"), bool(flags & 0x02), keep_alive_s, will
    )


def _check_connect_flags(flags: int) -> None:
    will, will_bits, user, password = flags & 0x04, flags & 0x38, flags & 0x80, flags & 0x40
    wills_qos = (flags & 0x18) >> 3
    if flags & 0x01 or (will_bits and not will) or wills_qos > 1 or (password and not user):
        raise Malformed("connect flags")


def read_publish(packet: Packet) -> Publish:
    """Take a PUBLISH apart (§3.3). QoS 2 counts as malformed: no topic of ours has it, and it holds memory.

    Raises:
        Malformed: when it is broken.
    """
    qos, duplicate = (packet.flags & 0x06) >> 1, packet.flags & 0x08
    if qos > 1 or (duplicate and not qos):
        raise Malformed("QoS")
    fields = _Fields(packet.body)
    topic = _topic(fields)
    packet_id = fields.packet_id() if qos else None
    return Publish(topic, fields.rest(), bool(packet.flags & 0x01), packet_id)


def read_subscribe(packet: Packet) -> None:
    """Check a SUBSCRIBE (§3.8).

    Raises:
        Malformed: when it is broken, or holds more than `MAX_FILTERS`.
    """
    fields = _Fields(packet.body)
    fields.packet_id()
    count = 0
    while not count or fields.more():
        _filter(fields)
        if fields.byte() > 2:  # noqa: PLR2004  (the highest QoS; the upper six bits are reserved)
            raise Malformed("QoS")
        count += 1
        _check_count(count)


def read_unsubscribe(packet: Packet) -> None:
    """Check an UNSUBSCRIBE (§3.10).

    Raises:
        Malformed: when it is broken, or holds more than `MAX_FILTERS`.
    """
    fields = _Fields(packet.body)
    fields.packet_id()
    count = 0
    while not count or fields.more():
        _filter(fields)
        count += 1
        _check_count(count)


def _filter(fields: _Fields) -> str:
    filter_ = fields.text()
    if not valid_filter(filter_):
        raise Malformed("not a topic filter")
    return filter_


def _check_count(count: int) -> None:
    if count > MAX_FILTERS:
        raise Malformed("too many filters")


def read_empty(packet: Packet) -> None:
    """Check a packet that has no body.

    Raises:
        Malformed: when it has one.
    """
    _Fields(packet.body).end()


def read_puback(packet: Packet) -> int:
    """Give the packet id of a PUBACK (§3.4).

    Raises:
        Malformed: when it is broken.
    """
    fields = _Fields(packet.body)
    packet_id = fields.packet_id()
    fields.end()
    return packet_id


def connack(code: ConnectCode) -> bytes:
    """Make a CONNACK without a session (§3.2)."""
    return bytes((Type.CONNACK << 4, 2, 0, code))


def puback(packet_id: int) -> bytes:
    """Make a PUBACK (§3.4)."""
    return bytes((Type.PUBACK << 4, 2)) + _U16.pack(packet_id)


def publish(topic: str, payload: bytes, *, packet_id: int | None = None, retain: bool = False) -> bytes:
    """Make a PUBLISH (§3.3): of QoS 1 with a packet id, else of QoS 0."""
    name = topic.encode()
    body = _U16.pack(len(name)) + name + (b"" if packet_id is None else _U16.pack(packet_id)) + payload
    first = Type.PUBLISH << 4 | (0 if packet_id is None else 2) | retain
    return bytes((first,)) + _length(len(body)) + body


def plain_connect(client_id: str) -> bytes:
    """Make the CONNECT that is handed inwards: a clean session, without secret, Will and keep-alive."""
    name = client_id.encode()
    body = b"\0\x04MQTT\x04\x02\0\0" + _U16.pack(len(name)) + name
    return bytes((Type.CONNECT << 4,)) + _length(len(body)) + body


def _length(length: int) -> bytes:
    out = bytearray()
    while True:
        length, low = divmod(length, 128)
        out.append(low | (0x80 if length else 0))
        if not length:
            return bytes(out)


def answer(data: bytes) -> Type:
    """Tell which answer this is, of the broker to a client.

    Raises:
        Malformed: when these bytes are not exactly one packet, or are a message: those do not come this way.
    """
    header = remaining(data)
    if header is None or len(data) != sum(header):
        raise Malformed("not one packet")
    try:
        kind = Type(data[0] >> 4)
    except ValueError:
        kind = Type.PUBLISH
    if kind not in _ANSWERS:
        raise Malformed("not an answer")
    return kind
