"""Two hundred conversations in one process leave what fifty leave: memory, sockets, tasks, threads."""

import asyncio
import ctypes
import gc
import io
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aioice
import paho.mqtt.client as paho
import pytest
from aiortc import RTCPeerConnection
from PIL import Image

from stranger import Stranger, errors, events
from stranger.encounter import Encounter
from stranger.lobby.machine import Lobby
from stranger.talk import Talk
from stranger.visit import Visit
from stranger.wire import Wire
from tests.faults.rogue import open_files
from tests.journeys.house import House

FEW, MANY = 52, 200
AT_ONCE = 4
GROWTH = 1.15
"""Of the whole process, with what the service, which is in it, remembers for a minute of those who came and went."""

OURS = ("OpenSSL", "aioice", "aiortc", "cryptography", "paho", "pyee", "stranger")
SPARE = 60
"""Objects: a timer, a lazy import."""

PASSING = (RTCPeerConnection, aioice.Connection, paho.Client, Encounter, Lobby, Talk, Visit, Wire)
"""Of none of these a conversation leaves one behind."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the process holds when nobody talks."""

    rss_mb: float
    files: int
    tasks: int
    threads: int
    ours: int
    passing: Counter[str]

    @classmethod
    def now(cls) -> Self:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what the allocator keeps for later is nobody's (glibc)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        everything = gc.get_objects()
        return cls(
            rss_mb=round(pages * 4096 / 1e6, 1),
            files=open_files(),
            tasks=len(asyncio.all_tasks()),
            threads=threading.active_count(),
            ours=sum(str(type(each).__module__).partition(".")[0] in OURS for each in everything),
            passing=Counter(type(each).__name__ for each in everything if isinstance(each, PASSING)),
        )


async def converse(url: str, picture: bytes) -> None:
    """Come, meet anybody, say a line, send or take a picture, hear a line, and go."""
    try:
        async with Stranger(url) as me, me.meet(within_s=15) as talk:
            await exchange(talk, picture)
    except errors.Nobody:
        # Two between whom no connection came about are not matched again in a row, and here may be the last two.
        await converse(url, picture)


async def exchange(talk: Talk, picture: bytes) -> None:
    await talk.say("hello")
    missing: set[type[events.Event]] = {events.Heard, events.Got}
    if talk.role == "a":
        await talk.send_image(picture)
        missing.add(events.Taken)
    else:
        missing.add(events.Arrived)
    async for event in talk:
        missing.discard(type(event))
        if not missing:
            return
    assert not missing, missing


def small_picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((160, 120), 60).save(file, "PNG")
    return file.getvalue()


async def settled(before: Held) -> Held:
    """Look again until no timer holds on to a talk any more, and tell what there is then.

    What earlier tests of this process have left is not ours to count.
    """
    async with asyncio.timeout(30):
        while (held := Held.now()).passing - before.passing or held.tasks > before.tasks:
            await asyncio.sleep(0.5)
        return held


@pytest.mark.timeout(240)
async def test_200_conversations_leave_what_52_leave(house: House) -> None:
    troubles: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(str(context)))
    before = Held.now()
    picture, held = small_picture(), dict[int, Held]()
    for count in range(AT_ONCE, MANY + 1, AT_ONCE):
        async with asyncio.timeout(90):
            await asyncio.gather(*(converse(house.url, picture) for _ in range(2 * AT_ONCE)))
        if count in (FEW, MANY):
            held[count] = await settled(before)
    few, many = held.values()
    sys.stdout.write(f"after {FEW}: {few}\nafter {MANY}: {many}\n")
    assert troubles == []
    assert few.passing - before.passing == many.passing - before.passing == Counter()
    assert (many.files, many.tasks, many.threads) == (few.files, few.tasks, few.threads)
    assert many.ours <= few.ours + SPARE
    assert many.rss_mb <= few.rss_mb * GROWTH
