"""What a browser keeps of the page: its own files in Cache Storage, the visitor's choices, and nothing else."""

import asyncio
from pathlib import Path
from typing import Any, Final

import aiohttp
from playwright.async_api import Page

from tests.journeys.builds import build_of, current, files_of

WITHIN_S: Final = 20.0

# A worker is in charge, and has heard from the page: it keeps the words of the language that the page speaks.
READY: Final = """(async () => {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  const spoken = files.find((name) => name.includes("/assets/page-"));
  return worker?.state === "activated" && !!navigator.serviceWorker.controller && !!spoken
    && !!(await caches.match(spoken));
})()"""

STORED: Final = """(async () => ({
  local: { ...localStorage },
  session: { ...sessionStorage },
  databases: (await indexedDB.databases()).length,
  cookies: document.cookie,
  history: history.state,
}))()"""

NOTHING: Final[dict[str, Any]] = {"local": {}, "session": {}, "databases": 0, "cookies": "", "history": None}

_KEPT: Final = """(async () => {
  const kept = {};
  for (const name of await caches.keys())
    kept[name] = (await (await caches.open(name)).keys()).map(({ url, method }) => [method, url]);
  return kept;
})()"""
_BYTES: Final = """async (urls) => Promise.all(urls.map(async (url) => {
  const body = await (await caches.match(url)).arrayBuffer();
  return [...new Uint8Array(body)];
}))"""


async def until(page: Page, expression: str) -> None:
    """Wait until an expression is true in the page, which may be loading."""
    async with asyncio.timeout(WITHIN_S):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.05)


def has_shelf(build: Path) -> str:
    """Tell in JavaScript whether the files of a build are being kept."""
    return f"caches.keys().then((all) => all.includes('page {build_of(build)}'))"


def has_only(build: Path) -> str:
    """Tell in JavaScript whether nothing is kept but the files of one build."""
    return f"caches.keys().then((all) => all.join() === 'page {build_of(build)}')"


async def shelves(page: Page) -> dict[str, list[list[str]]]:
    """Give what is kept, by the name of the cache: methods and URLs of requests."""
    kept: dict[str, list[list[str]]] = await page.evaluate(_KEPT)
    return kept


async def only_the_page_is_kept(page: Page, server: str) -> None:
    """See that all that is kept is what the server gives to everybody, byte for byte."""
    await until(page, READY)
    kept = await shelves(page)
    assert list(kept) == [f"page {build_of(current())}"]
    (requests,) = kept.values()
    urls = [url for _, url in requests]
    assert {method for method, _ in requests} == {"GET"}
    assert server in urls
    assert {url.removeprefix(server) for url in urls} <= {"", *(path[1:] for path in files_of(current()))}
    async with aiohttp.ClientSession() as http:
        for url, body in zip(urls, await page.evaluate(_BYTES, urls), strict=True):
            async with http.get(url) as response:
                assert bytes(body) == await response.read(), url
