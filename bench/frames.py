"""A WebSocket as a client that measures has it: RFC 6455 with as little Python as possible, and all bytes counted.

    GET, Upgrade ──►    ◄── 101    frames, masked with zeros ──►    ◄── frames, unmasked

Knows nothing of what is in a frame; who derives from it does.
"""

import asyncio
import base64
import os
from typing import Final, cast

CONTINUATION: Final = 0
TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10

_SHORT, _MEDIUM, _LONG = 125, 126, 127


def frame(kind: int, data: bytes) -> bytes:
    """Make one whole frame of at most 64 KiB. A mask of zeros is allowed by its format, and saves masking."""
    size = len(data)
    head = bytes([0x80 | kind, 0x80 | size]) if size <= _SHORT else bytes([0x80 | kind, 0xFE]) + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + data


def take(buffer: bytearray) -> tuple[int, bytes] | None:
    """Take the first frame that a server sent out of a buffer: its kind and what is in it; None until it is whole."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1] & 0x7F, 2
    if size == _MEDIUM:
        size, start = int.from_bytes(buffer[2:4], "big"), 4
    elif size == _LONG:
        size, start = int.from_bytes(buffer[2:10], "big"), 10
    if len(buffer) < start + size:
        return None
    kind, data = buffer[0] & 0x0F, bytes(buffer[start : start + size])
    del buffer[: start + size]
    return kind, data


class Frames(asyncio.Protocol):
    """One connection. `sent` and `received` count bytes, those of HTTP and of frames included."""

    def __init__(self, host: str, path: str, subprotocol: str = "") -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self._subprotocol = subprotocol
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._open = False
        self.sent = self.received = 0

    # ── for who derives from it ──────────────────────────────────────────────────────────────────────────────────────

    def opened(self) -> None:
        """Take notice that frames may be sent."""
        raise NotImplementedError

    def heard(self, data: bytes) -> None:
        """Take in what was in a frame of text or bytes."""
        raise NotImplementedError

    def closed(self) -> None:
        """Take notice that the connection is no more."""
        raise NotImplementedError

    def send(self, kind: int, data: bytes) -> None:
        """Send one frame, unless the connection is closing."""
        if self._transport is not None and not self._transport.is_closing():
            self._write(frame(kind, data))

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    # ── the connection ───────────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the WebSocket."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        key = base64.b64encode(os.urandom(16)).decode()
        more = f"Sec-WebSocket-Protocol: {self._subprotocol}\r\n" if self._subprotocol else ""
        self._write(
            f"{self._request}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{more}\r\n".encode("ascii")
        )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why does not matter
        """Tell."""
        self._transport = None
        self.closed()

    def data_received(self, data: bytes) -> None:
        """Unpack HTTP once, then frames."""
        self.received += len(data)
        self._buffer += data
        if not self._open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                self.close()
                return
            del self._buffer[: end + 4]
            self._open = True
            self.opened()
        while (taken := take(self._buffer)) is not None:
            kind, inside = taken
            if kind <= BINARY:
                self.heard(inside)
            elif kind == PING:
                self.send(PONG, inside)
            elif kind == CLOSE:
                self.close()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self.sent += len(data)
            self._transport.write(data)
