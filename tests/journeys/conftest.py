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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a journey go over each broker; one that has no broker in it, or what all have alike, over one."""
    if "engine" in _asked_for(metafunc):
        alike = metafunc.definition.get_closest_marker("any_broker")
        metafunc.parametrize("engine", ENGINES[:1] if alike else ENGINES)


def _asked_for(metafunc: pytest.Metafunc) -> set[str]:
    """Give what is asked for by name and not yet given, by the test or its fixtures."""
    given = {
        name.strip()
        for mark in metafunc.definition.iter_markers("parametrize")
        for name in (mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0])
    }
    return set(metafunc.fixturenames) - given


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
