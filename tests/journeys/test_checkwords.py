"""The check words are the same on both sides, unless somebody sits in between: they find him out, or an alarm does."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from matcher.policing import Policing
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.middles import DeceivingService, Middle, Poser
from tests.journeys.people import Person

pytestmark = pytest.mark.any_broker

ROUNDS = 4
PAIRS = 5
"""In each round, at the same time: twenty attacks in all."""

DECEIVING = functools.partial(DeceivingService, policing=Policing(dry_run=True))
"""Who is deceived four times in a minute wishes oftener than people do; here it need not wait."""


async def test_both_see_the_same_four_words_and_others_in_the_next_talk(arrive: Arrive) -> None:
    ana, bo, cy = [await arrive(name) for name in ("Ana", "Bo", "Cy")]
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    words = await ana.check_words()
    assert await bo.check_words() == words
    await ana.hears_from(bo, "Escape closed the dialog, and not the talk")
    assert await ana.check_words() == words  # they stay as long as the talk does
    await bo.press("Stop")
    await ana.press("Next")
    await cy.start()
    await asyncio.gather(ana.meets(cy), cy.meets(ana))
    later = await ana.check_words()
    assert await cy.check_words() == later
    assert later != words


async def test_the_words_are_found_by_keyboard_and_read_out(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    button = ana.page.get_by_role("button", name="Check the connection")
    await expect(button).to_be_visible()
    await button.focus()
    await ana.page.keyboard.press("Enter")
    dialog = ana.page.get_by_role("dialog", name="Is anybody between you?")
    await expect(dialog.get_by_role("listitem")).to_have_count(4)
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await ana.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()


@contextlib.asynccontextmanager
async def crowd(chromium: Browser, house: House) -> AsyncIterator[list[Person]]:
    """Let people arrive for all pairs of a round."""
    async with contextlib.AsyncExitStack() as stack:
        contexts = [await chromium.new_context() for _ in range(2 * PAIRS)]
        for context in contexts:
            stack.push_async_callback(context.close)
        yield await asyncio.gather(
            *(Person.arrive(context, house.url, f"Person {nth}") for nth, context in enumerate(contexts))
        )


def paired(people: list[Person], nth: int) -> list[tuple[Person, Person]]:
    """Give pairs that have not met in a round before."""
    return [(people[at], people[PAIRS + (at + nth) % PAIRS]) for at in range(PAIRS)]


async def matched(house: House, times: int) -> None:
    async with asyncio.timeout(20):
        while (lobby := house.service.stats().lobby) is None or lobby.counts.get("matched", 0) < times:
            await asyncio.sleep(0.01)


async def test_who_swaps_sealing_keys_is_caught_by_an_alarm_every_time(chromium: Browser) -> None:
    caught = 0
    async with House.open(service=DECEIVING) as house, crowd(chromium, house) as people:
        for nth in range(ROUNDS):
            async with contextlib.AsyncExitStack() as stack:
                middles = []
                for done, pair in enumerate(paired(people, nth), 1):
                    middles.append(await stack.enter_async_context(Middle.sit(house)))
                    await asyncio.gather(*(person.start() for person in pair))
                    await matched(house, nth * PAIRS + done)
                await asyncio.gather(*(person.sees("alarm") for person in people))
            for middle in middles:
                assert any(b"a=fingerprint" in plain for plain in middle.read), "the attack itself must have worked"
            caught += len(middles)
            await asyncio.gather(*(person.press("Back to the lobby") for person in people))
    assert caught == ROUNDS * PAIRS


async def test_who_poses_as_the_stranger_to_both_and_hides_it_is_caught_by_the_words_every_time(
    chromium: Browser,
) -> None:
    """With nonces of his own in every other round, and else with those of the two, which he passes on."""
    caught = 0
    async with House.open(service=DECEIVING) as house, crowd(chromium, house) as people:
        stage = await Poser.prepare(await (await chromium.new_context()).new_page())
        for nth in range(ROUNDS):
            async with contextlib.AsyncExitStack() as stack:
                posers: list[Poser] = []
                pairs = paired(people, nth)
                for done, pair in enumerate(pairs, 1):
                    posers.append(await stack.enter_async_context(Poser.sit(house, stage, nth % 2 == 0)))
                    await asyncio.gather(*(person.start() for person in pair))
                    await matched(house, nth * PAIRS + done)
                await asyncio.gather(*(ana.meets(bo) for ana, bo in pairs), *(bo.meets(ana) for ana, bo in pairs))
                for poser, (ana, bo) in zip(posers, pairs, strict=True):
                    await ana.hears_from(bo, "Is anybody here?")
                    assert any("Is anybody here?" in data for data in poser.heard), "the attack itself must have worked"
                    caught += await ana.check_words() != await bo.check_words()
                await asyncio.gather(*(person.press("Stop") for person in people))
                await asyncio.gather(*(person.sees("lobby") for person in people))
        await stage.context.close()
    assert caught == ROUNDS * PAIRS
