"""Two strangers of Python's with each other, over each broker: all that people do, and no browser."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from typing import Final

import pytest
from av import VideoFrame
from PIL import Image

from stranger import Stranger, events, meeting, voice
from stranger.media import Colour, Colours, Tone, colour
from tests.journeys.house import House
from tests.journeys.strangers import WITHIN_S, Ear

RED: Final = (200, 0, 0)
BLUE: Final = (0, 0, 200)


@contextlib.asynccontextmanager
async def two(house: House) -> AsyncIterator[tuple[Stranger, Ear, Stranger, Ear]]:
    """Let Ana and Bo meet."""
    async with contextlib.AsyncExitStack() as stack:
        ana, bo = [await stack.enter_async_context(Stranger(house.url, nickname=name)) for name in ("Ana", "Bo")]
        async with asyncio.TaskGroup() as group:
            meetings = [
                group.create_task(stack.enter_async_context(each.meet(within_s=WITHIN_S))) for each in (ana, bo)
            ]
        ears = [await stack.enter_async_context(Ear.on(each.result())) for each in meetings]
        yield ana, ears[0], bo, ears[1]


async def test_they_know_each_other_by_name_and_by_the_same_words_and_write(house: House) -> None:
    async with two(house) as (_, ana, _, bo):
        assert (ana.talk.nickname, bo.talk.nickname) == ("Bo", "Ana")
        assert {ana.talk.role, bo.talk.role} == {"a", "b"}
        words = [(await each.hears(events.Words)).words for each in (ana, bo)]
        assert words[0] == words[1]
        assert len(words[0]) == 4
        await ana.talk.typing()
        await bo.hears(events.Typing, lambda typing: typing.on)
        nth = await ana.talk.say("Hello, Bo")
        await bo.reads("Hello, Bo")
        await ana.hears(events.Got, lambda got: got.nth == nth)
        await bo.talk.say("Hello, Ana")
        await ana.reads("Hello, Ana")


@pytest.mark.any_broker
async def test_pictures_and_voice_notes_go_both_ways(house: House) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(drawn, "PNG")
    async with two(house) as (_, ana, _, bo):
        for one, other in ((ana, bo), (bo, ana)):
            picture, note = await one.talk.send_image(drawn.getvalue()), one.talk.send(voice.tone(1.0))
            came = await other.hears(events.Arrived, lambda it: it.what == "image")
            assert Image.open(io.BytesIO(came.data)).size == (320, 200)
            heard = await other.hears(events.Arrived, lambda it: it.what == "voice")
            assert heard.ms is not None
            assert abs(heard.ms - 1_000) < 100
            await one.hears(events.Taken, lambda taken: taken.nth == note)  # noqa: B023  awaited right here
            assert events.Taken(picture) in one.told


@pytest.mark.any_broker
async def test_a_call_is_seen_on_both_sides_and_the_talk_goes_on_after_it(house: House) -> None:
    async with two(house) as (_, ana, _, bo):
        await ana.talk.ring(video=True, audio=Tone(), picture=Colours((RED,)))
        await bo.hears(events.Rang, lambda ring: ring.video)
        await bo.talk.accept(audio=Tone(), picture=Colours((BLUE,)))
        await asyncio.gather(ana.hears(events.Called), bo.hears(events.Called))
        await asyncio.gather(_sees(ana, BLUE), _sees(bo, RED))
        await bo.talk.hang_up()
        await ana.hears(events.HungUp, lambda over: over.why == "ended")
        await ana.talk.say("That was nice")
        await bo.reads("That was nice")


async def _sees(ear: Ear, expected: Colour) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            track = ear.talk.video
            if track is None:
                await asyncio.sleep(0.05)
            else:
                frame = await track.recv()
                assert isinstance(frame, VideoFrame)
                if all(abs(one - other) < 60 for one, other in zip(colour(frame), expected, strict=True)):
                    return  # a codec keeps colours roughly


@pytest.mark.any_broker
async def test_who_skips_has_left_and_both_can_meet_again_or_somebody_else(house: House) -> None:
    async with two(house) as (ana, anas, bo, bos):
        anas.talk.skip()
        assert await bos.hears(events.Over) == events.Over("left")
        async with asyncio.TaskGroup() as group:
            again = [group.create_task(_once_more(me, ear)) for me, ear in ((ana, anas), (bo, bos))]
        assert [each.result() for each in again] == ["Bo", "Ana"]


async def _once_more(me: Stranger, before: Ear) -> str:
    async with me.meet(again=before.talk, within_s=WITHIN_S) as talk:
        await talk.say("You again!")
        async for event in talk:
            if isinstance(event, events.Heard):
                break
        return talk.nickname


async def test_no_broker_is_needed_to_go_on_talking(house: House) -> None:
    async with two(house) as (_, ana, _, bo):
        await house.stop_broker()
        await ana.talk.say("Are you still there?")
        await bo.reads("Are you still there?")
        await bo.talk.say("I am")
        await ana.reads("I am")
        await house.start_broker()


@pytest.mark.any_broker
async def test_a_way_that_carries_nothing_any_more_ends_the_talk_as_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two look after each other every 5 s or so; 20 s without a sign are too long for a test."""
    monkeypatch.setattr(meeting, "LOST_AFTER_S", 9.0)
    async with two(house) as (_, ana, bo, bos):
        visit = bo._visit  # noqa: SLF001  to take its network away, which nobody can do politely
        assert visit is not None
        assert visit._encounter is not None  # noqa: SLF001
        sctp = visit._encounter.meeting.peer.pc.sctp  # noqa: SLF001
        assert sctp is not None
        for protocol in sctp.transport.transport._connection._protocols:  # noqa: SLF001
            protocol.transport.abort()
        assert await ana.hears(events.Over) == events.Over("lost")
        assert await bos.hears(events.Over) == events.Over("lost")
