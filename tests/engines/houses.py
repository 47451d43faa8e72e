"""A running engine and the ways into it, whatever engine it is: what the one suite for all engines is written against.

    test ─► House ─► socket, tcp, peer, service ─► probes that speak MQTT
                  ─► seat, expire                 ─► what differs from engine to engine

An engine is a file with an `Engine`: `embedded_house.py`, `mosquitto_house.py`. `conftest.py` lists them.
"""

import asyncio
import contextlib
import json
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Protocol, Self

from broker import topics
from broker.addresses import AddressKey
from broker.identity import SECRET_BYTES, PeerId, b64url, peer_of
from broker.orders import CONTROL, Order, write
from broker.seats import SEAT_TTL_S, SeatId, SeatKeys, mint, verify
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe

SERVICE_PASSWORD = "the service's password"
DESK_PASSWORD = "the password of a desk"

Fact = dict[str, Any]
Settle = Callable[[], Awaitable[None]]


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


def people(count: int) -> tuple[Person, ...]:
    """Give people nobody has met: on an engine that others have used before, nothing of theirs is about them."""
    return tuple(Person() for _ in range(count))


def canary() -> bytes:
    """Give a payload that was never said before, nor retained."""
    return b"canary " + secrets.token_hex(8).encode()


def elsewhere() -> str:
    """Give an address that nobody has come from, one of this machine's own."""
    return f"127.{secrets.randbelow(254) + 1}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"


def facts_in(service: Probe) -> list[Fact]:
    """Give what gates have told the service up to now."""
    batches = [json.loads(each.payload) for each in service.seen if each.topic.startswith("v1/gate/")]
    assert all(batch["kind"] == "facts" for batch in batches)
    return [fact for batch in batches for fact in batch["facts"]]


def facts_about(person: Person, service: Probe) -> list[Fact]:
    return [fact for fact in facts_in(service) if fact.get("peer") == person.peer]


async def tally(service: Probe, what: str, person: Person | None = None, *, at_least: int = 1) -> int:
    """Wait for a gate to have counted this so often; gives how often up to now."""

    def counted() -> int:
        peer = None if person is None else person.peer
        found = [fact for fact in facts_in(service) if fact.get("what") == what and fact.get("peer") == peer]
        return sum(fact["count"] for fact in found)

    await service.until(lambda: counted() >= at_least)
    return counted()


async def address_of(person: Person, service: Probe) -> AddressKey:
    """Wait for the gate to have told from where somebody has come; gives the latest."""

    def comings() -> list[Fact]:
        return [fact for fact in facts_about(person, service) if fact["kind"] == "on"]

    await service.until(comings)
    fact = comings()[-1]
    return AddressKey(fact["day"], fact["address"])


@dataclass
class House(ABC):
    """A running engine. `gate_name` is how its gate calls itself, `keys` are those of its seats; anna has a desk."""

    engine_name: ClassVar[str]
    unproven: ClassVar[int] = 5  # what a CONNECT of who is not who it says is answered with

    stack: AsyncExitStack
    keys: SeatKeys
    gate_name: str
    _service: Probe | None = field(default=None, init=False)  # the one that came last

    @abstractmethod
    async def socket(self, source: str | None = None) -> Probe:
        """Open a WebSocket, and say nothing; from an address that matters to nobody, unless it is given."""

    @abstractmethod
    async def tcp(self) -> Probe:
        """Open a connection to the internal listener, and say nothing."""

    async def obey(self, order: Order) -> None:
        """Have the gate carry out an order of the service that is here, or of one that comes for it."""
        if self._service is None or self._service.closed:
            await self.service()
        assert self._service is not None
        await self._service.send(publish(CONTROL, write(order)))
        await self._service.echo()

    @abstractmethod
    def now(self) -> float:
        """Tell the time by the gate's clock, in seconds since the Unix epoch."""

    @abstractmethod
    def brief_seat(self, owner: Person) -> SeatId:
        """Mint a seat that lives only as long as a test can wait for."""

    @abstractmethod
    async def reach(self, moment: float) -> None:
        """Return when the gate's clock shows this time."""

    async def listen(self, service: Probe) -> None:  # noqa: B027  most need nothing
        """Let what gates tell come to this service, where it does not by itself."""

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[Settle]:
        """Let the broker find what happens meanwhile all at once, as a busy one does, where it can be held.

        Gives what is to be awaited between two things whose order matters.
        """
        yield partial(asyncio.sleep, 0)

    async def expire(self, seat: SeatId) -> None:
        """Return when a brief seat is over."""
        read = verify(self.keys, seat)
        assert read is not None
        await self.reach(read.expiry)

    async def peer(
        self, person: Person, *filters: str, will: tuple[str, bytes] | None = None, source: str | None = None
    ) -> Probe:
        """Let a peer in, subscribed to its inbox and these filters."""
        probe = await self.socket(source)
        await probe.send(connect(person.peer, person.password, will=will), subscribe(person.inbox, *filters))
        await probe.until(lambda: probe.subacks or probe.closed)
        assert probe.connack == 0
        return probe

    async def refuses(self, hello: bytes, code: int | None = 5, source: str | None = None) -> None:
        """Knock with this CONNECT, and find the door shut: with this code, or, if it is None, without a word."""
        probe = await self.socket(source)
        await probe.send(hello)
        await probe.until(lambda: probe.closed)
        assert probe.connack == code

    async def service(self, *filters: str) -> Probe:
        """Let the service in, subscribed to all that it listens to."""
        probe = await self.tcp()
        wanted = filters or ("v1/presence/+", "v1/lobby/+", "v1/gate/+")
        await probe.send(connect("service", SERVICE_PASSWORD), subscribe(*wanted, qos=1))
        await probe.until(lambda: probe.subacks or probe.closed)
        assert probe.subacks == [[1] * len(wanted)]
        self._service = probe
        return probe

    def seat(self, owner: Person, ttl_s: int = SEAT_TTL_S) -> SeatId:
        return mint(self.keys, owner.peer, int(self.now()) + ttl_s, secrets.token_bytes(12))


class Engine(Protocol):
    """Makes houses, and knows how long what it needs for them must live."""

    @classmethod
    def opened(cls) -> contextlib.AbstractContextManager[Self]:
        """Make ready for a session of tests; where this machine cannot, skip."""

    async def build(self, stack: AsyncExitStack, **settings: Any) -> House:
        """Give a running house, which the stack closes.

        Args:
            stack: closed at the end of the test.
            settings: `connections_per_address`, and what else this engine can be told.
        """


async def heard_by(probe: Probe, person: Person, service: Probe) -> list[tuple[str, bytes]]:
    """Give what came to a peer up to now; a last message on its inbox shows that nothing is still on its way."""
    last = canary()
    await service.send(publish(person.inbox, last))
    await probe.hears(person.inbox, last)
    return [(each.topic, each.payload) for each in probe.seen if each.payload != last]
