"""What a stranger sends is text, wherever it is shown: nothing runs, nothing is drawn or fetched for it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Dialog, Request, expect

from tests.journeys.house import House
from tests.journeys.payloads import LONG, SHORT, TAGS
from tests.journeys.people import Person

RAW: Final = """
window.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective }) => window.violations.push(violatedDirective));
const make = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  const channel = make.apply(this, given);
  if (given[1]?.id !== 0) return channel;
  window.channel = channel;
  const send = channel.send.bind(channel);
  channel.send = (data) => {
    const message = JSON.parse(data);
    if (message.kind === "hello" && window.alias) message.nickname = window.alias;
    send(JSON.stringify(message));
  };
  window.raw = async (messages) => {
    for (const message of messages) {
      send(JSON.stringify(message));
      await new Promise((then) => setTimeout(then, 30)); // no quicker than what is let through
    }
  };
  return channel;
};
"""
ELEMENTS: Final = (
    "b, img, script, iframe, object, embed, svg:not(.tick svg), style, link, meta, base, form, input, video, math"
)
HOME: Final = "http://localhost:"


@dataclass
class Watched:
    """A person, and all that must not happen on its page."""

    person: Person
    wrong: list[str] = field(default_factory=list)

    @classmethod
    async def arrive(cls, context: BrowserContext, url: str, nickname: str, alias: str | None = None) -> "Watched":
        """Arrive by this name; the stranger is told the alias instead, which the page itself would perhaps not send."""
        await context.add_init_script(RAW + f"window.alias = {json.dumps(alias)};")
        watched = cls(await Person.arrive(context, url, nickname))
        watched.person.nickname = alias or nickname
        page = watched.person.page

        async def asked(dialog: Dialog) -> None:
            watched.wrong.append(f"dialog {dialog.message}")
            await dialog.dismiss()

        def fetched(request: Request) -> None:
            if not request.url.startswith((HOME, "blob:")):
                watched.wrong.append(f"request {request.url}")

        page.on("dialog", asked)
        page.on("request", fetched)
        page.on("framenavigated", lambda frame: watched.wrong.append(f"navigation {frame.url}"))
        page.on("popup", lambda popup: watched.wrong.append(f"window {popup.url}"))
        return watched

    async def elements(self) -> int:
        return int(await self.person.log.evaluate("(log, kinds) => log.querySelectorAll(kinds).length", ELEMENTS))

    async def complaints(self) -> list[str]:
        violations = await self.person.page.evaluate("window.violations")
        return [*self.wrong, *self.person.errors, *(f"policy {each}" for each in violations)]

    async def called(self, name: str) -> None:
        """Wait until the stranger is shown by this name, letter by letter."""
        shown = self.person.page.locator("h1 bdi")
        await expect(shown).to_be_visible(timeout=30_000)
        assert await shown.evaluate("(bdi) => bdi.textContent") == name
        assert await shown.evaluate("(bdi) => bdi.children.length") == 0


@contextlib.asynccontextmanager
async def pair(
    chromium: Browser, url: str, *arrivals: tuple[str, str | None]
) -> AsyncIterator[tuple[Watched, Watched]]:
    async with contextlib.AsyncExitStack() as stack:
        contexts = [await chromium.new_context() for _ in range(2)]
        for context in contexts:
            stack.push_async_callback(context.close)
        ana, bo = await asyncio.gather(
            *(
                Watched.arrive(context, url, name, alias)
                for context, (name, alias) in zip(contexts, arrivals, strict=True)
            )
        )
        yield ana, bo


async def meet(ana: Watched, bo: Watched) -> None:
    await asyncio.gather(ana.person.start(), bo.person.start())
    await asyncio.gather(ana.called(bo.person.nickname), bo.called(ana.person.nickname))


async def test_sixty_and_more_hostile_lines_are_shown_letter_by_letter(chromium: Browser) -> None:
    assert len(LONG) >= 60
    async with House.open() as house, pair(chromium, house.url, ("Ana", None), ("Bo", None)) as (ana, bo):
        await meet(ana, bo)
        before = await ana.elements()
        texts = [{"kind": "text", "id": nth, "text": payload} for nth, payload in enumerate(LONG)]
        await bo.person.page.evaluate("(messages) => raw(messages)", texts)
        bubbles = ana.person.log.locator(".bubble")
        await expect(bubbles).to_have_count(len(LONG))
        shown = await bubbles.evaluate_all("(all) => all.map((bubble) => bubble.textContent)")
        assert shown == list(LONG)
        assert await ana.elements() == before
        links = await ana.person.log.locator("a").evaluate_all("(all) => all.map((link) => link.href)")
        assert len(links) >= 3, "links are among them"
        for link in map(urlsplit, links):
            assert (link.scheme, link.username) == ("https", None)
            assert link.hostname in ("a.example", "e.example")
        attributes = await ana.person.log.evaluate(
            "(log) => [...log.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())"
        )
        assert [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc")] == []
        # What one says oneself is shown as well, and comes back to nobody as anything else.
        await ana.person.says(LONG[1])
        await expect(bo.person.log.locator(".bubble")).to_have_count(1)
        assert await bo.elements() == before
        assert await ana.complaints() == []
        assert await bo.complaints() == []


async def test_hostile_types_of_images_and_voice_notes_are_not_even_looked_at(chromium: Browser) -> None:
    async with House.open() as house, pair(chromium, house.url, ("Ana", None), ("Bo", None)) as (ana, bo):
        await meet(ana, bo)
        before = await ana.person.log.evaluate("(log) => log.querySelectorAll('*').length")
        parcels: list[dict[str, Any]] = [
            {"kind": "parcel", "id": nth, "what": ("image", "voice")[nth % 2], "type": payload, "size": 100}
            for nth, payload in enumerate([*LONG, "image/svg+xml", "text/html", "image/png;x=<svg>"])
        ]
        await bo.person.page.evaluate("(messages) => raw(messages)", parcels)
        await ana.person.hears_from(bo.person, "That was all")
        after = await ana.person.log.evaluate("(log) => log.querySelectorAll('*:not(.line, .line *)').length")
        assert after == before
        assert await ana.person.log.locator(".line").count() == 1
        assert await ana.complaints() == []


@pytest.mark.parametrize("half", [0, 1], ids=["typed", "sent past the page"])
async def test_hostile_names_and_topics_are_shown_letter_by_letter(chromium: Browser, half: int) -> None:
    """By the page's own box, and where that would tidy something up, past it."""
    names = SHORT[half::2]
    async with House.open() as house:
        for mine, theirs in zip(names[::2], names[1::2], strict=True):
            arrivals = [("Plain", name) for name in (mine, theirs)] if half else [(mine, None), (theirs, None)]
            async with pair(chromium, house.url, *arrivals) as (ana, bo):
                for each in (ana, bo):
                    await each.person.likes(*TAGS)
                await meet(ana, bo)
                for each, other in ((ana, bo), (bo, ana)):
                    log = each.person.log
                    assert await log.locator(".tag").evaluate_all("(all) => all.map((tag) => tag.textContent)") == list(
                        TAGS
                    )
                    await other.person.says("hello")
                    await expect(log.locator(".line-stranger .line-name")).to_be_visible()
                    name = await log.locator(".line-stranger .line-name").evaluate("(line) => line.textContent")
                    assert name == other.person.nickname
                    assert await each.elements() == 0
                await ana.person.press("Stop")
                await expect(bo.person.log.get_by_text("left.")).to_be_visible()
                for each in (ana, bo):
                    assert await each.complaints() == []
                    assert "<" not in await each.person.page.title()
