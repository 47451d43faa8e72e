"""A network that changes under a browser, as when other tests start containers, costs no journey anything."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from playwright.async_api import Browser, async_playwright

from tests.journeys.ears import Ear
from tests.journeys.islands import Islands, need_islands

AT_ONCE = 6
"""So many connections Chromium has to one place; other requests wait for one of these."""
PARTS = 12
LOADED = f"""
Array.from({{ length: {PARTS} }}).filter(
  (_, number) => getComputedStyle(document.documentElement).getPropertyValue(`--part-${{number}}`),
).length
"""


class Slow:
    """A page of many parts: those that are asked for first come only once the network has changed."""

    def __init__(self) -> None:
        self.port = 0
        self.asked = Counter[str]()
        self.full = asyncio.Event()
        self.changed = asyncio.Event()

    async def page(self, _: web.Request) -> web.Response:
        links = "".join(f'<link rel=stylesheet href="/part/{number}.css">' for number in range(PARTS))
        return web.Response(text=f"<!doctype html><link rel=icon href=data:,>{links}", content_type="text/html")

    async def part(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        if self.asked.total() == AT_ONCE:
            self.full.set()
        await self.changed.wait()
        text = f":root {{ --part-{request.match_info['number']}: 1 }}"
        return web.Response(text=text, content_type="text/css")


@pytest.fixture
async def slow() -> AsyncIterator[Slow]:
    slow = Slow()
    app = web.Application()
    app.add_routes([web.get("/", slow.page), web.get("/part/{number}.css", slow.part)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slow.port = runner.addresses[0][1]
    yield slow
    slow.changed.set()
    await runner.cleanup()


async def test_what_the_network_has_spoilt_is_loaded_again_and_no_complaint_of_the_page(slow: Slow) -> None:
    need_islands()
    async with async_playwright() as playwright, Islands.rise(playwright, slow.port) as islands:
        page = await islands.islands[0].browser.new_page()
        ear = Ear(page)
        loading = asyncio.create_task(ear.undisturbed(lambda: page.goto(islands.islands[0].url)))
        async with asyncio.timeout(20):
            await slow.full.wait()
            await islands.flood()
            await ear.spoilt.wait()
            slow.changed.set()
            await loading
        assert ear.interruptions > 0
        assert await page.evaluate(LOADED) == PARTS
        assert ear.complaints == []


async def test_all_else_is_heard(chromium: Browser) -> None:
    page = await chromium.new_page()
    ear = Ear(page)

    async def load() -> None:
        await page.goto("data:text/html,<script>console.error('out of ink'); throw new Error('out of paper')</script>")

    await ear.undisturbed(load)
    assert ear.interruptions == 0
    assert sorted(complaint.splitlines()[0] for complaint in ear.complaints) == ["out of ink", "out of paper"]
