"""A man in the middle of the signaling can read it, and is found out."""

import asyncio

from playwright.async_api import Browser

from tests.journeys.house import House
from tests.journeys.middles import DeceivingService, Middle
from tests.journeys.people import Person


async def test_swapped_sealing_keys_are_an_alarm_on_both_pages_before_a_word_is_said(chromium: Browser) -> None:
    async with House.open(service=DeceivingService) as house:
        contexts = [await chromium.new_context() for _ in range(2)]
        ana, bo = [
            await Person.arrive(context, house.url, name) for context, name in zip(contexts, ("Ana", "Bo"), strict=True)
        ]
        async with Middle.sit(house) as middle:
            await asyncio.gather(ana.start(), bo.start())
            await asyncio.gather(ana.sees("alarm"), bo.sees("alarm"))
        assert any(b"a=fingerprint" in plain for plain in middle.read), "the attack itself must have worked"
        for person in (ana, bo):
            assert await person.log.count() == 0
        for person in (ana, bo):
            await person.press("Back to the lobby")
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))  # nothing stays behind of it
        for context in contexts:
            await context.close()
