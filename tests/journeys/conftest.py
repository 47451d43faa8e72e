"""Journeys: people in real browsers, on the real product."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from playwright.async_api import Browser

from tests.journeys.browsers import find_firefox, launched
from tests.journeys.firefox.bridge import Bridge
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import ENGINES, House
from tests.journeys.people import Person


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """Launch one Firefox for all: it takes ten seconds, and contexts keep people apart."""
    with Bridge.start(find_firefox()) as bridge:
        yield Firefox(bridge)


Pair = tuple[Browser | Firefox, Browser | Firefox]


@pytest.fixture(params=["firefox-firefox", "chromium-firefox", "firefox-chromium"])
def pair(request: pytest.FixtureRequest, firefox: Firefox) -> Pair:
    """Name the browsers of who waits, and of who comes."""
    first, second = [
        firefox if name == "firefox" else request.getfixturevalue(name) for name in request.param.split("-")
    ]
    return first, second


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name each broker that a journey goes over."""
    return str(request.param)


@pytest.fixture
async def house(engine: str) -> AsyncIterator[House]:
    async with House.open(engine) as house:
        yield house


Arrive = Callable[..., Awaitable[Person]]


@pytest.fixture
async def arrive(chromium: Browser, house: House) -> AsyncIterator[Arrive]:
    """Make people arrive, each in a browser context of their own; at the end no page may have complained."""
    people: list[Person] = []
    async with contextlib.AsyncExitStack() as contexts:

        async def one(nickname: str, url: str | None = None, *, clock: bool = False) -> Person:
            context = await chromium.new_context()
            if clock:  # one that can be put forward; until then it goes as any
                await context.clock.install()
            contexts.push_async_callback(context.close)
            people.append(await Person.arrive(context, url or house.url, nickname))
            return people[-1]

        yield one
    assert [error for person in people for error in person.errors] == []
