"""What happens before anybody is met."""

from playwright.async_api import Browser, expect

from tests.journeys.builds import current, files_of
from tests.journeys.house import House
from tests.journeys.keeping import NOTHING, READY, STORED, only_the_page_is_kept, until
from tests.journeys.people import Person

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
    await page.goto(house.url)
    person = Person(page, "Ana")
    await person.sees("gate")
    await until(page, READY)
    asked = {request.removeprefix(house.url) for request in requests}
    assert asked <= {
        "",
        "favicon.svg",
        "worker.js",
        "manifest.webmanifest",
        *(path[1:] for path in files_of(current())),
    }
    await page.get_by_role("button", name="Come in").click()
    await person.sees("gate")
    assert await page.evaluate("window.contacts") == []
    await person.enter()
    await expect(page.get_by_role("button", name="Start")).to_be_enabled()
    assert await page.evaluate("window.contacts") == ["WebSocket"]
    assert {request.split("/")[2] for request in requests} == {f"localhost:{house.broker.port}"}
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
    await page.goto(house.url)
    await expect(page.get_by_role("heading", name="This address is not secure")).to_be_visible()
    await expect(page.get_by_text("passerby up --tls")).to_be_visible()
    await context.close()
