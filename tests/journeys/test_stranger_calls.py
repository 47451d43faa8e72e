"""A stranger without a browser and a page call each other: each decodes what the other sends, in either role."""

import array
import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from aioice.ice import StunProtocol
from aioice.stun import Message
from aiortc import MediaStreamTrack
from av import AudioFrame, VideoFrame
from playwright.async_api import Browser

from broker.messages import Role
from stranger import events
from stranger.media import Colours, Tone
from stranger.stranger import Stranger
from stranger.talk import Talk
from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.callers import ARRIVED, WATCH
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.people import Person
from tests.journeys.seeing import until
from tests.journeys.shaking import choosing
from tests.journeys.test_firefox_media import goes

WITHIN_S: Final = 30.0
LIVE: Final = "opened.filter((track) => track.readyState === 'live').length"
LET_GO: Final = "(() => { const waiting = held; held = undefined; for (const say of waiting) say(); return 0; })()"
LOUD: Final = 1_000
"""Of 32,767: silence has less, also after a codec."""

EACH: Final = pytest.mark.parametrize(("browser", "role"), [("chromium", "a"), ("firefox", "b")], indirect=["browser"])
"""Each browser, and each role."""

Arrived = dict[str, float]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched(DEVICES, ALLOWED) as browser:
        yield browser


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser | Firefox:
    found: Browser | Firefox = request.getfixturevalue(request.param)
    return found


@dataclass
class Both:
    """Cy, who is a program, and Ana, at a browser."""

    talk: Talk
    ana: Person

    async def hears(self, *wanted: events.Event) -> None:
        """Wait for what the talk tells, in this order; other things may come between."""
        async with asyncio.timeout(WITHIN_S):
            for each in wanted:
                while await anext(self.talk) != each:
                    pass

    async def answers(self, how: str) -> None:
        """Ana says yes."""
        await self.ana.window.shows("heading", f"Cy would like to call you, {how}")
        await self.ana.press("Answer…")
        await goes(self.ana, f"Answer {how}")
        await self.ana.window.shows("button", "Hang up")

    async def rings(self, how: str) -> None:
        """Ana asks."""
        await self.ana.press(f"Call {how}")
        await goes(self.ana, f"Call {how}")

    async def arrived(self) -> Arrived:
        found: Any = await self.ana.window.evaluate(f"({ARRIVED})()")
        return dict(found)

    async def gets(self, *, video: bool) -> None:
        """Ana's browser decodes more than it has, and Cy decodes what comes from there."""
        before = await self.arrived()

        def more(now: object) -> bool:
            assert isinstance(now, dict)
            seen = now["frames"] > before["frames"] + 10 if video else now["frames"] == before["frames"]
            return bool(seen and now["samples"] > before["samples"] + 24_000 and now["energy"] > before["energy"])

        await until(self.ana, f"({ARRIVED})()", more)
        await reads(self.talk.audio, lambda frame: isinstance(frame, AudioFrame) and loudest(frame) > LOUD)
        if video:
            await reads(self.talk.video, lambda frame: isinstance(frame, VideoFrame) and frame.width > 100)
        else:
            assert self.talk.video is None

    async def idle(self) -> None:
        """Neither is in a call, and Ana's devices are closed."""
        await self.ana.window.hides("button", "Hang up")
        await until(self.ana, LIVE, lambda live: live == 0)
        assert (self.talk.audio, self.talk.video) == (None, None)

    async def writes(self, text: str) -> None:
        """Go on writing, both ways."""
        await self.talk.say(text)
        await self.ana.reads(text)
        await self.ana.says(f"{text}?")
        async with asyncio.timeout(WITHIN_S):
            while not isinstance(event := await anext(self.talk), events.Heard):
                pass
        assert event.text == f"{text}?"


async def reads(track: MediaStreamTrack | None, fits: Callable[[object], bool]) -> None:
    assert track is not None
    async with asyncio.timeout(WITHIN_S):
        while not fits(await track.recv()):
            pass


def loudest(frame: AudioFrame) -> int:
    return max(map(abs, array.array("h", bytes(frame.planes[0]))))


@contextlib.asynccontextmanager
async def both(browser: Browser | Firefox, role: Role, handshake: str = "offer") -> AsyncIterator[Both]:
    """Let Cy in this role and Ana meet; at the end her page may have complained of nothing."""
    async with contextlib.AsyncExitStack() as stack:
        service = choosing("mirror" if handshake == "mirror" else "offer", role)
        house = await stack.enter_async_context(House.open("embedded", service=service))
        cy = await stack.enter_async_context(Stranger(house.url, "Cy"))
        context = await browser.new_context()
        stack.push_async_callback(context.close)
        await context.add_init_script(WATCH)
        ana = await Person.arrive(context, house.url, "Ana")
        await ana.start()
        talk = await stack.enter_async_context(cy.meet(within_s=WITHIN_S))
        assert talk.role == role
        await ana.window.shows("heading", "Talking with Cy", within_s=WITHIN_S)
        yield Both(talk, ana)
        assert ana.errors == []


@pytest.mark.parametrize(
    ("browser", "role", "handshake"), [("chromium", "a", "offer"), ("firefox", "b", "mirror")], indirect=["browser"]
)
async def test_they_call_each_other_again_and_again_and_either_hangs_up(
    browser: Browser | Firefox, role: Role, handshake: str
) -> None:
    async with both(browser, role, handshake) as two:
        await two.rings("with video")
        await two.hears(events.Rang(video=True))
        await two.talk.accept(audio=Tone(), picture=Colours())
        await two.hears(events.Called(video=True), events.Sending(audio=True, video=True))
        await two.gets(video=True)
        await two.ana.press("Hang up")
        await two.hears(events.HungUp("ended"))
        await two.idle()
        await two.writes("I saw you")

        await two.talk.ring(audio=Tone())
        await two.answers("by voice")
        await two.hears(events.Called(video=False))
        await two.gets(video=False)
        await two.talk.hang_up()
        await two.hears(events.HungUp("ended"))
        await two.idle()

        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.answers("with video")
        await two.hears(events.Called(video=True))
        await two.gets(video=True)
        await two.talk.hang_up()
        await two.hears(events.HungUp("ended"))
        await two.idle()
        await two.writes("And once more")
        assert (await two.arrived())["lines"] == 2


@EACH
async def test_rings_that_cross_are_one_call(browser: Browser | Firefox, role: Role) -> None:
    async with both(browser, role) as two:
        await two.ana.press("Call with video")
        await until(two.ana, LIVE, lambda live: live == 2)
        await two.ana.window.evaluate("(held = [], 0)")
        await goes(two.ana, "Call with video")
        await two.ana.window.shows("heading", "Asking Cy for a video call…")
        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.ana.window.evaluate(LET_GO)
        await two.hears(events.Called(video=True))
        await two.gets(video=True)
        await two.ana.press("Hang up")
        await two.hears(events.HungUp("ended"))
        await two.idle()


async def test_a_call_stands_though_the_offer_of_one_that_was_taken_back_comes_late(browser: Browser | Firefox) -> None:
    """Ana's page offers for a call that is none any more, and sees no reason to do so for the next: Cy has to."""
    async with both(browser, "b") as two:
        await two.ana.window.evaluate("(held = [], 0)")
        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.answers("with video")
        await until(two.ana, "held.length", lambda length: length == 3)  # accept, sending, offer
        await two.talk.hang_up()
        await two.ana.window.hides("button", "Hang up")
        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.answers("with video")
        await two.ana.window.evaluate(LET_GO)
        await two.hears(events.Called(video=True))
        await two.gets(video=True)
        await two.talk.hang_up()
        await two.idle()


RESTART: Final = "(connections.findLast((each) => each.connectionState === 'connected').restartIce(), 0)"


@EACH
async def test_a_page_that_looks_for_another_way_is_followed(browser: Browser | Firefox, role: Role) -> None:
    """The stranger cannot restart ICE, and answers who does with what it has (decision 33)."""
    async with both(browser, role) as two:
        await two.rings("with video")
        await two.hears(events.Rang(video=True))
        await two.talk.accept(audio=Tone(), picture=Colours())
        await two.hears(events.Called(video=True))
        await two.gets(video=True)
        for _ in range(2):
            await two.ana.window.evaluate(RESTART)
            await until(
                two.ana,
                "connections.findLast((each) => each.connectionState === 'connected')?.signalingState",
                lambda state: state == "stable",
            )
            await two.gets(video=True)
        await two.writes("Are you on a train")
        await two.ana.press("Hang up")
        await two.hears(events.HungUp("ended"))
        await two.idle()
        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.answers("with video")
        await two.hears(events.Called(video=True))
        await two.gets(video=True)


class Ways:
    """Where what strangers of this process get comes from: all that is known can be cut off, without a word."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._known: set[tuple[str, int]] = set()
        self._cut: set[tuple[str, int]] = set()
        receive, answer, send = StunProtocol.datagram_received, StunProtocol.send_stun, StunProtocol.send_data

        def received(way: StunProtocol, data: bytes, addr: tuple[Any, ...]) -> None:
            self._known.add((addr[0], addr[1]))
            if (addr[0], addr[1]) not in self._cut:
                receive(way, data, addr)

        def answered(way: StunProtocol, message: Message, addr: tuple[str, int]) -> None:
            if (addr[0], addr[1]) not in self._cut:
                answer(way, message, addr)

        async def sent(way: StunProtocol, data: bytes, addr: tuple[str, int]) -> None:
            if (addr[0], addr[1]) not in self._cut:
                await send(way, data, addr)

        monkeypatch.setattr(StunProtocol, "datagram_received", received)
        monkeypatch.setattr(StunProtocol, "send_stun", answered)
        monkeypatch.setattr(StunProtocol, "send_data", sent)

    def cut(self) -> None:
        self._cut |= self._known


@EACH
async def test_a_way_that_is_lost_in_a_call_is_found_again_by_the_page_over_the_broker(
    browser: Browser | Firefox, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = Ways(monkeypatch)
    async with both(browser, role) as two:
        await two.talk.ring(video=True, audio=Tone(), picture=Colours())
        await two.answers("with video")
        await two.hears(events.Called(video=True))
        await two.gets(video=True)
        ways.cut()
        await two.gets(video=True)
        await two.writes("There you are again")
        await two.talk.hang_up()
        await two.hears(events.HungUp("ended"))
        await two.idle()
