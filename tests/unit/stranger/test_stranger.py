"""What a stranger does at the edges of a wish: when somebody comes at the very moment at which one stops looking."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from stranger import Stranger
from stranger.errors import Nobody


class Found:
    """A talk, as far as a wish knows it."""

    def __init__(self) -> None:
        self.over = False

    def leave(self) -> None:
        self.over = True


def looking() -> Any:
    """Give a stranger that could look for somebody, and whom nobody stops."""
    me: Any = Stranger("http://localhost:1")
    me._visit = SimpleNamespace(busy=False, look=lambda _: None, stop=lambda: None)  # noqa: SLF001  in place of a broker
    return me


def comes(me: Any, found: Found) -> None:
    me._opened(found)  # noqa: SLF001  as its visit would


async def test_who_comes_as_one_stops_looking_is_not_left_alone() -> None:
    """They talk already, as far as they know; without a word they would wait for somebody who is not there."""
    me, found = looking(), Found()
    wish = asyncio.create_task(me.meet().__aenter__())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    comes(me, found)
    wish.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wish
    assert found.over


async def test_a_talk_that_is_taken_goes_on() -> None:
    me, found = looking(), Found()
    wish = asyncio.create_task(me.meet().__aenter__())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    comes(me, found)
    assert await wish is found
    assert not found.over


async def test_a_wish_that_takes_too_long_says_so() -> None:
    with pytest.raises(Nobody):
        await looking().meet(within_s=0).__aenter__()
