"""One process of a crowd, and the pipe to whoever started it.

    settle, part ──►  company  ──► (entries, worst lag in seconds), four times a second; and None when all have gone

When the other end of the pipe is gone, so is the company: no crowd is left behind without its judge.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final, Literal

from stranger.crowd.crowd import Crowd, Plan
from stranger.crowd.entries import Entry

Order = Literal["settle", "part"]
Batch = tuple[list[Entry], float]

FLUSH_S: Final = 0.25
TICK_S: Final = 0.05


def company(plan: Plan, pipe: Connection) -> None:
    """Run a company: the main function of its process. Ctrl-C is the parent's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_run(plan, pipe))


async def _run(plan: Plan, pipe: Connection) -> None:
    written: list[Entry] = []
    crowd, parting = Crowd(plan, written.append), asyncio.Event()
    loop = asyncio.get_running_loop()

    def obey(order: Order) -> None:
        if order == "settle":
            crowd.settle()
        else:
            parting.set()

    def listen() -> None:
        """Hear orders in a thread: a loop would make the pipe one that does not wait."""
        order: Order = "settle"
        while order != "part":
            try:
                order = pipe.recv()
            except (EOFError, OSError):
                order = "part"
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(obey, order)

    threading.Thread(target=listen, name="orders", daemon=True).start()
    coming = asyncio.create_task(crowd.come())
    telling = asyncio.create_task(_tell(written, pipe))
    await parting.wait()
    coming.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await coming
    await crowd.part()
    telling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await telling
    with contextlib.suppress(OSError):
        pipe.send((written, 0.0))
        pipe.send(None)


async def _tell(written: list[Entry], pipe: Connection) -> None:
    """Hand over what was written, with how late this loop was at worst: peers on a busy machine read late."""
    loop, lag_s = asyncio.get_running_loop(), 0.0
    due = loop.time() + FLUSH_S
    while True:
        asked = loop.time()
        await asyncio.sleep(TICK_S)
        lag_s = max(lag_s, loop.time() - asked - TICK_S)
        if loop.time() >= due:
            batch, written[:] = list(written), []
            with contextlib.suppress(OSError):  # nobody reads: who hears orders will learn of it
                pipe.send((batch, lag_s))
            due, lag_s = loop.time() + FLUSH_S, 0.0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415  there is none on Windows
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop
