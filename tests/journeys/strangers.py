"""A stranger of Python's who talks with a person at a browser: what it is told, and how the two meet."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from typing import Final, Self, TypeVar

from playwright.async_api import Browser

from broker.messages import Role
from stranger import Stranger, events
from stranger.talk import Talk
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.people import Person
from tests.journeys.shaking import Handshake, choosing

WITHIN_S: Final = 30.0
_Told = TypeVar("_Told", bound=events.Event)


class Ear:
    """A talk, and all that it has told so far."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.told: list[events.Event] = []
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, talk: Talk) -> AsyncIterator[Self]:
        ear = cls(talk)
        try:
            yield ear
        finally:
            ear._reading.cancel()

    async def hears(
        self, kind: type[_Told], fits: Callable[[_Told], object] = lambda _: True, within_s: float = WITHIN_S
    ) -> _Told:
        """Wait until something of this kind, for which this is true, has been told: before, or from now on."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self._more.clear()
                    for event in self.told:
                        if isinstance(event, kind) and fits(event):
                            return event
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"waited {within_s:g} s for {kind.__name__}; told was {self.told}") from None

    async def reads(self, text: str) -> None:
        await self.hears(events.Heard, lambda line: line.text == text)

    async def _read(self) -> None:
        async for event in self.talk:
            self.told.append(event)
            self._more.set()


async def arrives(stack: contextlib.AsyncExitStack, browser: Browser | Firefox, url: str, script: str = "") -> Person:
    """Have Bo come in with this browser, as far as the lobby."""
    context = await browser.new_context()
    stack.push_async_callback(context.close)
    if script:
        await context.add_init_script(script)
    return await Person.arrive(context, url, "Bo")


async def meets(bo: Person, nickname: str = "Ana") -> None:
    await bo.window.shows("heading", re.compile(f"Talking with {re.escape(nickname)}"), within_s=WITHIN_S)


@contextlib.asynccontextmanager
async def talking(
    browser: Browser | Firefox,
    engine: str = "embedded",
    handshake: Handshake = "offer",
    role: Role | None = None,
    script: str = "",
) -> AsyncIterator[tuple[Stranger, Ear, Person]]:
    """Let Ana, a stranger of Python's, meet Bo, who is at a browser. Ana came first, and so gets the role."""
    async with House.open(engine, service=choosing(handshake, role)) as house, contextlib.AsyncExitStack() as stack:
        ana = await stack.enter_async_context(Stranger(house.url, nickname="Ana"))
        bo = await arrives(stack, browser, house.url, script)
        await bo.start()
        talk = await stack.enter_async_context(ana.meet(within_s=WITHIN_S))
        ear = await stack.enter_async_context(Ear.on(talk))
        await meets(bo)
        yield ana, ear, bo
        assert bo.errors == []
