"""What happens before anybody is met."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from matcher.turn import Turn
from tests.journeys.builds import current
from tests.journeys.ears import opened
from tests.journeys.house import House
from tests.journeys.keeping import NOTHING, READY, STORED, only_the_page_is_kept, until
from tests.journeys.people import Person

pytestmark = pytest.mark.any_broker

WATCH = """
window.contacts = [];
for (const name of ["WebSocket", "RTCPeerConnection"]) {
  const Original = window[name];
  window[name] = class extends Original { constructor(...a) { super(...a); window.contacts.push(name); } };
}
"""


async def test_nothing_is_contacted_before_somebody_has_agreed(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    await context.add_init_script(WATCH)
    page = await context.new_page()
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))  # of its worker, too
    await opened(page, house.url)
    person = Person(page, "Ana")
    await person.sees("gate")
    await until(page, READY)
    files = {f"/{path.relative_to(current())}" for path in current().rglob("*") if path.is_file()}
    assert {urlsplit(request).path for request in requests} <= files | {"/"}, "the page's own files, and nothing else"
    await page.get_by_role("button", name="Come in").click()
    await person.sees("gate")
    assert await page.evaluate("window.contacts") == []
    await person.enter()
    await expect(page.get_by_role("button", name="Start")).to_be_enabled()
    assert await page.evaluate("window.contacts") == ["WebSocket"]
    assert {request.split("/")[2] for request in requests} == {f"localhost:{house.broker.port}"}
    await context.close()


@pytest.mark.parametrize("suggested", [True, False])
async def test_the_choice_to_hide_is_made_before_anything_is_contacted(chromium: Browser, *, suggested: bool) -> None:
    """And it is found as it was made in the lobby, which has another one to say about it."""
    turn = Turn(("turn:127.0.0.1:9",), "secret", preset=suggested)
    async with House.open(turn=turn) as house, await chromium.new_context() as context:
        page = await context.new_page()
        await opened(page, house.url)
        person = Person(page, "Ana")
        await person.sees("gate")
        hide = page.get_by_role("checkbox", name="Hide my network address")
        await expect(hide).to_be_checked(checked=suggested)
        await hide.set_checked(not suggested)
        await person.enter()
        await expect(page.get_by_role("button", name="Start")).to_be_enabled()
        await expect(hide).to_be_checked(checked=not suggested)


async def test_a_page_whose_words_do_not_come_can_be_loaded_again(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.route("**/assets/page-*.js", lambda route: route.abort())
    await opened(page, house.url)
    await expect(page.get_by_text("Something is missing.")).to_be_visible()
    await expect(page.get_by_text("Es fehlt etwas.")).to_be_visible()
    await page.unroute("**/assets/page-*.js")
    await page.get_by_role("link", name="Reload").click()
    await Person(page, "Ana").sees("gate")
    await context.close()


async def test_a_page_whose_script_never_runs_is_not_blank(chromium: Browser, house: House) -> None:
    """As in a browser that is too old for it; the animation that brings the words is run to its end."""
    context = await chromium.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.route("**/assets/index-*.js", lambda route: route.abort())
    await opened(page, house.url)
    await expect(page.get_by_role("img", name="Passerby")).to_be_visible()
    words = page.get_by_text("This browser may be too old")
    await expect(words).to_be_hidden()
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await expect(words).to_be_visible()
    await context.close()


async def test_nothing_stays_in_the_browser_but_the_page_itself(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    ana = await Person.arrive(context, house.url, "Ana")
    await expect(ana.page.get_by_role("button", name="Start")).to_be_enabled()
    await only_the_page_is_kept(ana.page, house.url)
    assert await ana.page.evaluate(STORED) == NOTHING
    assert ana.page.url == house.url
    await context.close()


async def test_a_page_that_is_not_secure_says_what_to_do(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false });")
    await opened(page, house.url)
    await expect(page.get_by_role("heading", name="This address is not secure")).to_be_visible()
    await expect(page.get_by_text("passerby up --tls")).to_be_visible()
    await context.close()
