"""Windows of a Chromium, and how the people at two of them meet.

Each page that is measured has `window.bench`:

    enter(cold)    come in; done when Start can be pressed. A cold meeting begins here
    start(cold)    press Start. A warm meeting begins here
    meet()         the page's marks, once they have met: `start`, `open` and more, in milliseconds since the Unix epoch

Clocks are those of the pages, which are the machine's.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Literal, Self, get_args

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from tests.journeys.browsers import FLAGS
from tests.journeys.ears import opened

Start = Literal["warm", "cold"]
STARTS: Final[tuple[Start, ...]] = get_args(Start)

RUNS_PER_BROWSER: Final = 25
"""A Chromium that has made some sixty contexts may die: it gets a new one before that."""

WITHIN_S: Final = 15.0
SETTLED_S: Final = 1.0
"""Who waits, waits by then and does nothing else: it is drawn, and all is gathered, with any library (measured)."""


class Windows:
    """Opens windows. The browser is replaced now and then."""

    def __init__(self, playwright: Playwright, chromium: str) -> None:
        self._playwright, self._chromium = playwright, chromium
        self._browser: Browser | None = None
        self._runs = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def opening(cls, chromium: str) -> AsyncIterator[Self]:
        """Get ready to open some."""
        async with async_playwright() as playwright:
            windows = cls(playwright, chromium)
            try:
                yield windows
            finally:
                await windows.close()

    @property
    def browser_version(self) -> str:
        """Of the last browser used."""
        return self._browser.version if self._browser else ""

    async def close(self) -> None:
        """Close the browser."""
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.close()

    async def ready(self) -> Browser:
        """Give the browser of the next run."""
        if self._browser is None or not self._browser.is_connected() or self._runs >= RUNS_PER_BROWSER:
            await self.close()
            self._browser = await self._playwright.chromium.launch(executable_path=self._chromium, args=list(FLAGS))
            self._runs = 0
        self._runs += 1
        return self._browser


async def profile(browser: Browser, windows: contextlib.AsyncExitStack) -> BrowserContext:
    """Give a fresh profile, which is forgotten in the end."""
    context = await browser.new_context()
    windows.push_async_callback(context.close)
    return context


async def window(context: BrowserContext, url: str, *scripts: str) -> Page:
    """Open a page, with these scripts before its own."""
    page = await context.new_page()
    for script in scripts:
        await page.add_init_script(script)
    await opened(page, url)
    return page


async def meet(
    one: Page, other: Page, start: Start, waiting: Callable[[], Awaitable[None]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Let the one wait, and the other come once `waiting` is done. Gives the marks of both."""
    if start == "warm":
        await asyncio.gather(one.evaluate("bench.enter(false)"), other.evaluate("bench.enter(false)"))
    else:
        await one.evaluate("bench.enter(false)")
    await one.evaluate("bench.start(false)")
    await waiting()
    meetings = asyncio.gather(*(page.evaluate("bench.meet()") for page in (one, other)))
    cold = "bench.enter(true).then(() => bench.start(true))"
    try:
        await other.evaluate("bench.start(false)" if start == "warm" else cold)
        first, second = await meetings
    finally:
        meetings.cancel()
    return first, second
