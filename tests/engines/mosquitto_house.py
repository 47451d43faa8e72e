"""Mosquitto with our gate, in a container: one for a whole session of tests, more only for settings of their own.

Its clock is the world's. Peers come through the PROXY protocol, each from an address that nobody else comes from, as
the limits of one address would end the session soon. What tests share is the retained pulse, which is cleared for each.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Self

from typing_extensions import override

from broker.keys import Keys
from broker.seats import SeatId
from passerby.keys import draw
from tests.engines.containers import Mosquitto
from tests.engines.houses import DESK_PASSWORD, SERVICE_PASSWORD, Engine, House, Person, Settle, elsewhere
from tests.engines.mqtt_probe import DISCONNECT, Probe, connect, over_tcp, publish, through_proxy
from tests.polling import until

_BRIEF_S = 2
_UNDER_WAY_S = 0.05  # into the container, past its network's filters, which two connections pass side by side


@dataclass
class MosquittoHouse(House):
    """A running container."""

    engine_name: ClassVar[str] = "mosquitto"

    mosquitto: Mosquitto

    @override
    async def socket(self, source: str | None = None) -> Probe:
        return await self.stack.enter_async_context(through_proxy(self.mosquitto.port, source or elsewhere()))

    @override
    async def tcp(self) -> Probe:
        return await self.stack.enter_async_context(over_tcp(self.mosquitto.service_port))

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
    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[Settle]:
        async with self.mosquitto.held():
            yield partial(asyncio.sleep, _UNDER_WAY_S)
            await asyncio.sleep(_UNDER_WAY_S)

    @classmethod
    @contextlib.asynccontextmanager
    async def alone(cls, mosquitto: Mosquitto) -> AsyncIterator[Self]:
        """Run a container of its own, with the keys that the suite knows."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(mosquitto)
            yield cls(stack, mosquitto.keys.seat_keys(), "mosquitto", mosquitto)

    async def tidy(self) -> None:
        """Clear the pulse, and leave no service behind: its going is dealt with when the broker closes."""
        probe = await self.tcp()
        await probe.send(connect("service", SERVICE_PASSWORD), publish("v1/pulse", b"", retain=True), DISCONNECT)
        await probe.until(lambda: probe.closed)
        assert probe.connack == 0


class MosquittoEngine(Engine):
    """Holds the container that most tests share."""

    def __init__(self, shared: Mosquitto) -> None:
        self._shared = shared

    @classmethod
    @override
    @contextlib.contextmanager
    def opened(cls) -> Iterator[Self]:
        with Mosquitto(keys=keys()).running() as shared:
            yield cls(shared)

    @override
    async def build(self, stack: AsyncExitStack, **settings: Any) -> MosquittoHouse:
        mosquitto = self._shared
        if settings:
            lines = dict(settings.pop("lines", {}))
            if "connections_per_address" in settings:
                option = "plugin_opt_connections_per_address"
                lines[option] = f"{option} {settings.pop('connections_per_address')}"
            if "cell" in settings:
                option = "plugin_opt_name"
                lines[option] = f"{option} mosquitto\nplugin_opt_cell {settings.pop('cell')}"
            assert not settings, f"Mosquitto is not told {settings} here"
            mosquitto = await stack.enter_async_context(Mosquitto(lines, keys()))
        house = MosquittoHouse(stack, mosquitto.keys.seat_keys(), "mosquitto", mosquitto)
        if mosquitto is self._shared:
            await house.tidy()
        return house


def keys() -> Keys:
    """Draw keys with the passwords that the suite knows."""
    return replace(draw(), service=SERVICE_PASSWORD, desks={"anna": DESK_PASSWORD})
