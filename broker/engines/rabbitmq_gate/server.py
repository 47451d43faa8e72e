"""The gate as a service: answers RabbitMQ, its siblings and the service, and keeps its word to each.

    RabbitMQ ── POST /auth/{question} ──► attendant ──► gate                        ┐
    service ─── POST /exchange: orders ─► gate, kicks ─► management interface       │ one port, internal
    standby ─── GET /exchange ──────────► whether a service was here lately         │
    sibling ─── GET /sibling/… ─────────► the root of the salts, who is here        │
    anybody ─── GET /healthz ───────────► 200 when it is settled                    ┘

Until it knows by which salts the deployment lives it is not settled, and answers nothing: RabbitMQ takes that for a no.
"""

import asyncio
import contextlib
import math
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import aiohttp
import structlog
from aiohttp import web

from broker import exchange, orders
from broker.engines.entrance.ports import opened, port_of
from broker.engines.rabbitmq import DENY, Attendant
from broker.engines.rabbitmq_gate.management import Management
from broker.engines.rabbitmq_gate.salts import SharedSalts
from broker.engines.rabbitmq_gate.siblings import HERE, ROOT, SETTLED, Siblings
from broker.gate import Gate, Internal
from broker.networks import Networks
from broker.policy import SERVICE
from broker.seats import SeatKeys

NOTICE_S: Final = 0.2
"""What the service says to who is put out goes another way than the order, and is to come before it."""

_FIELDS_MAX: Final = 40
_BACKLOG: Final = 512
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a gate proves itself by, and whom it lets in by what."""

    seats: SeatKeys
    internal: Internal
    siblings: tuple[str, ...]
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a gate looks around, in seconds."""

    siblings_s: float = 1.0
    connections_s: float = 30.0
    young_s: float = 60.0  # who came since then may be missing in RabbitMQ's list, or on the way to another gate


class GateServer:
    """A gate with its sockets.

    Args:
        gate: decides everything; it was made with `salts`.
        salts: shared with the siblings.
        given: the secrets.
        clock: seconds since the Unix epoch.
        host: where all of them come in: an internal address.
        port: likewise; 0 takes any free one, see `port` after the start.
        siblings: the URLs of the other gates.
        management: the URLs of RabbitMQ's management interfaces.
        internal: the networks that service and desks come from.
        pace: how often it looks around.
    """

    def __init__(  # noqa: PLR0913  (each is a setting of its own)
        self,
        gate: Gate,
        salts: SharedSalts,
        given: Secrets,
        *,
        clock: Callable[[], float],
        host: str = "127.0.0.1",
        port: int = 0,
        siblings: Sequence[str] = (),
        management: Sequence[str] = (),
        internal: Networks,
        pace: Pace | None = None,
    ) -> None:
        self.port = port
        self._gate = gate
        self._salts = salts
        self._attendant = Attendant(gate, internal, given.managers, clock)
        self._given = given
        self._clock = clock
        self._host = host
        self._sibling_urls, self._management_urls = siblings, management
        self._pace = pace or Pace()
        self._life = secrets.token_urlsafe(12)
        self._epoch = 0
        self._visited = math.inf  # when the service was here last, or the gate began, by the loop's clock
        self._settled = False
        self._looked = False  # whether those who were here before have been taken in
        self._kicks: dict[str, asyncio.Task[None]] = {}
        self._closing = contextlib.AsyncExitStack()
        self._siblings: Siblings
        self._management: Management

    async def start(self) -> None:
        """Open the port, and settle.

        Raises:
            PortUnavailable: when the port cannot be had.
        """
        self._visited = asyncio.get_running_loop().time()
        try:
            http = await self._closing.enter_async_context(aiohttp.ClientSession())
            self._siblings = Siblings(http, self._sibling_urls, self._given.siblings)
            self._management = Management(http, self._management_urls, self._given.managers[0])
            await self._listen()
            await self._salts.settle(self._siblings, self._clock())
            self._settled = True
            for work in (self._follow_siblings(), self._follow_connections()):
                self._closing.push_async_callback(_cancelled, asyncio.create_task(work))
        except BaseException:
            await self.stop()
            raise
        _log.info("the gate is open", port=self.port)

    async def stop(self) -> None:
        """Close everything; may be called at any time, and twice."""
        closing, self._closing = self._closing, contextlib.AsyncExitStack()
        self._settled = False
        for task in list(self._kicks.values()):
            await _cancelled(task)
        await closing.aclose()

    @property
    def here(self) -> Collection[str]:
        """Who came in by this gate, or was taken in, and has not gone as far as it knows."""
        return self._gate.here

    def turn(self, given: Secrets) -> None:
        """Take up other secrets."""
        self._given = given
        self._attendant.turn(given.seats, given.internal, given.managers)
        self._siblings.secrets = given.siblings
        self._management.password = given.managers[0]

    # ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        app = web.Application(client_max_size=exchange.BODY_BYTES)
        app.router.add_post("/auth/{question}", self._answer)
        app.router.add_post(exchange.PATH, self._exchange)
        app.router.add_get(exchange.PATH, self._tell_visited, allow_head=False)
        app.router.add_get(ROOT, self._tell_root)
        app.router.add_get(HERE, self._tell_here)
        app.router.add_get("/healthz", self._tell_health)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        assert runner.server is not None  # noqa: S101  it was set up
        loop = asyncio.get_running_loop()
        listening = loop.create_server(runner.server, self._host, self.port, backlog=_BACKLOG)
        server = await opened(listening, self._host, self.port)
        self._closing.callback(server.close)
        self.port = port_of(server)

    async def _answer(self, request: web.Request) -> web.Response:
        if not self._settled:
            raise web.HTTPServiceUnavailable
        body = (await request.read()).decode("utf-8", "surrogateescape")
        try:
            form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS_MAX))
        except ValueError:
            return web.Response(text=DENY)
        return web.Response(text=self._attendant.answer(request.match_info["question"], form))

    async def _exchange(self, request: web.Request) -> web.Response:
        self._need_service(request)
        epoch = request.query.get("epoch", "")
        if not epoch.isdecimal():
            raise web.HTTPBadRequest
        if int(epoch) < self._epoch:
            raise web.HTTPConflict
        self._epoch, self._visited = int(epoch), asyncio.get_running_loop().time()
        for line in exchange.lines(await request.read()):
            try:
                order = orders.read(line)
            except ValueError:
                self._gate.malformed(SERVICE)
                continue
            self._kick(self._attendant.obey(order))
        batches: list[bytes] = []
        while len(batches) < exchange.BATCHES_MAX and (facts := self._gate.facts()):
            batches.append(exchange.batch(self._gate.name, facts))
        headers = {exchange.LIFE: self._life, exchange.MORE: str(int(self._gate.pending > 0))}
        return web.Response(body=b"\n".join(batches), headers=headers)

    async def _tell_visited(self, request: web.Request) -> web.Response:
        self._need_service(request)
        ago_s = asyncio.get_running_loop().time() - self._visited
        return web.Response(body=exchange.visited(self._epoch, ago_s), content_type="application/json")

    def _need_service(self, request: web.Request) -> None:
        name, password = exchange.proven(request.headers.get("Authorization", ""))
        if name != SERVICE or not self._gate.knows(name, password, internal=True):
            raise web.HTTPUnauthorized
        if not self._settled:
            raise web.HTTPServiceUnavailable

    async def _tell_root(self, request: web.Request) -> web.Response:
        if not self._siblings.knows(request.headers.get("Authorization", "")):
            raise web.HTTPUnauthorized
        return web.json_response({**self._salts.root.fields(), SETTLED: self._settled})

    async def _tell_here(self, request: web.Request) -> web.Response:
        if not self._siblings.knows(request.headers.get("Authorization", "")):
            raise web.HTTPUnauthorized
        return web.json_response(list(self.here))

    async def _tell_health(self, _request: web.Request) -> web.Response:
        return web.Response(status=200 if self._settled else 503)

    # ── what it does by itself ───────────────────────────────────────────────────────────────────────────────────────

    def _kick(self, peers: Sequence[str]) -> None:
        for peer in peers:
            if peer not in self._kicks:
                self._kicks[peer] = asyncio.create_task(self._put_out(peer))

    async def _put_out(self, peer: str) -> None:
        ordered = self._clock()
        try:
            await asyncio.sleep(NOTICE_S)
            if await self._management.kick(peer):
                self._attendant.departs(peer, ordered)
            else:
                _log.info("somebody who was to be put out could not be found")
        finally:
            del self._kicks[peer]

    async def _follow_siblings(self) -> None:
        while self._sibling_urls:
            await asyncio.sleep(self._pace.siblings_s)
            if await self._salts.follow(self._siblings, self._clock()):
                _log.warning("another gate has elder salts: everybody's address key is made anew")
                for peer in list(self._gate.here):
                    self._gate.loses(peer)
                self._looked = False
                await self._look()

    async def _follow_connections(self) -> None:
        while self._management_urls:
            await self._look()
            await asyncio.sleep(self._pace.connections_s if self._looked else self._pace.siblings_s)

    async def _look(self) -> None:
        """Look who is connected: who has gone, and who is here and known to no gate."""
        asked = self._clock()
        found = await self._management.connections()
        if found is None:
            return
        before = asked - self._pace.young_s
        for peer in self._attendant.missing(found, before):
            if await self._management.gone(peer):
                self._attendant.departs(peer, asked)
        elsewhere = await self._siblings.here()
        self._kick(self._attendant.take_in(found, before if self._looked else asked, elsewhere))
        self._looked = True


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
