"""The processes of a crowd: starts them, tells them to settle and to part, and hands on what their peers write."""

import asyncio
import contextlib
import multiprocessing
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

from passerby.trouble import Stopped
from stranger.crowd.company import Batch, Order, company
from stranger.crowd.crowd import Plan
from stranger.crowd.entries import Entry

PART_WITHIN_S: Final = 60.0


class Companies:
    """Those that run. `lag_s` is how late the slowest of them has been so far, in seconds."""

    def __init__(self, take: Callable[[Entry], None]) -> None:
        self._judge = take
        self._loop = asyncio.get_running_loop()
        self._running: dict[Connection, SpawnProcess] = {}
        self._ended = asyncio.Event()
        self.broken: asyncio.Future[None] = self._loop.create_future()
        self.lag_s = 0.0

    def start(self, plan: Plan) -> None:
        """Start one more."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=company, args=(plan, theirs), name="crowd")
        process.start()
        theirs.close()
        self._running[ours] = process
        threading.Thread(target=self._listen, args=(ours,), name="crowd", daemon=True).start()

    def order(self, order: Order) -> None:
        """Tell all of them."""
        for pipe in self._running:
            with contextlib.suppress(OSError):
                pipe.send(order)

    async def part(self) -> None:
        """Tell all to go, and wait until they have; what does not go is ended."""
        self.order("part")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PART_WITHIN_S):
                while self._running:
                    self._ended.clear()
                    await self._ended.wait()
        for pipe, process in list(self._running.items()):
            process.kill()
            self._end(pipe)

    def _listen(self, pipe: Connection) -> None:
        """Read in a thread: a loop would make the pipe one that does not wait, and what is sent is longer than it."""
        batch: Batch | None
        while True:
            try:
                batch = pipe.recv()
            except (EOFError, OSError):
                self._tell(self._broke)
                batch = None
            self._tell(self._take, pipe, batch)
            if batch is None:
                return

    def _tell(self, what: Callable[..., None], *about: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(what, *about)

    def _broke(self) -> None:
        if not self.broken.done():
            self.broken.set_exception(Stopped("a process of the crowd has ended by itself"))

    def _take(self, pipe: Connection, batch: Batch | None) -> None:
        if batch is None:
            self._end(pipe)
            return
        entries, lag_s = batch
        self.lag_s = max(self.lag_s, lag_s)
        for entry in entries:
            self._judge(entry)

    def _end(self, pipe: Connection) -> None:
        process = self._running.pop(pipe, None)
        if process is None:
            return
        pipe.close()
        process.join(5)
        process.close()
        self._ended.set()


@contextlib.asynccontextmanager
async def companies(plans: Sequence[Plan], take: Callable[[Entry], None]) -> AsyncIterator[Companies]:
    """Run them all; whatever happens, none is left behind."""
    running = Companies(take)
    try:
        for plan in plans:
            running.start(plan)
        yield running
    finally:
        await running.part()
        if running.broken.done():
            running.broken.exception()
