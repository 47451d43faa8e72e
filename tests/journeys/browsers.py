"""Finds a browser, and says in one line how to get one."""

import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Playwright

HOW: Final = "no Chromium here: `apt install chromium`, or `.venv/bin/playwright install chromium`"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

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


def find_chromium(playwright: Playwright) -> str:
    """Give the path of a Chromium: Playwright's own, else the system's. Without one: skipped, in CI failed."""
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        return str(own)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    if os.environ.get("CI") == "true":
        pytest.fail(HOW)
    pytest.skip(HOW)
