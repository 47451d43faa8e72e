"""Two who have parted talk again, if both ask for it within two minutes."""

import asyncio

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import Arrive
from tests.journeys.people import Person

ASK = "Talk again with your last stranger"
WAITS = "Waiting for your last stranger"


def offer(person: Person) -> Locator:
    return person.page.get_by_role("button", name=ASK)


async def asks(person: Person) -> None:
    await person.press(ASK)
    await expect(person.page.get_by_role("heading", name=WAITS)).to_be_focused()


async def talking(arrive: Arrive, *, with_clocks: bool = False) -> tuple[Person, Person]:
    ana, bo = await arrive("Ana", clock=with_clocks), await arrive("Bo", clock=with_clocks)
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    return ana, bo


async def waits_on_while_others_meet(arrive: Arrive, asking: Person, other: Person) -> None:
    """See that somebody who asks for one who does not waits on, while that one and a third look for anybody."""
    cy = await arrive("Cy")
    await asyncio.gather(cy.start(), other.start())
    assert await cy.meets(other) is other
    await expect(asking.page.get_by_role("heading", name=WAITS)).to_be_visible()


async def test_both_ask_and_meet_again_although_others_wait(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    await bo.hears_from(ana, "Something that is forgotten")
    await ana.press("Next")
    await ana.sees("waiting")
    await asks(ana)  # from the wait for anybody
    cy = await arrive("Cy")
    await cy.start()
    await cy.sees("waiting")
    await bo.reads("Ana left.")
    await bo.press(ASK)  # from the end of the talk
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    assert "forgotten" not in await bo.text()
    await ana.hears_from(bo, "You again!")
    await cy.sees("waiting")
    # And once more, with the word of the second talk.
    await bo.press("Stop")
    await bo.sees("lobby")
    await asks(bo)  # from the lobby
    await ana.reads("Bo left.")
    await ana.press("Stop")
    await ana.press(ASK)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await bo.hears_from(ana, "And again!")
    dee = await arrive("Dee")
    await dee.start()
    assert await dee.meets(cy) is cy


@pytest.mark.any_broker
async def test_who_asks_alone_hears_so_when_the_time_is_over_and_the_other_hears_nothing(arrive: Arrive) -> None:
    ana, bo = await talking(arrive, with_clocks=True)
    await ana.press("Stop")
    await bo.reads("Ana left.")
    seen = await bo.text()
    await asks(ana)
    await ana.page.clock.fast_forward("01:50")
    await expect(ana.page.get_by_role("heading", name=WAITS)).to_be_visible()
    await ana.page.clock.fast_forward("00:15")
    await ana.sees("lobby")
    await expect(ana.page.get_by_text("most likely your stranger did not ask")).to_be_visible()
    await expect(offer(ana)).to_have_count(0)
    assert await bo.text() == seen
    await bo.page.clock.fast_forward("02:05")
    await expect(offer(bo)).to_have_count(0)
    # Neither of them is worse off for it.
    cy = await arrive("Cy")
    await asyncio.gather(cy.start(), ana.start())
    assert await cy.meets(ana) is ana


@pytest.mark.any_broker
async def test_who_asks_and_thinks_better_of_it_meets_nobody(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    await ana.press("Stop")
    await asks(ana)
    await ana.press("Cancel")
    await ana.sees("lobby")
    await bo.press("Next")
    await bo.sees("waiting")
    await asks(bo)
    await ana.sees("lobby")
    await waits_on_while_others_meet(arrive, bo, ana)


@pytest.mark.any_broker
async def test_who_blocked_is_not_offered_it_and_who_was_blocked_asks_in_vain(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    await ana.press("Report or block")
    await ana.page.get_by_role("button", name="Block and leave").click()
    await ana.sees("parted")
    await expect(offer(ana)).to_have_count(0)
    await ana.press("To the lobby")
    await ana.sees("lobby")
    await expect(offer(ana)).to_have_count(0)
    await bo.reads("Ana left.")
    await bo.press(ASK)
    await expect(bo.page.get_by_role("heading", name=WAITS)).to_be_visible()
    await waits_on_while_others_meet(arrive, bo, ana)


@pytest.mark.any_broker
async def test_all_of_it_works_by_the_keyboard_and_the_time_is_not_read_out(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    await bo.press("Stop")
    await ana.reads("Bo left.")
    button = offer(ana)
    hint = "Only if both of you ask, within 2 minutes. To ask tells them nothing."
    await expect(button).to_have_accessible_description(hint)
    assert await button.evaluate("button => button.closest('[aria-live], [role=status], [role=alert]') === null")
    await ana.page.get_by_role("button", name="Next").focus()
    for _ in range(2):  # past Stop
        await ana.page.keyboard.press("Shift+Tab")
    await expect(button).to_be_focused()
    await ana.page.keyboard.press("Enter")
    await expect(ana.page.get_by_role("heading", name=WAITS)).to_be_focused()
    await offer(bo).focus()
    await bo.page.keyboard.press("Space")
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
