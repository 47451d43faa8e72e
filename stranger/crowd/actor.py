"""A peer that really connects: a visit as any stranger's, WebRTC and all, with words said until one leaves."""

import asyncio
from collections.abc import Callable
from typing import Final

from stranger import events
from stranger.crowd.habits import Dice, Habits
from stranger.crowd.notebook import Noting
from stranger.errors import Ended
from stranger.link import Dial
from stranger.lobby.state import Draw
from stranger.place import Place
from stranger.talk import Talk
from stranger.visit import Visit, VisitPorts

LINE_S: Final = 2.0
"""Between two lines of one who talks."""

LINES: Final = ("hello", "how are you", "I am one of a crowd", "so am I", "shall we go on", "yes")


class Actor:
    """One peer. `run` keeps it there until it is cancelled."""

    def __init__(
        self,
        place: Place,
        habits: Habits,
        dice: Dice,
        machine: Callable[[Draw, Dice], Noting],
        free: Callable[[], None],
        *,
        dial: Dial,
    ) -> None:
        self._habits, self._dice, self._free = habits, dice, free
        self._welcome = False
        self._talk: asyncio.Task[None] | None = None
        ports = VisitPorts(self._welcomed, self._opened, lambda _: self._free(), lambda _: None, lambda _: None)
        self._visit = Visit(place, "One of a crowd", ports, tls=None, source="", dial=dial, machine=machine)

    async def run(self) -> None:
        """Be there."""
        await self._visit.run()

    def look(self) -> None:
        """Look for somebody."""
        if not self._visit.busy:
            self._visit.look(self._habits.wish(real=True, dice=self._dice))

    async def leave(self) -> None:
        """Go in good order. `run` is to be cancelled after it."""
        await self._visit.leave()
        if self._talk is not None:
            await asyncio.wait([self._talk])

    def _welcomed(self) -> None:
        if not self._welcome:
            self._welcome = True
            self._free()

    def _opened(self, talk: Talk) -> None:
        self._talk = asyncio.ensure_future(self._converse(talk))

    async def _converse(self, talk: Talk) -> None:
        stay_s, mood = self._habits.stay(self._dice)
        if talk.role == "b":
            stay_s = 3 * max(stay_s, self._habits.talk_s)
        speaking = asyncio.ensure_future(self._speak(talk))
        try:
            async with asyncio.timeout(stay_s):
                async for event in talk:
                    if isinstance(event, events.Over):
                        break
        except TimeoutError:
            if mood == "skipped":
                talk.skip()
            else:
                talk.leave()
        finally:
            speaking.cancel()
            await asyncio.wait([speaking])
        self._free()

    async def _speak(self, talk: Talk) -> None:
        try:
            while True:
                await talk.say(LINES[int(self._dice() * len(LINES))])
                await asyncio.sleep(LINE_S * (0.5 + self._dice()))
        except Ended:
            pass
