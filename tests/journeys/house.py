"""The whole product in the test's own process, so that parts of it can be stopped, watched and replaced."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Self

from matcher.service import Service

from broker.engines.embedded import EmbeddedBroker
from broker.gate import Gate, Limits
from broker.policy import SERVICE, Action
from passerby.chance import SystemRandomness, fresh_salts
from passerby.clock import steady_clock
from passerby.keys import Keys
from passerby.page import find_page


class OpenGate(Gate):
    """A gate that lets the service hear everything, which no real one does: for tests that tap the wire."""

    def may(self, name: str, action: Action, topic: str, now: float) -> bool:
        tapping = name == SERVICE and action in (Action.SUBSCRIBE, Action.RECEIVE)
        return tapping or super().may(name, action, topic, now)


class House:
    """Broker, page and matcher on free ports of loopback."""

    def __init__(self, gate: type[Gate] = Gate, service: Callable[..., Service] = Service) -> None:
        self.keys = Keys.draw()
        self.clock = steady_clock()
        self.gate = gate(
            name="embedded",
            keys=self.keys.seat_keys(),
            salts=fresh_salts(),
            internal=self.keys.internal(),
            limits=Limits(connections_per_address=1_000),
        )
        page = find_page()
        assert page is not None, "the page is not built: `make test` builds it"
        self.broker = EmbeddedBroker(self.gate, clock=self.clock, page=page)
        self._make_service = service
        self._matcher: asyncio.Task[None] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, gate: type[Gate] = Gate, service: Callable[..., Service] = Service) -> AsyncIterator[Self]:
        house = cls(gate, service)
        await house.broker.start()
        try:
            house.start_matcher()
            yield house
        finally:
            await house.stop_matcher()
            await house.broker.stop()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.broker.port}/"

    def start_matcher(self) -> None:
        self.service = self._make_service(
            f"mqtt://127.0.0.1:{self.broker.service_port}",
            password=self.keys.service,
            seat_keys=self.keys.seat_keys(),
            clock=self.clock,
            randomness=SystemRandomness(),
        )
        self._matcher = asyncio.create_task(self.service.run())

    async def stop_matcher(self) -> None:
        matcher, self._matcher = self._matcher, None
        if matcher is not None:
            matcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await matcher
