"""The gallery: every screen of the page with made-up content, built like the page, served with its headers, looked at.

    make gallery ─► webclient/dist-gallery ─► edge, as in a deployment ─► gallery.html?screen=…&language=…

It tells itself which screens and languages there are, so that nothing can be forgotten here. A screen is opened once
and then seen in several ways, as when the evening comes or a phone is turned. While one works on a few screens, the
variable SCREENS names them: SCREENS='talk-* lobby'.
"""

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, Self

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as TookTooLong

from broker.engines.edge import Edge
from broker.engines.entrance.page import Page as Files
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.ears import Ear, opened

FOLDER: Final = Path(__file__).parents[2] / "webclient" / "dist-gallery"
NOT_BUILT: Final = "the gallery is not built: `make gallery` builds it"

PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)

_AT_ONCE: Final = 3
_TOLD: Final = 6
_MANY: Final = 1_000
_READY: Final = "body[data-ready]"
_READY_WITHIN_MS: Final = 60_000.0


class Place(Protocol):
    """Something to open. Its string is how it is told of."""

    @property
    def path(self) -> str: ...
    @property
    def ready(self) -> str:
        """A selector of what is there once it is as it will stay."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen of the gallery in a language."""

    screen: str
    language: str
    ready: ClassVar[str] = _READY

    @property
    def path(self) -> str:
        return f"/gallery.html?screen={self.screen}&language={self.language}"

    def __str__(self) -> str:
        return f"{self.screen} ({self.language})"


Look = Callable[[Page], Awaitable[Iterable[tuple[str, str]]]]
"""Looks at an open screen; gives how it was looked at ("dark, phone") and what is wrong then, for each thing wrong."""


@contextlib.asynccontextmanager
async def served(files: Files) -> AsyncIterator[str]:
    """Serve files as the product does; give the URL, with no slash at the end."""
    edge = Edge(page=files, upstream=("127.0.0.1", 9), per_network=_MANY)
    await edge.start()
    try:
        yield f"http://localhost:{edge.port}"
    finally:
        await edge.stop()


class Visitors:
    """Who looks at what is served: some windows of one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self._browser = browser

    async def visit(
        self, places: Iterable[Place], *looks: Look, script: str | None = None, **options: Any
    ) -> dict[str, list[str]]:
        """Open these places, some at once, and look at each; give what is wrong or complained of, and where.

        Args:
            places: the screens.
            looks: what is done with each, one after another.
            script: given to each page before its own.
            options: for Playwright's context.
        """
        waiting = list(reversed(list(places)))
        wrong: defaultdict[str, list[str]] = defaultdict(list)

        async def go() -> None:
            # One page for all: a browser takes longer to open one than to show something else in it.
            async with self._context(script, **options) as window:
                page = await window.new_page()
                while waiting:
                    place = waiting.pop()
                    for how, what in await self._see(page, place, looks):
                        wrong[what].append(f"{place}, {how}" if how else str(place))

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(go())
        return wrong

    @contextlib.asynccontextmanager
    async def _context(self, script: str | None, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self._browser.new_context(**{"timezone_id": "UTC", "locale": "en-GB", **options})
        try:
            if script is not None:
                await context.add_init_script(script)
            yield context
        finally:
            await context.close()

    async def _see(self, page: Page, place: Place, looks: Sequence[Look]) -> list[tuple[str, str]]:
        """Open it and look at it; anew when the machine's network has changed meanwhile, as if nothing had been."""
        ear = Ear(page)
        try:
            wrong = await ear.undisturbed(lambda: self._look(page, place, looks, ear))
        finally:
            ear.close()
        return [*(("", f"the page complains: {complaint}") for complaint in ear.complaints), *wrong]

    async def _look(self, page: Page, place: Place, looks: Sequence[Look], ear: Ear) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        try:
            await page.goto(f"{self.url}{place.path}")
            ready = asyncio.ensure_future(
                page.wait_for_selector(place.ready, state="attached", timeout=_READY_WITHIN_MS)
            )
            spoilt = asyncio.ensure_future(ear.spoilt.wait())
            await asyncio.wait((ready, spoilt), return_when=asyncio.FIRST_COMPLETED)
            spoilt.cancel()
            if not ready.done():
                ready.cancel()
                return wrong
            await ready
            for look in looks:
                wrong += await look(page)
        except TookTooLong as error:
            wrong.append(("", f"too slow: {error.message.splitlines()[0]}"))
        return wrong


class Gallery(Visitors):
    """The gallery, open in a browser."""

    def __init__(self, browser: Browser, url: str, screens: Sequence[str]) -> None:
        super().__init__(browser, url)
        self.screens = screens

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, *flags: str) -> AsyncIterator[Self]:
        """Serve it and start a browser, with these flags beside the usual ones."""
        assert await asyncio.to_thread(FOLDER.is_dir), NOT_BUILT
        async with served(Files(FOLDER, frame="data:")) as url, launched(DEVICES, ALLOWED, *flags) as browser:
            page = await browser.new_page()
            await opened(page, f"{url}/gallery.html")
            await page.wait_for_selector(_READY, state="attached", timeout=_READY_WITHIN_MS)
            screens = (await page.locator("body").get_attribute("data-screens") or "").split()
            await page.close()
            wished = [name for name in screens if any(fnmatch(name, each) for each in _wishes())]
            assert wished, f"of these screens none is in the gallery: {screens}"
            yield cls(browser, url, wished)

    def places(self, *languages: str) -> list[Screen]:
        """Give every screen in each of these languages."""
        return [Screen(screen, language) for language in languages for screen in self.screens]


def _wishes() -> list[str]:
    return os.environ.get("SCREENS", "*").split()


def told(wrong: Mapping[str, Sequence[str]]) -> str:
    """Tell each thing once, and where it is."""
    lines = [f"{len(wrong)} things to mend:"]
    for what, places in wrong.items():
        more = f" and {len(places) - _TOLD} more" if len(places) > _TOLD else ""
        lines.append(f"\n{what}\n  on {'; '.join(places[:_TOLD])}{more}")
    return "\n".join(lines)
