"""RabbitMQ on three nodes with a gate for each: one cluster for a whole session of tests.

Its clock is the world's. Peers come through the PROXY protocol, each from an address that nobody else comes from, and
each to the next node, so that who speaks to whom is on another one. The service is on the first; what gates tell it by
exchange is noted as if it came on v1/gate/…, so that one suite reads both.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import aiohttp
from typing_extensions import override

from broker import exchange
from broker.orders import Order
from broker.policy import SERVICE
from broker.seats import SeatId
from passerby.cluster import GATE_NAME
from tests.engines.clusters import Cluster
from tests.engines.houses import SERVICE_PASSWORD, Engine, House, Person, elsewhere
from tests.engines.mosquitto_house import keys
from tests.engines.mqtt_probe import Message, Probe, over_tcp, through_proxy
from tests.polling import until

_BRIEF_S = 2
_EVERY_S = 0.1


@dataclass
class RabbitmqHouse(House):
    """The cluster, for one test."""

    engine_name: ClassVar[str] = "rabbitmq"
    unproven: ClassVar[int] = 4

    cluster: Cluster
    _turn: Iterator[int] = field(default_factory=lambda: itertools.cycle((1, 2, 0)))
    _http: aiohttp.ClientSession | None = field(default=None, init=False)

    @override
    async def socket(self, source: str | None = None, *, node: int | None = None) -> Probe:
        port = self.cluster.nodes[next(self._turn) if node is None else node].port
        return await self.stack.enter_async_context(through_proxy(port, source or elsewhere()))

    @override
    async def tcp(self) -> Probe:
        return await self.stack.enter_async_context(over_tcp(self.cluster.nodes[0].service_port))

    @override
    def now(self) -> float:
        return time.time()

    @override
    def brief_seat(self, owner: Person) -> SeatId:
        return self.seat(owner, _BRIEF_S)

    @override
    async def reach(self, moment: float) -> None:
        await until(lambda: time.time() >= moment)

    @override
    async def service(self, *filters: str) -> Probe:
        probe = await super().service(*filters)
        if not filters or "v1/gate/+" in filters:
            await self.listen(probe)
        return probe

    @override
    async def listen(self, service: Probe) -> None:
        self._service = service
        following = asyncio.create_task(self._follow(service))

        async def stop() -> None:
            following.cancel()
            await asyncio.wait([following])

        self.stack.push_async_callback(stop)

    @override
    async def obey(self, order: Order) -> None:
        for url in self.cluster.gates.urls:
            await self.ask(url, exchange.ordered([order]), self._service)

    async def ask(self, url: str, orders: bytes, listener: Probe | None) -> None:
        """Exchange once with a gate, if it is there."""
        if self._http is None:
            self._http = await self.stack.enter_async_context(aiohttp.ClientSession())
        headers = {"Authorization": exchange.proof(SERVICE, SERVICE_PASSWORD)}
        try:
            async with self._http.post(
                url + exchange.PATH, params={"epoch": str(int(time.time() * 1000))}, data=orders, headers=headers
            ) as answer:
                assert answer.status == 200
                told = await answer.read()
        except (OSError, aiohttp.ClientError):
            return
        for batch in exchange.lines(told):
            if listener is not None:
                listener.note(Message(f"v1/gate/{self.gate_name}", batch))

    async def _follow(self, probe: Probe) -> None:
        while not probe.closed and self._service is probe:
            for url in self.cluster.gates.urls:
                await self.ask(url, b"", probe)
            await asyncio.sleep(_EVERY_S)


class RabbitmqEngine(Engine):
    """Holds the cluster that all tests share."""

    def __init__(self, shared: Cluster) -> None:
        self._shared = shared

    @classmethod
    @override
    @contextlib.contextmanager
    def opened(cls) -> Iterator[Self]:
        with Cluster.formed(keys()) as shared:
            yield cls(shared)

    @override
    async def build(self, stack: AsyncExitStack, **settings: Any) -> RabbitmqHouse:
        assert not settings, f"RabbitMQ is not told {settings} here"
        return RabbitmqHouse(stack, self._shared.gates.keys.seat_keys(), GATE_NAME, self._shared)
