"""A server where a broker should be, which does what a test says: on TCP or over a WebSocket, with TLS or without."""

import asyncio
import base64
import contextlib
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from tests.engines.mqtt_probe import packet

CONNACK = packet(0x20, b"\0\0")
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass
class Line:
    """One connection to it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    web: bool = False

    async def upgrade(self) -> None:
        """Become a WebSocket (RFC 6455 §4)."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        [key] = [
            line.split(b": ", 1)[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
        ]
        accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        self.writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
        )
        self.web = True

    async def hear(self) -> bytes:
        """Take what one frame has, or what is there."""
        if not self.web:
            return await self.reader.read(65_536)
        head = await self.reader.readexactly(2)
        length = head[1] & 0x7F
        if length == 126:
            length = int.from_bytes(await self.reader.readexactly(2), "big")
        mask = await self.reader.readexactly(4)
        data = await self.reader.readexactly(length)
        return bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))

    async def say(self, *frames: bytes) -> None:
        """Send frames, or bytes where there are none."""
        for data in frames:
            head = b"\x82" + (bytes([len(data)]) if len(data) < 126 else b"\x7e" + len(data).to_bytes(2, "big"))
            self.writer.write(head + data if self.web else data)
        await self.writer.drain()

    async def until_gone(self) -> None:
        """Wait until the other side has closed."""
        with contextlib.suppress(OSError):
            while await self.reader.read(65_536):
                pass


Script = Callable[[Line], Awaitable[None]]


@dataclass
class Scripted:
    """It, and its connections so far."""

    port: int = 0
    lines: list[Line] = field(default_factory=list)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Self]:
        """Open it on a free port of loopback."""
        scripted = cls()
        tasks: set[asyncio.Task[None]] = set()

        async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            tasks.add(task)
            line = Line(reader, writer)
            scripted.lines.append(line)
            try:
                with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await script(line)
            finally:
                tasks.discard(task)
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

        server = await asyncio.start_server(play, "127.0.0.1", 0, ssl=tls)
        scripted.port = server.sockets[0].getsockname()[1]
        try:
            yield scripted
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


# ── scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def silent(line: Line) -> None:
    """Say nothing, ever."""
    await line.until_gone()


async def silent_after_the_upgrade(line: Line) -> None:
    """Become a WebSocket, and say nothing on it."""
    await line.upgrade()
    await line.until_gone()


async def hang_up(line: Line) -> None:
    """Close at once."""


async def not_found(line: Line) -> None:
    """Be a web server, and no broker."""
    await line.reader.readuntil(b"\r\n\r\n")
    await line.say(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def refuse(code: int) -> Script:
    """Refuse each CONNECT with this code."""

    async def script(line: Line) -> None:
        await line.upgrade()
        await line.hear()
        await line.say(packet(0x20, bytes([0, code])))
        await line.until_gone()

    return script
