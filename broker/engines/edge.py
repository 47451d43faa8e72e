"""The edge: the page and the WebSocket on one port, in front of a broker that runs on its own.

    browser ── GET / ─────────────► page
    browser ── GET /mqtt, upgrade ► edge ── PROXY header, an upgrade of our own ──► broker
    browser ◄────────────── 101 ─── edge ◄── 101 ────────────────────────────────── broker
    browser ◄────────────────────── bytes, both ways, as they are ────────────────► broker

What the broker is told about a browser is its address, and nothing that the browser wrote: the one word taken from its
request is the key that the handshake is made of (RFC 6455 §4.1), and that is looked at. Nothing is forwarded before the
broker's 101: Mosquitto refuses what comes together with a request. For deployments there are Caddy and HAProxy; this is
for one command on one machine, and for tests.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog
from aiohttp import hdrs, web

from broker.engines.entrance.door import Door
from broker.engines.entrance.front import SUBPROTOCOL, Front
from broker.engines.entrance.page import Page
from broker.engines.entrance.ports import SPARE_FILES, open_files
from broker.engines.entrance.proxy_header import proxy_header
from broker.engines.entrance.reception import Reception
from broker.engines.entrance.splice import Splice
from broker.engines.entrance.upstream import CALL_S, Opened, call
from broker.engines.mqtt.silence import silence
from broker.engines.mqtt.wires import Hangup

AWAY: Final = "The broker is not there at the moment. Try again in a moment.\n"

_OPENING_S = CALL_S + 1  # the call is part of the opening: who waits for it is told, not cut
_ANSWER_S = 60.0
_FILES_EACH = 2  # the browser's socket, and ours to the broker
_SWITCHING: Final = {hdrs.UPGRADE: "websocket", hdrs.CONNECTION: "Upgrade", hdrs.SEC_WEBSOCKET_PROTOCOL: SUBPROTOCOL}
_log = structlog.get_logger(__name__)


class Edge:
    """A public port before a broker's WebSocket listener.

    Args:
        page: what is served beside MQTT; None is a hint instead.
        upstream: host and port of the broker's WebSocket listener.
        host: where peers come in.
        port: for peers; 0 takes any free one, see `port` after the start.
        tls: for the peers' port.
        origins: that a browser's page may come from, besides this server's own.
        sockets: open at once, all together; fewer when this process may open fewer files.
        per_network: open at once from one IPv4 address or one IPv6 /64.
        proxy_protocol: whether the broker is told the peer's address, by the PROXY protocol, version 2.
    """

    def __init__(  # noqa: PLR0913  (each is a setting of its own)
        self,
        *,
        page: Page | None,
        upstream: tuple[str, int],
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        origins: frozenset[str] = frozenset(),
        sockets: int = 2_000,
        per_network: int = 256,
        proxy_protocol: bool = True,
    ) -> None:
        self.port = port
        self._page = page or Page(None)
        self._upstream = upstream
        self._host = host
        self._tls = tls
        self._origins = origins
        self._door = Door(min(sockets, (open_files() - SPARE_FILES) // _FILES_EACH), per_network)
        self._proxy_protocol = proxy_protocol
        self._splices: set[Splice] = set()
        self._parted = asyncio.Event()
        self._closing = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Open the port. Whether the broker is there shows only when somebody comes.

        Raises:
            BrokerUnavailable: when the port cannot be had.
        """
        silence()
        front = Front(
            self._page,
            self._attend,
            self._door,
            origins=self._origins,
            opening_s=_OPENING_S,
            answer_s=_ANSWER_S,
        )
        try:
            await front.set_up()
            self._closing.push_async_callback(self._end)  # after those who are still at the handshake
            self._closing.push_async_callback(front.close)
            self.port = await front.open(self._host, self.port, self._tls)
            self._closing.push_async_callback(front.shut)
        except BaseException:
            await self.stop()
            raise
        _log.info("edge started", port=self.port)

    async def stop(self) -> None:
        """Close everything; may be called at any time, and twice."""
        closing, self._closing = self._closing, contextlib.AsyncExitStack()
        await closing.aclose()

    async def _end(self) -> None:
        for splice in list(self._splices):
            splice.close()
        while self._splices:
            self._parted.clear()
            await self._parted.wait()

    async def _attend(self, request: web.Request) -> web.StreamResponse:
        reception = request.protocol
        if not isinstance(reception, Reception):
            raise TypeError("an edge is behind a front")
        held = reception.hold()
        try:
            opened = await call(self._upstream, self._introduce(request), request.headers[hdrs.SEC_WEBSOCKET_KEY])
        except (OSError, TimeoutError, ValueError, Hangup):
            away = web.HTTPServiceUnavailable(text=AWAY, headers={hdrs.RETRY_AFTER: "10"})
            away.force_close()
            raise away from None
        response = web.Response(status=101, headers={**_SWITCHING, hdrs.SEC_WEBSOCKET_ACCEPT: opened.accept})
        try:
            await response.prepare(request)
            await response.write_eof()
            self._splice(reception, bytes(held), opened)
        except BaseException as error:
            opened.transport.abort()
            reception.force_close()
            if not isinstance(error, (ConnectionError, Hangup)):
                raise
        return response

    def _introduce(self, request: web.Request) -> bytes:
        if not self._proxy_protocol:
            return b""
        return proxy_header(request.get_extra_info("peername"), request.get_extra_info("sockname"))

    def _splice(self, reception: Reception, held: bytes, opened: Opened) -> None:
        """Join the two connections.

        Raises:
            Hangup: when one of them is gone meanwhile.
        """
        upstream = opened.transport
        given = None if upstream.is_closing() else reception.release()
        if given is None:
            raise Hangup
        browser, leave = given
        splice = Splice(browser, upstream, partial(self._part, leave))
        self._splices.add(splice)
        upstream.write(held)
        browser.write(opened.first)
        splice.start()

    def _part(self, leave: Callable[[], None], splice: Splice) -> None:
        leave()
        self._splices.discard(splice)
        self._parted.set()
