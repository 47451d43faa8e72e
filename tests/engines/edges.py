"""An edge before a broker that is none: it answers upgrades, keeps what it hears, and says what a test lets it say."""

import asyncio
import base64
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import cast

from broker.engines.edge import Edge
from tests.engines.mqtt_probe import WITHIN_S

HEAD_END = b"\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nServer: broker\r\n\r\n"


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not reached():
            await asyncio.sleep(0.002)


class Caller(asyncio.Protocol):
    """A connection to the broker: `heard` is all that came, `ended` its end, `closed` that it is over."""

    transport: asyncio.Transport

    def __init__(self, broker: "FakeBroker") -> None:
        self.heard = bytearray()
        self.ended = False
        self.closed = False
        self._broker = broker
        self._greeted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self._broker.callers.append(self)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        if HEAD_END in self.heard[16:] and not self._greeted:
            self._greeted = True
            if self._broker.answers:
                self.answer()

    def eof_received(self) -> bool:
        self.ended = True
        return True

    def connection_lost(self, _: Exception | None) -> None:
        self.closed = True

    @property
    def introduction(self) -> bytes:
        """What came before the request."""
        return bytes(self.heard[: self.heard.index(b"GET ")])

    @property
    def request(self) -> str:
        start = self.heard.index(b"GET ")
        return self.heard[start : self.heard.index(HEAD_END, start)].decode()

    @property
    def said(self) -> bytes:
        """What came behind the request."""
        start = self.heard.index(b"GET ")
        return bytes(self.heard[self.heard.index(HEAD_END, start) + len(HEAD_END) :])

    def answer(self, first: bytes = b"") -> None:
        """Answer the upgrade, and say something with it."""
        refusal = self._broker.refusal
        self.transport.write((self._welcome() if refusal is None else refusal) + first)
        if refusal is not None:
            self.transport.close()

    def _welcome(self) -> bytes:
        key = re.findall(r"Sec-WebSocket-Key: (\S+)", self.request)[0]
        accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())  # noqa: S324  RFC 6455
        return (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nServer: broker\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
        )


class FakeBroker:
    """`answers`: whether it does so by itself; `refusal`: what it answers instead of 101, and then it hangs up."""

    def __init__(self) -> None:
        self.callers: list[Caller] = []
        self.answers = True
        self.refusal: bytes | None = None

    async def caller(self) -> Caller:
        """Wait for the newest caller's request."""
        await until(lambda: self.callers and HEAD_END in self.callers[-1].heard[16:])
        return self.callers[-1]


@dataclass
class Place:
    """A running edge, and the broker behind it."""

    edge: Edge
    broker: FakeBroker
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def browser(self, *first: bytes, host: str = "127.0.0.1") -> Streams:
        """Open a connection, and say this on it."""
        reader, writer = await asyncio.open_connection(host, self.edge.port)
        self.writers.append(writer)
        writer.write(b"".join(first))
        return reader, writer

    async def spliced(self, *first: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Caller]:
        """Open a WebSocket, up to where the bytes begin."""
        reader, writer = await self.browser(*first)
        assert (await head_of(reader)).startswith("HTTP/1.1 101 ")
        return reader, writer, await self.broker.caller()


async def head_of(reader: asyncio.StreamReader) -> str:
    return (await asyncio.wait_for(reader.readuntil(HEAD_END), WITHIN_S)).decode()


def headers_of(head: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in head.strip().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}


@contextlib.asynccontextmanager
async def placed(**settings: object) -> AsyncIterator[Place]:
    """Start an edge before a broker; nothing may escape in between, and nobody may be left in the end."""
    escaped: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: escaped.append(context))
    broker = FakeBroker()
    server = await loop.create_server(lambda: Caller(broker), "127.0.0.1", 0)
    edge = Edge(**{"page": None, "upstream": server.sockets[0].getsockname()[:2], **settings})
    place = Place(edge, broker)
    try:
        await edge.start()
        yield place
    finally:
        await edge.stop()
        server.close()
        await until(lambda: all(caller.ended or caller.closed for caller in broker.callers))
        for transport in [each.transport for each in broker.callers] + [each.transport for each in place.writers]:
            transport.abort()
        await until(lambda: all(caller.closed for caller in broker.callers))
    assert not escaped, escaped
