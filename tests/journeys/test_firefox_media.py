"""Firefox meets Firefox, and Chromium Firefox: they call each other, and send pictures and voice notes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from playwright.async_api import Browser

from tests.journeys.callers import ALLOWED, ARRIVED, WATCH, chromium_with_devices
from tests.journeys.firefox.windows import Firefox
from tests.journeys.people import Person
from tests.journeys.shaking import talk

Pair = tuple[Browser | Firefox, Browser | Firefox]
WITHIN_S = 30.0


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with chromium_with_devices(ALLOWED) as browser:
        yield browser


@pytest.fixture(params=["firefox-firefox", "chromium-firefox", "firefox-chromium"])
def pair(request: pytest.FixtureRequest, firefox: Firefox) -> Pair:
    """Who waits, and who comes."""
    first, second = [
        firefox if name == "firefox" else request.getfixturevalue(name) for name in request.param.split("-")
    ]
    return first, second


# Presses a button of the look at oneself; in the head of the talk there is one of the same name.
GOES = """((name) => {
  const buttons = [...document.querySelectorAll(".preview button:not(:disabled)")];
  const go = buttons.find((button) => button.textContent.includes(name));
  go?.click();
  return go !== undefined;
})"""


async def goes(person: Person, name: str) -> None:
    await until(person, f"{GOES}({json.dumps(name)})", lambda gone: gone is True)


async def until(person: Person, expression: str, fits: Callable[[object], bool]) -> None:
    found: object = None
    try:
        async with asyncio.timeout(WITHIN_S):
            while not fits(found := await person.window.evaluate(expression)):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{person.nickname}: {found} of {expression}") from None


async def test_they_call_with_video_see_and_hear_each_other_and_go_on_writing(pair: Pair) -> None:
    async with talk(pair, "embedded", "offer", script=WATCH) as (ana, bo):
        for one, other in ((ana, bo), (bo, ana)):
            await one.press("Call with video")
            await goes(one, "Call with video")
            await other.window.shows("heading", f"{one.nickname} would like to call you, with video")
            await other.press("Answer…")
            await goes(other, "Answer with video")
            for person in (ana, bo):
                await until(person, f"({ARRIVED})()", lambda now: now["frames"] > 20 and now["samples"] > 24_000)  # type: ignore[index]
            await other.hears_from(one, f"I see you, says {one.nickname}")
            await one.press("Hang up")
            for person in (ana, bo):
                await person.window.hides("button", "Hang up")
                await until(
                    person, "opened.filter((track) => track.readyState === 'live').length", lambda live: live == 0
                )
        await ana.hears_from(bo, "And still here")
        assert ana.errors == bo.errors == []
