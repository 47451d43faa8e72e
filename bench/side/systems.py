"""What is measured beside each other: how each is started, and what its pages are told.

    browser ── page ─────────────────────────► this process (the others), or Passerby's own port, by the road
    browser ── signaling ── a road of its own ► the system's server

Every road is as long as is asked for, from the moment on when both pages are loaded.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bench.brokers import EMBEDDED, GATED
from bench.couples import WATCH as AT_PASSERBY
from bench.proxy import Road
from bench.side.section import PASSERBY
from bench.side.servers import WATCH, mosquitto, pages, passerby, server

OURS: Final = f"{PASSERBY}, Mosquitto"
OURS_EMBEDDED: Final = f"{PASSERBY}, embedded"
TRYSTERO: Final = "Trystero, Mosquitto"
PEERJS: Final = "PeerJS, ids known"
QUEUE: Final = "PeerJS and a queue"
SOCKET_IO: Final = "Socket.IO"
FLOOR: Final = "no network"
SYSTEMS: Final = (OURS, OURS_EMBEDDED, TRYSTERO, PEERJS, QUEUE, SOCKET_IO, FLOOR)
OTHERS: Final = (TRYSTERO, PEERJS, QUEUE, SOCKET_IO)
"""With whom Passerby is compared. Without a network there is nothing to compare, but how far there is to go."""

_PAGES: Final = {TRYSTERO: "trystero", PEERJS: "peerjs", QUEUE: "queue", SOCKET_IO: "socketio", FLOOR: "floor"}


@dataclass(frozen=True, slots=True)
class System:
    """One way to meet, up and running.

    Attributes:
        address: of the page, for a meeting's name and a seat: 0 waits, 1 comes.
        roads: to its servers.
        scripts: that go before those of the page.
        together: both pages in one profile, else each in its own.
    """

    name: str
    address: Callable[[str, int], str]
    roads: tuple[Road, ...]
    scripts: tuple[str, ...] = (WATCH,)
    together: bool = False


@asynccontextmanager
async def running_systems(names: Sequence[str]) -> AsyncIterator[tuple[System, ...]]:
    """Start these."""
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(pages(*(_PAGES[name] for name in names if name in _PAGES)))
        yield tuple([await _start(name, served, stack) for name in names])


async def _start(name: str, served: int, stack: AsyncExitStack) -> System:
    async def by_road(*opening: AbstractAsyncContextManager[int]) -> tuple[Road, ...]:
        ports = [await stack.enter_async_context(each) for each in opening]
        return tuple([await stack.enter_async_context(Road.open(port)) for port in ports])

    if name in (OURS, OURS_EMBEDDED):
        roads = await by_road(passerby(GATED if name == OURS else EMBEDDED))
        page = f"http://localhost:{roads[0].port}/"
        return System(name, lambda _meeting, _seat: page, roads, (WATCH, AT_PASSERBY))
    roads = await by_road(*_servers(name))

    def address(meeting: str, seat: int) -> str:
        told = [("meeting", meeting), ("seat", seat), *(("port", road.port) for road in roads)]
        return f"http://localhost:{served}/{_PAGES[name]}.html?{urlencode(told)}"

    return System(name, address, roads, together=name == FLOOR)


def _servers(name: str) -> tuple[AbstractAsyncContextManager[int], ...]:
    match _PAGES[name]:
        case "trystero":
            return (mosquitto(),)
        case "peerjs":
            return (server("peer"),)
        case "queue":
            return (server("peer"), server("queue"))
        case "socketio":
            return (server("socketio"),)
        case _:
            return ()
