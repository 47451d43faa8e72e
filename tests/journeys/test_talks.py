"""Strangers meet, talk, part, and meet others."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.people import Person


async def together(*people: Person) -> None:
    await asyncio.gather(*(person.start() for person in people))


async def test_two_meet_and_talk_both_ways(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    assert await ana.meets(bo) is bo
    assert await bo.meets(ana) is ana
    await ana.hears_from(bo, "Hello over there")
    await bo.hears_from(ana, "Two lines,\nand ümläuts 🐢 <b>not bold</b>")
    await expect(bo.page.locator("b")).to_have_count(0)


TYPE_AT_ONCE = """
(lines) => {
  const box = document.getElementById("message");
  for (const line of lines) {
    box.value = line;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  }
  return box.value;
}
"""


@pytest.mark.any_broker
async def test_what_is_sent_is_what_was_typed_however_busy_the_page_is(arrive: Arrive) -> None:
    """Keys that waited for a busy page come one after the other, and nothing is drawn in between."""
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    assert await ana.page.evaluate(TYPE_AT_ONCE, ["one", "two", "two and a half"]) == ""
    await expect(bo.log.get_by_text("two and a half")).to_be_visible()
    assert await bo.log.get_by_text("one", exact=True).count() == 1
    assert await bo.log.get_by_text("two", exact=True).count() == 1
    await ana.page.keyboard.press("Enter")
    await ana.says("three")
    await expect(bo.log.get_by_text("three")).to_be_visible()
    await expect(bo.log.get_by_text("two and a half")).to_have_count(1)


@pytest.mark.any_broker
async def test_typing_is_seen_and_goes_away(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.page.get_by_role("textbox", name="Your message").press_sequentially("hm")
    await expect(bo.page.get_by_text("Ana is typing…")).to_be_visible()
    await ana.page.get_by_role("textbox", name="Your message").press("Enter")
    await expect(bo.page.get_by_text("Ana is typing…")).to_be_hidden()


@pytest.mark.any_broker
async def test_the_newest_line_stays_in_view_when_the_window_shrinks(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    for number in range(12):
        await ana.hears_from(bo, f"Line {number} of many")
    await ana.window.resize(390, 500)
    await expect(ana.log.get_by_text("Line 11 of many")).to_be_in_viewport()
    await ana.log.get_by_text("Line 0 of many").scroll_into_view_if_needed()
    await ana.window.resize(390, 460)
    await expect(ana.log.get_by_text("Line 0 of many")).to_be_in_viewport()


@pytest.mark.any_broker
async def test_each_learns_that_a_line_has_arrived(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.hears_from(bo, "One")
    await ana.hears_from(bo, "Two")
    await expect(bo.log.get_by_title("arrived")).to_have_count(2)
    await expect(bo.log.get_by_title("on its way")).to_have_count(0)


@pytest.mark.any_broker
async def test_what_is_copied_is_what_was_said_and_nothing_else(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.hears_from(bo, "One line,")
    await bo.hears_from(ana, "and\n  another")
    await expect(ana.log.get_by_title("arrived")).to_have_count(1)
    await ana.log.evaluate("(log) => getSelection().selectAllChildren(log)")
    copied = await ana.page.evaluate("getSelection().toString()")
    assert [line for line in copied.splitlines() if line] == ["One line,", "and", "  another"]


@pytest.mark.any_broker
async def test_a_link_opens_a_window_that_knows_nothing_of_the_talk(arrive: Arrive, house: House) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await bo.says(f"Look: {house.url}?x, or javascript:alert(1)")
    await expect(ana.log.get_by_role("link")).to_have_count(1)
    async with ana.page.context.expect_page() as opened:
        await ana.log.get_by_role("link").click()
    other = await opened.value
    assert other.url == f"{house.url}?x"
    assert await other.evaluate("[window.opener, document.referrer]") == [None, ""]
    await ana.hears_from(bo, "And the talk goes on")


@pytest.mark.any_broker
async def test_common_topics_are_shown_to_both(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await ana.likes("Tea", "clouds")
    await bo.likes("tea", "trains")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    for person in (ana, bo):
        await expect(person.log.get_by_text("tea", exact=True)).to_be_visible()
        await expect(person.log.get_by_text("trains")).to_have_count(0)


async def test_who_is_skipped_hears_that_the_stranger_left_and_meets_another(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.page.keyboard.press("Escape")
    await ana.sees("waiting")
    await bo.reads("Ana left.")
    assert "skip" not in (await bo.text()).lower()
    cy = await arrive("Cy")
    await cy.start()
    met = await cy.meets(ana)
    assert met is ana
    await cy.hears_from(ana, "You are new")
    await bo.press("Next")
    await bo.sees("waiting")
    await bo.press("Cancel")
    await bo.sees("lobby")


@pytest.mark.any_broker
async def test_three_people_are_one_pair_and_one_who_waits(arrive: Arrive) -> None:
    people = [await arrive(name) for name in ("Ana", "Bo", "Cy")]
    await together(*people)
    async with asyncio.timeout(20):
        while not (talking := [person for person in people if await person.log.count()]):
            await asyncio.sleep(0.05)
    a = talking[0]
    b = await a.meets(*(person for person in people if person is not a))
    left = next(person for person in people if person not in (a, b))
    await b.meets(a)
    await left.sees("waiting")
    await b.press("Next")
    await a.reads(f"{b.nickname} left.")
    assert await b.meets(left) is left
    assert await left.meets(b) is b


@pytest.mark.any_broker
async def test_who_cancels_is_not_matched(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await ana.start()
    await ana.sees("waiting")
    await ana.press("Cancel")
    await ana.sees("lobby")
    await bo.start()
    await bo.sees("waiting")
    cy = await arrive("Cy")
    await cy.start()
    assert await cy.meets(bo) is bo
    await ana.sees("lobby")


async def test_who_stops_is_back_in_the_lobby_and_the_other_is_told(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.press("Stop")
    await ana.sees("lobby")
    await bo.reads("Ana left.")


async def test_a_reload_is_a_new_person_and_the_other_is_told(arrive: Arrive, house: House) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await bo.hears_from(ana, "I shall reload")
    await ana.page.reload()
    await bo.reads("Ana left.")
    await ana.sees("gate")  # everything is forgotten, also that somebody agreed to something
    await ana.enter()
    await ana.start()
    await bo.press("Next")
    assert await ana.meets(bo) is bo  # a new person, so the two have not just met
    assert "I shall reload" not in await ana.text()


async def test_a_closed_window_is_told_at_once(arrive: Arrive) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.page.close()
    await bo.reads("Ana left.")


@pytest.mark.any_broker
async def test_a_duplicated_tab_is_another_person(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    ana = await Person.arrive(context, house.url, "Ana")
    async with context.expect_page() as opened:
        await ana.page.evaluate("window.open(location.href)")
    twin = Person(await opened.value, "Twin")
    await twin.enter()
    await together(ana, twin)
    assert await ana.meets(twin) is twin
    assert await twin.meets(ana) is ana
    await ana.hears_from(twin, "It is me, and it is not")
    await context.close()


async def test_a_talk_survives_a_restart_of_the_matcher_and_both_meet_others_afterwards(
    arrive: Arrive, house: House
) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await together(ana, bo)
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await house.stop_matcher()
    await expect(ana.page.get_by_text("The service is restarting. Your talk goes on.")).to_be_visible()
    await bo.hears_from(ana, "Still here?")
    house.start_matcher()
    await expect(ana.page.get_by_text("The service is restarting. Your talk goes on.")).to_be_hidden()
    await ana.hears_from(bo, "Still here.")
    await ana.press("Next")
    await bo.reads("Ana left.")
    cy = await arrive("Cy")
    await cy.start()
    assert await cy.meets(ana) is ana
    dee = await arrive("Dee")
    await asyncio.gather(dee.start(), bo.press("Next"))
    assert await dee.meets(bo) is bo


async def test_who_waits_is_matched_by_the_next_matcher(arrive: Arrive, house: House) -> None:
    ana = await arrive("Ana")
    await ana.start()
    await ana.sees("waiting")
    await house.stop_matcher()
    house.start_matcher()
    bo = await arrive("Bo")
    await bo.start()
    assert await bo.meets(ana) is ana
