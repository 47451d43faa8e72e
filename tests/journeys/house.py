"""The whole product in the test's own process, so that parts of it can be stopped, watched and replaced."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

from broker.engines.embedded import EmbeddedBroker
from broker.gate import Gate
from broker.limits import Limits
from broker.policy import Action
from matcher.service import Service
from passerby.keys import draw
from passerby.page import find_page
from passerby.salts import fresh_salts

TAP = "desk-tap"


class OpenGate(Gate):
    """A gate that lets one operator hear everything, which no real one does: for tests that tap the wire."""

    def may(self, name: str, action: Action, topic: str, now: float) -> bool:
        tapping = name == TAP and action in (Action.SUBSCRIBE, Action.RECEIVE)
        return tapping or super().may(name, action, topic, now)


class House:
    """Broker, page and matcher on free ports of loopback."""

    def __init__(self, gate: type[Gate] = Gate, service: Callable[..., Service] = Service) -> None:
        self.keys = draw()
        self.tap_password = secrets.token_urlsafe()
        self.gate = gate(
            name="embedded",
            keys=self.keys.seat_keys(time.time()),
            salts=fresh_salts(),
            internal={**self.keys.internal(), TAP: self.tap_password},
            limits=Limits(connections_per_address=1_000),
        )
        self.broker = self._make_broker()
        self._make_service = service
        self._matcher: asyncio.Task[int] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, gate: type[Gate] = Gate, service: Callable[..., Service] = Service) -> AsyncIterator[Self]:
        house = cls(gate, service)
        await house.broker.start()
        try:
            house.start_matcher()
            async with asyncio.timeout(10):
                await house.service.ready.wait()
            yield house
        finally:
            await house.stop_matcher()
            await house.broker.stop()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.broker.port}/"

    async def stop_broker(self) -> None:
        await self.broker.stop()

    async def start_broker(self) -> None:
        """Start another on the ports of the one before."""
        self.broker = self._make_broker(self.broker.port, self.broker.service_port)
        await self.broker.start()

    def _make_broker(self, port: int = 0, service_port: int = 0) -> EmbeddedBroker:
        page = find_page()
        assert page is not None, "the page is not built: `make test` builds it"
        return EmbeddedBroker(self.gate, clock=time.time, page=page, port=port, service_port=service_port)

    def start_matcher(self) -> None:
        url = f"mqtt://127.0.0.1:{self.broker.service_port}"
        self.service = self._make_service(url, self.keys.service, self.keys.seat_keys(time.time()))
        self._matcher = asyncio.create_task(self.service.run())

    async def stop_matcher(self) -> None:
        matcher, self._matcher = self._matcher, None
        if matcher is not None:
            self.service.stop()
            await matcher
