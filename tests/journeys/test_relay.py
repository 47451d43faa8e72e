"""Hiding one's address: nothing but the relay is told and used, until both would talk directly."""

import asyncio
import contextlib
import itertools
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import ClassVar, Final

import pytest
from playwright.async_api import Browser, expect

from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import IceServer
from matcher.service import Service
from matcher.turn import Turn
from tests.journeys.hiding import HIDE, WATCH, ends
from tests.journeys.house import House
from tests.journeys.middles import DeceivingService, Middle
from tests.journeys.people import Person
from tests.relays import Relay

NOWHERE: Final = "0.0.0.0"  # noqa: S104  said in place of an address


@contextlib.asynccontextmanager
async def people(
    browser: Browser,
    turn: Turn | None,
    hiding: tuple[bool, bool] = (True, True),
    service: type[Service] = Service,
    *,
    clocks: bool = False,
) -> AsyncIterator[tuple[House, Person, Person]]:
    """Let two come as far as the lobby, who have made their choices."""
    async with House.open(turn=turn, service=service) as house, contextlib.AsyncExitStack() as stack:
        found = []
        for name, hides in zip(("Ana", "Bo"), hiding, strict=True):
            context = await browser.new_context()
            stack.push_async_callback(context.close)
            await context.add_init_script(WATCH)
            if clocks:
                await context.clock.install()
            person = await Person.arrive(context, house.url, name)
            if hides:
                await person.page.get_by_role("checkbox", name=HIDE).check()
            found.append(person)
        ana, bo = found
        yield house, ana, bo


async def meet(ana: Person, bo: Person) -> None:
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))


async def talks(ana: Person, bo: Person, word: str) -> None:
    await ana.hears_from(bo, f"{word} from Bo")
    await bo.hears_from(ana, f"{word} from Ana")


async def test_two_who_hide_talk_through_the_relay_on_both_sides(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, relay.turn()) as (_, ana, bo):
        await meet(ana, bo)
        await talks(ana, bo, "Hidden")
        assert await ends(ana, bo) == ["relay", "relay"]
        for person in (ana, bo):
            await expect(person.page.get_by_text("relayed", exact=True)).to_be_visible()
            assert person.errors == []


async def test_what_who_hides_publishes_names_no_address_of_theirs(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, relay.turn(), service=DeceivingService) as (house, ana, bo):
        async with Middle.sit(house) as middle:
            await asyncio.gather(ana.start(), bo.start())
            await asyncio.gather(ana.sees("alarm"), bo.sees("alarm"))
        told = [json.loads(plain) for plain in middle.read]
        text = "\n".join(each["sdp"] for each in told if "sdp" in each)
        text += "\n".join(some["candidate"] for each in told for some in each.get("candidates", []))
        assert " typ relay" in text, "there must be something to look at"
        assert not re.search(r" typ (?!relay)\w+", text)
        assert set(re.findall(r"raddr (\S+) rport (\S+)", text)) <= {(NOWHERE, "0")}
        assert set(re.findall(r"c=IN IP\d (\S+)", text)) <= {NOWHERE}


async def test_going_direct_needs_both_who_hide(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, relay.turn()) as (_, ana, bo):
        await meet(ana, bo)
        await ana.press("Go direct…")
        await ana.press("Go direct")
        await bo.reads("Ana would like to talk directly")
        await talks(ana, bo, "Still hidden")
        assert await ends(ana, bo) == ["relay", "relay"]
        await bo.press("Go direct…")
        await bo.press("Go direct")
        for person in (ana, bo):
            await person.reads("You talk directly now")
            await expect(person.page.get_by_role("button", name="Go direct…")).to_have_count(0)
        await go_direct(ana, bo)


async def go_direct(ana: Person, bo: Person) -> None:
    # Who does not control ICE may stay on the old way until something comes on the new one: so they go on talking.
    async with asyncio.timeout(20):
        for nth in itertools.count(1):
            await talks(ana, bo, f"Word {nth}")
            if "relay" not in await ends(ana, bo):
                return


async def test_who_hides_also_meets_who_does_not_and_stays_hidden(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, relay.turn(), (True, False)) as (_, ana, bo):
        await meet(ana, bo)
        await talks(ana, bo, "Hello")
        assert await ends(ana) == ["relay"]


async def test_a_suggestion_of_the_operator_is_ticked_and_can_be_taken_back(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, relay.turn(preset=True), (False, False)) as (_, ana, bo):
        box = ana.page.get_by_role("checkbox", name=HIDE)
        await expect(box).to_be_checked()
        await box.uncheck()
        await bo.page.get_by_role("checkbox", name=HIDE).uncheck()
        await meet(ana, bo)
        assert "relay" not in await ends(ana, bo)


async def test_without_a_relay_the_page_says_so_and_offers_nothing(chromium: Browser) -> None:
    async with people(chromium, None, (False, False)) as (_, ana, _bo):
        await expect(ana.page.get_by_role("checkbox", name=HIDE)).to_be_disabled()
        await expect(ana.page.get_by_text("this server has no relay")).to_be_visible()


# The latest search for a way, and the credentials that the next one would use.
CREDENTIALS: Final = """() => {
  const connection = window.connections.find((each) => each.connectionState === "connected");
  if (!connection) return ["", ""];
  const found = /a=ice-ufrag:(\\S+)/.exec(connection.localDescription.sdp)?.[1] ?? "";
  return [found, connection.getConfiguration().iceServers.find((server) => server.username)?.username ?? ""];
}"""


async def test_credentials_are_renewed_in_a_talk_before_the_old_ones_end_and_it_goes_on(chromium: Browser) -> None:
    async with Relay() as relay, people(chromium, Numbered(relay.urls, relay.secret, 300), clocks=True) as (_, ana, bo):
        await meet(ana, bo)
        await talks(ana, bo, "Old")
        before = [await person.page.evaluate(CREDENTIALS) for person in (ana, bo)]
        for person in (ana, bo):
            await person.page.clock.fast_forward("03:10")
        for person, old in zip((ana, bo), before, strict=True):
            async with asyncio.timeout(20):
                while any(
                    new in ("", was) for new, was in zip(await person.page.evaluate(CREDENTIALS), old, strict=True)
                ):
                    await asyncio.sleep(0.05)
        await talks(ana, bo, "New")
        assert await ends(ana, bo) == ["relay", "relay"]


@pytest.mark.parametrize("wrong", ["the secret", "the time"])
async def test_credentials_that_are_no_good_are_told_clearly_and_nobody_is_shown(chromium: Browser, wrong: str) -> None:
    async with Relay() as relay:
        good = relay.turn()
        bad = replace(good, secret="another") if wrong == "the secret" else Yesterdays(good.urls, good.secret)
        async with people(chromium, bad, (True, False)) as (_, ana, _bo):
            await ana.start()
            await ana.sees("lobby")
            await expect(ana.page.get_by_text("The relay lets nobody in")).to_be_visible()


class Numbered(Turn):
    """Gives no credentials twice, also within one second."""

    _count: ClassVar[Iterator[int]] = itertools.count()

    def servers(self, peer: PeerId, address: AddressKey | None, now: float) -> tuple[list[IceServer], int]:
        return super().servers(peer, address, now + next(self._count))


class Yesterdays(Turn):
    """Gives credentials that have run out."""

    def servers(self, peer: PeerId, address: AddressKey | None, now: float) -> tuple[list[IceServer], int]:
        return super().servers(peer, address, now - 86_400)
