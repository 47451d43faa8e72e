"""Advertisements, where an operator has named some: asked for, kept apart, and never in a conversation."""

import re
from collections.abc import AsyncIterator
from typing import Final

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.headers import directives
from tests.journeys.adhost import HEIGHT, AdHost
from tests.journeys.ears import opened
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.people import Person
from tests.polling import until

ASKED: Final = "May there be ads here?"
OFF: Final = "No ads, as you chose."
PARTS: Final = re.compile(r"/assets/ads-")
"""The part of the page that only advertisements need, its style and its words."""

# Who listens to the window could be spoken to by any frame; and there may be no frame when a stranger is looked for.
WATCH: Final = """
window.listeners = [];
window.framesAtSearch = [];
if (window === window.top) {
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...more) {
    if (this === window) window.listeners.push(type);
    return listen.call(this, type, ...more);
  };
  const describe = RTCPeerConnection.prototype.setLocalDescription;
  RTCPeerConnection.prototype.setLocalDescription = function (...given) {
    window.framesAtSearch.push(document.querySelectorAll("iframe").length);
    return describe.apply(this, given);
  };
}
"""
REFUSES: Final = """
Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true });
if (window === window.top) localStorage.setItem("passerby", JSON.stringify({ ads: true }));
"""
FRAMES: Final = "document.querySelectorAll('iframe').length"


@pytest.fixture
async def ads() -> AsyncIterator[AdHost]:
    async with AdHost.open() as host:
        yield host


@pytest.fixture
async def house(ads: AdHost) -> AsyncIterator[House]:
    """One whose operator has named that host."""
    async with House.open(site=ads.site()) as house:
        ads.home = house.url
        yield house


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context()
    await context.add_init_script(WATCH)
    yield context
    await context.close()


def requested(page: Page) -> list[str]:
    """Keep what a page asks for, of whomever."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


async def is_ready(page: Page) -> None:
    await expect(page.get_by_role("button", name="Start")).to_be_enabled()
    await page.wait_for_load_state("networkidle")


def frame(page: Page, ads: AdHost) -> Locator:
    return page.get_by_title(f"Advertisement from {ads.name}")


async def test_without_an_operators_word_there_is_no_trace_of_them(chromium: Browser) -> None:
    async with House.open() as house:
        context = await chromium.new_context()
        page = await context.new_page()
        urls = requested(page)
        response = await opened(page, house.url)
        assert "frame-src" not in directives(response.headers["content-security-policy"])
        assert "ads" not in await response.text()
        await Person(page, "Ana").enter()
        await is_ready(page)
        assert [url for url in urls if PARTS.search(url) or not url.startswith(house.url)] == []
        assert await page.evaluate(FRAMES) == 0
        await expect(page.locator(".ads")).to_have_count(0)
        await expect(page.get_by_text(ASKED)).to_have_count(0)
        await context.close()


async def test_the_policy_lets_in_the_one_origin_that_was_named(
    house: House, ads: AdHost, context: BrowserContext
) -> None:
    page = await context.new_page()
    response = await opened(page, house.url)
    policy = directives(response.headers["content-security-policy"])
    assert policy.pop("frame-src") == f"http://{ads.name}"
    assert not [value for value in policy.values() if ads.name in value]


async def test_nothing_is_loaded_before_a_yes(house: House, ads: AdHost, context: BrowserContext) -> None:
    page = await context.new_page()
    urls = requested(page)
    await opened(page, house.url)
    ana = Person(page, "Ana")
    await ana.sees("gate")
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_text(ASKED)).to_have_count(0)  # not at the gate
    await ana.enter()
    question = page.get_by_role("region", name=ASKED)
    await expect(question).to_contain_text(ads.name)
    await is_ready(page)
    assert await page.evaluate("localStorage.length") == 0
    assert ads.requests == []
    assert {url.split("/")[2] for url in urls} == {f"localhost:{house.broker.port}"}


async def test_the_two_answers_are_alike(house: House, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    looks = []
    for name in ("Allow ads", "No ads"):
        button = ana.page.get_by_role("button", name=name)
        box = await button.bounding_box()
        assert box is not None
        style = await button.evaluate(
            "(element) => { const { color, backgroundColor, borderColor, fontWeight, fontSize, opacity } = "
            "getComputedStyle(element); return [color, backgroundColor, borderColor, fontWeight, fontSize, opacity]; }"
        )
        looks.append((round(box["width"]), round(box["height"]), style))
    assert looks[0] == looks[1]


async def test_a_no_is_remembered(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    await ana.press("No ads")
    await ana.window.reads(OFF)
    await ana.page.reload()
    await ana.enter()
    await expect(ana.page.get_by_text(OFF)).to_be_visible()
    await is_ready(ana.page)
    await expect(ana.page.get_by_text(ASKED)).to_have_count(0)
    assert ads.requests == []
    assert await ana.page.evaluate("localStorage.passerby") == '{"ads":false}'


async def test_everything_can_be_done_by_keyboard(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    page = ana.page
    await is_ready(page)
    await expect(page.get_by_role("region", name=ASKED)).to_be_visible()
    focused = page.locator(":focus")
    await page.get_by_role("button", name="Start").focus()
    await page.keyboard.press("Tab")
    await expect(focused).to_have_text("Allow ads")
    await page.keyboard.press("Tab")
    await expect(focused).to_have_text("No ads")
    await page.keyboard.press("Enter")
    await expect(focused).to_have_text("Change")
    await expect(focused).to_have_accessible_description(OFF)
    await page.keyboard.press("Enter")
    await expect(focused).to_have_text(ASKED)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(focused).to_have_text("Change")
    await expect(focused).to_have_accessible_description("Advertisement")
    await expect(frame(page, ads)).to_have_css("height", f"{HEIGHT}px")
    await ads.has_reports()  # a frame that is still loading takes no focus
    await page.keyboard.press("Tab")
    await expect(frame(page, ads)).to_be_focused()


async def test_an_advertisement_reaches_nothing(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    page = ana.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    await page.get_by_role("button", name="Allow ads").click()
    await expect(frame(page, ads)).to_have_css("height", f"{HEIGHT}px")
    reports = await ads.has_reports()
    await reaches_nothing(ana, house, reports)
    assert asked == []
    assert not [listener for listener in await page.evaluate("listeners") if listener.startswith("message")]
    assert await page.evaluate("window.onmessage") is None
    first = ads.headers[0]
    assert not {"Cookie", "Referer"} & set(first)


async def test_an_advertisement_reaches_nothing_in_firefox(house: House, ads: AdHost, firefox: Firefox) -> None:
    """Save that it could close the tab, were nothing else in its history: Firefox 153 asks no sandbox about that."""
    context = await firefox.new_context()
    ana = Person(await context.new_page(), "Ana")
    await ana.window.goto(f"{house.url}favicon.svg")
    await ana.window.goto(house.url)
    await ana.enter()
    await ana.press("Allow ads")
    await ana.window.evaluate("document.querySelector('iframe').scrollIntoView()")
    await reaches_nothing(ana, house, await ads.has_reports())
    assert not {"Cookie", "Referer"} & set(ads.headers[0])
    await ana.press("Change")
    await ana.window.shows("button", "Allow ads")
    assert await ana.window.evaluate(FRAMES) == 0
    await context.close()


async def reaches_nothing(ana: Person, house: House, reports: dict[str, str]) -> None:
    assert (reports.pop("referrer"), reports.pop("opener")) == ("", "null")
    assert [name for name, result in reports.items() if not result.startswith("refused: ")] == []
    assert len(reports) > 20  # it did try
    await ana.sees("lobby")
    assert await ana.window.evaluate("[location.href, frames.length]") == [house.url, 1]


async def test_what_a_click_opens_cannot_reach_back(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    await ana.press("Allow ads")
    async with context.expect_page() as opened:
        await ana.page.frame_locator("iframe").get_by_role("button", name="Buy two umbrellas").click()
    elsewhere = await opened.value
    await elsewhere.wait_for_url("**/elsewhere.html")
    await until(lambda: {"opened", "elsewhere"} <= ads.reports.keys())
    assert ads.reports["opened"] == ads.reports["elsewhere"] == "null"
    await ana.sees("lobby")


async def test_what_is_typed_never_lands_in_an_advertisement(
    house: House, ads: AdHost, context: BrowserContext
) -> None:
    ads.grabbing = True
    ana = await Person.arrive(context, house.url, "Ana")
    page = ana.page
    await ana.press("Allow ads")
    await ads.has_reports()
    name = page.get_by_role("textbox", name="Your name for today")
    await name.click()
    await expect(page.get_by_text("The ad took hold of the keyboard, so it was removed.")).to_be_visible()
    await expect(page.locator("iframe")).to_have_count(0)
    await expect(name).to_be_focused()
    await name.press("ControlOrMeta+a")
    await page.keyboard.type("Curious Heron")
    await expect(name).to_have_value("Curious Heron")
    assert ads.typed == ""


async def test_a_change_of_mind_removes_it_at_once(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    await ana.press("Allow ads")
    await ads.is_asked()
    assert await ana.page.evaluate("localStorage.passerby") == '{"ads":true}'
    await ana.press("Change")
    await expect(ana.page.locator("iframe")).to_have_count(0)
    await ana.press("No ads")
    await expect(ana.page.locator("iframe")).to_have_count(0)
    assert await ana.page.evaluate("localStorage.passerby") == '{"ads":false}'
    shown = ads.shown
    await ana.press("Change")
    await ana.press("Allow ads")
    await expect(frame(ana.page, ads)).to_be_attached()
    await until(lambda: ads.shown == shown + 1)


async def test_there_is_none_while_one_looks_for_somebody_or_talks(
    house: House, ads: AdHost, chromium: Browser
) -> None:
    people: list[Person] = []
    for name in ("Ana", "Ben"):
        context = await chromium.new_context()
        await context.add_init_script(WATCH)
        people.append(await Person.arrive(context, house.url, name))
        await people[-1].press("Allow ads")
        await ads.is_asked()
    ana, ben = people
    await ana.start()
    await ana.sees("waiting")
    await expect(ana.page.locator("iframe")).to_have_count(0)
    await ben.start()
    await ana.meets(ben)
    await ben.meets(ana)
    before = len(ads.requests)
    for nth in range(10):  # in this time one that is there would be heard of many times
        await ana.hears_from(ben, f"line {nth}")
        await ben.hears_from(ana, f"answer {nth}")
    for person in people:
        assert await person.page.evaluate(FRAMES) == 0
        assert set(await person.page.evaluate("framesAtSearch")) == {0}
    assert len(ads.requests) == before

    await ana.press("Stop")
    await expect(frame(ana.page, ads)).to_be_attached()
    await ben.window.reads("the talk is over")
    await expect(frame(ben.page, ads)).to_be_visible()
    await ads.is_asked()
    await ben.press("Next")
    await ben.sees("waiting")
    await expect(ben.page.locator("iframe")).to_have_count(0)
    assert set(await ben.page.evaluate("framesAtSearch")) == {0}
    for person in people:
        await person.page.context.close()


async def test_the_document_that_operators_are_given_shows_what_a_snippet_writes(
    ads: AdHost, context: BrowserContext
) -> None:
    async with House.open(site=ads.site("frame.html")) as house:
        ana = await Person.arrive(context, house.url, "Ana")
        await ana.press("Allow ads")
        link = ana.page.frame_locator("iframe").get_by_role("link", name="Umbrellas, 320 wide")
        await link.click()
        await until(lambda: ads.reports.get("elsewhere") == "null")  # it has no opener
        assert ana.errors == []


async def test_the_settings_can_change_an_answer(house: House, ads: AdHost, context: BrowserContext) -> None:
    ana = await Person.arrive(context, house.url, "Ana")
    page = ana.page
    await ana.press("Allow ads")
    await expect(frame(page, ads)).to_be_attached()
    await ana.press("Settings")
    answers = page.get_by_role("group", name="Ads")
    await expect(answers.get_by_role("radio", name="Allow ads")).to_be_checked()
    await answers.get_by_role("radio", name="No ads").check()
    await expect(page.locator("iframe")).to_have_count(0)
    await ana.press("Done")
    await expect(page.get_by_text(OFF)).to_be_visible()


async def test_global_privacy_control_is_a_no_that_needs_no_question(
    house: House, ads: AdHost, chromium: Browser
) -> None:
    """And it goes before a yes of earlier."""
    context = await chromium.new_context(extra_http_headers={"Sec-GPC": "1"})
    await context.add_init_script(REFUSES)
    page = await context.new_page()
    urls = requested(page)
    await opened(page, house.url)
    ana = Person(page, "Ana")
    await ana.enter()
    await is_ready(page)
    await expect(page.locator(".ads, iframe")).to_have_count(0)
    assert [url for url in urls if PARTS.search(url) or not url.startswith(house.url)] == []
    assert ads.requests == []
    await context.close()
