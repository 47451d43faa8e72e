"""A small MQTT 3.1.1 client for tests: pure bytes, so that it can also say what no client may.

It notes what it is sent in the order of arrival, acknowledges QoS 1, and never does anything by itself. The packets are
made by functions, so that several can be sent in one frame.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import aiohttp

WITHIN_S = 5.0


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(2, "big") + data


def packet(first: int, body: bytes = b"") -> bytes:
    length, out = len(body), bytearray([first])
    while True:
        length, low = divmod(length, 128)
        out.append(low | (0x80 if length else 0))
        if not length:
            return bytes(out) + body


def connect(
    name: str | bytes,
    password: str | bytes | None = None,
    *,
    username: str | bytes | None = None,
    will: tuple[str, bytes] | None = None,
    will_retain: bool = False,
    clean: bool = True,
    keep_alive_s: int = 60,
    level: int = 4,
) -> bytes:
    flags = 0x80 | (0x40 if password is not None else 0) | (0x02 if clean else 0)
    flags |= (0x0C if will else 0) | (0x20 if will_retain else 0)  # a Will of QoS 1
    body = text("MQTT") + bytes([level, flags]) + keep_alive_s.to_bytes(2, "big") + text(name)
    if will:
        body += text(will[0]) + text(will[1])
    body += text(name if username is None else username)
    return packet(0x10, body + (text(password) if password is not None else b""))


def subscribe(*filters: str | bytes, qos: int = 0, packet_id: int = 1) -> bytes:
    return packet(0x82, packet_id.to_bytes(2, "big") + b"".join(text(each) + bytes([qos]) for each in filters))


def unsubscribe(*filters: str, packet_id: int = 2) -> bytes:
    return packet(0xA2, packet_id.to_bytes(2, "big") + b"".join(text(each) for each in filters))


def publish(topic: str | bytes, payload: bytes, *, packet_id: int = 0, retain: bool = False) -> bytes:
    """QoS 1 with a packet id, else QoS 0."""
    first = 0x30 | (2 if packet_id else 0) | (1 if retain else 0)
    return packet(first, text(topic) + (packet_id.to_bytes(2, "big") if packet_id else b"") + payload)


PINGREQ = packet(0xC0)
DISCONNECT = packet(0xE0)


@dataclass(frozen=True, slots=True)
class Message:
    """A delivery, as it came."""

    topic: str
    payload: bytes
    retain: bool = False


class Opcode(IntEnum):
    """The kinds of frame of a WebSocket (RFC 6455 §5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Line(Protocol):
    """Bytes to and from a broker; reading gives none at the end."""

    async def read(self) -> bytes: ...
    async def write(self, data: bytes) -> None: ...
    async def close(self) -> None: ...


class SocketLine(Line):
    """Over TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        try:
            return await self._reader.read(65536)
        except ConnectionError:
            return b""

    async def write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self._writer.write(data)
            await self._writer.drain()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


class WebSocketLine(Line):
    """Over a WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def read(self) -> bytes:
        message = await self.socket.receive()
        return message.data if message.type is aiohttp.WSMsgType.BINARY else b""

    async def write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            await self.socket.send_bytes(data)

    async def write_text(self, text: str) -> None:
        """Send a frame of text, which MQTT is never in."""
        await self.socket.send_str(text)

    async def close(self) -> None:
        await self.socket.close()


class FramedLine(SocketLine):
    """Over a WebSocket of our own, for what a library for browsers' sockets cannot say before its first byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(reader, writer)
        self.close_code: int | None = None

    async def read(self) -> bytes:
        try:
            while True:
                opcode, data = await self._frame()
                match opcode:
                    case Opcode.BINARY | Opcode.CONTINUATION if data:
                        return data
                    case Opcode.CLOSE:
                        self.close_code = int.from_bytes(data[:2], "big") if data else 1005
                        return b""
                    case Opcode.PING:
                        await super().write(frame(data, Opcode.PONG))
        except (ConnectionError, asyncio.IncompleteReadError):
            return b""

    async def write(self, data: bytes) -> None:
        await super().write(frame(data))

    async def write_text(self, text: str) -> None:
        """Send a frame of text, which MQTT is never in."""
        await super().write(frame(text.encode(), Opcode.TEXT))

    async def _frame(self) -> tuple[int, bytes]:
        first, length = await self._reader.readexactly(2)
        if length > 125:
            length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8), "big")
        return first & 0x0F, await self._reader.readexactly(length)


class Probe:
    """One client. `seen` are the deliveries, `connack` and `subacks` the return codes, `closed` the end."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.seen: list[Message] = []
        self.connack: int | None = None
        self.subacks: list[list[int]] = []
        self.pubacks: list[int] = []
        self.unsubacks = 0
        self.pongs = 0
        self.closed = False
        self._bytes = bytearray()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def send(self, *packets: bytes) -> None:
        """Send all of it in one piece: one frame, on a WebSocket."""
        await self.line.write(b"".join(packets))

    def note(self, message: Message) -> None:
        """Take something for a delivery that came another way."""
        self.seen.append(message)
        self._news.set()

    async def until(self, reached: Callable[[], object], *, within_s: float = WITHIN_S) -> None:
        """Wait for something to have come."""
        async with asyncio.timeout(within_s):
            while not reached():
                self._news.clear()
                await self._news.wait()

    async def hears(self, topic: str, payload: bytes, *, within_s: float = WITHIN_S) -> None:
        """Wait for a delivery."""
        told = (topic, payload)
        await self.until(lambda: any((each.topic, each.payload) == told for each in self.seen), within_s=within_s)

    async def hears_on(self, start: str) -> None:
        """Wait for a delivery on any topic that starts like this."""
        await self.until(lambda: any(each.topic.startswith(start) for each in self.seen))

    async def echo(self) -> None:
        """Wait for a PINGRESP: all that was sent before has been dealt with by then, as far as this client goes."""
        pongs = self.pongs
        await self.send(PINGREQ)
        await self.until(lambda: self.pongs > pongs or self.closed)

    async def cut(self) -> None:
        """Vanish, or leave."""
        self._task.cancel()
        await asyncio.wait([self._task])
        await self.line.close()

    async def _listen(self) -> None:
        try:
            while data := await self.line.read():
                self._bytes += data
                while await self._take():
                    pass
                self._news.set()
        finally:
            self.closed = True
            self._news.set()

    async def _take(self) -> bool:
        length, shift, start = 0, 0, 1
        while True:
            if start >= len(self._bytes):
                return False
            byte = self._bytes[start]
            length |= (byte & 0x7F) << shift
            shift, start = shift + 7, start + 1
            if not byte & 0x80:
                break
        if len(self._bytes) < start + length:
            return False
        first, body = self._bytes[0], bytes(self._bytes[start : start + length])
        del self._bytes[: start + length]
        await self._note(first, body)
        return True

    async def _note(self, first: int, body: bytes) -> None:
        match first >> 4:
            case 2:
                self.connack = body[1]
            case 3:
                end = 2 + int.from_bytes(body[:2], "big")
                topic, rest = body[2:end].decode(), body[end:]
                if first & 0x06:
                    await self.send(packet(0x40, rest[:2]))
                    rest = rest[2:]
                self.seen.append(Message(topic, rest, bool(first & 1)))
            case 4:
                self.pubacks.append(int.from_bytes(body, "big"))
            case 9:
                self.subacks.append(list(body[2:]))
            case 11:
                self.unsubacks += 1
            case 13:
                self.pongs += 1


@contextlib.asynccontextmanager
async def over_websocket(port: int, path: str = "/mqtt", *, source: str | None = None) -> AsyncIterator[Probe]:
    """Open a WebSocket; `source` is the address of this machine to come from."""
    connector = aiohttp.TCPConnector(local_addr=None if source is None else (source, 0))
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.ws_connect(
            f"http://127.0.0.1:{port}{path}", protocols=("mqtt",), timeout=aiohttp.ClientWSTimeout(ws_close=1)
        ) as socket,
    ):
        probe = Probe(WebSocketLine(socket))
        try:
            yield probe
        finally:
            await probe.cut()


@contextlib.asynccontextmanager
async def over_tcp(port: int) -> AsyncIterator[Probe]:
    probe = Probe(SocketLine(*await asyncio.open_connection("127.0.0.1", port)))
    try:
        yield probe
    finally:
        await probe.cut()


@contextlib.asynccontextmanager
async def through_proxy(port: int, source: str) -> AsyncIterator[Probe]:
    """Open a WebSocket as what stands in front does: saying which address it is for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(proxied(source) + UPGRADE)
    line = FramedLine(reader, writer)
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    probe = Probe(line)
    try:
        yield probe
    finally:
        await probe.cut()


def proxied(source: str) -> bytes:
    """Make the header of the PROXY protocol for a connection from here (proxy-protocol.txt of HAProxy, §2.2)."""
    address = ipaddress.ip_address(source)
    family, here = (b"\x11", bytes(4)) if address.version == 4 else (b"\x21", bytes(16))
    addresses = address.packed + here + (50_000).to_bytes(2, "big") + (443).to_bytes(2, "big")
    return b"\r\n\r\n\0\r\nQUIT\n\x21" + family + len(addresses).to_bytes(2, "big") + addresses


UPGRADE = (
    b"GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def frame(data: bytes, opcode: Opcode = Opcode.BINARY) -> bytes:
    """Make a frame of a WebSocket client, masked with zeros."""
    length = len(data)
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 65_536:
        size = b"\xfe" + length.to_bytes(2, "big")
    else:
        size = b"\xff" + length.to_bytes(8, "big")
    return bytes([0x80 | opcode]) + size + bytes(4) + data


@contextlib.contextmanager
def deaf(port: int, first: bytes, *packets: bytes) -> Iterator[socket.socket]:
    """Open a connection, say this, and never read a byte: the kernel keeps a few, the rest stays with the sender."""
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.settimeout(WITHIN_S)
        wire.connect(("127.0.0.1", port))
        wire.sendall(first + b"".join(map(frame, packets)))
        yield wire
