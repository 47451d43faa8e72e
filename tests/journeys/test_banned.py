"""What a person sees whom the service shuts out: why, for how long, and whom to ask; and the page keeps to it."""

import asyncio
from typing import Any

from playwright.async_api import Browser, BrowserContext, expect

from broker.identity import PeerId
from broker.messages import Banned, Welcome
from matcher.effects import Effect, Send
from matcher.service import Service
from tests.journeys.house import House
from tests.journeys.people import Person


class Sterner(Service):
    """A service that shuts out whom a test names, by the order in which they came."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.welcomed: list[tuple[PeerId, str]] = []

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Welcome):
                self.welcomed.append((effect.peer, effect.message.life))
        super()._do(effects)

    def ban(self, nth: int, *, seconds: int, contact: str | None = None) -> None:
        peer, life = self.welcomed[nth]
        message = Banned(life=life, reason="pace", seconds=seconds, code="Q7-k2Rf9", contact=contact)
        super()._do([Send(peer, message)])


async def pair(house: House, contexts: list[BrowserContext]) -> list[Person]:
    people = [
        await Person.arrive(context, house.url, name) for context, name in zip(contexts, ("Ana", "Bo"), strict=True)
    ]
    await asyncio.gather(*(person.start() for person in people))
    await asyncio.gather(people[0].meets(people[1]), people[1].meets(people[0]))
    return people


async def test_a_kick_ends_the_talk_at_once_and_lets_one_come_back_when_it_is_over(
    chromium: Browser, engine: str
) -> None:
    async with House.open(engine, service=Sterner) as house:
        assert isinstance(house.service, Sterner)
        contexts = [await chromium.new_context() for _ in range(2)]
        ana, bo = await pair(house, contexts)
        await ana.hears_from(bo, "A word in private")
        house.service.ban(0, seconds=5)
        await ana.sees("kicked")
        shown = await ana.text()
        assert "too many actions in too short a time" in shown
        assert "Q7-k2Rf9" in shown
        assert "They gave no address to write to." in shown
        assert "A word in private" not in await ana.page.content()
        await bo.reads("Ana left.")
        again = ana.page.get_by_role("button", name="Try again")
        await expect(again).to_have_count(0)
        await expect(again).to_be_visible(timeout=15_000)
        assert len(house.service.welcomed) == 2, "the page came back by itself"
        await again.click()
        await ana.sees("lobby")
        await asyncio.gather(ana.start(), bo.press("Next"))
        await asyncio.gather(ana.meets(bo), bo.meets(ana))  # as a new peer, so the two have not just met
        assert ana.errors == bo.errors == []
        for context in contexts:
            await context.close()


async def test_a_ban_tells_whom_to_ask_and_copies_its_code(chromium: Browser) -> None:
    async with House.open(service=Sterner) as house:
        assert isinstance(house.service, Sterner)
        context = await chromium.new_context()
        ana = await Person.arrive(context, house.url, "Ana")
        house.service.ban(0, seconds=7_200, contact="help@passerby.example")
        await ana.sees("banned")
        assert "in 2 hours" in await ana.text()
        mail = ana.page.get_by_role("link", name="help@passerby.example")
        assert await mail.get_attribute("href") == "mailto:help@passerby.example"
        await ana.press("Copy the code")
        await expect(ana.page.get_by_text("Copied.")).to_be_visible()
        await expect(ana.page.get_by_role("button", name="Try again")).to_have_count(0)
        assert ana.errors == []
        await context.close()
