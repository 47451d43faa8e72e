"""The brokers that journeys go over, made alike: each brings the page and the WebSocket on one port of loopback.

EmbeddedGround    the embedded broker, in the test's own process
MosquittoGround   Mosquitto with the gate in a container, and the edge before it, which tells it where people come from
"""

import secrets
import time
from pathlib import Path
from typing import Final, Protocol

from broker.cells import Cell
from broker.engines.edge import Edge
from broker.engines.embedded import EmbeddedBroker
from broker.engines.entrance.page import Page
from broker.gate import Gate
from broker.keys import Keys
from broker.limits import Limits
from broker.site import Site
from passerby.keys import draw
from passerby.page import find_page
from passerby.page import page as make_page
from passerby.salts import fresh_salts
from passerby.settings import Settings
from tests.engines.containers import Mosquitto

TAP: Final = "desk-tap"
MANY: Final = 1_000
"""Connections from one address: everybody comes from loopback."""

ENDLESS: Final = 1_000_000
"""Likewise where fuzzers come, too, hundreds a second."""


class Ground(Protocol):
    """A broker with the page, in the cell that the page names. Ports and keys stay over a stop and a start."""

    @property
    def port(self) -> int: ...
    @property
    def service_port(self) -> int: ...
    @property
    def keys(self) -> Keys: ...

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def close(self) -> None:
        """Stop for good."""


class EmbeddedGround(Ground):
    """The embedded broker. One operator of a name that no gate knows may tap it, if the gate lets it."""

    def __init__(self, gate: type[Gate], site: Site) -> None:
        self._keys = draw()
        self.tap_password = secrets.token_urlsafe()
        self._gate = gate(
            name="embedded",
            keys=self._keys.seat_keys(time.time()),
            salts=fresh_salts(),
            internal={**self._keys.internal(), TAP: self.tap_password},
            limits=Limits(connections_per_address=MANY),
        )
        self._site = site
        self._page = page(site)
        self._broker = self._make(0, 0)

    @property
    def port(self) -> int:
        return self._broker.port

    @property
    def service_port(self) -> int:
        return self._broker.service_port

    @property
    def keys(self) -> Keys:
        return self._keys

    async def start(self) -> None:
        self._broker = self._make(self.port, self.service_port)
        await self._broker.start()

    async def stop(self) -> None:
        await self._broker.stop()

    async def deploy(self, build: Path) -> None:
        """Serve another build of the page from now on. As with any deployment, every connection is lost for it."""
        await self.stop()
        self._page = make_page(Settings(page=build), self._site)
        await self.start()

    async def close(self) -> None:
        await self.stop()

    def _make(self, port: int, service_port: int) -> EmbeddedBroker:
        return EmbeddedBroker(
            self._gate,
            clock=time.time,
            page=self._page,
            port=port,
            service_port=service_port,
            cell=Cell(self._site.cell or ""),
        )


class MosquittoGround(Ground):
    """Mosquitto as an operator runs it; what stops and starts is the broker, not the edge before it."""

    def __init__(self, site: Site) -> None:
        self._page = page(site)
        line = "plugin_opt_connections_per_address"
        self._mosquitto = Mosquitto({line: f"{line} {ENDLESS}"}, cell=site.cell)
        self._edge: Edge | None = None

    @property
    def port(self) -> int:
        assert self._edge is not None
        return self._edge.port

    @property
    def service_port(self) -> int:
        return self._mosquitto.service_port

    @property
    def keys(self) -> Keys:
        return self._mosquitto.keys

    async def start(self) -> None:
        if self._edge is not None:
            await self._mosquitto.resume()
            return
        await self._mosquitto.start()
        self._edge = Edge(page=self._page, upstream=("127.0.0.1", self._mosquitto.port), per_network=ENDLESS)
        await self._edge.start()

    async def stop(self) -> None:
        await self._mosquitto.halt()

    async def wrong(self) -> list[str]:
        """Give what the gate inside could not answer, and whether the broker has ended by itself."""
        failed = [line for line in (await self._mosquitto.logs()).splitlines() if "question to the gate failed" in line]
        return failed if await self._mosquitto.pid() else [*failed, "the broker has ended"]

    async def close(self) -> None:
        if self._edge is not None:
            await self._edge.stop()
        await self._mosquitto.stop()


def built() -> Path:
    found = find_page()
    assert found is not None, "the page is not built: `make test` builds it"
    return found


def page(site: Site) -> Page:
    return make_page(Settings(page=built()), site)
