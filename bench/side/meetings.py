"""Two meet once, by whichever system: the one waits, the other comes, and the clock runs from the other's Start.

What is sent is counted from each one's own Start until the later of the two channels is open. Each pair has profiles of
its own, so that nothing is warm that is to be cold.
"""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Browser, Page

from bench.side.systems import System
from bench.windows import SETTLED_S, WITHIN_S, Start, Windows, meet, profile, window

QUIET_S: Final = 1.0
"""After which both have said what they say when they have met."""

_TRIPS: Final = 3
"""In as many round trips whoever waits has done all that its library does for it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """By both together: WebSocket frames, bytes of their payload, and HTTP requests."""

    frames: int
    bytes: int
    requests: int

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.frames + other.frames, self.bytes + other.bytes, self.requests + other.requests)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting: milliseconds until both channels were open, and what was sent until then and after it.

    Scripts are those that the later page had loaded by then, as the paths of their URLs.
    """

    open_ms: float
    sent: Sent
    after: Sent
    scripts: tuple[str, ...]


def waits_s(added_ms: float) -> float:
    """Give how long the one waits before the other starts."""
    return SETTLED_S + _TRIPS * added_ms / 1000


class Meetings:
    """Makes them."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    async def meet(self, system: System, start: Start, added_ms: float, *, quiet_s: float = 0.0) -> Meeting:
        """Let two meet; with `quiet_s` listen for so long to what they send afterwards.

        Raises:
            TimeoutError: when they have not met in 15 s.
            playwright.async_api.Error: when a page or the browser fails.
        """
        async with asyncio.timeout(WITHIN_S), contextlib.AsyncExitStack() as windows:
            for road in system.roads:
                road.added_ms = 0.0
            one, other = await _pages(system, await self._windows.ready(), windows)
            for road in system.roads:
                road.added_ms = added_ms
            marks = await meet(one, other, start, lambda: asyncio.sleep(waits_s(added_ms)))
            begun, end = marks[1]["start"], max(mark["open"] for mark in marks)
            await asyncio.sleep(quiet_s)
            sent = [await _sent(page, mark["start"], end) for page, mark in zip((one, other), marks, strict=True)]
            after = [await _sent(page, end, end + quiet_s * 1000) for page in (one, other)]
            scripts = await other.evaluate("until => watched.scripts(until)", end)
        return Meeting(round(end - begun, 1), sent[0] + sent[1], after[0] + after[1], tuple(scripts))


async def _pages(system: System, browser: Browser, windows: contextlib.AsyncExitStack) -> tuple[Page, Page]:
    meeting = secrets.token_hex(8)
    one = await profile(browser, windows)
    other = one if system.together else await profile(browser, windows)
    first, second = await asyncio.gather(
        *(window(context, system.address(meeting, seat), *system.scripts) for seat, context in enumerate((one, other)))
    )
    return first, second


async def _sent(page: Page, begun_ms: float, until_ms: float) -> Sent:
    return Sent(**await page.evaluate("([from, until]) => watched.sent(from, until)", [begun_ms, until_ms]))
