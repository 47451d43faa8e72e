"""One talk of the bot's, from its greeting to its end.

    talk ── lines, pictures, voice notes ──► deeds, which wait for their turn ──► talk: typing … said

It types before it says something. Who has said nothing for some minutes is asked, and then left.
"""

import asyncio
import contextlib
import random
from collections import deque
from typing import Final

from passerby.echo import answers, picture, tune
from passerby.echo.answers import Deed, Leave, Ring, Say, SayWords, SendBack, SendPicture, SendVoice
from stranger import errors, events, voice
from stranger.parcels.goods import Goods
from stranger.talk import Talk

SILENCE_S: Final = 180.0
"""After so long without a sign of the stranger's it asks whether they are there, …"""
LEAVE_S: Final = 60.0
"""… and leaves so much later."""
DEEDS_MOST: Final = 8
"""What waits for its turn. Who says more at once is told so."""
READ_S: Final = 1.0
"""So long its last words may take to arrive."""

_SIGNS: Final = (events.Heard, events.Typing, events.Coming, events.Arrived)


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
                async with asyncio.timeout(LEAVE_S if asked else self._silence_s):
                    event = await anext(self._talk)
            except StopAsyncIteration:
                return
            except TimeoutError:
                self._add(*(answers.TOO_LONG if asked else answers.STILL_THERE))
                asked = True
                continue
            asked = asked and not isinstance(event, _SIGNS)
            self._take(event)

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
            case events.Got(nth=nth) if nth == self._said and not self._read.done():
                self._read.set_result(None)
            case _:
                pass

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
            case Ring():
                await self._say("I cannot call yet.")
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
