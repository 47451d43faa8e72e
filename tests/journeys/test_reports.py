"""Somebody is reported or blocked: the two never meet again, and the other learns only that a stranger left."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.people import Person

# Keeps what a page says on its data channel.
LISTEN = """() => {
  window.said = [];
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (data) { window.said.push(data); return send.call(this, data); };
}"""


async def talking(arrive: Arrive) -> tuple[Person, Person]:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await ana.page.evaluate(LISTEN)
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    return ana, bo


async def stay_apart(arrive: Arrive, ana: Person, bo: Person) -> None:
    """See that two who wait do not meet, also when each met somebody else since, or nobody else is there."""
    await asyncio.gather(ana.sees("waiting"), bo.sees("waiting"))
    cy = await arrive("Cy")
    await cy.start()
    met = await cy.meets(ana, bo)
    await cy.press("Stop")
    await met.reads("Cy left.")
    await met.press("Next")
    # Only the block is between the two by now. Had they met, nobody would be left for the one who comes last.
    await asyncio.gather(ana.sees("waiting"), bo.sees("waiting"))
    dee = await arrive("Dee")
    await dee.start()
    met = await dee.meets(ana, bo)
    await (bo if met is ana else ana).sees("waiting")


async def test_who_is_reported_and_blocked_learns_only_that_the_stranger_left_and_the_two_never_meet_again(
    arrive: Arrive,
) -> None:
    ana, bo = await talking(arrive)
    await ana.hears_from(bo, "Something unkind")
    dialog = await ana.opens_report()
    await expect(dialog.get_by_role("checkbox", name="Block and leave, too")).to_be_checked()
    await dialog.get_by_role("radio", name="Harassment or bullying").check()
    await dialog.get_by_role("button", name="Report").click()
    await ana.sees("parted")
    assert "Reported, thank you." in await ana.text()
    assert "Something unkind" not in await ana.page.content()
    await bo.reads("Ana left.")
    log = (await bo.log.inner_text()).lower()
    assert [word for word in ("report", "block", "skip") if word in log] == []
    assert await ana.page.evaluate("window.said.at(-1)") == '{"kind":"bye"}'
    await asyncio.gather(ana.press("Next"), bo.press("Next"))
    await stay_apart(arrive, ana, bo)


@pytest.mark.any_broker
async def test_who_left_can_still_be_blocked_for_a_while(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    await ana.press("Stop")
    await bo.reads("Ana left.")
    await bo.press("Block")
    await bo.sees("parted")
    await asyncio.gather(ana.start(), bo.press("Next"))
    await stay_apart(arrive, ana, bo)


@pytest.mark.any_broker
async def test_a_talk_goes_on_after_a_report_without_a_block_and_the_other_is_told_nothing(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    dialog = await ana.opens_report()
    await dialog.get_by_role("radio", name="Spam or advertising").check()
    await dialog.get_by_role("checkbox", name="Block and leave, too").uncheck()
    await dialog.get_by_role("button", name="Report").click()
    await ana.reads("Reported, thank you.")
    await ana.press("Report or block")
    await expect(ana.page.get_by_role("button", name="Report…")).to_have_count(0)
    await ana.hears_from(bo, "Buy my bread")
    await bo.hears_from(ana, "No, thank you")
    assert "Reported" not in await bo.text()


@pytest.mark.any_broker
async def test_all_of_it_works_by_the_keyboard_and_esc_closes_one_thing_at_a_time(arrive: Arrive) -> None:
    ana, bo = await talking(arrive)
    keyboard = ana.page.keyboard
    menu = ana.page.get_by_role("button", name="Report or block")
    entry = ana.page.get_by_role("button", name="Report…")
    dialog = ana.page.get_by_role("dialog", name="Report your stranger")
    await menu.focus()
    await keyboard.press("Enter")
    await expect(entry).to_be_focused()
    await keyboard.press("Escape")
    await expect(entry).to_be_hidden()
    await expect(menu).to_be_focused()
    await keyboard.press("Enter")
    await expect(entry).to_be_focused()
    await keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_role("radio").first).to_be_focused()
    await keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(menu).to_be_focused()
    await bo.hears_from(ana, "Still here")  # Esc was not Next
    await bo.press("Stop")
    await ana.reads("Bo left.")
    await ana.page.get_by_role("button", name="Report…").focus()
    await keyboard.press("Enter")
    await expect(dialog.get_by_role("radio").first).to_be_focused()
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")  # sends, as in any form
    await ana.sees("parted")
