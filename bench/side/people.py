"""People at one system who wait, or who meet, signal, talk for a moment and part, at a steady rate.

    two ask ──► both are told ──► a: description, candidates ──► b: the same ──► open ──► after a moment a leaves

The same script for all systems, in this one process. `Tally` is judged from what the people themselves lived through.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Final

from bench.side.drivers import TAGS, Driver
from bench.side.queues import System

AT_ONCE: Final = 25
"""How many connect at once."""

TALK_S: Final = 0.3
WITHIN_S: Final = 60.0
PINGS_S: Final = 15.0
"""How often people who wait give a sign of life. That is sooner than a page does it, because they pause while
something else is measured, and the matcher takes who is silent for 30 s to be asleep."""

LOOK_S: Final = 0.05
"""How often we look whether anybody is here at all."""


@dataclass(slots=True)
class Side:
    """One of two who met. Times are of `perf_counter`."""

    driver: Driver
    asked: float
    told: float
    first: bool
    heard: int = 0


@dataclass(slots=True)
class Tally:
    """What became of one stretch."""

    asked: int = 0
    meetings: int = 0
    answers_ms: list[float] = field(default_factory=list)  # of both sides, from the later of the two asks
    errors: Counter[str] = field(default_factory=Counter)


class Meetings:
    """All people at one system."""

    def __init__(self, system: System, dice: random.Random) -> None:
        self.system = system
        self.errors: Counter[str] = Counter()
        self.waiters: list[Driver] = []
        self.everybody: list[Driver] = []
        self._dice = dice
        self._idle: list[Driver] = []
        self._coming: dict[Driver, asyncio.Future[None]] = {}
        self._asked: dict[Driver, float] = {}
        self._sides: dict[Driver, Side] = {}
        self._sessions: dict[str, list[Side]] = {}
        self._early: Counter[Driver] = Counter()
        self._last: dict[Driver, Driver] = {}
        self._parted = asyncio.Event()
        self._quiet = False
        self._tally = Tally()

    # ── coming and going ─────────────────────────────────────────────────────────────────────────────────────────────

    async def let_wait(self, total: int) -> None:
        """Let people come until so many wait, each for something that nobody else asks for."""
        while (missing := total - len(self.waiters)) > 0:
            for driver in await self._arrive(min(AT_ONCE, missing)):
                self.waiters.append(driver)
                driver.ask((f"only {len(self.waiters)}",))

    async def let_in(self, total: int) -> None:
        """Let people come who will meet."""
        for done in range(0, total, AT_ONCE):
            self._idle += await self._arrive(min(AT_ONCE, total - done))

    def carried(self) -> int:
        """Give how many bytes went over all connections, both ways."""
        return sum(driver.line.sent + driver.line.received for driver in self.everybody)

    def part(self) -> None:
        """Let all go."""
        for driver in self.everybody:
            driver.bye()

    @contextlib.asynccontextmanager
    async def awake(self, every_s: float = PINGS_S) -> AsyncIterator[None]:
        """Let all who are here give signs of life, evenly, where the client has to give them; not in `quiet`."""
        task = asyncio.create_task(self._keep_awake(every_s))
        try:
            yield
        finally:
            task.cancel()

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Let nobody give a sign of life that is not asked for."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    async def _keep_awake(self, every_s: float) -> None:
        at, due = 0, time.perf_counter()
        while True:
            count = len(self.everybody)
            step = 1 + count // 500
            if not self._quiet:
                for driver in self.everybody[at : at + step]:
                    driver.ping()
                at = at + step if at + step < count else 0
            due = max(due, time.perf_counter() - 1) + (every_s * step / count if count else LOOK_S)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    async def _arrive(self, count: int) -> list[Driver]:
        loop, host = asyncio.get_running_loop(), f"127.0.0.1:{self.system.port}"
        drivers = [self.system.driver(host, self) for _ in range(count)]
        for driver in drivers:
            self._coming[driver] = loop.create_future()
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*(self._connect(driver) for driver in drivers))
        self.everybody += drivers
        return drivers

    async def _connect(self, driver: Driver) -> None:
        number = len(self.everybody) + self._dice.randrange(AT_ONCE)
        address = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"  # all of 127/8 is this machine
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: driver.line, "127.0.0.1", self.system.port, local_addr=(address, 0))
        await self._coming[driver]

    # ── stretches ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def meet(self, rate: float, seconds: float) -> Tally:
        """Let two meet, so many times a second, for so long; ends when all have parted."""
        tally = self._tally = Tally()
        due, left = time.perf_counter(), round(rate * seconds)
        while left:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due += 1 / rate
            left -= 1
            if (two := self._draw()) is None:
                tally.errors["nobody was free"] += 1
                continue
            tally.asked += 1
            for driver in two:
                self._asked[driver] = time.perf_counter()
                driver.ask(TAGS)
        if self._asked or self._sides:
            self._parted.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WITHIN_S):
                    await self._parted.wait()
        self._judge(tally)
        return tally

    async def ping(self, rate: float, seconds: float) -> int:
        """Let those who wait give signs of life, so many a second. Gives how many there were."""
        due = time.perf_counter()
        for _ in range(round(rate * seconds)):
            self._dice.choice(self.waiters).ping()
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return round(rate * seconds)

    def _draw(self) -> tuple[Driver, Driver] | None:
        """Draw two who did not just meet: Passerby would not let them, so soon."""
        for _ in range(8):
            if len(self._idle) < 2:
                return None
            one, other = self._dice.sample(self._idle, 2)
            if self._last.get(one) is not other and self._last.get(other) is not one:
                self._idle.remove(one)
                self._idle.remove(other)
                return one, other
        return None

    def _judge(self, tally: Tally) -> None:
        tally.errors["asked and not matched"] += len(self._asked)
        tally.errors["never parted"] += len(self._sides)
        for sides in self._sessions.values():
            if len(sides) != 2 or sides[0].first == sides[1].first:
                tally.errors["no meeting of a first and a second"] += 1
                continue
            tally.errors["signal lost, or one too many"] += sum(side.heard != side.driver.parts for side in sides)
            tally.meetings += 1
            later = max(side.asked for side in sides)
            tally.answers_ms += [(side.told - later) * 1000 for side in sides]
        tally.errors = +(tally.errors + self.errors)
        self.errors.clear()
        self._sessions.clear()

    # ── what they live through ───────────────────────────────────────────────────────────────────────────────────────

    def here(self, driver: Driver) -> None:
        """It may ask from now on."""
        if not self._coming[driver].done():
            self._coming[driver].set_result(None)

    def met(self, driver: Driver, session: str, *, first: bool) -> None:
        """A stranger was found."""
        asked = self._asked.pop(driver, None)
        if asked is None:
            self.errors["matched without a wish"] += 1
            return
        side = self._sides[driver] = Side(driver, asked, time.perf_counter(), first)
        sides = self._sessions.setdefault(session, [])
        sides.append(side)
        if len(sides) == 2:
            self._last[sides[0].driver], self._last[sides[1].driver] = sides[1].driver, sides[0].driver
        if first:
            driver.describe(first=True)
        for _ in range(self._early.pop(driver, 0)):
            self.signal(driver)

    def signal(self, driver: Driver) -> None:
        """Something came that the stranger said."""
        side = self._sides.get(driver)
        if side is None:
            self._early[driver] += 1  # it overtook the word of the service
            return
        side.heard += 1
        if side.heard == 1 and not side.first:
            driver.describe(first=False)
        if side.heard == driver.parts:
            driver.open()
            if side.first:
                asyncio.get_running_loop().call_later(TALK_S, self._leave, driver)

    def over(self, driver: Driver) -> None:
        """The stranger has left."""
        if self._sides.pop(driver, None) is None:
            self.errors["left without a stranger"] += 1
            return
        self._idle.append(driver)
        if not self._asked and not self._sides:
            self._parted.set()

    def odd(self, driver: Driver, what: str) -> None:
        """Something happened that must not."""
        self.errors[what] += 1
        if not self._coming[driver].done():
            self._coming[driver].set_exception(ConnectionError(what))

    def _leave(self, driver: Driver) -> None:
        driver.leave()
        self.over(driver)
