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

    def write(self, data: bytes) -> None:
        """Send one packet. Never raises: what cannot be sent is lost with the connection."""

    async def drain(self) -> None:
        """Wait until there is room to send more. Never raises either."""

    async def close(self, code: WSCloseCode) -> None:
        """Say goodbye and close; cut after `GOODBYE_S`."""


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
    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    @override
    async def drain(self) -> None:
        with contextlib.suppress(OSError):
            await self._writer.drain()

    @override
    async def close(self, code: WSCloseCode) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()


class WebSocketWire(Wire):
    """A WebSocket; packets and frames need not end together (MQTT 3.1.1 §6)."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport
        self._unsent = bytearray()

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

    @override
    def write(self, data: bytes) -> None:
        self._unsent += data

    @override
    async def drain(self) -> None:
        data, self._unsent = bytes(self._unsent), bytearray()
        if data and not self._socket.closed:
            with contextlib.suppress(OSError, RuntimeError):  # aiohttp raises either, by how far the closing got
                await self._socket.send_bytes(data)

    @override
    async def close(self, code: WSCloseCode) -> None:
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self.drain()
                await self._socket.close(code=code)
        except (OSError, RuntimeError, TimeoutError):
            pass
        finally:
            if self._transport is not None:
                self._transport.abort()


def host_of(transport: asyncio.BaseTransport | None) -> str:
    """Give the address at the other end, without the port."""
    name = transport.get_extra_info("peername") if transport else None
    return str(name[0]) if isinstance(name, tuple) and name else ""
