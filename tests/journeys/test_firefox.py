"""Firefox meets Firefox, and Chromium and Firefox meet, whoever came first."""

import pytest
from playwright.async_api import Browser

from tests.journeys.firefox.windows import Firefox
from tests.journeys.shaking import Handshake, talk

Pair = tuple[Browser | Firefox, Browser | Firefox]
HANDSHAKES: tuple[Handshake, ...] = ("offer", "mirror")


@pytest.fixture(params=["firefox-firefox", "chromium-firefox", "firefox-chromium"])
def pair(request: pytest.FixtureRequest, firefox: Firefox) -> Pair:
    """Who waits, and who comes."""
    first, second = [
        firefox if name == "firefox" else request.getfixturevalue(name) for name in request.param.split("-")
    ]
    return first, second


@pytest.mark.parametrize("handshake", HANDSHAKES)
async def test_two_meet_talk_see_each_other_type_and_part(pair: Pair, engine: str, handshake: Handshake) -> None:
    async with talk(pair, engine, handshake) as (ana, bo):
        for one, other in ((ana, bo), (bo, ana)):
            await one.hears_from(other, f"Two lines,\nand ümläuts 🐢 <b>not bold</b>, says {other.nickname}")
            assert await one.window.evaluate("document.querySelectorAll('b').length") == 0
            await one.types(f"hm, {other.nickname}")
            await other.window.reads(f"{one.nickname} is typing…")
            await one.window.key("Enter", box="Your message")
            await other.reads(f"hm, {other.nickname}")
            await other.window.misses(f"{one.nickname} is typing…")
        await ana.press("Next")
        await ana.sees("waiting")
        await bo.reads("Ana left.")
        assert "skip" not in (await bo.text()).lower()
        assert ana.errors == bo.errors == []


async def test_who_stops_is_back_in_the_lobby_and_the_other_is_told(pair: Pair) -> None:
    async with talk(pair, "embedded", "offer") as (ana, bo):
        await bo.press("Stop")
        await bo.sees("lobby")
        await ana.reads("Bo left.")
        assert ana.errors == bo.errors == []
