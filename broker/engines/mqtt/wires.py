"""The two ways in, made alike: a WebSocket for peers, plain TCP for the service. Bytes only, no MQTT.

browser ── WebSocket, subprotocol mqtt ──► WebSocketWire ┐
                                                         ├─► Life
service ── TCP on loopback ──────────────► StreamWire ───┘
"""

import asyncio
import contextlib
from typing import Final, Protocol

from aiohttp import WSCloseCode, WSMsgType, web
from typing_extensions import override

GOODBYE_S: Final = 1.0
"""How long a closing connection may take to say goodbye before it is cut."""

DRAIN_S: Final = 2.0
"""How long what is already on its way may take to leave, before that."""

_CHUNK = 16 * 1024


class Hangup(Exception):
    """The other side is gone, or speaks no bytes."""


class Wire(Protocol):
    """One connection: its address, bytes in, bytes out."""

    @property
    def address(self) -> str:
        """The network address of the other side; empty when unknown."""

    async def read(self) -> bytes:
        """Wait for some bytes.

        Raises:
            Hangup: when none will come.
        """

    @property
    def unsent(self) -> int:
        """How many bytes were written and have not left this process: the other side does not read."""

    def write(self, data: bytes) -> None:
        """Send one packet. Never waits, never raises: what cannot be sent is lost with the connection."""

    async def drain(self) -> None:
        """Wait until there is room to send more. Never raises either."""

    async def close(self, code: WSCloseCode, *, drain: bool = True) -> None:
        """Let what was written leave for `DRAIN_S`, say goodbye for `GOODBYE_S`, and cut; without `drain`, just cut."""


class StreamWire(Wire):
    """A TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @property
    @override
    def address(self) -> str:
        return host_of(self._writer.transport)

    @override
    async def read(self) -> bytes:
        try:
            data = await self._reader.read(_CHUNK)
        except OSError as error:
            raise Hangup from error
        if not data:
            raise Hangup
        return data

    @override
    @property
    @override
    def unsent(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    @override
    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    @override
    async def drain(self) -> None:
        with contextlib.suppress(OSError):
            await self._writer.drain()

    @override
    async def close(self, code: WSCloseCode, *, drain: bool = True) -> None:
        if not drain:
            self._writer.transport.abort()
        self._writer.close()  # sends what was written first
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()


class WebSocketWire(Wire):
    """A WebSocket; packets and frames need not end together (MQTT 3.1.1 §6)."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport
        self._waiting = bytearray()
        self._sending_bytes = 0
        self._sending: asyncio.Task[None] | None = None

    @property
    @override
    def address(self) -> str:
        return host_of(self._transport)

    @override
    async def read(self) -> bytes:
        message = await self._socket.receive()
        if message.type is not WSMsgType.BINARY:
            raise Hangup
        data: bytes = message.data
        return data

    @property
    @override
    def unsent(self) -> int:
        below = 0 if self._transport is None else self._transport.get_write_buffer_size()
        return len(self._waiting) + max(self._sending_bytes, below)

    @override
    def write(self, data: bytes) -> None:
        self._waiting += data
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        """Send what is waiting; what is written meanwhile goes into one frame."""
        try:
            while self._waiting and not self._socket.closed:
                data, self._waiting = bytes(self._waiting), bytearray()
                self._sending_bytes = len(data)
                await self._socket.send_bytes(data)
        except (OSError, RuntimeError):  # aiohttp raises either, by how far the closing got
            self._waiting.clear()
        finally:
            self._sending, self._sending_bytes = None, 0

    @override
    async def drain(self) -> None:
        if self._sending is not None:
            await asyncio.wait([self._sending])

    @override
    async def close(self, code: WSCloseCode, *, drain: bool = True) -> None:
        try:
            if drain:
                async with asyncio.timeout(DRAIN_S):
                    await self.drain()
                async with asyncio.timeout(GOODBYE_S):
                    await self._socket.close(code=code)
        except (OSError, RuntimeError, TimeoutError):
            pass
        finally:
            if self._transport is not None:
                self._transport.abort()
            if self._sending is not None:
                self._sending.cancel()
                await asyncio.wait([self._sending])


def host_of(transport: asyncio.BaseTransport | None) -> str:
    """Give the address at the other end, without the port."""
    name = transport.get_extra_info("peername") if transport else None
    return str(name[0]) if isinstance(name, tuple) and name else ""
