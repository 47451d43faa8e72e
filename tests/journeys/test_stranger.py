"""A stranger of Python's and a person at a browser: they meet, talk, check words, part, and lose each other."""

import asyncio
import contextlib

import pytest
from playwright.async_api import Browser, Error

from broker.messages import Role
from stranger import Stranger, errors, events
from tests.faults.rowdies import lobby
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.people import Person
from tests.journeys.shaking import WATCH, Handshake
from tests.journeys.strangers import WITHIN_S, Ear, arrives, meets, talking
from tests.polling import until

ROLES: tuple[Role, ...] = ("a", "b")
LINES = "Two lines,\nand ümläuts 🐢 <b>not bold</b>"


async def they_talk(ana: Ear, bo: Person) -> None:
    """See that they write, and see each other write, both ways."""
    nth = await ana.talk.say(f"{LINES}, says Ana")
    await bo.reads(f"{LINES}, says Ana")
    await ana.hears(events.Got, lambda got: got.nth == nth)
    await ana.talk.typing()
    await bo.window.reads("Ana is typing…")
    await ana.talk.say("hm")
    await bo.window.misses("Ana is typing…")
    await bo.types("hm, Ana")
    await ana.hears(events.Typing, lambda typing: typing.on)
    await bo.window.key("Enter", box="Your message")
    await ana.reads("hm, Ana")
    assert (ana.talk.nickname, ana.talk.hides) == ("Bo", False)


@pytest.mark.parametrize(
    ("engine", "handshake", "role"),
    [
        ("embedded", "offer", "a"),
        ("embedded", "mirror", "b"),
        ("mosquitto", "offer", "b"),
        ("mosquitto", "mirror", "a"),
    ],
)
async def test_they_meet_by_either_handshake_in_either_role_write_and_see_the_same_words(
    chromium: Browser, engine: str, handshake: Handshake, role: Role
) -> None:
    async with talking(chromium, engine, handshake, role, WATCH) as (_, ana, bo):
        await they_talk(ana, bo)
        words = await ana.hears(events.Words)
        shown = [f"{word} {number}" for word, number in zip(words.words, words.numbers, strict=True)]
        assert await bo.check_words() == shown
        assert ana.talk.role == role
        asked = await bo.window.evaluate("wish.filter(({ signalingState }) => signalingState !== 'closed').length")
        assert asked == 1
        plain = await bo.window.evaluate("wish.some(({ asked }) => asked.refused > 0)")
        assert not plain, "the page takes what it is offered"


@pytest.mark.parametrize(("handshake", "role"), [("offer", "b"), ("mirror", "a")])
async def test_with_firefox_they_meet_by_either_handshake_in_either_role_and_write(
    firefox: Firefox, handshake: Handshake, role: Role
) -> None:
    async with talking(firefox, "embedded", handshake, role) as (_, ana, bo):
        await they_talk(ana, bo)
        assert len((await ana.hears(events.Words)).words) == 4
        await bo.press("Next")
        assert (await ana.hears(events.Over)).mood == "left"


@pytest.mark.parametrize("role", ROLES)
async def test_a_browser_that_takes_no_mirrored_answer_and_a_stranger_start_anew(chromium: Browser, role: Role) -> None:
    async with talking(chromium, "embedded", "mirror", role, f"{WATCH} window.refusing = true;") as (_, ana, bo):
        await they_talk(ana, bo)
        assert await bo.window.evaluate("wish.some(({ asked }) => asked.refused > 0)")


@pytest.mark.any_broker
async def test_who_presses_next_is_gone_for_the_stranger_and_meets_the_next_one(chromium: Browser, engine: str) -> None:
    async with House.open(engine) as house, contextlib.AsyncExitStack() as stack:
        ana, cy = [await stack.enter_async_context(Stranger(house.url, nickname=name)) for name in ("Ana", "Cy")]
        bo = await arrives(stack, chromium, house.url)
        await bo.start()
        async with ana.meet(within_s=WITHIN_S) as talk, Ear.on(talk) as ear:
            await meets(bo)
            await bo.press("Next")
            assert (await ear.hears(events.Over)).mood == "left"
            assert (talk.over, talk.mood) == (True, "left")
            with pytest.raises(errors.Ended):
                await talk.say("Wait!")
        async with cy.meet(within_s=WITHIN_S) as talk, Ear.on(talk) as ear:
            await meets(bo, "Cy")
            await talk.say("Hello from another one")
            await bo.reads("Hello from another one")
            talk.skip()
            await bo.reads("Cy left.")
            assert "skip" not in (await bo.text()).lower()
        assert bo.errors == []


async def test_a_stranger_that_goes_in_the_midst_of_a_talk_has_left(chromium: Browser, engine: str) -> None:
    async with House.open(engine) as house, contextlib.AsyncExitStack() as stack:
        bo = await arrives(stack, chromium, house.url)
        await bo.start()
        async with Stranger(house.url, nickname="Ana") as ana, ana.meet(within_s=WITHIN_S):
            await meets(bo)
        await bo.reads("Ana left.")


async def test_a_page_that_is_closed_has_left_and_one_that_crashes_is_lost(chromium: Browser) -> None:
    async with House.open() as house, Stranger(house.url, nickname="Ana") as ana:
        for crash in (False, True):
            async with contextlib.AsyncExitStack() as stack:
                bo = await arrives(stack, chromium, house.url)
                await bo.start()
                async with ana.meet(within_s=WITHIN_S) as talk, Ear.on(talk) as ear:
                    await meets(bo)
                    if crash:
                        with contextlib.suppress(Error):
                            await bo.page.goto("chrome://crash", timeout=2_000)
                    else:
                        await bo.page.close(run_before_unload=False)
                    over = await ear.hears(events.Over, within_s=60)
                    assert over.mood == ("lost" if crash else "left")


@pytest.mark.any_broker
async def test_both_ask_and_meet_again_although_somebody_else_waits(chromium: Browser, engine: str) -> None:
    async with House.open(engine) as house, contextlib.AsyncExitStack() as stack:
        ana, cy = [await stack.enter_async_context(Stranger(house.url, nickname=name)) for name in ("Ana", "Cy")]
        bo = await arrives(stack, chromium, house.url)
        await bo.start()
        async with ana.meet(within_s=WITHIN_S) as first:
            await meets(bo)
        await bo.reads("Ana left.")

        async def wait_for_anybody() -> None:
            async with cy.meet():
                pytest.fail("Bo asked for somebody else")

        waiting = asyncio.create_task(wait_for_anybody())
        await until(lambda: lobby(house).waiting == 1)
        await bo.press("Talk again with your last stranger")
        async with ana.meet(again=first, within_s=WITHIN_S) as second, Ear.on(second) as ear:
            await meets(bo)
            assert second.session != first.session
            await bo.says("You again!")
            await ear.reads("You again!")
        assert not waiting.done()
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting


@pytest.mark.any_broker
async def test_a_report_of_either_is_counted_and_after_a_block_they_meet_no_more(
    chromium: Browser, engine: str
) -> None:
    async with House.open(engine) as house, contextlib.AsyncExitStack() as stack:
        ana = await stack.enter_async_context(Stranger(house.url, nickname="Ana"))
        bo = await arrives(stack, chromium, house.url)
        await bo.start()
        async with ana.meet(within_s=WITHIN_S) as talk:
            await meets(bo)
            dialog = await bo.opens_report()
            await dialog.get_by_role("radio", name="Spam or advertising").check()
            await dialog.get_by_role("checkbox", name="Block and leave, too").uncheck()
            await dialog.get_by_role("button", name="Report").click()
            await bo.reads("Reported, thank you.")
            await until(lambda: lobby(house).reports["spam"] == 1)
            assert talk.report("harassment")
            await until(lambda: lobby(house).reports["harassment"] == 1)
            assert talk.block()
            assert (talk.over, talk.mood) == (True, "blocked")
            await bo.reads("Ana left.")
            assert "block" not in (await bo.log.inner_text()).lower()
        await bo.press("Next")
        with pytest.raises(errors.Nobody):
            async with ana.meet(within_s=7):
                pytest.fail("they were never to meet again")
        await bo.sees("waiting")
        assert bo.errors == []
