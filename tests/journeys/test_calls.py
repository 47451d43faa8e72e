"""Strangers call each other, by voice and with video, and go on writing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browsers import DEVICES, launched
from tests.journeys.callers import Caller
from tests.journeys.house import House

pytestmark = pytest.mark.any_broker

Come = Callable[..., Awaitable[Caller]]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched(DEVICES) as browser:
        yield browser


@pytest.fixture
async def come(chromium: Browser, house: House) -> AsyncIterator[Come]:
    async with contextlib.AsyncExitStack() as people:

        async def one(nickname: str, *, allows: bool = True) -> Caller:
            return await people.enter_async_context(Caller.arrives(chromium, house.url, nickname, allows=allows))

        yield one


async def meet(come: Come, *, allows: bool = True) -> tuple[Caller, Caller]:
    ana, bo = await come("Ana", allows=allows), await come("Bo")
    await asyncio.gather(ana.start(), bo.start())
    await asyncio.gather(ana.meets(bo), bo.meets(ana))
    await asyncio.gather(ana.idle(), bo.idle())
    return ana, bo


async def call(ana: Caller, bo: Caller, *, video: bool) -> None:
    """Ana rings, Bo says yes."""
    await ana.rings(video=video)
    await bo.answers(ana, video=video)
    await asyncio.gather(ana.calls(bo), bo.calls(ana))


async def test_two_call_by_voice_and_go_on_writing(come: Come) -> None:
    ana, bo = await meet(come)
    await call(ana, bo, video=False)
    await asyncio.gather(ana.hears(), bo.hears())
    await asyncio.gather(ana.uses("audio"), bo.uses("audio"))
    await expect(bo.page.get_by_text("In a call with Ana")).to_have_count(1)
    await ana.hears_from(bo, "I hear you")
    assert (await ana.arrived())["frames"] == 0


@pytest.mark.parametrize("who", ["first", "second"])
async def test_either_calls_with_video_and_both_see_and_hear(come: Come, who: str) -> None:
    ana, bo = await meet(come)
    one, other = (ana, bo) if who == "first" else (bo, ana)
    await call(one, other, video=True)
    await asyncio.gather(ana.watches(), bo.watches(), ana.hears(), bo.hears())
    for person in (ana, bo):
        async with asyncio.timeout(15):
            while not await person.page.evaluate("document.querySelector('.picture:not(.mine)')?.videoWidth > 0"):
                await asyncio.sleep(0.05)
        await expect(person.button("Picture in picture")).to_be_visible()


async def test_nothing_is_opened_before_a_press_and_nothing_sent_before_the_second(come: Come) -> None:
    ana, bo = await meet(come)
    assert await ana.opened() == await bo.opened() == 0
    await ana.press("Call with video")
    await ana.uses("audio", "video")
    await ana.sees_title("Call Bo?")
    await ana.hears_from(bo, "What is it?")  # the channel is in order: a ring would have come before
    await expect(bo.button("Answer…")).to_have_count(0)
    assert (await bo.arrived())["lines"] == 0
    await ana.page.keyboard.press("Escape")  # here it does not mean Next
    await ana.idle()
    await ana.uses()
    assert await bo.opened() == 0


async def test_who_is_asked_may_answer_muted_and_without_a_picture(come: Come) -> None:
    ana, bo = await meet(come)
    await ana.rings(video=True)
    await bo.is_asked(ana, video=True)
    await bo.press("Answer…")
    await bo.press("Mute the microphone")
    await bo.press("Switch the camera off")
    await bo.uses("audio")
    await bo.press("Answer without a picture")
    await ana.told("Bo is muted, with the camera off.")
    await bo.watches()
    silent = await ana.arrived()
    await bo.press("Unmute the microphone")
    await ana.told("Bo has the camera off.")
    await ana.hears()
    assert (await ana.arrived())["frames"] == silent["frames"] == 0
    await bo.press("Switch the camera on")
    await ana.watches()


async def test_a_stranger_sees_who_mutes_and_whose_camera_goes_off(come: Come) -> None:
    ana, bo = await meet(come)
    await call(ana, bo, video=True)
    await asyncio.gather(ana.watches(), bo.watches())
    await ana.press("Mute the microphone")
    await bo.told("Ana is muted.")
    await ana.press("Switch the camera off")
    await bo.told("Ana is muted, with the camera off.")
    await ana.uses("audio")  # a camera that is off is off
    await ana.press("Unmute the microphone")
    await ana.press("Switch the camera on")
    await bo.watches()
    await expect(bo.page.get_by_text("Ana is muted")).to_have_count(0)


async def test_who_declines_opens_no_device_and_the_talk_goes_on(come: Come) -> None:
    ana, bo = await meet(come)
    await ana.rings(video=True)
    await bo.is_asked(ana, video=True)
    await bo.press("Decline")
    await ana.told("Bo does not want to call just now.")
    await asyncio.gather(ana.idle(), bo.idle(), ana.uses())
    assert await bo.opened() == 0
    await bo.hears_from(ana, "Then we write")


async def test_who_rings_for_nothing_twice_is_not_heard_a_third_time(come: Come) -> None:
    ana, bo = await meet(come)
    for _ in range(2):
        await ana.rings(video=False)
        await bo.is_asked(ana, video=False)
        await bo.press("Decline")
        await ana.idle()
    await ana.rings(video=False)
    await ana.told("Bo does not want to call just now.")
    await expect(bo.button("Decline")).to_have_count(0)
    await bo.hears_from(ana, "Sorry")
    await call(bo, ana, video=False)  # to ring oneself is a yes


async def test_after_hanging_up_a_second_call_uses_the_same_connection(come: Come) -> None:
    ana, bo = await meet(come)
    await call(ana, bo, video=True)
    await asyncio.gather(ana.watches(), bo.watches())
    lines = (await ana.arrived())["lines"]
    await bo.press("Hang up")
    await ana.told("Bo hung up.")
    await asyncio.gather(ana.idle(), bo.idle(), ana.uses(), bo.uses())
    await bo.hears_from(ana, "Still here")
    for one, other, video in ((bo, ana, False), (ana, bo, True), (bo, ana, True)):
        await call(one, other, video=video)
        await asyncio.gather(ana.hears(), bo.hears())
        if video:
            await asyncio.gather(ana.watches(), bo.watches())
        await one.press("Hang up")
        await asyncio.gather(ana.idle(), bo.idle(), ana.uses(), bo.uses())
    assert (await ana.arrived())["lines"] == (await bo.arrived())["lines"] == lines == 2
    await ana.hears_from(bo, "And still here")


async def test_who_sends_without_a_call_is_neither_seen_nor_heard(come: Come) -> None:
    ana, bo = await meet(come)
    await ana.sends_unasked()
    await bo.until(lambda now: now["lines"] == 2, "should have agreed on two lines")
    await ana.hears_from(bo, "What do you try?")
    await bo.hears_from(ana, "Nothing")
    assert (await bo.directions()) == ["inactive", "inactive"]
    arrived = await bo.arrived()
    assert arrived["frames"] == arrived["samples"] == 0
    await expect(bo.page.locator("video, audio")).to_have_count(0)


async def test_two_rings_that_cross_are_one_call(come: Come) -> None:
    ana, bo = await meet(come)
    for person in (ana, bo):
        await person.press("Call with video")
        await person.uses("audio", "video")
        await person.hold()
        await person.goes(video=True)
    for person, other in ((ana, bo), (bo, ana)):
        await person.sees_title(f"Asking {other.nickname} for a video call…")
    await asyncio.gather(ana.let_go(), bo.let_go())
    await asyncio.gather(ana.calls(bo), bo.calls(ana))
    await asyncio.gather(ana.watches(), bo.watches(), ana.hears(), bo.hears())
    await ana.press("Hang up")
    await asyncio.gather(ana.idle(), bo.idle(), ana.uses(), bo.uses())


async def test_two_pairs_call_at_the_same_time(come: Come) -> None:
    people = [await come(name) for name in ("Ana", "Bo", "Cy", "Dee")]
    await asyncio.gather(*(person.start() for person in people))
    met = [await person.meets(*(other for other in people if other is not person)) for person in people]
    pairs = [(one, other) for one, other in zip(people, met, strict=True) if one.nickname < other.nickname]
    assert len(pairs) == 2
    await asyncio.gather(*(call(one, other, video=True) for one, other in pairs))  # type: ignore[arg-type]
    await asyncio.gather(*(person.watches() for person in people), *(person.hears() for person in people))


async def test_next_in_a_call_stops_every_device_of_both(come: Come) -> None:
    ana, bo = await meet(come)
    await call(ana, bo, video=True)
    await asyncio.gather(ana.uses("audio", "video"), bo.uses("audio", "video"))
    await ana.press("Next")
    await ana.sees("waiting")
    await bo.reads("Ana left.")
    await asyncio.gather(ana.uses(), bo.uses())
    await expect(bo.button("Hang up")).to_have_count(0)


async def test_who_allows_no_microphone_is_told_so_and_goes_on_writing(come: Come) -> None:
    ana, bo = await meet(come, allows=False)
    await ana.press("Call with video")
    await ana.told("The microphone was not allowed.")
    await ana.told("The camera was not allowed.")
    await expect(ana.page.locator(".preview").get_by_role("button", name="Call with video")).to_be_disabled()
    await ana.press("Not now")
    await bo.hears_from(ana, "I cannot call")
    await bo.rings(video=False)
    await ana.is_asked(bo, video=False)
    await ana.press("Decline")
    await bo.told("Ana does not want to call just now.")
    await ana.hears_from(bo, "Never mind")
