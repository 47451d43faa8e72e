"""Keeps a connection to the broker up. Each connection is a life of its own, with a new random name.

    try ── up ──► a life ── closed ──► wait ──► try …      full jitter, 0.5 s doubling to 30 s
     └─ turned away (code 5: full, or banned) ──► wait 5 s, doubling to 5 min
    a life ── limit ──► its end waits no shorter than the gate told

It subscribes to inbox and pulse and says `here` before anything else, and measures the round trip while it does. Here
the cell is put before topics and taken off: nobody above hears of it.
"""

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from broker import topics
from broker.messages import VERSION, Here
from stranger.client import Login, Unreachable
from stranger.identity import Identity, gone, new_life
from stranger.place import Place
from stranger.wire import TurnedAway, Wire, WirePorts

RETRY_FIRST_S: Final = 0.5
RETRY_MOST_S: Final = 30.0
REFUSAL_FIRST_S: Final = 5.0
REFUSAL_MOST_S: Final = 300.0
GOOD_LIFE_S: Final = 30.0
"""A connection that lived so long was a good one: the next failure starts from the shortest wait again."""

SIGN_WITHIN_S: Final = 10.0
"""So long a PUBACK may take: it is our sign that the broker is there."""

_UNAVAILABLE: Final = 3
_MOST_RTT_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class LinkPorts:
    """What a link tells.

    `up` a life and its round trip in milliseconds, `message` topic and payload, `lost` the end of a life and `away` why
    there is none yet, and in how many seconds the next is tried.
    """

    up: Callable[[str, int], None]
    message: Callable[[str, bytes], None]
    lost: Callable[[], None]
    away: Callable[[str, float], None]
    session: Callable[[], str | None]
    """The talk that a new life claims back."""


class Connection(Protocol):
    """What a link needs of a connection: see `wire.Wire`."""

    async def subscribe(self, *filters: str, within_s: float = ...) -> bool: ...  # noqa: D102
    def listen(self, *filters: str) -> None: ...  # noqa: D102
    def unsubscribe(self, *filters: str) -> None: ...  # noqa: D102
    def say(self, topic: str, payload: bytes) -> None: ...  # noqa: D102
    def sign(self, topic: str, payload: bytes, taken: Callable[[], None]) -> None: ...  # noqa: D102
    async def flush(self, topic: str, payload: bytes, within_s: float = ...) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102
    def drop(self) -> None: ...  # noqa: D102
    def lose(self) -> None: ...  # noqa: D102


class Dial(Protocol):
    """Opens a connection, or raises as `wire.Wire.open` does."""

    async def __call__(  # noqa: D102
        self, place: Place, login: Login, ports: WirePorts, *, tls: ssl.SSLContext | None = ..., source: str = ...
    ) -> Connection: ...


class Link:
    """A peer's line to the broker. `run` keeps it up until it is cancelled."""

    def __init__(
        self,
        place: Place,
        identity: Identity,
        ports: LinkPorts,
        *,
        tls: ssl.SSLContext | None = None,
        source: str = "",
        dial: Dial = Wire.open,
    ) -> None:
        self._place, self._identity, self._ports = place, identity, ports
        self._tls, self._source, self._dial = tls, source, dial
        self._outer = place.cell.outer
        self._wire: Connection | None = None
        self._life = ""
        self._ended = asyncio.Event()
        self._not_before = 0.0

    @property
    def is_up(self) -> bool:
        """Whether there is a life just now."""
        return self._wire is not None

    async def run(self) -> None:
        """Connect, and connect again whenever the connection ends."""
        failures = refusals = 0
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._live()
                if loop.time() - began >= GOOD_LIFE_S:
                    failures = refusals = 0
                wait_s, why = random.random() * min(RETRY_MOST_S, RETRY_FIRST_S * 2**failures), "the connection broke"  # noqa: S311  jitter
                failures += 1
            except Unreachable as error:
                wait_s, why = random.random() * min(RETRY_MOST_S, RETRY_FIRST_S * 2**failures), str(error)  # noqa: S311
                failures += 1
            except TurnedAway as error:
                # Jitter on top instead of full jitter: who refuses is not to be asked again at once.
                first_s = RETRY_FIRST_S if error.code == _UNAVAILABLE else REFUSAL_FIRST_S
                wait_s = min(REFUSAL_MOST_S, first_s * 2**refusals * (1 + random.random() / 2))  # noqa: S311
                refusals, why = refusals + 1, str(error)
            wait_s = max(wait_s, self._not_before - loop.time())
            self._ports.away(why, wait_s)
            await asyncio.sleep(wait_s)

    async def _live(self) -> None:
        life = new_life()
        self._ended.clear()
        inner, told = self._place.cell.inner, self._ports.message
        ports = WirePorts(lambda topic, payload: told(inner(topic), payload), self._ended.set)
        login = self._identity.login(life).within(self._place.cell)
        wire = await self._dial(self._place, login, ports, tls=self._tls, source=self._source)
        self._wire, self._life = wire, life
        try:
            loop = asyncio.get_running_loop()
            asked = loop.time()
            filters = (topics.inbox(self._identity.peer), topics.PULSE)
            granting = asyncio.ensure_future(wire.subscribe(*map(self._outer, filters)))
            await asyncio.sleep(0)  # the subscription leaves first
            here = Here(life=life, version=VERSION, session=self._ports.session())
            wire.sign(self._outer(topics.presence(self._identity.peer)), here.wire(), lambda: None)
            if not await granting:
                return
            self._ports.up(life, min(_MOST_RTT_MS, round((loop.time() - asked) * 1000)))
            await self._ended.wait()
        finally:
            self._wire = None
            wire.drop()
            self._ports.lost()

    def say(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0; dropped silently where there is no life."""
        if self._wire is not None:
            self._wire.say(self._outer(topic), payload)

    def sign(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1; the same. A broker that does not have it within 10 s is not there any more."""
        wire = self._wire
        if wire is not None:
            wire.sign(
                self._outer(topic), payload, asyncio.get_running_loop().call_later(SIGN_WITHIN_S, wire.lose).cancel
            )

    def listen(self, *filters: str) -> None:
        """Subscribe for the rest of this life."""
        if self._wire is not None:
            self._wire.listen(*map(self._outer, filters))

    def unlisten(self, *filters: str) -> None:
        """Hear of these no longer."""
        if self._wire is not None:
            self._wire.unsubscribe(*map(self._outer, filters))

    def limit(self, retry_s: float) -> None:
        """The gate ends this connection, and none is welcome before so many seconds: nor together with all others."""
        later_s = random.random() * min(retry_s / 2, RETRY_MOST_S)  # noqa: S311  jitter
        self._not_before = asyncio.get_running_loop().time() + retry_s + later_s

    async def leave(self) -> None:
        """Say goodbye in good order. `run` is to be cancelled after it."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.flush(self._outer(topics.presence(self._identity.peer)), gone(self._life, "left"))
            wire.close()
