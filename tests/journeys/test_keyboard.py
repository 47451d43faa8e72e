"""Who has no pointer gets everywhere, sees where they are, and hears what is new."""

from typing import Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Arrive
from tests.journeys.ears import opened
from tests.journeys.house import House
from tests.journeys.people import TITLES

STEPS: Final = 30
"""So many presses of Tab get anywhere."""

SEEN: Final = """
() => {
  const here = document.activeElement;
  const rect = here.getBoundingClientRect();
  const lined = [here, here.parentElement, here.nextElementSibling].some((each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const x = rect.left + rect.width / 2, y = rect.top + rect.height / 2;
  const inside = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
  return lined && inside ? "" : here.outerHTML.slice(0, 200);
}
"""

pytestmark = pytest.mark.parametrize("engine", ["embedded"])  # the broker has no part in it


async def go_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, which each stop on the way has to show, within the window."""
    for _ in range(STEPS):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement === document.body"):
            continue  # the way leads once through the browser's own buttons
        assert await page.evaluate(SEEN) == "", "it does not show that it has the focus"
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached")


async def arrives(page: Page, screen: str) -> None:
    """See that a new screen has the focus on its heading, where reading begins."""
    await expect(page.get_by_role("heading", name=TITLES[screen])).to_be_focused()


async def test_the_way_in_needs_no_pointer(chromium: Browser, house: House) -> None:
    page = await chromium.new_page(viewport={"width": 390, "height": 844})
    await opened(page, house.url)
    await arrives(page, "gate")
    for name in ("I am 18", "I agree"):
        box = page.get_by_role("checkbox", name=name)
        await go_to(page, box)
        await page.keyboard.press("Space")
        await expect(box).to_be_checked()
    await page.keyboard.press("Enter")
    await arrives(page, "lobby")
    start = page.get_by_role("button", name="Start")
    await expect(start).to_be_enabled()
    await go_to(page, start)
    await page.keyboard.press("Enter")
    await arrives(page, "waiting")
    # Before that, Cancel takes a press for the second half of a double tap on what was there before.
    await expect(page.get_by_test_id("elapsed")).not_to_contain_text("0:00")
    await go_to(page, page.get_by_role("button", name="Cancel"))
    await page.keyboard.press("Enter")
    await arrives(page, "lobby")
    await page.close()


async def test_a_dialog_keeps_the_focus_and_gives_it_back(chromium: Browser, house: House) -> None:
    page = await chromium.new_page()
    await opened(page, house.url)
    await arrives(page, "gate")
    settings = page.get_by_role("button", name="Settings")
    await go_to(page, settings)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    for _ in range(STEPS):
        await page.keyboard.press("Tab")
        within = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        assert await page.evaluate(within)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(settings).to_be_focused()
    await page.close()


async def test_what_is_written_is_read_out(arrive: Arrive) -> None:
    """The log is live before anything is in it, and what comes lands in it."""
    ana, ben = await arrive("Ana"), await arrive("Ben")
    await ana.start()
    await ben.start()
    await ana.meets(ben)
    await expect(ana.log).to_have_attribute("aria-live", "polite")
    await expect(ana.log).to_have_accessible_name("Conversation")
    await ana.log.evaluate("(log) => { window.log = log; }")
    await ben.meets(ana)
    await ben.says("good evening")
    await ana.reads("good evening")
    assert await ana.log.evaluate("(log) => log === window.log && log.isConnected"), "another log would be read anew"


async def test_the_talk_needs_no_pointer(arrive: Arrive) -> None:
    ana, ben = await arrive("Ana"), await arrive("Ben")
    await ana.start()
    await ben.start()
    await ana.meets(ben)
    page = ana.page
    await expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    await page.keyboard.type("no mouse here")
    await page.keyboard.press("Enter")
    await ben.reads("no mouse here")
    await go_to(page, ana.log)
    await page.keyboard.press("Escape")
    await arrives(page, "waiting")
