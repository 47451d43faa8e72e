"""The few packets of MQTT 3.1.1 that a peer needs, and the frames of a WebSocket around them. Pure, without comfort.

For thousands of connections in one process: nothing here is kept for later, and nothing is an object that need not be.
"""

from typing import Final

from stranger.client import Login

CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9
PINGREQ: Final = b"\xc0\0"
DISCONNECT: Final = b"\xe0\0"

_SHORT, _MEDIUM, _LONG = 125, 126, 127


def connect(login: Login, keep_alive_s: int) -> bytes:
    """Make a CONNECT (§3.1) with a clean session, and a Will of QoS 1."""
    flags, body = 2, _text(login.client_id)
    if login.will is not None:
        flags |= 0x0C
        body += _text(login.will[0]) + _bytes(login.will[1])
    if login.name is not None:
        flags |= 0x80
        body += _text(login.name)
    if login.password is not None:
        flags |= 0x40
        body += _text(login.password)
    return packet(0x10, _text("MQTT") + bytes([4, flags]) + keep_alive_s.to_bytes(2, "big") + body)


def publish(topic: str, payload: bytes, packet_id: int = 0) -> bytes:
    """Make a PUBLISH (§3.3): QoS 1 with a packet id, else QoS 0."""
    mark = packet_id.to_bytes(2, "big") if packet_id else b""
    return packet(0x32 if packet_id else 0x30, _text(topic) + mark + payload)


def subscribe(filters: tuple[str, ...], packet_id: int) -> bytes:
    """Make a SUBSCRIBE (§3.8) at QoS 0."""
    return packet(0x82, packet_id.to_bytes(2, "big") + b"".join(_text(each) + b"\0" for each in filters))


def unsubscribe(filters: tuple[str, ...], packet_id: int) -> bytes:
    """Make an UNSUBSCRIBE (§3.10)."""
    return packet(0xA2, packet_id.to_bytes(2, "big") + b"".join(map(_text, filters)))


def packet(first: int, body: bytes) -> bytes:
    """Put a header before a body (§2.2)."""
    length, head = len(body), bytearray([first])
    while True:
        length, low = divmod(length, 128)
        head.append(low | (0x80 if length else 0))
        if not length:
            return bytes(head) + body


def frame(data: bytes, opcode: int = 2) -> bytes:
    """Put data into a frame of a WebSocket: masked as a client must, by zeros, which change nothing (RFC 6455 §5.3)."""
    size = len(data)
    if size <= _SHORT:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 1 << 16:
        head = bytes([0x80 | opcode, 0x80 | _MEDIUM]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | opcode, 0x80 | _LONG]) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + data


def take_frame(data: bytearray) -> tuple[int, bytes] | None:
    """Take the first frame out of what came: opcode and content; None when it is not all here (servers do not mask)."""
    if len(data) < 2:  # noqa: PLR2004  the shortest head
        return None
    size, start = data[1] & 0x7F, 2
    if size == _MEDIUM:
        size, start = int.from_bytes(data[2:4], "big"), 4
    elif size == _LONG:
        size, start = int.from_bytes(data[2:10], "big"), 10
    if len(data) < start + size:
        return None
    content = bytes(data[start : start + size])
    opcode = data[0] & 0x0F
    del data[: start + size]
    return opcode, content


def take_packet(data: bytearray) -> tuple[int, bytes] | None:
    """Take the first packet out of what came: its first byte and its body; None when it is not all here."""
    length, shift, start = 0, 0, 1
    while True:
        if start >= len(data):
            return None
        byte = data[start]
        length |= (byte & 0x7F) << shift
        shift, start = shift + 7, start + 1
        if not byte & 0x80:
            break
    if len(data) < start + length:
        return None
    first, body = data[0], bytes(data[start : start + length])
    del data[: start + length]
    return first, body


def take_message(first: int, body: bytes) -> tuple[str, bytes, int]:
    """Take a PUBLISH apart: topic, payload, and the packet id that is to be acknowledged, or 0."""
    end = 2 + int.from_bytes(body[:2], "big")
    topic = body[2:end].decode()
    if first & 0x06:
        return topic, body[end + 2 :], int.from_bytes(body[end : end + 2], "big")
    return topic, body[end:], 0


def _text(value: str) -> bytes:
    return _bytes(value.encode())


def _bytes(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
