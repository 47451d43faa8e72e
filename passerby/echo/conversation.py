"""One talk of the bot's, from its greeting to its end.

    talk ── lines, pictures, voice notes, rings ──► deeds, which wait for their turn ──► talk: typing … said
         ══ voice and picture of a call ═══════════════════════════════════════════════► talk

It types before it says something. Who has said nothing for some minutes is asked, and then left.
"""

import asyncio
import contextlib
import random
from collections import deque
from typing import Final

from aiortc import MediaStreamTrack

from passerby.echo import answers, picture, tune
from passerby.echo.answers import (
    Deed,
    HangUp,
    Leave,
    PickUp,
    Ring,
    Say,
    SayWords,
    SendBack,
    SendPicture,
    SendVoice,
)
from stranger import errors, events, media, voice
from stranger.parcels.goods import Goods
from stranger.talk import Talk
from stranger.tracks import Kind

SILENCE_S: Final = 180.0
"""After so long without a sign of the stranger's it asks whether they are there, …"""
LEAVE_S: Final = 60.0
"""… and leaves so much later."""
DEEDS_MOST: Final = 8
"""What waits for its turn. Who says more at once is told so."""
CALL_S: Final = 600.0
"""No call lasts longer."""
RINGING_S: Final = 1.5
"""It lets a call ring for so long."""
READ_S: Final = 1.0
"""So long its last words may take to arrive."""

_SIGNS: Final = (events.Heard, events.Typing, events.Coming, events.Arrived, events.Rang, events.Called, events.HungUp)


class Conversation:
    """What the bot does in a talk.

    Args:
        talk: with whom.
        dice: for what it makes up, and how long it types.
        silence_s: after how long it asks whether anybody is there.
    """

    def __init__(self, talk: Talk, dice: random.Random, *, silence_s: float = SILENCE_S) -> None:
        self._talk, self._dice, self._silence_s = talk, dice, silence_s
        self._deeds: deque[Deed] = deque()
        self._more = asyncio.Event()
        self._lines = 0
        self._calling = False
        self.welcome = False
        """Whether the stranger has said, sent or asked for anything: did not just leave."""
        self._said = -1
        self._read: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Talk until it is over. Cancelled, it says goodbye."""
        acting = asyncio.create_task(self._act())
        try:
            self._add(*answers.GREETING)
            await self._listen()
        except asyncio.CancelledError:
            acting.cancel()
            await self._say_goodbye()
            raise
        finally:
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)

    def somebody_waits(self) -> None:
        """Tell the stranger that they could meet a person now."""
        self._add(*answers.SOMEBODY_WAITS)

    # ── what the stranger does ───────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        asked = False
        while True:
            try:
                async with asyncio.timeout(CALL_S if self._calling else LEAVE_S if asked else self._silence_s):
                    event = await anext(self._talk)
            except StopAsyncIteration:
                return
            except TimeoutError:
                self._add(*_impatience(calling=self._calling, asked=asked))
                asked = not self._calling
                continue
            asked = asked and not isinstance(event, _SIGNS)
            self.welcome = self.welcome or isinstance(event, _SIGNS)
            self._take(event)
            if isinstance(event, events.Called):
                await self._mirror()

    def _take(self, event: events.Event) -> None:
        match event:
            case events.Heard(text=text):
                self._add(*answers.answer(text, self._talk.nickname, self._lines))
                self._lines += 1
            case events.Arrived(what=what):
                self._add(answers.CAME[what], SendBack(event))
            case events.Missed(why="size" | "type" | "unreadable" | "many"):
                self._add(*answers.NOT_READ)
            case events.Refused(why="unwanted"):
                self._add(*answers.NOT_TAKEN)
            case events.Rang():
                self._add(PickUp())
            case events.Called(video=video):
                self._calling = True
                self._add(*answers.CALLED[video])
            case events.HungUp(why=why):
                self._calling = False
                self._add(*(answers.CALL_ENDED if why == "ended" else answers.CALL_DECLINED))
            case events.Got(nth=nth) if nth == self._said and not self._read.done():
                self._read.set_result(None)
            case _:
                pass

    async def _mirror(self) -> None:
        """Send back what comes in a call."""
        tracks: tuple[tuple[Kind, MediaStreamTrack | None], ...]
        tracks = (("audio", self._talk.audio), ("video", self._talk.video))
        with contextlib.suppress(errors.Ended):
            for kind, track in tracks:
                if track is not None:
                    await self._talk.replace(kind, media.Echo(track))

    # ── what it does ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _add(self, *deeds: Deed) -> None:
        for deed in deeds:
            if len(self._deeds) < DEEDS_MOST:
                self._deeds.append(deed)
            elif len(self._deeds) == DEEDS_MOST:
                self._deeds.append(answers.TOO_MANY)
        self._more.set()

    async def _act(self) -> None:
        with contextlib.suppress(errors.Ended):
            while not self._talk.over:
                self._more.clear()
                while self._deeds:
                    await self._perform(self._deeds.popleft())
                await self._more.wait()

    async def _perform(self, deed: Deed) -> None:
        match deed:
            case Say(text=text):
                await self._say(text)
            case SayWords():
                await self._say(answers.words(self._talk.words))
            case SendBack(came=came):
                await self._send_back(came)
            case SendPicture():
                await self._talk.send_image(await asyncio.to_thread(picture.made_up, self._dice))
            case SendVoice():
                self._talk.send(await asyncio.to_thread(lambda: voice.from_pcm(tune.made_up(self._dice), tune.RATE)))
            case Ring(video=video):
                await self._talk.ring(video=video)
            case PickUp():
                await asyncio.sleep(RINGING_S)
                await self._talk.accept()
            case HangUp():
                await self._talk.hang_up()
            case Leave():
                await self._wait_until_read()
                self._talk.leave()

    async def _send_back(self, came: events.Arrived) -> None:
        if came.what == "image":
            await self._talk.send_image(came.data)
        else:
            self._talk.send(Goods(came.what, came.type, came.data, came.ms, came.wave))

    async def _say(self, text: str) -> None:
        await self._talk.typing()
        await asyncio.sleep(answers.pause_s(text, self._dice.random()))
        self._said = await self._talk.say(text)

    async def _say_goodbye(self) -> None:
        """Say why it goes, at once, and give that the time to arrive."""
        with contextlib.suppress(errors.Ended, TimeoutError):
            self._said = await self._talk.say(answers.STOPPED)
            self._read = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(READ_S):
                async for event in self._talk:
                    self._take(event)
                    if self._read.done():
                        break
        self._talk.leave()

    async def _wait_until_read(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READ_S):
                await asyncio.shield(self._read)


def _impatience(*, calling: bool, asked: bool) -> tuple[Deed, ...]:
    if calling:
        return answers.LONG_CALL
    return answers.TOO_LONG if asked else answers.STILL_THERE
