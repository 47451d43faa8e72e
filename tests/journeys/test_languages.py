"""The page speaks the visitor's language: the browser's at first, another one by choice, without losing anything."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.ears import opened
from tests.journeys.house import House
from tests.journeys.people import Person

pytestmark = pytest.mark.parametrize("engine", ["embedded"])  # no broker has a say in it

PREFERRED = "Object.defineProperty(navigator, 'languages', { get: () => ['fi', 'fr-CA', 'en'] })"


async def choose(page: Page, code: str) -> None:
    await page.get_by_role("banner").get_by_role("combobox").select_option(code)


async def test_the_browsers_language_is_spoken_from_right_to_left_where_it_is_written_so(
    chromium: Browser, house: House
) -> None:
    async with await chromium.new_context(locale="ar-EG") as context:
        page = await context.new_page()
        await opened(page, house.url)
        await expect(page.get_by_role("button", name="دخول")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("lang", "ar")
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")


async def test_a_language_that_the_page_does_not_speak_gives_way_to_the_next_and_then_to_english(
    chromium: Browser, house: House
) -> None:
    async with await chromium.new_context(locale="fi") as context:
        page = await context.new_page()
        await page.add_init_script(
            "Object.defineProperty(navigator, 'languages', { get: () => ['fi', 'fr-CA', 'en'] })"
        )
        await opened(page, house.url)
        await expect(page.locator("html")).to_have_attribute("lang", "fr")
        other = await context.new_page()
        await opened(other, house.url)
        await expect(other.locator("html")).to_have_attribute("lang", "en")


async def test_another_language_is_chosen_by_hand_and_nothing_that_was_typed_is_lost(
    chromium: Browser, house: House
) -> None:
    """It is remembered by this browser, until one forgets it."""
    async with await chromium.new_context(locale="en-US") as context:
        ana = await Person.arrive(context, house.url, "Ana Unsaved")
        await choose(ana.page, "de")
        await expect(ana.page.get_by_role("button", name="Los")).to_be_visible()
        assert await ana.page.locator("#nickname").input_value() == "Ana Unsaved"
        await ana.page.reload()
        await expect(ana.page.locator("html")).to_have_attribute("lang", "de")
        assert (
            await ana.page.evaluate("JSON.stringify({...localStorage})") == '{"passerby":"{\\"language\\":\\"de\\"}"}'
        )


async def test_a_language_that_cannot_be_loaded_leaves_the_one_that_is_spoken_and_says_so(
    chromium: Browser, house: House
) -> None:
    async with await chromium.new_context(locale="en-US", service_workers="block") as context:
        ana = await Person.arrive(context, house.url, "Ana")
        await context.route("**/assets/page-*.js", lambda route: route.abort())
        await choose(ana.page, "hi")
        await expect(ana.page.get_by_text("That language could not be loaded just now")).to_be_visible()
        await expect(ana.page.locator("html")).to_have_attribute("lang", "en")
