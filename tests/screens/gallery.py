"""The gallery: every screen of the page with made-up content, built like the page, served with its headers, looked at.

    make gallery ─► webclient/dist-gallery ─► edge, as in a deployment ─► gallery.html?screen=…&language=…

It tells itself which screens and languages there are, so that nothing can be forgotten here. A screen is opened once and
then seen in several ways, as when the evening comes or a phone is turned. While one works on a few screens, the variable
SCREENS names them: SCREENS='talk-* lobby'.
"""

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, Self

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as TookTooLong

from broker.engines.edge import Edge
from broker.engines.entrance.page import Page as Files
from tests.journeys.browsers import ALLOWED, DEVICES, launched

FOLDER: Final = Path(__file__).parents[2] / "webclient" / "dist-gallery"
NOT_BUILT: Final = "the gallery is not built: `make gallery` builds it"

PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)

_AT_ONCE: Final = 3
_TOLD: Final = 6
_MANY: Final = 1_000
_READY: Final = "body[data-ready]"
_READY_WITHIN_MS: Final = 60_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """A screen in a language."""

    screen: str
    language: str

    def __str__(self) -> str:
        return f"{self.screen} ({self.language})"


Look = Callable[[Page], Awaitable[Iterable[tuple[str, str]]]]
"""Looks at an open screen; gives how it was looked at ("dark, phone") and what is wrong then, for each thing wrong."""


@contextlib.asynccontextmanager
async def served(folder: Path = FOLDER) -> AsyncIterator[str]:
    """Serve a built folder as the product does; give its URL, with no slash at the end."""
    assert folder.is_dir(), NOT_BUILT
    edge = Edge(page=Files(folder), upstream=("127.0.0.1", 9), per_network=_MANY)
    await edge.start()
    try:
        yield f"http://localhost:{edge.port}"
    finally:
        await edge.stop()


def _wishes() -> list[str]:
    return os.environ.get("SCREENS", "*").split()


class Gallery:
    """The gallery, open in a browser."""

    def __init__(self, browser: Browser, url: str, screens: Sequence[str], languages: Sequence[str]) -> None:
        self.url = url
        self.screens = screens
        self.languages = languages
        self._browser = browser

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, *flags: str) -> AsyncIterator[Self]:
        """Serve it and start a browser, with these flags beside the usual ones."""
        async with served() as url, launched(DEVICES, ALLOWED, *flags) as browser:
            page = await browser.new_page()
            await page.goto(f"{url}/gallery.html")
            await page.wait_for_selector(_READY, state="attached", timeout=_READY_WITHIN_MS)
            body = page.locator("body")
            lists = [(await body.get_attribute(f"data-{name}") or "").split() for name in ("screens", "languages")]
            await page.close()
            screens, languages = lists
            wished = [name for name in screens if any(fnmatch(name, each) for each in _wishes())]
            assert wished and languages, "no such screen is in the gallery"
            yield cls(browser, url, wished, languages)

    async def visit(
        self, places: Iterable[Place], *looks: Look, script: str | None = None, **options: Any
    ) -> dict[str, list[str]]:
        """Open these places, some at once, and look at each; give what is wrong, also what a page complains of, and where.

        Args:
            places: the screens.
            looks: what is done with each, one after another.
            script: given to each page before its own.
            options: for Playwright's context.
        """
        waiting = list(reversed(list(places)))
        wrong: defaultdict[str, list[str]] = defaultdict(list)

        async def go() -> None:
            async with self._context(script, **options) as window:
                while waiting:
                    place = waiting.pop()
                    for how, what in await self._see(window, place, looks):
                        wrong[what].append(f"{place}, {how}" if how else str(place))

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(go())
        return wrong

    def places(self, *languages: str) -> list[Place]:
        """Give every screen in each of these languages."""
        return [Place(screen, language) for language in languages for screen in self.screens]

    @contextlib.asynccontextmanager
    async def _context(self, script: str | None, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self._browser.new_context(**{"timezone_id": "UTC", "locale": "en-GB", **options})
        try:
            if script is not None:
                await context.add_init_script(script)
            yield context
        finally:
            await context.close()

    async def _see(self, window: BrowserContext, place: Place, looks: Sequence[Look]) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def fail(error: object) -> None:
            wrong.append(("", f"the page fails: {error}"))
            if not failed.done():
                failed.set_result(None)

        page = await window.new_page()
        page.on("pageerror", fail)
        page.on(
            "console",
            lambda said: wrong.append(("", f"the page complains: {said.text}")) if said.type == "error" else None,
        )
        try:
            await page.goto(f"{self.url}/gallery.html?screen={place.screen}&language={place.language}")
            ready = asyncio.ensure_future(page.wait_for_selector(_READY, state="attached", timeout=_READY_WITHIN_MS))
            await asyncio.wait((ready, failed), return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                ready.cancel()
                return wrong
            await ready
            for look in looks:
                wrong += await look(page)
        except TookTooLong as error:
            wrong.append(("", f"too slow: {error.message.splitlines()[0]}"))
        finally:
            await page.close()
        return wrong


def told(wrong: Mapping[str, Sequence[str]]) -> str:
    """Tell each thing once, and where it is."""
    lines = [f"{len(wrong)} things to mend:"]
    for what, places in wrong.items():
        more = f" and {len(places) - _TOLD} more" if len(places) > _TOLD else ""
        lines.append(f"\n{what}\n  on {'; '.join(places[:_TOLD])}{more}")
    return "\n".join(lines)
