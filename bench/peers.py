"""A peer for measuring: MQTT over a WebSocket with as little Python as possible, one protocol object and no task.

Does as the page does on the wire (docs/reference/protocol.md), but its sealed messages are made-up bytes of the usual
size, and nobody opens a data channel. It notes when things happen and judges nothing; `bench.crowd` does.

    CONNECT SUBSCRIBE here ──►    ◄── welcome{seat}    SUBSCRIBE seat, join ──►    ◄── matched    offer, candidates ◄──►
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from bench.frames import BINARY, Frames
from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION
from tests.engines.mqtt_probe import connect, packet, publish, subscribe, unsubscribe

Told = Callable[["Peer", dict[str, Any]], None]

_KEY: Final = "B" + "k" * 86


class Peer(Frames):
    """One connection.

    `told` gets each message of the service, `sealed` the seat of each sealed one, and `lost` is called when the
    connection ends unasked.
    """

    def __init__(self, host: str, told: Told, sealed: Callable[[str], None], lost: Callable[["Peer"], None]) -> None:
        super().__init__(host, "/mqtt", "mqtt")
        secret = secrets.token_bytes(SECRET_BYTES)
        self.name = peer_of(secret)
        self._password = b64url(secret)
        self._told, self._sealed, self._lost = told, sealed, lost
        self.life = b64url(secrets.token_bytes(8))
        self.seat = ""
        self.ticket = ""
        self.session = ""
        self.joined = 0.0
        self.leaving = False
        self._old_seat = ""
        self._packets = bytearray()
        self._id = 1

    # ── what a peer says ─────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, mode: str, tags: list[str], languages: Sequence[str] = ()) -> None:
        """Ask for a stranger, with a new ticket."""
        self.ticket, self.session = b64url(os.urandom(16)), ""
        self.joined = time.perf_counter()
        join = {"kind": "join", "ticket": self.ticket, "seat": self.seat, "key": _KEY, "mode": mode, "tags": tags}
        self._say(topics.lobby(self.name), {**join, "languages": [*languages], "relay": False})

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
        self.send(BINARY, b"".join(publish(topics.session(seat), os.urandom(size)) for size in sizes))

    def take_seat(self, seat: str) -> None:
        """Subscribe to a new seat; the one before the last is given up."""
        old, self._old_seat, self.seat = self._old_seat, self.seat, seat
        more = unsubscribe(topics.session(old), packet_id=self._next_id()) if old else b""
        self.send(BINARY, subscribe(topics.session(seat), packet_id=self._next_id()) + more)

    def bye(self) -> None:
        """Go, without a Will."""
        self.leaving = True
        self._say(topics.presence(self.name), {"kind": "gone", "mood": "left"}, sure=True)
        self.send(BINARY, packet(0xE0))
        self.close()

    def _say(self, topic: str, message: dict[str, Any], *, sure: bool = False) -> None:
        payload = _compact({**message, "life": self.life})
        self.send(BINARY, publish(topic, payload, packet_id=self._next_id() if sure else 0))

    def _next_id(self) -> int:
        self._id = self._id % 65_535 + 1
        return self._id

    # ── the connection ───────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self) -> None:
        """Come in: all in one frame, without waiting for an answer."""
        gone = _compact({"kind": "gone", "life": self.life, "mood": "lost"})
        here = _compact({"kind": "here", "life": self.life, "version": VERSION})
        self.send(
            BINARY,
            connect(self.name, self._password, will=(topics.presence(self.name), gone), keep_alive_s=60)
            + subscribe(topics.inbox(self.name), topics.PULSE)
            + publish(topics.presence(self.name), here, packet_id=self._next_id()),
        )

    def closed(self) -> None:
        """Tell, unless it was asked for."""
        if not self.leaving:
            self._lost(self)

    def heard(self, data: bytes) -> None:
        """Unpack packets."""
        self._packets += data
        while (taken := self._take_packet()) is not None:
            self._hear(*taken)

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

    def _hear(self, first: int, body: bytes) -> None:
        if first >> 4 == 2 and body[1]:
            self.close()
        if first >> 4 != 3:
            return
        end = 2 + int.from_bytes(body[:2], "big")
        topic = body[2:end]
        if topic.startswith(b"v1/inbox/"):
            self._told(self, json.loads(body[end:]))
        elif topic.startswith(b"v1/session/"):
            self._sealed(topic[len(b"v1/session/") :].decode())


def _compact(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()
