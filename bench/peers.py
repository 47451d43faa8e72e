"""A peer for measuring: MQTT over a WebSocket with as little Python as possible, one protocol object and no task.

Does as the page does on the wire (docs/reference/protocol.md), but its sealed messages are made-up bytes of the usual
size, and nobody opens a data channel. It notes when things happen and judges nothing; `bench.crowd` does.

    CONNECT SUBSCRIBE here ──►    ◄── welcome{seat}    SUBSCRIBE seat, join ──►    ◄── matched    offer, candidates ◄──►
"""

import asyncio
import base64
import json
import os
import secrets
import time
from collections.abc import Callable
from typing import Any, Final, cast

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION
from tests.engines.mqtt_probe import connect, packet, publish, subscribe, unsubscribe

Told = Callable[["Peer", dict[str, Any]], None]

_KEY: Final = "B" + "k" * 86
_SHORT, _MEDIUM, _LONG = 125, 126, 127


class Peer(asyncio.Protocol):
    """One connection.

    `told` gets each message of the service, `sealed` the seat of each sealed one, and `lost` is called when the
    connection ends unasked.
    """

    def __init__(self, host: str, told: Told, sealed: Callable[[str], None], lost: Callable[["Peer"], None]) -> None:
        secret = secrets.token_bytes(SECRET_BYTES)
        self.name = peer_of(secret)
        self._password = b64url(secret)
        self._host, self._told, self._sealed, self._lost = host, told, sealed, lost
        self.life = b64url(secrets.token_bytes(8))
        self.seat = ""
        self.ticket = ""
        self.session = ""
        self.joined = 0.0
        self.leaving = False
        self._old_seat = ""
        self._transport: asyncio.Transport | None = None
        self._frames, self._packets = bytearray(), bytearray()
        self._open = False
        self._id = 1

    # ── what a peer says ─────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, mode: str, tags: list[str]) -> None:
        """Ask for a stranger, with a new ticket."""
        self.ticket, self.session = b64url(os.urandom(16)), ""
        self.joined = time.perf_counter()
        join = {"kind": "join", "ticket": self.ticket, "seat": self.seat, "key": _KEY, "mode": mode, "tags": tags}
        self._say(topics.lobby(self.name), {**join, "languages": [], "relay": False})

    def cancel(self) -> None:
        """Wait no longer."""
        self._say(topics.lobby(self.name), {"kind": "cancel", "ticket": self.ticket})

    def talking(self) -> None:
        """Say that the channel is open."""
        self._say(topics.lobby(self.name), {"kind": "talking", "session": self.session})

    def leave(self, mood: str) -> None:
        """End the session."""
        self._say(topics.lobby(self.name), {"kind": "leave", "session": self.session, "mood": mood})

    def ping(self, *, want_seat: bool) -> None:
        """Give a sign of life."""
        more = {"wantSeat": True} if want_seat else {}
        self._say(topics.presence(self.name), {"kind": "ping", **more}, sure=True)

    def signal(self, seat: str, *sizes: int) -> None:
        """Send sealed messages of these sizes to a stranger, in one frame."""
        self._send(b"".join(publish(topics.session(seat), os.urandom(size)) for size in sizes))

    def take_seat(self, seat: str) -> None:
        """Subscribe to a new seat; the one before the last is given up."""
        old, self._old_seat, self.seat = self._old_seat, self.seat, seat
        more = unsubscribe(topics.session(old), packet_id=self._next_id()) if old else b""
        self._send(subscribe(topics.session(seat), packet_id=self._next_id()) + more)

    def bye(self) -> None:
        """Go, without a Will."""
        self.leaving = True
        if self._transport is not None:
            self._say(topics.presence(self.name), {"kind": "gone", "mood": "left"}, sure=True)
            self._send(packet(0xE0))
            self._transport.close()

    def _say(self, topic: str, message: dict[str, Any], *, sure: bool = False) -> None:
        payload = json.dumps({**message, "life": self.life}).encode()
        self._send(publish(topic, payload, packet_id=self._next_id() if sure else 0))

    def _next_id(self) -> int:
        self._id = self._id % 65_535 + 1
        return self._id

    # ── the connection ───────────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the WebSocket."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /mqtt HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why does not matter
        """Tell, unless it was asked for."""
        self._transport = None
        if not self.leaving:
            self._lost(self)

    def data_received(self, data: bytes) -> None:
        """Unpack HTTP once, then frames, then packets."""
        self._frames += data
        if not self._open:
            end = self._frames.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._frames.startswith(b"HTTP/1.1 101"):
                self._close()
                return
            del self._frames[: end + 4]
            self._open = True
            self._enter()
        while self._take_frame():
            pass
        while (taken := self._take_packet()) is not None:
            self._heard(*taken)

    def _enter(self) -> None:
        gone = json.dumps({"kind": "gone", "life": self.life, "mood": "lost"}).encode()
        here = json.dumps({"kind": "here", "life": self.life, "version": VERSION}).encode()
        self._send(
            connect(self.name, self._password, will=(topics.presence(self.name), gone), keep_alive_s=60)
            + subscribe(topics.inbox(self.name), topics.PULSE)
            + publish(topics.presence(self.name), here, packet_id=self._next_id())
        )

    def _send(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        size = len(data)
        head = bytes([0x82, 0x80 | size]) if size <= _SHORT else b"\x82\xfe" + size.to_bytes(2, "big")
        # A mask of zeros is allowed by the frame's format, and saves masking: no proxy is here to be protected.
        self._transport.write(head + b"\0\0\0\0" + data)

    def _take_frame(self) -> bool:
        frames = self._frames
        if len(frames) < 2:
            return False
        size, start = frames[1] & 0x7F, 2
        if size == _MEDIUM:
            size, start = int.from_bytes(frames[2:4], "big"), 4
        elif size == _LONG:
            size, start = int.from_bytes(frames[2:10], "big"), 10
        if len(frames) < start + size:
            return False
        kind = frames[0] & 0x0F
        if kind in (0, 2):
            self._packets += frames[start : start + size]
        elif kind == 8:
            self._close()
        del frames[: start + size]
        return True

    def _take_packet(self) -> tuple[int, bytes] | None:
        length, shift, start = 0, 0, 1
        while True:
            if start >= len(self._packets):
                return None
            byte = self._packets[start]
            length |= (byte & 0x7F) << shift
            shift, start = shift + 7, start + 1
            if not byte & 0x80:
                break
        if len(self._packets) < start + length:
            return None
        first, body = self._packets[0], bytes(self._packets[start : start + length])
        del self._packets[: start + length]
        return first, body

    def _heard(self, first: int, body: bytes) -> None:
        if first >> 4 == 2 and body[1]:
            self._close()
        if first >> 4 != 3:
            return
        end = 2 + int.from_bytes(body[:2], "big")
        topic = body[2:end]
        if topic.startswith(b"v1/inbox/"):
            self._told(self, json.loads(body[end:]))
        elif topic.startswith(b"v1/session/"):
            self._sealed(topic[len(b"v1/session/") :].decode())

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
