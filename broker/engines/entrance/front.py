"""The front: the one public port, for the page and for MQTT over WebSocket, whatever carries the MQTT behind it.

    browser ── GET / ─────────────► page
    browser ── GET /mqtt, upgrade ► Origin and subprotocol ──► attend, of the engine behind

Knows which page may open a WebSocket, how many sockets may be open, and how long an opening may take.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from broker.engines import BrokerUnavailable
from broker.engines.entrance.door import Door, welcome
from broker.engines.entrance.page import Page
from broker.engines.entrance.ports import opened, port_of
from broker.engines.entrance.reception import Reception, dress
from broker.engines.mqtt.wires import GOODBYE_S

SUBPROTOCOL: Final = "mqtt"
_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")  # 16 bytes; aiohttp would stumble over what is not even ASCII
_BACKLOG = 1024  # or the system drops who comes in a crowd, and each of those tries again only after a second

Attend = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Serves a WebSocket that may be opened; it has not been answered yet."""


class Front:
    """The public port.

    Args:
        page: what is served beside MQTT.
        attend: is handed each good upgrade.
        door: counts the sockets.
        origins: that a browser's page may come from, besides this server's own.
        opening_s: how long a request may take to come, in seconds.
        answer_s: how long reading an answer may take, likewise.
    """

    def __init__(
        self, page: Page, attend: Attend, door: Door, *, origins: frozenset[str], opening_s: float, answer_s: float
    ) -> None:
        self._attend = attend
        self._door = door
        self._origins = origins
        self._opening_s = opening_s
        self._answer_s = answer_s
        self._server: asyncio.Server | None = None
        app = web.Application()
        app.on_response_prepare.append(dress)
        app.router.add_get("/mqtt", self._upgrade, allow_head=False)
        app.router.add_get("/{path:.*}", page.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=GOODBYE_S)

    async def set_up(self) -> None:
        """Make ready, with the port still shut."""
        await self._runner.setup()

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """Let people in, and tell by which port; 0 takes any free one.

        Raises:
            PortUnavailable: when the port cannot be had.
        """
        loop, handlers = asyncio.get_running_loop(), self._runner.server
        if handlers is None:
            raise BrokerUnavailable("the web server is closed")

        def receive() -> Reception:
            return Reception(handlers, self._door, loop=loop, opening_s=self._opening_s, answer_s=self._answer_s)

        handshake_s = self._opening_s if tls else None
        opening = loop.create_server(receive, host, port, backlog=_BACKLOG, ssl=tls, ssl_handshake_timeout=handshake_s)
        self._server = await opened(opening, host, port)
        return port_of(self._server)

    async def shut(self) -> None:
        """Let nobody in any more; who is inside stays."""
        if self._server is not None:
            self._server.close()

    async def close(self) -> None:
        """Send home who is inside: those who fetch the page, and those who are still being attended."""
        await self._runner.cleanup()

    async def _upgrade(self, request: web.Request) -> web.StreamResponse:
        origin, host = request.headers.get(hdrs.ORIGIN), request.headers.get(hdrs.HOST, "")
        if not welcome(origin, secure=request.secure, host=host, listed=self._origins):
            raise web.HTTPForbidden(text="Not from this page.\n")
        if not _speaks_mqtt(request):
            raise web.HTTPBadRequest(text="Here is MQTT over WebSocket, subprotocol mqtt.\n")
        return await self._attend(request)


def _speaks_mqtt(request: web.Request) -> bool:
    """Tell whether this is a good request for a WebSocket (RFC 6455 §4.2.1) that will carry MQTT."""
    if not _KEY.fullmatch(request.headers.get(hdrs.SEC_WEBSOCKET_KEY, "")):
        return False
    ready = web.WebSocketResponse(protocols=(SUBPROTOCOL,)).can_prepare(request)
    return ready.ok and ready.protocol == SUBPROTOCOL
