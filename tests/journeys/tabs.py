"""A browser whose tabs can be hidden and frozen.

Playwright keeps every page focused and visible, so this speaks the DevTools protocol itself: one socket, and tabs in
front of which other tabs are put.
"""

import asyncio
import contextlib
import json
import re
import tempfile
from collections.abc import AsyncIterator
from typing import Any, Self

import aiohttp

from tests.journeys.browsers import FLAGS, find_chromium
from tests.journeys.people import TITLES

# Chromium holds the timers of a tab back when it was hidden for five minutes; here after a second.
IMPATIENT = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1"
WITHIN_S = 30.0

PRESS = """((buttons, heading) => {
  for (const box of document.querySelectorAll("input[required]")) if (!box.checked) box.click();
  for (const button of document.querySelectorAll("button"))
    if (buttons.includes(button.textContent.trim())) button.click();
  return document.querySelector("h1, h2")?.textContent.includes(heading) === true;
})"""


class Chromium:
    """A browser, by its DevTools socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls) -> AsyncIterator[Self]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            flags = ("--headless=new", f"--user-data-dir={profile}", "--remote-debugging-port=0", IMPATIENT)
            process = await asyncio.create_subprocess_exec(
                find_chromium(), *FLAGS, *flags, "about:blank", stderr=asyncio.subprocess.PIPE
            )
            try:
                async with aiohttp.ClientSession() as http, http.ws_connect(await _socket_of(process)) as socket:
                    yield cls(socket)
            finally:
                process.terminate()
                await process.communicate()

    async def ask(self, method: str, session: str | None = None, **params: object) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._asked += 1
        command: dict[str, Any] = {"id": self._asked, "method": method, "params": params}
        await self._socket.send_json(command if session is None else {**command, "sessionId": session})
        async with asyncio.timeout(WITHIN_S):
            while (answer := json.loads((await self._socket.receive()).data)).get("id") != self._asked:
                pass
        result: dict[str, Any] = answer.get("result", {})  # an error is seen by what does not happen
        return result

    async def open(self, url: str) -> "Tab":
        """Open a tab in front of all others."""
        target = (await self.ask("Target.createTarget", url=url))["targetId"]
        session = (await self.ask("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        await self.ask("Target.activateTarget", targetId=target)
        return Tab(self, session)


class Tab:
    """One tab; a person in it does what is needed to wait for somebody."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session

    async def sees(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                answer = await self._browser.ask("Runtime.evaluate", self._session, expression=expression)
                if answer.get("result", {}).get("value") is True:  # while the page loads there may be none
                    return
                await asyncio.sleep(0.05)

    async def comes_in(self) -> None:
        await self.sees(f"{PRESS}(['Come in'], '{TITLES['lobby']}')")

    async def waits(self) -> None:
        await self.comes_in()
        await self.sees(f"{PRESS}(['Start'], '{TITLES['waiting']}')")

    async def hide(self) -> None:
        """Put another tab in front of it."""
        await self._browser.open("about:blank")
        await self.sees("document.visibilityState === 'hidden'")

    async def freeze(self) -> None:
        await self._browser.ask("Page.setWebLifecycleState", self._session, state="frozen")

    async def thaw(self) -> None:
        await self._browser.ask("Page.setWebLifecycleState", self._session, state="active")


async def _socket_of(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(WITHIN_S):
        while line := (await process.stderr.readline()).decode():
            if found := re.search(r"ws://\S+", line):
                return found[0]
    raise AssertionError("Chromium ended before it opened its socket")
