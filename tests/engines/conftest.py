"""An embedded broker on free ports, and clients that are already let in."""

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from broker import topics
from broker.addresses import Salts
from broker.engines.embedded import EmbeddedBroker
from broker.engines.life import Bounds
from broker.gate import Gate
from broker.identity import SECRET_BYTES, PeerId, b64url, peer_of
from broker.limits import Limits
from broker.seats import SeatId, SeatKeys, mint
from tests.engines.mqtt_probe import Probe, connect, over_tcp, over_websocket, subscribe

SERVICE_PASSWORD = "the service's password"
DESK_PASSWORD = "the desk's password"
NOON = 1_800_000_000.0
GATE = "gate-1"


@dataclass
class Clock:
    """Stands still until it is set."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Person:
    """A peer's secret and what follows from it."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES))

    @property
    def peer(self) -> PeerId:
        return peer_of(self.secret)

    @property
    def password(self) -> str:
        return b64url(self.secret)

    @property
    def presence(self) -> str:
        return topics.presence(self.peer)

    @property
    def lobby(self) -> str:
        return topics.lobby(self.peer)

    @property
    def inbox(self) -> str:
        return topics.inbox(self.peer)


@dataclass
class House:
    """A running engine, and the ways into it."""

    engine: EmbeddedBroker
    gate: Gate
    clock: Clock
    keys: SeatKeys
    stack: AsyncExitStack

    async def socket(self) -> Probe:
        """Open a WebSocket, and say nothing."""
        return await self.stack.enter_async_context(over_websocket(self.engine.port))

    async def tcp(self) -> Probe:
        """Open a connection to the internal listener, and say nothing."""
        return await self.stack.enter_async_context(over_tcp(self.engine.service_port))

    async def peer(self, person: Person, *filters: str, will: tuple[str, bytes] | None = None) -> Probe:
        """Let a peer in, subscribed to its inbox and these filters."""
        probe = await self.socket()
        await probe.send(connect(person.peer, person.password, will=will), subscribe(person.inbox, *filters))
        await probe.until(lambda: probe.subacks or probe.closed)
        assert probe.connack == 0
        return probe

    async def service(self, *filters: str) -> Probe:
        """Let the service in, subscribed to all that it listens to."""
        probe = await self.tcp()
        wanted = filters or ("v1/presence/+", "v1/lobby/+", "v1/gate/+")
        await probe.send(connect("service", SERVICE_PASSWORD), subscribe(*wanted, qos=1))
        await probe.until(lambda: probe.subacks or probe.closed)
        assert probe.subacks == [[1] * len(wanted)]
        return probe

    def seat(self, owner: Person, ttl_s: int = 600) -> SeatId:
        return mint(self.keys, owner.peer, int(self.clock.now) + ttl_s, secrets.token_bytes(12))


Build = Callable[..., Awaitable[House]]


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Start engines with the settings given; they are stopped at the end, and nothing may have escaped in between."""
    escaped: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: escaped.append(context))
    async with AsyncExitStack() as stack:

        async def make(**settings: object) -> House:
            clock, keys = Clock(), SeatKeys({1: secrets.token_bytes(32)}, 1)
            salts = Salts(lambda _: secrets.token_bytes(32))
            internal = {"service": SERVICE_PASSWORD, "desk-anna": DESK_PASSWORD}
            limits = Limits(connections_per_address=settings.pop("connections_per_address", 64))  # type: ignore[arg-type]
            gate = Gate(name=GATE, keys=keys, salts=salts, internal=internal, limits=limits)
            defaults: dict[str, object] = {"page": None, "facts_s": 0.05, "bounds": Bounds(connect_s=5.0)}
            engine = EmbeddedBroker(gate, clock=clock, **{**defaults, **settings})  # type: ignore[arg-type]
            await engine.start()
            stack.push_async_callback(engine.stop)
            return House(engine, gate, clock, keys, stack)

        yield make
    gc.collect()
    assert not escaped


@pytest.fixture
async def house(build: Build) -> House:
    """An engine with the usual settings."""
    return await build()
