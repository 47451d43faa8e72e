"""The whole product, with its matcher in the test's own process, so that parts of it can be stopped and watched."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Final, Self

from broker.cells import Cell
from broker.gate import Gate
from broker.keys import Keys
from broker.policy import Action
from broker.site import Site
from matcher.service import Service
from matcher.turn import Turn
from tests.journeys.grounds import TAP, EmbeddedGround, Ground, MosquittoGround

ENGINES: Final = ("embedded", "mosquitto")


class OpenGate(Gate):
    """A gate that lets one operator hear everything, which no real one does: for tests that tap the wire."""

    def may(self, name: str, action: Action, topic: str, now: float) -> bool:
        tapping = name == TAP and action in (Action.SUBSCRIBE, Action.RECEIVE)
        return tapping or super().may(name, action, topic, now)


class House:
    """Broker, page and matcher on free ports of loopback; with `turn`, people are told of that TURN server."""

    def __init__(self, broker: Ground, service: Callable[..., Service] = Service, *, turn: Turn | None = None) -> None:
        self.broker = broker
        self._make_service = service if turn is None else partial(service, turn=turn)
        self._matcher: asyncio.Task[int] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        engine: str = "embedded",
        *,
        gate: type[Gate] = Gate,
        service: Callable[..., Service] = Service,
        turn: Turn | None = None,
        site: Site | None = None,
    ) -> AsyncIterator[Self]:
        """Open it; `site` is what the operator says, by default as much as there is to say of the relay."""
        said = site or Site(relay=turn.relay if turn else "none")
        broker = MosquittoGround(said) if engine == "mosquitto" else EmbeddedGround(gate, said)
        house = cls(broker, partial(service, cell=Cell(said.cell)) if said.cell else service, turn=turn)
        try:
            await house.broker.start()
            house.start_matcher()
            async with asyncio.timeout(10):
                await house.service.ready.wait()
            yield house
        finally:
            await house.stop_matcher()
            await house.broker.close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.broker.port}/"

    @property
    def keys(self) -> Keys:
        return self.broker.keys

    @property
    def tap_password(self) -> str:
        """Of the operator that an `OpenGate` lets hear everything."""
        assert isinstance(self.broker, EmbeddedGround)
        return self.broker.tap_password

    async def deploy(self, build: Path) -> None:
        """Serve another build of the page."""
        assert isinstance(self.broker, EmbeddedGround)
        await self.broker.deploy(build)

    async def stop_broker(self) -> None:
        await self.broker.stop()

    async def start_broker(self) -> None:
        """Start it again, on the ports of before."""
        await self.broker.start()

    def start_matcher(self) -> None:
        url = f"mqtt://127.0.0.1:{self.broker.service_port}"
        self.service = self._make_service(url, self.keys.service, self.keys.seat_keys(time.time()))
        self._matcher = asyncio.create_task(self.service.run())

    async def stop_matcher(self) -> None:
        matcher, self._matcher = self._matcher, None
        if matcher is not None:
            self.service.stop()
            await matcher
