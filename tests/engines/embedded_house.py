"""The embedded engine, in the test's own process: fresh for each test, and time stands still until it is moved."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from typing_extensions import override

from broker.addresses import Salts
from broker.cells import Cell
from broker.engines.embedded import EmbeddedBroker
from broker.engines.mqtt.bounds import Bounds
from broker.gate import Gate
from broker.limits import Limits
from broker.seats import SeatId, SeatKeys
from tests.engines.houses import DESK_PASSWORD, SERVICE_PASSWORD, Engine, House, Person
from tests.engines.mqtt_probe import Probe, over_tcp, over_websocket

NOON = 1_800_000_000.0
GATE = "gate-1"
_BRIEF_S = 60


@dataclass
class Clock:
    """Stands still until it is set."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class EmbeddedHouse(House):
    """A running embedded broker, with its inside."""

    engine_name: ClassVar[str] = "embedded"

    engine: EmbeddedBroker
    gate: Gate
    clock: Clock

    @override
    async def socket(self, source: str | None = None) -> Probe:
        return await self.stack.enter_async_context(over_websocket(self.engine.port, source=source))

    @override
    async def tcp(self) -> Probe:
        return await self.stack.enter_async_context(over_tcp(self.engine.service_port))

    @override
    def now(self) -> float:
        return self.clock.now

    @override
    def brief_seat(self, owner: Person) -> SeatId:
        return self.seat(owner, _BRIEF_S)

    @override
    async def reach(self, moment: float) -> None:
        self.clock.now = moment


class EmbeddedEngine(Engine):
    """Starts brokers in this process."""

    @classmethod
    @override
    @contextlib.contextmanager
    def opened(cls) -> Iterator[Self]:
        yield cls()

    @override
    async def build(self, stack: AsyncExitStack, **settings: Any) -> EmbeddedHouse:
        clock, keys = Clock(), SeatKeys({1: secrets.token_bytes(32)}, 1)
        gate = Gate(
            name=GATE,
            keys=keys,
            salts=Salts(lambda _: secrets.token_bytes(32)),
            internal={"service": SERVICE_PASSWORD, "desk-anna": DESK_PASSWORD},
            limits=Limits(connections_per_address=settings.pop("connections_per_address", 64)),
        )
        if "cell" in settings:
            settings["cell"] = Cell(settings["cell"])
        defaults: dict[str, Any] = {"page": None, "facts_s": 0.05, "bounds": Bounds(connect_s=5.0)}
        engine = EmbeddedBroker(gate, clock=clock, **{**defaults, **settings})
        await engine.start()
        stack.push_async_callback(engine.stop)
        return EmbeddedHouse(stack, keys, GATE, engine, gate, clock)
