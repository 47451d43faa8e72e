"""Waiting for what can only be watched from outside."""

import asyncio
from collections.abc import Callable


async def until(reached: Callable[[], object], *, within_s: float = 10.0, every_s: float = 0.02) -> None:
    """Look again and again, with a deadline.

    Raises:
        TimeoutError: when it has not come true by then.
    """
    async with asyncio.timeout(within_s):
        while not reached():
            await asyncio.sleep(every_s)
