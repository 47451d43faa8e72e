"""The embedded engine: amqtt, hardened, in our own process, with the page and the WebSocket on one port.

For trying, developing, and some hundred peers. Knows the two entrances and the order in which all is started and
stopped; connections are `guard`'s and `life`'s, amqtt is `amqtt_seam`'s.

    browser ── GET / ──────────────────────────► page                ┐ port, public
    browser ── GET /mqtt, upgrade ──► guard ──► life ──► amqtt       ┘
    service ── TCP ─────────────────► guard ──► life ──► amqtt         service_port, loopback
    gate ───── facts, each second ──────────────────────► amqtt ──► v1/gate/{name} ──► service
"""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Callable

import structlog
from aiohttp import WSCloseCode, web

from broker import topics
from broker.cells import NAMELESS, Cell
from broker.engines.entrance.door import PER_PEER, Door
from broker.engines.entrance.front import SUBPROTOCOL, Front
from broker.engines.entrance.page import Page
from broker.engines.entrance.ports import SPARE_FILES, open_files, opened, port_of
from broker.engines.mqtt.bounds import Bounds
from broker.engines.mqtt.guard import Guard
from broker.engines.mqtt.silence import silence
from broker.engines.mqtt.wires import GOODBYE_S, StreamWire, WebSocketWire
from broker.facts import FACTS_PER_BATCH
from broker.gate import Gate

_FRAME_BYTES = 64 * 1024
_INTERNAL_SOCKETS = 64
_log = structlog.get_logger(__name__)


class EmbeddedBroker:
    """A broker in this process.

    Args:
        gate: decides everything.
        clock: seconds since the Unix epoch, for the gate.
        page: what is served beside MQTT; None is a hint instead.
        host: where peers come in.
        port: for peers; 0 takes any free one, see `port` after the start.
        service_host: where the service comes in; keep it on loopback.
        service_port: for the service, likewise.
        tls: for the peers' port.
        origins: that a browser's page may come from, besides this server's own.
        bounds: of one connection.
        sockets: open at once on the peers' port, all together; fewer when this process may open fewer files.
        facts_s: how often the gate's facts are published, in seconds.
        cell: what all topics are in.
    """

    def __init__(  # noqa: PLR0913  (each is a setting of its own)
        self,
        gate: Gate,
        *,
        clock: Callable[[], float],
        page: Page | None,
        host: str = "127.0.0.1",
        port: int = 0,
        service_host: str = "127.0.0.1",
        service_port: int = 0,
        tls: ssl.SSLContext | None = None,
        origins: frozenset[str] = frozenset(),
        bounds: Bounds | None = None,
        sockets: int = 2_000,
        facts_s: float = 1.0,
        cell: Cell = NAMELESS,
    ) -> None:
        self.port = port
        self.service_port = service_port
        self._gate = gate
        self._clock = clock
        self._page = page or Page(None)
        self._host = host
        self._service_host = service_host
        self._tls = tls
        self._origins = origins
        self._bounds = bounds or Bounds()
        self._door = Door(min(sockets, open_files() - SPARE_FILES), PER_PEER * gate.limits.connections_per_address)
        self._facts_s = facts_s
        self._cell = cell
        self._stirred = asyncio.Event()
        self._changes = 0
        self._guard: Guard | None = None
        self._closing = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Open both ports.

        Raises:
            BrokerUnavailable: when a port cannot be had, or amqtt is not the one we know.
        """
        silence()
        try:
            self._guard = guard = Guard(self._gate, self._clock, self._bounds, self._stir, self._cell)
            await guard.core.start()
            self._closing.push_async_callback(guard.core.stop)
            front = self._front(guard)
            await front.set_up()
            self._closing.push_async_callback(front.close)
            self._closing.push_async_callback(guard.close)
            # That they go is no fact for the service, which would hold it against them: it is the broker that goes.
            self._closing.push_async_callback(guard.dismiss_peers)  # after the ports, or somebody comes in behind it
            self.service_port = await self._listen_internal(guard)
            self.port = await front.open(self._host, self.port, self._tls)
            self._closing.push_async_callback(front.shut)
        except BaseException:
            await self.stop()
            raise
        telling = asyncio.create_task(self._tell(guard))
        self._closing.push_async_callback(_cancelled, telling)
        _log.info("embedded broker started", port=self.port, service_port=self.service_port)

    async def stop(self) -> None:
        """Close everything; may be called at any time, and twice."""
        closing, self._closing = self._closing, contextlib.AsyncExitStack()
        running, self._guard = self._guard, None
        await closing.aclose()
        if running is not None:
            _log.info("embedded broker stopped")

    async def _listen_internal(self, guard: Guard) -> int:
        door = Door(_INTERNAL_SOCKETS, _INTERNAL_SOCKETS)

        async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            wire = StreamWire(reader, writer)
            address = wire.address
            if not door.enter(address):
                await wire.close(WSCloseCode.TRY_AGAIN_LATER, drain=False)
                return
            try:
                await guard.attend(wire, internal=True)
            finally:
                door.leave(address)

        server = await opened(
            asyncio.start_server(attend, self._service_host, self.service_port), self._service_host, self.service_port
        )
        self._closing.push_async_callback(_closed, server)
        return port_of(server)

    def _front(self, guard: Guard) -> Front:
        async def attend(request: web.Request) -> web.StreamResponse:
            socket = web.WebSocketResponse(
                protocols=(SUBPROTOCOL,), max_msg_size=_FRAME_BYTES, compress=False, timeout=GOODBYE_S
            )
            await socket.prepare(request)
            await guard.attend(WebSocketWire(socket, request.transport), internal=False)
            return socket

        bounds = self._bounds
        return Front(
            self._page,
            attend,
            self._door,
            origins=self._origins,
            opening_s=bounds.connect_s,
            answer_s=bounds.answer_s,
        )

    def _stir(self) -> None:
        self._changes += 1
        if self._changes >= FACTS_PER_BATCH:
            self._stirred.set()

    async def _tell(self, guard: Guard) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._facts_s):  # wait_for in Python 3.11 may swallow the cancelling
                    await self._stirred.wait()
            self._stirred.clear()
            self._changes = 0
            await self._publish_facts(guard)

    async def _publish_facts(self, guard: Guard) -> None:
        """Publish the gate's facts; while nobody listens, they wait in the gate, which bounds them."""
        topic = self._cell.outer(topics.gate(self._gate.name))
        while guard.core.heard(topic) and (batch := self._gate.facts()):
            message = {"kind": "facts", "gate": self._gate.name, "facts": batch}
            await guard.core.publish(topic, json.dumps(message, separators=(",", ":")).encode())
            await asyncio.sleep(0)  # there may be hundreds: let the others have their turn


async def _closed(server: asyncio.Server) -> None:
    server.close()


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
