"""Each way of shaking hands ends in a talk, in a real browser."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Browser

from broker.messages import Matched
from matcher.effects import Effect, Send
from matcher.service import Service
from tests.journeys.house import House
from tests.journeys.people import Person

# Counts what a page asks of its peer connections; `refusing` makes it a browser that takes no mirrored answer.
WATCH = """
window.answers = 0; window.offers = 0; window.refused = 0; window.connections = 0;
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  constructor(...given) { super(...given); window.connections += 1; }
  async setRemoteDescription(description) {
    const mirrored = description.type === "answer" && window.refused === 0;
    if (window.refusing && mirrored) { window.refused += 1; throw new DOMException("no mirrors"); }
    if (description.type === "answer") window.answers += 1;
    else window.offers += 1;
    return super.setRemoteDescription(description);
  }
};
"""


def choosing(handshake: Literal["mirror", "offer"]) -> type[Service]:
    """Make a service that lets everybody shake hands in one way."""

    class Choosing(Service):
        def _do(self, effects: list[Effect]) -> None:
            super()._do([self._choose(effect) for effect in effects])

        def _choose(self, effect: Effect) -> Effect:
            if isinstance(effect, Send) and isinstance(effect.message, Matched):
                return Send(effect.peer, effect.message.model_copy(update={"handshake": handshake}))
            return effect

    return Choosing


async def arrive(stack: contextlib.AsyncExitStack, browser: Browser, url: str, name: str, *, refusing: bool) -> Person:
    context = await browser.new_context()
    stack.push_async_callback(context.close)
    await context.add_init_script(WATCH)
    if refusing:
        await context.add_init_script("window.refusing = true;")
    return await Person.arrive(context, url, name)


@contextlib.asynccontextmanager
async def talk(
    browser: Browser,
    engine: str,
    handshake: Literal["mirror", "offer"],
    refusing: tuple[bool, bool] = (False, False),
) -> AsyncIterator[tuple[Person, Person]]:
    """Let two meet by this handshake and talk both ways."""
    async with House.open(engine, service=choosing(handshake)) as house, contextlib.AsyncExitStack() as stack:
        ana = await arrive(stack, browser, house.url, "Ana", refusing=refusing[0])
        bo = await arrive(stack, browser, house.url, "Bo", refusing=refusing[1])
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, "Nice to meet you")
        await bo.hears_from(ana, "And you")
        yield ana, bo


async def counted(people: tuple[Person, Person], what: str) -> list[int]:
    return sorted([await person.page.evaluate(f"window.{what}") for person in people])


async def test_in_offer_one_offers_and_the_other_answers(chromium: Browser, engine: str) -> None:
    async with talk(chromium, engine, "offer") as people:
        assert await counted(people, "answers") == [0, 1]


async def test_in_mirror_each_makes_an_answer_of_the_others_offer(chromium: Browser, engine: str) -> None:
    async with talk(chromium, engine, "mirror") as people:
        assert await counted(people, "answers") == [1, 1]
        assert await counted(people, "connections") == [1, 2]
        assert await counted(people, "offers") == [0, 1], "who made a new connection yields the controlling role"


@pytest.mark.parametrize("refusing", [(True, False), (False, True), (True, True)])
async def test_a_browser_that_refuses_the_mirrored_answer_says_plain_and_both_start_anew(
    chromium: Browser, engine: str, refusing: tuple[bool, bool]
) -> None:
    async with talk(chromium, engine, "mirror", refusing) as people:
        assert sum(await counted(people, "refused")) >= 1
        assert min(await counted(people, "connections")) >= 2
