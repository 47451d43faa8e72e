"""Weather between two who talk: their way is lost and another one found, or none; broker and service go and come."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import async_playwright, expect

from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.islands import Islands, need_islands
from tests.journeys.people import Person
from tests.journeys.tabs import Chromium

MENDED_S = 8.0
"""From the loss to the mend where there is another way, or from there being one again; 5 were measured."""

GIVEN_UP_S = (19.0, 30.0)
"""20 s after it was noticed, which takes 3 to 6."""


class Couple:
    """Two who talk, each on an island."""

    def __init__(self, house: House, islands: Islands, ana: Person, bo: Person) -> None:
        self.house = house
        self.islands = islands
        self.ana = ana
        self.bo = bo

    async def cut(self) -> float:
        """Cut all seas that there are; gives the time."""
        for sea in self.islands.seas:
            await self.islands.islands[0].cut(sea)
        return time.monotonic()

    async def mend(self) -> float:
        for sea in self.islands.seas:
            await self.islands.islands[0].mend(sea)
        return time.monotonic()

    async def both_are_reconnecting(self) -> None:
        await asyncio.gather(self.ana.is_reconnecting(self.bo), self.bo.is_reconnecting(self.ana))

    async def both_write(self) -> None:
        await asyncio.gather(self.ana.says("Ana wrote this meanwhile"), self.bo.says("Bo wrote this meanwhile"))

    async def both_are_mended(self) -> None:
        """Nobody reconnects, and what was written meanwhile has arrived, and is known to have."""
        await asyncio.gather(self.ana.is_connected(self.bo), self.bo.is_connected(self.ana))
        await asyncio.gather(self.ana.reads("Bo wrote this meanwhile"), self.bo.reads("Ana wrote this meanwhile"))
        for person in (self.ana, self.bo):
            await expect(person.log.locator(".tick:not(.arrived)")).to_have_count(0)


@pytest.fixture
async def couple() -> AsyncIterator[Couple]:
    need_islands()
    async with (
        async_playwright() as playwright,
        House.open("embedded") as house,
        Islands.rise(playwright, house.broker.port) as islands,
        contextlib.AsyncExitStack() as contexts,
    ):
        people = []
        for island, name in zip(islands.islands, ("Ana", "Bo"), strict=True):
            context = await island.browser.new_context()
            contexts.push_async_callback(context.close)
            people.append(await Person.arrive(context, island.url, name))
        await meet(*people)
        yield Couple(house, islands, *people)
        assert [error for person in people for error in person.errors] == []


async def meet(ana: Person, bo: Person) -> None:
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))


async def sees(house: House, *, here: int) -> None:
    """Wait until the service sees so many of the two."""
    async with asyncio.timeout(40):
        while (lobby := house.service.stats().lobby) is None or lobby.here != here or lobby.sessions != 1:
            await asyncio.sleep(0.05)


async def test_another_way_is_found_over_the_broker_alone_while_the_service_is_away(couple: Couple) -> None:
    await couple.islands.flood()
    await couple.house.stop_matcher()
    looking = asyncio.create_task(couple.both_are_reconnecting())  # which may be over soon
    lost = time.monotonic()
    await couple.islands.islands[0].cut(couple.islands.seas[0])
    await looking
    await couple.both_write()
    await couple.both_are_mended()
    assert time.monotonic() - lost < MENDED_S


async def test_a_way_that_comes_back_is_used_again_and_one_that_does_not_ends_the_talk_for_both(couple: Couple) -> None:
    ana, bo = couple.ana, couple.bo
    await couple.cut()
    await couple.both_are_reconnecting()
    await couple.both_write()
    back = await couple.mend()
    await couple.both_are_mended()
    assert time.monotonic() - back < MENDED_S
    lost = await couple.cut()
    await asyncio.gather(gives_up(ana, bo), gives_up(bo, ana))
    assert GIVEN_UP_S[0] < time.monotonic() - lost < GIVEN_UP_S[1]
    for person in (ana, bo):
        await person.press("Next")
        await person.sees("waiting")


async def gives_up(person: Person, stranger: Person) -> None:
    lost = person.log.get_by_text(f"The connection to {stranger.nickname} was lost.")
    await expect(lost).to_be_visible(timeout=30_000)
    await person.is_connected(stranger)  # it says so no longer


async def test_broker_and_service_die_in_a_talk_and_it_is_claimed_afterwards(arrive: Arrive, house: House) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await meet(ana, bo)
    await house.stop_broker()
    await house.stop_matcher()
    for nth in range(3):
        await bo.hears_from(ana, f"Ana says {nth}")
        await ana.hears_from(bo, f"Bo says {nth}")
    for person, stranger in ((ana, bo), (bo, ana)):
        await expect(person.page.get_by_text("your talk goes on").first).to_be_visible()
        await person.is_connected(stranger)
        await expect(person.log.locator(".line-note")).to_have_count(1)  # that they met
        await expect(person.page.get_by_role("alert")).to_have_count(0)
    await house.start_broker()
    house.start_matcher()
    await sees(house, here=2)
    await bo.hears_from(ana, "It is all back")
    await ana.press("Next")
    await bo.reads("Ana left.")
    cy = await arrive("Cy")
    await cy.start()
    assert await cy.meets(ana) is ana
    for person in (ana, bo, cy):
        person.errors[:] = [error for error in person.errors if "WebSocket" not in error]  # that is what happened


@pytest.mark.any_broker
async def test_a_talk_goes_on_in_a_tab_that_was_frozen(arrive: Arrive, house: House) -> None:
    async with Chromium.start() as tabs:
        tab = await tabs.open(house.url)
        await tab.waits()
        bo = await arrive("Bo")
        await bo.start()
        await expect(bo.page.get_by_role("heading", name="Talking with")).to_be_visible(timeout=15_000)
        await sees(house, here=2)
        await tab.hide()
        await tab.freeze()
        await sees(house, here=1)
        await bo.says("Are you asleep?")
        await tab.thaw()
        await tab.sees("document.querySelector('[role=log]').textContent.includes('Are you asleep?')")
        await sees(house, here=2)
        await expect(bo.log.locator(".tick.arrived")).to_have_count(1)
        await expect(bo.page.get_by_text("was lost")).to_have_count(0)
        await bo.page.context.close()
