"""A stand-in for a broker behind a proxy: takes its header and the request for a WebSocket, and notes what comes."""

import asyncio
import base64
import contextlib
import hashlib
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

_SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
_PROXY: Final = b"\x21"
_IPV4: Final = 0x11
_PROXYS_OWN: Final = "127.0.0.1"
_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3
_SWITCHING: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nServer: a node\r\n"
    b"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)


@dataclass
class Guest:
    """One connection: for which address, with what request, and how many bytes came behind it."""

    address: str
    head: str
    received: int = 0
    gone: bool = False

    @property
    def headers(self) -> dict[str, str]:
        lines = (line.partition(": ") for line in self.head.split("\r\n")[1:] if line)
        return {name.lower(): value for name, _, value in lines}


@dataclass
class Node:
    """Where it listens, who is here or was, and how often the proxy came on its own behalf, to see whether it is well.

    It may be kept from answering: then it is as one whose process has stopped.
    """

    port: int = 0
    guests: list[Guest] = field(default_factory=list)
    looks: int = 0
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def here(self) -> list[Guest]:
        return [guest for guest in self.guests if not guest.gone]

    async def start(self) -> None:
        """Listen, at the same port as before if there was one."""
        self.answers.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def die(self) -> None:
        """Be gone, with every connection."""
        if self._server is not None:
            self._server.close()
        self.answers.set()
        for writer in [*self._open]:
            writer.transport.abort()
        while self._open:
            await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._attend(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = await reader.readexactly(16)
        addresses = await reader.readexactly(int.from_bytes(start[14:], "big"))
        assert start.startswith(_SIGNATURE), start
        assert start[12:13] == _PROXY, "a broker behind a proxy does not answer to anything else"
        source = ipaddress.ip_address(addresses[: 4 if start[13] == _IPV4 else 16])
        guest = Guest(str(source), (await reader.readuntil(b"\r\n\r\n")).decode())
        if guest.address == _PROXYS_OWN:
            self.looks += 1
        else:
            self.guests.append(guest)
        await self.answers.wait()
        digest = hashlib.sha1(guest.headers["sec-websocket-key"].encode() + _MAGIC).digest()  # noqa: S324  RFC 6455
        writer.write(_SWITCHING % base64.b64encode(digest))
        try:
            while data := await reader.read(65536):
                guest.received += len(data)
        finally:
            guest.gone = True


@contextlib.asynccontextmanager
async def nodes(count: int) -> AsyncIterator[list[Node]]:
    """Have some of them, each at a port of its own."""
    made = [Node() for _ in range(count)]
    try:
        for node in made:
            await node.start()
        yield made
    finally:
        for node in made:
            await node.die()
