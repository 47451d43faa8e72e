"""Waiting for what can only be watched from outside."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 30.0
"""What comes at once on a quiet machine may take long on one that is shared."""


async def until(reached: Callable[[], object], *, within_s: float = PATIENCE_S, every_s: float = 0.02) -> None:
    """Look again and again, with a deadline.

    Raises:
        TimeoutError: when it has not come true by then.
    """
    async with asyncio.timeout(within_s):
        while not reached():
            await asyncio.sleep(every_s)
