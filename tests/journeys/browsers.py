"""Finds browsers, and says in one line how to get one."""

import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright

HOW: Final = "no Chromium here: `apt install chromium`, or `.venv/bin/playwright install --with-deps chromium`"
HOW_FIREFOX: Final = "no Firefox here: `apt install firefox-esr`, or put any stock Firefox on the PATH"

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLAYWRIGHTS: Final = {
    "linux": (".cache/ms-playwright", "chromium-*/chrome-linux*/chrome"),
    "darwin": ("Library/Caches/ms-playwright", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
}
_FIREFOXES: Final = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")

# Root cannot use the sandbox, and nothing is to be fetched in the background.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DEVICES: Final = "--use-fake-device-for-media-stream"
"""A camera that shows a clock and a microphone that beeps. Who may use them is asked as ever …"""
ALLOWED: Final = "--use-fake-ui-for-media-stream"
"""… unless it is answered with yes."""


@contextlib.asynccontextmanager
async def launched(*flags: str) -> AsyncIterator[Browser]:
    """Run a Chromium, with these flags beside the usual ones."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()


def find_chromium() -> str:
    """Give the path of a Chromium: the newest that Playwright has installed, else the system's; without one, skip.

    Looks without Playwright's driver, which does not start on a machine that lacks a browser's libraries.
    """
    found = next(chromiums(), None)
    if found is None:
        pytest.skip(HOW)
    return found


def chromiums() -> Iterator[str]:
    """Give the paths of all Chromiums here, the best first."""
    folder, pattern = _PLAYWRIGHTS.get(sys.platform, _PLAYWRIGHTS["linux"])
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / folder)
    yield from map(str, sorted(cache.glob(pattern), reverse=True))
    yield from filter(None, map(shutil.which, _NAMES))


def find_firefox() -> str:
    """Give the path of a Firefox, without one skip. Playwright's will not do: it is no stock one."""
    found = next(filter(None, map(shutil.which, _FIREFOXES)), None)
    if found is None:
        pytest.skip(HOW_FIREFOX)
    return found
