"""What a page complains of, told apart from what the machine's network did to it.

    container or namespace of another test ─► an address comes or goes ─► Chromium gives up what waits for a connection

It does so even for what is on loopback, and none of its flags keeps it from that. So the page is loaded once more then,
and only that load is judged. What Chromium says of the change itself is never the page's complaint.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from playwright.async_api import ConsoleMessage, Error, Page, Response

NETWORK_CHANGED: Final = "net::ERR_NETWORK_CHANGED"

_LOADS: Final = 5
_T = TypeVar("_T")


class Ear:
    """Listens to a page from now on.

    Attributes:
        complaints: its exceptions, its console, its policy. Who has heard enough of one may take it out.
        interruptions: how often Chromium said that it gave something up because the network had changed.
        spoilt: set as soon as an exception or an interruption was heard: what is waited for may never come.
    """

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.interruptions = 0
        self.spoilt = asyncio.Event()
        self._page = page
        page.on("pageerror", self._fails)
        page.on("console", self._speaks)

    def close(self) -> None:
        self._page.remove_listener("pageerror", self._fails)
        self._page.remove_listener("console", self._speaks)

    async def undisturbed(self, load: Callable[[], Awaitable[_T]]) -> _T:
        """Load something in the page, anew as long as the network changes meanwhile; what was heard then is forgotten.

        Raises:
            Error: of Playwright, when it cannot be loaded for another reason, or the network does not come to rest.
        """
        for _ in range(_LOADS - 1):
            complaints, interruptions = len(self.complaints), self.interruptions
            self.spoilt.clear()
            try:
                loaded = await load()
            except Error as error:
                if NETWORK_CHANGED not in error.message and self.interruptions == interruptions:
                    raise
            else:
                if self.interruptions == interruptions:
                    return loaded
            del self.complaints[complaints:]
        self.spoilt.clear()
        return await load()

    def _fails(self, error: object) -> None:
        self.complaints.append(str(error))
        self.spoilt.set()

    def _speaks(self, said: ConsoleMessage) -> None:
        if said.type != "error":
            return
        if NETWORK_CHANGED in said.text:
            self.interruptions += 1
            self.spoilt.set()
        else:
            self.complaints.append(said.text)


async def opened(page: Page, url: str) -> Response:
    """Open a page, however the machine's network changes meanwhile; gives the answer to its document."""
    ear = Ear(page)
    try:
        response = await ear.undisturbed(lambda: page.goto(url))
    finally:
        ear.close()
    assert response is not None
    return response
