"""The people of one process of a crowd: lets them come at random, look, talk and look again, until it is told to end.

come ─► welcome ─► look ─► talk ─► pause ─► look …      settle: nobody looks any more      part: all go, in good order
"""

import asyncio
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stranger.client import Login, Unreachable
from stranger.crowd.actor import Actor
from stranger.crowd.entries import Came, Entry, Left, Turned, What
from stranger.crowd.extra import Extra
from stranger.crowd.ground import Ground
from stranger.crowd.habits import Habits, exponential
from stranger.crowd.line import Closed, Dialer
from stranger.crowd.notebook import Noting
from stranger.link import Connection
from stranger.place import Place
from stranger.wire import TurnedAway, WirePorts

PARTING_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What one process is to do: `peers` come, `per_s` each second; every `step`th number is one of its own."""

    ground: Ground
    habits: Habits
    peers: int
    per_s: float
    seed: int
    first: int = 1
    step: int = 1


class Crowd:
    """Those of one process. Whatever happens to them goes to `write`."""

    def __init__(self, plan: Plan, write: Callable[[Entry], None]) -> None:
        self._plan, self._write = plan, write
        self._dice = random.Random(f"{plan.seed}/{plan.first}").random  # noqa: S311  made to be repeated
        self._dialer = Dialer(plan.ground.address)
        self._tls = plan.ground.tls()
        self._people: dict[int, tuple[Extra | Actor, asyncio.Task[None]]] = {}
        self._open = True

    async def come(self) -> None:
        """Let them come, at random times."""
        due = asyncio.get_running_loop().time()
        for place in range(self._plan.peers):
            due += exponential(1 / self._plan.per_s, self._dice)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if not self._open:
                return
            self._arrive(self._plan.first + place * self._plan.step)

    def settle(self) -> None:
        """Let nobody look for anybody any more; who looks already goes on."""
        self._open = False

    async def part(self) -> None:
        """Let all go."""
        self._open = False
        turns = asyncio.Semaphore(PARTING_AT_ONCE)

        async def leave(number: int, person: Extra | Actor, running: asyncio.Task[None]) -> None:
            async with turns:
                self._note(number, Left())
                await person.leave()
                running.cancel()
                await asyncio.wait([running])

        await asyncio.gather(*(leave(number, *one) for number, one in self._people.items()), return_exceptions=True)
        self._people.clear()

    def _arrive(self, number: int) -> None:
        real = self._plan.habits.is_real(self._dice)
        kind: type[Extra | Actor] = Actor if real else Extra
        self._note(number, Came(real))
        person = kind(
            self._plan.ground.place,
            self._plan.habits,
            self._dice,
            lambda draw, dice: Noting(draw, dice, lambda what: self._note(number, what)),
            lambda: self._free(number),
            dial=self._dial_for(number),
        )
        self._people[number] = person, asyncio.create_task(person.run())

    def _free(self, number: int) -> None:
        """One has nothing to do: after a while it looks for somebody."""
        asyncio.get_running_loop().call_later(self._plan.habits.pause(self._dice), self._look, number)

    def _look(self, number: int) -> None:
        if self._open and number in self._people:
            self._people[number][0].look()

    def _note(self, number: int, what: What) -> None:
        self._write(Entry(number, time.monotonic(), what))

    def _dial_for(self, number: int) -> "_Dialed":
        return _Dialed(self, number)

    async def dial(self, number: int, place: Place, login: Login, ports: WirePorts) -> Connection:
        """Open a connection for one of them, and write down when it was not let in."""
        try:
            source = self._plan.ground.source(number)
            return await self._dialer(place, login, ports, tls=self._tls, source=source)
        except TurnedAway as error:
            self._note(number, Turned(f"code {error.code}"))
            raise
        except Closed as error:
            self._note(number, Turned(f"HTTP {error.status}"))
            raise
        except Unreachable as error:
            self._note(number, Turned(str(error)))
            raise


@dataclass(frozen=True, slots=True)
class _Dialed:
    crowd: Crowd
    number: int

    async def __call__(
        self,
        place: Place,
        login: Login,
        ports: WirePorts,
        *,
        tls: ssl.SSLContext | None = None,  # noqa: ARG002  the crowd's own
        source: str = "",  # noqa: ARG002  the same
    ) -> Connection:
        return await self.crowd.dial(self.number, place, login, ports)
