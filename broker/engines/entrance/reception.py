"""The reception: each connection to the public port, from its first byte on, and what it may take.

Knows HTTP as far as it is about connections: how long each step may take, who is told that the house is full, and how
a connection is given away to whom it asked for. What is served is `page`'s and the engine's.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Final, cast

from aiohttp import web
from typing_extensions import override

from broker.engines.entrance.door import Door
from broker.engines.entrance.headers import put_on
from broker.engines.mqtt.wires import host_of

FULL: Final = "Too many connections are open here, or from where you are. Try again in a moment.\n"

IDLE_S: Final = 30.0
"""How long a connection may wait for its next request."""


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on a response; for `app.on_response_prepare`."""
    put_on(response.headers, status=response.status, secure=request.secure)
    if isinstance(request.protocol, Reception):
        request.protocol.answering(request, lasting=response.status == HTTPStatus.SWITCHING_PROTOCOLS)


class Reception(web.RequestHandler):
    """aiohttp's handler of a connection, with its habits changed.

        open ─► request, within opening_s ─► answer, read within answer_s ─► next request, begun within IDLE_S ─┐
                        ▲                        └─ a WebSocket: from here on it is another's                   │
                        └─────────────────────────── and then again within opening_s ◄──────────────────────────┘

    aiohttp itself would wait for ever at each of these. Who finds the house full is told so at once, and the answers to
    what is not even HTTP are dressed like all others, and echo nothing.
    """

    __slots__ = ("_address", "_answer_s", "_door", "_inside", "_lasting", "_opening_s", "_task", "_timer")

    def __init__(
        self, manager: web.Server, door: Door, *, loop: asyncio.AbstractEventLoop, opening_s: float, answer_s: float
    ) -> None:
        super().__init__(manager, loop=loop, keepalive_timeout=IDLE_S, lingering_time=opening_s)
        self._door = door
        self._opening_s = opening_s
        self._answer_s = answer_s
        self._address = ""
        self._inside = False
        self._lasting = False
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._address = host_of(transport)
        self._inside = self._door.enter(self._address)
        if self._inside:
            super().connection_made(transport)
            self._set(self._opening_s)
        else:
            plain = cast("asyncio.WriteTransport", transport)  # uvloop's is none by inheritance
            plain.write(_full(secure=plain.get_extra_info("sslcontext") is not None))
            plain.close()

    @override
    def data_received(self, data: bytes) -> None:
        if self._inside:
            if self._timer is None and not self._lasting:
                self._set(self._opening_s)
            super().data_received(data)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        if self._inside:
            self._inside = False
            self._door.leave(self._address)
            self._set(None)
            super().connection_lost(exc)

    def answering(self, request: web.BaseRequest, *, lasting: bool) -> None:
        """Note that a request has come and is being answered; `lasting` is a WebSocket."""
        self._task = None if lasting else request.task
        self._lasting = lasting
        self._set(None if lasting else self._answer_s)

    def hold(self) -> bytearray:
        """Read no more, and keep what came behind the request; for a request that asks for another protocol."""
        held = _Held()
        self.set_parser(held)  # type: ignore[arg-type]  # it need not be a WebSocketReader, and in 3.12 it says Any
        if self.transport is not None:
            self.transport.pause_reading()
        return held.data

    def release(self) -> tuple[asyncio.Transport, Callable[[], None]] | None:
        """Give the connection away, and forget it; None when it is gone.

        With it goes the duty to call the second of the two when it has closed: it leaves the door.
        """
        transport = self.transport
        if transport is None or transport.is_closing() or not self._inside:
            return None
        self._set(None)
        self._inside = False
        self.transport = None  # or aiohttp would close it, for which there is no cause
        super().connection_lost(None)
        return transport, partial(self._door.leave, self._address)

    @override
    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._task = None
            self._set(None)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        self.answering(request, lasting=False)
        response = super().handle_error(request, status, exc, "")
        plain = _Bare(status=response.status, text=f"{response.status}\n")
        plain.secure = request.secure
        plain.force_close()
        return plain

    def _set(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None and self._inside:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def _expire(self) -> None:
        transport, task = self.transport, self._task
        if task is not None:
            task.cancel()  # a file that the system sends by itself is not told that the connection is gone
        self.force_close()
        if transport is not None:
            transport.abort()  # or it would wait for the other side to read


class _Held:
    """Stands where aiohttp has a reader of WebSocket frames, and reads nothing."""

    def __init__(self) -> None:
        self.data = bytearray()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.data += data
        return False, b""

    def feed_eof(self) -> None:
        """Nothing follows from the end: whoever holds the connection is told otherwise."""


def _full(*, secure: bool) -> bytes:
    headers = {"Content-Type": "text/plain", "Retry-After": "10"}
    put_on(headers, status=503, secure=secure)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 503 Full\r\n{head}Content-Length: {len(FULL)}\r\nConnection: close\r\n\r\n{FULL}".encode()


class _Bare(web.Response):
    """A response that no application prepares."""

    secure = False

    @override
    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        put_on(self.headers, status=self.status, secure=self.secure)
