"""What stands before the nodes of a cluster: leads each who comes to one that is there, as HAProxy would.

a peer ── asks for a WebSocket ──► front ── PROXY header, the same words ──► the next node
                                      └─ refused, or silent for 5 s ──► the one after it, and nobody there for 10 s

Where HAProxy asks nodes by itself whether they are there, this one sees it by who comes.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, Self

from broker.engines.entrance.proxy_header import proxy_header

SILENCE_S: Final = 5.0
AWAY_S: Final = 10.0
"""As in `deploy/haproxy`: how long a node may take to open a WebSocket, and for how long it gets nobody after that."""

_CHUNK: Final = 65_536

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Front:
    """Listens on a free port of loopback. `ports` tells where each node listens just now."""

    def __init__(self, ports: Callable[[], Sequence[int]]) -> None:
        self._ports = ports
        self._away: dict[int, float] = {}
        self._turn = 0
        self.port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def before(cls, ports: Callable[[], Sequence[int]]) -> AsyncIterator[Self]:
        front = cls(ports)
        server = await asyncio.start_server(front._attend, "127.0.0.1", 0)
        front.port = server.sockets[0].getsockname()[1]
        try:
            yield front
        finally:
            server.close()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/mqtt"

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = None
        with contextlib.suppress(OSError):
            asked = await reader.read(_CHUNK)
            header = proxy_header(writer.get_extra_info("peername"), writer.get_extra_info("sockname"))
            opened = await self._opened(header + asked) if asked else None
        if opened is None:
            writer.close()
            return
        (back, there), answer = opened
        writer.write(answer)
        try:
            await asyncio.gather(_carry(reader, there), _carry(back, writer))
        finally:
            writer.close()
            there.close()

    async def _opened(self, asked: bytes) -> tuple[Ends, bytes] | None:
        """Ask the nodes in turn; None when none of them answers."""
        loop, ports = asyncio.get_running_loop(), self._ports()
        self._turn += 1
        places = [(self._turn + step) % len(ports) for step in range(len(ports))]
        for place in sorted(places, key=lambda place: self._away.get(place, 0.0) > loop.time()):
            writer = None
            try:
                async with asyncio.timeout(SILENCE_S):
                    reader, writer = await asyncio.open_connection("127.0.0.1", ports[place])
                    writer.write(asked)
                    if answer := await reader.read(_CHUNK):
                        return (reader, writer), answer
            except OSError:  # also TimeoutError
                pass
            if writer is not None:
                writer.close()
            self._away[place] = loop.time() + AWAY_S
        return None


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one direction to its end, which is the end of the other one, too."""
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
