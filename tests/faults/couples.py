"""Two who really talk, over WebRTC, while everything else goes and comes back around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Self

from stranger import Stranger, events
from tests.journeys.strangers import WITHIN_S, Ear


class Couple:
    """Two in a talk."""

    def __init__(self, one: Ear, other: Ear) -> None:
        self._ears = (one, other)
        self._lines = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def talking(cls, url: str) -> AsyncIterator[Self]:
        """Let two meet at this place, where nobody else is yet."""
        async with contextlib.AsyncExitStack() as stack:
            ana, bo = [await stack.enter_async_context(Stranger(url, nickname=name)) for name in ("Ana", "Bo")]
            async with asyncio.TaskGroup() as group:
                meetings = [
                    group.create_task(stack.enter_async_context(each.meet(within_s=WITHIN_S))) for each in (ana, bo)
                ]
            couple = cls(*[await stack.enter_async_context(Ear.on(each.result())) for each in meetings])
            await couple.talk()
            yield couple

    async def talk(self) -> None:
        """Let each hear the other; and see that neither has ever been told that it is over."""
        for one, other in (self._ears, self._ears[::-1]):
            self._lines += 1
            await one.talk.say(f"line {self._lines}")
            await other.reads(f"line {self._lines}")
        assert not [event for ear in self._ears for event in ear.told if isinstance(event, events.Over)]
