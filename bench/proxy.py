"""A road of a chosen length between browser and broker.

A TCP proxy that hands everything on, half the added round trip later in each direction. In order, without loss, on
loopback only.

    browser ◄── half ── proxy ── half ──► broker            data channels go from browser to browser, not through here
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Self

from tests.faults.walkers import Walker

HOST = "127.0.0.1"
PINGS = 7


class Road:
    """Listens on a free port. `added_ms` is the added round trip from now on."""

    def __init__(self, target_port: int) -> None:
        self.added_ms = 0.0
        self.port = 0
        self._target = target_port
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, target_port: int) -> AsyncIterator[Self]:
        """Open the road to a port of loopback."""
        road = cls(target_port)
        server = await asyncio.start_server(road._attend, HOST, 0)
        road.port = server.sockets[0].getsockname()[1]
        try:
            yield road
        finally:
            server.close()
            for task in road._tasks:
                task.cancel()
            if road._tasks:
                await asyncio.wait(road._tasks)

    async def measure(self) -> float:
        """Give the round trip that an MQTT client sees, in milliseconds: the middle one of some PINGREQ."""
        async with Walker.walk(self.port) as walker:
            took: list[float] = []
            for _ in range(PINGS):
                begun = time.perf_counter()
                await walker.probe.echo()
                took.append((time.perf_counter() - begun) * 1000)
        return sorted(took)[PINGS // 2]

    async def _attend(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            far, there = await asyncio.open_connection(HOST, self._target)
        except OSError:
            back.close()
            return
        try:
            await asyncio.gather(self._carry(near, there), self._carry(far, back))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            back.close()
            there.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        # Each piece has its own hour, and none overtakes: timers of the same hour may fire in any order, so what they
        # hand on is taken from a queue.
        loop, free, under_way = asyncio.get_running_loop(), 0.0, deque[bytes]()
        data = b"?"
        while data:
            data = await source.read(65536)
            free = max(free, loop.time() + self.added_ms / 2000)
            under_way.append(data)
            loop.call_at(free, _hand_on, sink, under_way)


def _hand_on(sink: asyncio.StreamWriter, under_way: deque[bytes]) -> None:
    data = under_way.popleft()
    if sink.is_closing():
        return
    with contextlib.suppress(OSError):  # gone in between
        if data:
            sink.write(data)
        elif sink.can_write_eof():
            sink.write_eof()
