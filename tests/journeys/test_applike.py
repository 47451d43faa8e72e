"""The page as an app: installed, without a network, renewed while people talk, and calling who looks elsewhere."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.builds import another, build_of, current, files_of
from tests.journeys.callers import Caller
from tests.journeys.conftest import Arrive
from tests.journeys.ears import opened
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.keeping import READY, WITHIN_S, has_only, has_shelf, only_the_page_is_kept, shelves, until
from tests.journeys.people import TITLES, Person
from tests.journeys.tabs import Chromium, Tab

pytestmark = pytest.mark.any_broker

OFFLINE: Final = "You are offline"
NEWER: Final = "A newer version is ready."


@pytest.fixture
async def tabs() -> AsyncIterator[Chromium]:
    async with Chromium.start() as browser:
        yield browser


async def renewed(page: Page, build: Path) -> None:
    """Look for a newer page, as the browser does by itself now and then, and wait until its worker has taken over."""
    await page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    await until(page, has_shelf(build))
    await until(page, READY)


async def visit(context: BrowserContext, url: str) -> Page:
    """Open the page, and wait until the browser keeps it."""
    page = await context.new_page()
    await opened(page, url)
    await until(page, READY)
    return page


async def test_it_can_be_installed(house: House, tabs: Chromium) -> None:
    tab = await tabs.open(house.url)
    await tab.sees(READY)
    assert (await tab.ask("Page.getInstallabilityErrors"))["installabilityErrors"] == []
    told = await tab.ask("Page.getAppManifest")
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    async with aiohttp.ClientSession(house.url) as http:
        for icon in [*manifest["icons"], {"src": "/icons/apple.png", "type": "image/png", "sizes": "180x180"}]:
            async with http.get(icon["src"]) as response:
                assert response.content_type == icon["type"]
                head = (await response.read())[:24]
            if icon["type"] == "image/png":
                width, height = (int.from_bytes(head[at : at + 4]) for at in (16, 20))
                assert icon["sizes"] == f"{width}x{height}"


async def test_what_the_browser_keeps_is_the_page_byte_for_byte_and_nothing_else(
    chromium: Browser, house: House
) -> None:
    context = await chromium.new_context()
    page = await visit(context, house.url)
    await only_the_page_is_kept(page, house.url)
    await context.close()


async def test_without_a_network_it_opens_and_goes_on_when_there_is_one(chromium: Browser, house: House) -> None:
    context = await chromium.new_context(locale="en")
    page = await visit(context, house.url)
    await context.set_offline(True)
    for path in ("", "?from=elsewhere", "legal/en/privacy"):
        await page.goto(f"{house.url}{path}")
        await expect(page.get_by_role("heading", name=OFFLINE)).to_be_visible()
    await page.goto(house.url)
    await context.set_offline(False)
    await Person(page, "Ana").enter()
    await expect(page.get_by_role("button", name="Start")).to_be_enabled()
    await context.close()


async def test_a_server_that_is_away_or_ill_does_not_keep_it_from_opening(chromium: Browser, house: House) -> None:
    context = await chromium.new_context()
    page = await visit(context, house.url)
    await house.stop_broker()
    await page.reload()
    await expect(page.get_by_role("heading", name=TITLES["gate"])).to_be_visible()
    await context.close()
    await house.start_broker()


async def test_firefox_opens_it_without_a_server_too(firefox: Firefox, house: House) -> None:
    context = await firefox.new_context()
    window = await context.new_page()
    ana = Person(window, "Ana")
    await window.goto(house.url)
    await ana.sees("gate")
    async with asyncio.timeout(WITHIN_S):
        while not await window.evaluate(READY):
            await asyncio.sleep(0.05)
    await house.stop_broker()
    await window.reload()
    await ana.sees("gate")
    await house.start_broker()
    await ana.enter()
    assert ana.errors == []
    await context.close()


async def test_a_talk_lives_through_an_update_and_the_newer_page_comes_when_it_is_wished(
    arrive: Arrive, house: House, tmp_path: Path
) -> None:
    newer = another(current(), tmp_path / "newer")
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await until(ana.page, READY)
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.hears_from(bo, "Before")
    await house.deploy(newer)
    await renewed(ana.page, newer)
    await ana.hears_from(bo, "After")
    await expect(ana.page.get_by_text(NEWER)).to_have_count(0)
    await bo.press("Stop")
    await ana.reads("Bo left.")
    await ana.window.reads(NEWER)
    await ana.reads("After")
    await ana.press("Load it")
    await ana.sees("gate")
    assert await ana.page.locator("meta[name=build]").get_attribute("content") == build_of(newer)
    await until(ana.page, has_only(newer))
    forgive_the_restart(ana, bo)


async def test_an_older_page_finds_all_its_parts_when_the_server_has_only_newer_ones(
    arrive: Arrive, house: House, tmp_path: Path
) -> None:
    ana, bo = await arrive("Ana"), await arrive("Bo")
    for person in (ana, bo):
        await until(person.page, READY)
    newer = another(current(), tmp_path / "newer")
    await house.deploy(newer)
    async with aiohttp.ClientSession(house.url) as http:
        for path in files_of(current()):
            assert (await http.get(path)).status == 404
    await renewed(ana.page, newer)
    await ana.window.reads(NEWER)  # which she need not follow
    for person in (ana, bo):
        await expect(person.page.get_by_role("button", name="Start")).to_be_enabled()
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.window.shows("button", "Call with video")
    assert len(await ana.check_words()) == 4
    forgive_the_restart(ana, bo)


async def test_another_tab_is_renewed_without_the_one_in_which_somebody_talks(
    chromium: Browser, arrive: Arrive, house: House, tmp_path: Path
) -> None:
    newer = another(current(), tmp_path / "newer")
    context = await chromium.new_context()
    ana = await Person.arrive(context, house.url, "Ana")
    bo = await arrive("Bo")
    await until(ana.page, READY)
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await house.deploy(newer)
    other = await context.new_page()
    await other.goto(house.url)
    await until(other, has_shelf(newer))
    await other.reload()
    await until(other, READY)
    await expect(other.get_by_text(NEWER)).to_have_count(0)  # it is the newer one
    await ana.hears_from(bo, "Still here")
    assert sorted(await shelves(other)) == sorted(f"page {build_of(build)}" for build in (current(), newer))
    await ana.page.close()
    await other.reload()
    await until(other, has_only(newer))
    await context.close()
    forgive_the_restart(bo)


async def test_a_worker_that_cannot_be_set_up_changes_nothing(arrive: Arrive, house: House, tmp_path: Path) -> None:
    half = another(current(), tmp_path / "half")
    (file,) = (half / "assets").glob("signals-*")
    file.unlink()
    await house.deploy(half)
    ana, bo = await arrive("Ana"), await arrive("Bo")
    await until(ana.page, "caches.keys().then((all) => all.length > 0)")  # it has been tried
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await ana.hears_from(bo, "All the same")
    assert await ana.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => !one?.active)")
    for person in (ana, bo):
        person.errors[:] = [error for error in person.errors if "404" not in error]  # that is what is missing


SHOWN: Final = """navigator.serviceWorker.getRegistration()
  .then((one) => one.getNotifications()).then((all) => all.map(({ title, body, tag }) => [title, body, tag]))"""


async def waits_elsewhere(tabs: Chromium, house: House, choices: dict[str, bool]) -> Tab:
    """Let somebody wait in a tab behind another one."""
    await tabs.ask("Browser.grantPermissions", origin=house.url, permissions=["notifications"])
    tab = await tabs.open(house.url)
    await tab.sees(READY)
    await tab.evaluate(f"localStorage.setItem('passerby', JSON.stringify({json.dumps(choices)}))")
    await tab.ask("Page.reload")
    await tab.waits()
    await tab.hide()
    return tab


CLICK: Final = """async (tag) => {
  self.focused = "";
  WindowClient.prototype.focus = async function () { self.focused = this.url; };
  await self.registration.showNotification("Passerby", { tag });
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""

# Asks each tab by which tag its messages go, as the worker does.
TAGS: Final = """async () => Object.fromEntries(await Promise.all((await self.clients.matchAll()).map((client) =>
  new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answered([client.url, data.tab]);
    client.postMessage({ kind: "which" }, [port2]);
  }))))"""


@pytest.mark.timeout(90)  # a worker that the browser has stopped answers nothing, ever
async def test_a_click_on_its_message_leads_to_the_tab_that_showed_it(chromium: Browser, house: House) -> None:
    """Only somebody's own click may really bring a tab to the front, so it is seen which one would be."""
    context = await chromium.new_context(permissions=["notifications"])
    pages = [await visit(context, f"{house.url}?{name}") for name in ("one", "two", "three")]
    (worker,) = context.service_workers
    tags = await worker.evaluate(TAGS)
    assert len(set(tags.values())) == len(pages)
    for page in pages:
        await worker.evaluate(CLICK, tags[page.url])
        async with asyncio.timeout(WITHIN_S):
            while await worker.evaluate("self.focused") != page.url:
                await asyncio.sleep(0.05)
        assert await worker.evaluate("self.registration.getNotifications().then((all) => all.length)") == 0
    await context.close()


async def shown(tab: Tab, count: int) -> list[list[str]]:
    """Wait until the system shows so many messages."""
    async with asyncio.timeout(WITHIN_S):
        while len(messages := await tab.evaluate(SHOWN) or []) != count:
            await asyncio.sleep(0.05)
    return list(messages)


async def test_who_looks_elsewhere_is_told_by_the_title_and_a_message_with_words_that_are_always_the_same(
    tabs: Chromium, arrive: Arrive, house: House
) -> None:
    tab = await waits_elsewhere(tabs, house, {"notify": True})
    bo = await arrive("Bo-of-the-harbours")
    await bo.start()
    await tab.sees("document.title.startsWith('Somebody is here')")
    [[title, body, tag]] = await shown(tab, 1)
    assert (title, body) == ("Passerby", "Somebody is here.")
    await bo.says("walnuts under the bridge")
    await tab.sees("document.title.startsWith('● New message')")
    await tab.sees(f"{SHOWN}.then((all) => all.length === 1 && all[0][1] === 'There is a new message.')")
    assert [await shown(tab, 1)] == [[["Passerby", "There is a new message.", tag]]]
    assert await tab.evaluate("document.querySelector('link[rel=icon]').href.endsWith('/icons/news.svg')")
    await tab.show()
    await shown(tab, 0)
    assert await tab.evaluate("document.querySelector('link[rel=icon]').href.endsWith('/favicon.svg')")


async def test_the_end_of_a_talk_takes_its_message_back(tabs: Chromium, arrive: Arrive, house: House) -> None:
    tab = await waits_elsewhere(tabs, house, {"notify": True})
    bo = await arrive("Bo")
    await bo.start()
    await shown(tab, 1)
    await bo.press("Stop")
    await tab.sees("document.title.startsWith('Gone')")
    await shown(tab, 0)


async def test_without_the_choice_no_message_is_shown(tabs: Chromium, arrive: Arrive, house: House) -> None:
    tab = await waits_elsewhere(tabs, house, {"sound": True})
    bo = await arrive("Bo")
    await bo.start()
    await bo.says("hello")
    await tab.sees("document.title.startsWith('● New message')")
    await tab.sees("document.querySelector('link[rel=icon]').href.endsWith('/icons/news.svg')")
    assert await shown(tab, 0) == []


async def test_a_call_is_told_too_and_taken_back_when_it_is_withdrawn(tabs: Chromium, house: House) -> None:
    tab = await waits_elsewhere(tabs, house, {"notify": True})
    async with launched(DEVICES, ALLOWED) as browser, Caller.arrives(browser, house.url, "Bo") as bo:
        await bo.start()
        await bo.rings(video=False)
        await tab.sees("document.title.startsWith('● A call')")
        await tab.sees(f"{SHOWN}.then((all) => all.length === 1 && all[0][1] === 'Somebody is calling.')")
        await bo.press("Cancel the call")
        await tab.sees("!document.title.startsWith('● A call')")
        await tab.sees(f"{SHOWN}.then((all) => all.length === 1 && all[0][1] === 'Somebody is here.')")


def forgive_the_restart(*people: Person) -> None:
    """A deployment ends every WebSocket: that is what happened."""
    for person in people:
        person.errors[:] = [error for error in person.errors if "WebSocket" not in error]
