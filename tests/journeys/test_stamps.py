"""What people notice when the lobby asks for work before a wish."""

import asyncio
import functools
import re

from playwright.async_api import Browser, expect

from matcher.policing import Policing
from matcher.service import Service
from tests.journeys.house import House
from tests.journeys.people import Person

MODERATE = functools.partial(Service, policing=Policing(effort=12))
"""A service that asks for some milliseconds of work."""

HARD = functools.partial(Service, policing=Policing(effort=24))
"""A service that asks for more than a browser does while anybody looks."""

LUCKLESS = "Math.clz32 = () => 0"
"""Work is a lottery: here nobody wins at once, nor ever."""


async def test_two_meet_part_and_meet_others_when_work_is_asked(chromium: Browser, engine: str) -> None:
    async with House.open(engine, service=MODERATE) as house:
        contexts = [await chromium.new_context() for _ in range(3)]
        ana, bo, cy = [
            await Person.arrive(context, house.url, name)
            for context, name in zip(contexts, ("Ana", "Bo", "Cy"), strict=True)
        ]
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, "That was no work at all")
        await ana.page.keyboard.press("Escape")
        await cy.start()
        assert await cy.meets(ana) is ana
        lobby = house.service.stats().lobby
        assert lobby is not None
        assert lobby.used_stamps == 4
        for context in contexts:
            await context.close()
        assert [error for person in (ana, bo, cy) for error in person.errors] == []


async def test_who_waits_while_the_service_restarts_works_again_and_gets_in(chromium: Browser, engine: str) -> None:
    async with House.open(engine, service=MODERATE) as house:
        contexts = [await chromium.new_context() for _ in range(2)]
        ana = await Person.arrive(contexts[0], house.url, "Ana")
        await ana.start()
        await waiting(house)
        await house.stop_matcher()
        house.start_matcher()
        await waiting(house)
        bo = await Person.arrive(contexts[1], house.url, "Bo")
        await bo.start()
        assert await bo.meets(ana) is ana
        for context in contexts:
            await context.close()


async def test_hard_work_is_told_and_leaves_the_page_at_hand(chromium: Browser) -> None:
    async with House.open(service=HARD) as house:
        context = await chromium.new_context()
        await context.add_init_script(LUCKLESS)
        ana = await Person.arrive(context, house.url, "Ana")
        await ana.start()
        await expect(ana.page.get_by_text("Proving that you are not a program")).to_be_visible()
        await expect(ana.page.get_by_text(re.compile(r" [1-9]\d* % of the usual work"))).to_be_visible(timeout=15_000)
        await ana.press("Cancel")
        await ana.sees("lobby")
        await context.close()


async def waiting(house: House) -> None:
    """Let somebody wait to be matched."""
    async with asyncio.timeout(15):
        while (lobby := house.service.stats().lobby) is None or lobby.waiting != 1:
            await asyncio.sleep(0.01)
