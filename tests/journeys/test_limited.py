"""What a person sees whose page sends more than the gate lets through. No page does, so here the gate lets little."""

import asyncio
import functools
from typing import Any

from playwright.async_api import Browser, expect

from broker.gate import Gate
from broker.limits import Limits
from broker.rates import Rate
from matcher.presence import Pace
from matcher.service import Service
from tests.journeys.house import House
from tests.journeys.people import Person

CHATTY = functools.partial(Service, pace=Pace(ping_s=1))
"""A service that asks for a sign of life each second."""


class StrictGate(Gate):
    """Lets a page come in, wish, and meet somebody, but not say for long that it is here still."""

    def __init__(self, **settings: Any) -> None:
        limits = Limits(connections_per_address=1_000, messages=Rate(per_s=0.01, burst=16))
        super().__init__(**{**settings, "limits": limits})


async def test_who_is_limited_is_told_so_and_comes_back_later_and_the_talk_goes_on(chromium: Browser) -> None:
    async with House.open(gate=StrictGate, service=CHATTY) as house:
        contexts = [await chromium.new_context() for _ in range(2)]
        ana, bo = [
            await Person.arrive(context, house.url, name) for context, name in zip(contexts, ("Ana", "Bo"), strict=True)
        ]
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await expect(ana.page.get_by_text("That was more than the lobby takes at once")).to_be_visible(timeout=30_000)
        await expect(ana.page.get_by_text("your talk goes on")).to_be_visible()
        await ana.hears_from(bo, "Still there?")
        await bo.hears_from(ana, "Still here.")
        assert ana.errors == bo.errors == []
        for context in contexts:
            await context.close()
