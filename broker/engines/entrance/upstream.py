"""The call to a broker behind us: opens a WebSocket to it, for somebody else who will speak through it.

    we ── PROXY header, GET /mqtt, upgrade ──► broker
    we ◄─ 101 with the accept word ─────────── broker      all within CALL_S, and read no further

Knows the HTTP of RFC 6455 §4, and neither frames nor MQTT.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Final, cast

from typing_extensions import override

from broker.engines.mqtt.wires import Hangup

CALL_S: Final = 4.0
"""How long a broker may take to answer."""

_HEAD_BYTES = 4096
_END = b"\r\n\r\n"
_SWITCHING = re.compile(rb"HTTP/1\.1 101[ \r]")
_ACCEPT = re.compile(rb"\r\nsec-websocket-accept:[ \t]*([A-Za-z0-9+/]{27}=)[ \t]*\r\n", re.IGNORECASE)
_REQUEST = (
    "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: {key}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A WebSocket that the broker has opened: nothing is read from the transport, `first` was behind the answer."""

    transport: asyncio.Transport
    accept: str
    first: bytes


async def call(broker: tuple[str, int], introduction: bytes, key: str) -> Opened:
    """Open a WebSocket with this key, well-formed, after an introduction of who is speaking.

    Raises:
        OSError, TimeoutError, Hangup: when the broker is not there, does not answer, or does not want to.
    """
    async with asyncio.timeout(CALL_S):
        transport, answer = await asyncio.get_running_loop().create_connection(_Answer, *broker)
        try:
            transport.write(introduction + _REQUEST.format(key=key).encode())
            head, first = await answer.come
            return Opened(transport, _accept(head), first)
        except BaseException:
            transport.abort()
            raise


def _accept(head: bytes) -> str:
    """Find the accept word in the head of an answer; none is there when the broker does not want to."""
    accept = _ACCEPT.search(head)
    if not _SWITCHING.match(head) or accept is None:
        raise Hangup
    return accept[1].decode()


class _Answer(asyncio.Protocol):
    """Reads the head of an answer; `come` is the head with the end of its last line, and what was behind it."""

    def __init__(self) -> None:
        self.come: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        self._read = b""
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, first = self._read.partition(_END)
        if self._transport is None or self.come.done():
            return
        if end:
            self._transport.pause_reading()
            self.come.set_result((head + b"\r\n", first))
        elif len(head) > _HEAD_BYTES:
            self._hang_up()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if not self.come.done():
            self.come.set_exception(Hangup())
            self.come.exception()  # whoever waited may have given up
