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
        return Tab(self, target, session)


class Tab:
    """One tab; a person in it does what is needed to wait for somebody, or to come back to somebody."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Send one command to it."""
        return await self._browser.ask(method, self._session, **params)

    async def evaluate(self, expression: str) -> Any:
        """Give the value of an expression, awaited; None while the page loads."""
        answer = await self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def sees(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        async with asyncio.timeout(WITHIN_S):
            while await self.evaluate(expression) is not True:
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

    async def show(self) -> None:
        """Put it in front again."""
        await self._browser.ask("Target.activateTarget", targetId=self._target)
        await self.sees("document.visibilityState === 'visible'")

    async def freeze(self) -> None:
        await self.ask("Page.setWebLifecycleState", state="frozen")

    async def thaw(self) -> None:
        await self.ask("Page.setWebLifecycleState", state="active")


async def _socket_of(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(WITHIN_S):
        while line := (await process.stderr.readline()).decode():
            if found := re.search(r"ws://\S+", line):
                return found[0]
    raise AssertionError("Chromium ended before it opened its socket")
