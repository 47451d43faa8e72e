"""The gallery: every screen of the page with made-up content, built like the page, served with its headers, looked at.

    make gallery ─► webclient/dist-gallery ─► edge, as in a deployment ─► gallery.html?screen=…&language=…

It tells itself which screens and languages there are, so that nothing can be forgotten here. A screen is opened once and
then seen in several looks, as when the evening comes or a phone is turned.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as TookTooLong

from broker.engines.edge import Edge
from tests.journeys.browsers import ALLOWED, DEVICES, launched

FOLDER: Final = Path(__file__).parents[2] / "webclient" / "dist-gallery"
NOT_BUILT: Final = "the gallery is not built: `make gallery` builds it"

PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)

_AT_ONCE: Final = 3
_MANY: Final = 1_000
_READY: Final = "body[data-ready]"
_READY_WITHIN_MS: Final = 60_000.0

type_of_theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Place:
    """A screen in a language, and what is wrong there."""

    screen: str
    language: str

    def __str__(self) -> str:
        return f"{self.screen} ({self.language})"


Look = Callable[[Page, Place], Awaitable[Iterable[str]]]
"""Looks at an open screen and gives what is to be told of it."""


@contextlib.asynccontextmanager
async def served(folder: Path = FOLDER) -> AsyncIterator[str]:
    """Serve a built folder as the product does; give its URL, with no slash at the end."""
    assert folder.is_dir(), NOT_BUILT
    edge = Edge(page=folder, upstream=("127.0.0.1", 9), per_network=_MANY)
    await edge.start()
    try:
        yield f"http://localhost:{edge.port}"
    finally:
        await edge.stop()


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
            assert all(lists), "the gallery does not tell what is in it"
            yield cls(browser, url, *lists)

    async def visit(
        self, look: Look, places: Iterable[Place], *, init_script: str | None = None, **context: Any
    ) -> list[str]:
        """Open each of these places, some at once; give what `look` tells of them, and what their pages complain of."""
        waiting = list(reversed(list(places)))
        told: list[str] = []

        async def go() -> None:
            async with self._context(init_script, **context) as window:
                while waiting:
                    told.extend(await self._see(window, waiting.pop(), look))

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(go())
        return told

    def places(self, *languages: str) -> list[Place]:
        """Give every screen in each of these languages."""
        return [Place(screen, language) for language in languages for screen in self.screens]

    @contextlib.asynccontextmanager
    async def _context(self, init_script: str | None, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self._browser.new_context(**{"timezone_id": "UTC", "locale": "en-GB", **options})
        try:
            if init_script is not None:
                await context.add_init_script(init_script)
            yield context
        finally:
            await context.close()

    async def _see(self, window: BrowserContext, place: Place, look: Look) -> list[str]:
        complaints: list[str] = []
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def fail(error: object) -> None:
            complaints.append(f"{place}: {error}")
            if not failed.done():
                failed.set_result(None)

        page = await window.new_page()
        page.on("pageerror", fail)
        page.on("console", lambda said: complaints.append(f"{place}: {said.text}") if said.type == "error" else None)
        try:
            await page.goto(f"{self.url}/gallery.html?screen={place.screen}&language={place.language}")
            ready = asyncio.ensure_future(page.wait_for_selector(_READY, state="attached", timeout=_READY_WITHIN_MS))
            await asyncio.wait((ready, failed), return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                ready.cancel()
                return complaints
            try:
                await ready
            except TookTooLong:
                return [*complaints, f"{place}: never ready"]
            return [*await look(page, place), *complaints]
        finally:
            await page.close()
