"""When a session ends nothing of it remains: not in memory, not in storage, not on paper, not in a saved page."""

import asyncio
import base64
import contextlib
import quopri
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from matcher.policing import Policing
from matcher.service import Service
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.house import House
from tests.journeys.keeping import NOTHING, STORED, only_the_page_is_kept
from tests.journeys.people import Person
from tests.journeys.pictures import jpeg

pytestmark = pytest.mark.any_broker

WORDS: Final = ("walnuts under the bridge", "harbours at noon")

# Compiled code is counted as heap, too, and grows for a while with use, whatever a page holds on to. So nothing is
# compiled twice here, nor thrown away and compiled again.
ONCE: Final = "--js-flags=--no-opt --no-maglev --no-sparkplug --no-lazy-feedback-allocation --no-flush-bytecode"
SESSIONS: Final = 50
EARLY: Final = 5
CALL_EVERY: Final = 10
GROWTH: Final = 1.10

# Counts what a page holds on to: object URLs, tracks, connections and channels.
WATCH: Final = """
window.held = { urls: new Set(), tracks: [], connections: [], channels: [] };
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (of) => { const url = createObjectURL.call(URL, of); held.urls.add(url); return url; };
URL.revokeObjectURL = (url) => { held.urls.delete(url); revokeObjectURL.call(URL, url); };
const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (wanted) => {
  const stream = await getUserMedia(wanted);
  held.tracks.push(...stream.getTracks().map((track) => new WeakRef(track)));
  return stream;
};
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) { super(...given); held.connections.push(new WeakRef(this)); }
  createDataChannel(...given) {
    const channel = super.createDataChannel(...given);
    held.channels.push(new WeakRef(channel));
    return channel;
  }
};
"""

LEFT: Final = """() => {
  const living = (refs, alive) => refs.map((ref) => ref.deref()).filter((one) => one && alive(one)).length;
  return {
    urls: held.urls.size,
    tracks: living(held.tracks, (track) => track.readyState !== "ended"),
    connections: living(held.connections, (one) => one.signalingState !== "closed"),
    channels: living(held.channels, (channel) => channel.readyState === "open"),
  };
}"""

# Not by the button: a test that chooses files holds on to it for good, and with it to all of the page.
PASTE: Final = """(text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], "a.jpg", { type: "image/jpeg" }));
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@contextlib.asynccontextmanager
async def guests(browser: Browser, house: House, *names: str) -> AsyncIterator[list[Person]]:
    async with contextlib.AsyncExitStack() as stack:
        people = []
        for name in names:
            context: BrowserContext = await browser.new_context()
            stack.push_async_callback(context.close)
            await context.add_init_script(WATCH)
            people.append(await Person.arrive(context, house.url, name))
        yield people


async def saved(person: Person) -> str:
    """Save the page, as a browser does."""
    tools = await person.page.context.new_cdp_session(person.page)
    answer: dict[str, Any] = await tools.send("Page.captureSnapshot", {"format": "mhtml"})
    return quopri.decodestring(answer["data"]).decode(errors="replace")


async def test_after_the_end_nothing_of_a_talk_is_in_the_page_or_in_a_saved_one(
    chromium: Browser, house: House
) -> None:
    async with guests(chromium, house, "Ana", "Bo") as (ana, bo):
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, WORDS[0])
        await bo.hears_from(ana, WORDS[1])
        assert WORDS[0] in await saved(ana), "the test must be able to see it"
        await ana.press("Stop")
        await ana.sees("lobby")
        await bo.reads("Ana left.")
        await bo.press("Stop")
        await bo.sees("lobby")
        for person in (ana, bo):
            kept = await saved(person)
            assert [word for word in (*WORDS, "Talking with") if word in kept] == []
            assert await person.page.evaluate(STORED) == NOTHING
            await only_the_page_is_kept(person.page, house.url)


async def test_a_talk_is_not_printed(chromium: Browser, house: House) -> None:
    async with guests(chromium, house, "Ana", "Bo") as (ana, bo):
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, WORDS[0])
        await ana.page.emulate_media(media="print")
        await expect(ana.log).to_be_hidden()
        assert WORDS[0] not in await ana.text()
        await ana.page.emulate_media(media="screen")
        await ana.reads(WORDS[0])


async def heap_bytes(person: Person) -> int:
    """Measure what the page's scripts hold, after a full collection."""
    tools = await person.page.context.new_cdp_session(person.page)
    await tools.send("HeapProfiler.enable")
    for _ in range(3):
        await tools.send("HeapProfiler.collectGarbage")
    used = await tools.send("Runtime.getHeapUsage")
    await tools.detach()
    return int(used["usedSize"])


async def converse(one: Person, other: Person, *, call: bool) -> None:
    """Use a talk as people do: words and pictures both ways, and now and then a call."""
    await one.hears_from(other, "One line")
    await other.hears_from(one, "Another line")
    for sender, receiver in ((one, other), (other, one)):
        await sender.page.evaluate(PASTE, base64.b64encode(jpeg()).decode())
        await receiver.page.get_by_role("button", name="Show the picture").click()
    if call:
        await one.press("Call with video")
        await one.page.locator(".preview").get_by_role("button", name="Call with video").click()
        await other.press("Answer…")
        await other.press("Answer with video")
        for person in (one, other):
            await expect(person.page.get_by_role("button", name="Hang up")).to_be_visible(timeout=15_000)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["embedded"])
async def test_fifty_sessions_in_one_tab_leave_it_as_five_did(engine: str) -> None:
    unhindered = partial(Service, policing=Policing(dry_run=True))
    async with (
        House.open(engine, service=unhindered) as house,
        launched(DEVICES, ALLOWED, ONCE) as plain,
        guests(plain, house, "Ana", "Bo", "Cy") as people,
    ):
        ana, *others = people
        await ana.start()
        early = 0
        for nth in range(1, SESSIONS + 1):
            # Two who have met do not meet again next, so each stranger comes anew.
            other = others[nth % 2]
            await other.page.reload()
            await other.enter()
            await other.start()
            if nth > 1:
                await ana.press("Next")
            await ana.meets(other)
            await other.meets(ana)
            await converse(ana, other, call=nth % CALL_EVERY == 1)
            if nth == EARLY:
                early = await heap_bytes(ana)
        late = await heap_bytes(ana)
        await ana.press("Stop")
        await ana.sees("lobby")
        left = await ana.page.evaluate(LEFT)
        print(f"heap: {early:,} bytes after {EARLY} sessions, {late:,} after {SESSIONS}; left: {left}")  # noqa: T201
        assert left == {"urls": 0, "tracks": 0, "connections": 0, "channels": 0}
        assert late <= early * GROWTH
        assert ana.errors == []
