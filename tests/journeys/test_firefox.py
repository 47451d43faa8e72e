"""Firefox meets Firefox, and Chromium and Firefox meet, whoever came first."""

import pytest

from broker.messages import Role
from tests.journeys.conftest import Pair
from tests.journeys.firefox.windows import Firefox
from tests.journeys.shaking import Handshake, connections, counted, talk

HANDSHAKES: tuple[Handshake, ...] = ("offer", "mirror")


@pytest.mark.parametrize("handshake", HANDSHAKES)
async def test_two_meet_talk_see_each_other_type_and_part(pair: Pair, handshake: Handshake) -> None:
    async with talk(pair, "embedded", handshake) as (ana, bo):
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


@pytest.mark.parametrize("pair", ["firefox-firefox"], indirect=True)
async def test_who_stops_is_back_in_the_lobby_and_the_other_is_told(pair: Pair, engine: str) -> None:
    async with talk(pair, engine, "offer") as (ana, bo):
        await bo.press("Stop")
        await bo.sees("lobby")
        await ana.reads("Bo left.")
        assert ana.errors == bo.errors == []


@pytest.mark.parametrize(
    ("pair", "role"),
    [("firefox-firefox", "a"), ("firefox-chromium", "a"), ("firefox-chromium", "b")],
    indirect=["pair"],
)
async def test_in_mirror_firefox_takes_the_offer_as_an_answer_and_the_offer_of_nothing(pair: Pair, role: Role) -> None:
    async with talk(pair, "embedded", "mirror", role=role) as people:
        assert await counted(people, "answers") == [1, 1]
        assert await counted(people, "offers") == [0, 1], "of nothing, to who yields the controlling role"
        assert await counted(people, "refused") == [0, 0]


@pytest.mark.parametrize("pair", ["firefox-firefox", "firefox-chromium"], indirect=True)
async def test_were_firefox_to_refuse_the_mirrored_answer_both_would_start_anew(pair: Pair) -> None:
    first, second = (isinstance(browser, Firefox) for browser in pair)
    async with talk(pair, "embedded", "mirror", (first, second)) as people:
        assert sum(await counted(people, "refused")) >= 1
        assert min(await connections(people)) >= 2
