"""Lets a crowd come, live and part, and says meanwhile how it goes.

coming ─ everybody is here ─► full, for so long ─► settling: who waits still finds somebody ─► parting ─► the outcome
   └─────────────── Ctrl-C, or SIGTERM ──────────────────────────────────────────────────────────┘
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from passerby import running
from passerby.crowd.companies import Companies, companies
from stranger.crowd.crowd import Plan
from stranger.crowd.figures import Stretch
from stranger.crowd.ground import Ground
from stranger.crowd.habits import Habits
from stranger.crowd.judge import Judge

COMING_LEAST_S: Final = 30.0
"""Who is not here so long after it was to come is not waited for."""

MARGIN_S: Final = 2.0
LOOK_S: Final = 0.25
SHOW_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asked for. Seconds, and shares of 1."""

    ground: Ground
    habits: Habits
    peers: int
    arrive_per_s: float
    for_s: float
    seed: int
    processes: int
    lost_after_s: float

    def plans(self) -> list[Plan]:
        """Divide it among processes."""
        few, more = divmod(self.peers, self.processes)
        return [
            Plan(
                self.ground,
                self.habits,
                few + (number < more),
                self.arrive_per_s / self.processes,
                self.seed,
                first=number + 1,
                step=self.processes,
            )
            for number in range(self.processes)
        ]


@dataclass(slots=True)
class Course:
    """How far it is."""

    asked: Asked
    judge: Judge
    begun: float
    phase: str = "coming"
    full: Stretch | None = None
    lag_s: float = 0.0
    broken_off: bool = False

    @property
    def margin_s(self) -> float:
        """By how much a message may be late: what this machine lost by being busy comes on top."""
        return MARGIN_S + self.lag_s


async def show(asked: Asked, look: Callable[[Course], None]) -> Course:
    """Let it happen. `look` is called twice a second.

    Raises:
        Stopped: when a process of the crowd has ended by itself.
    """
    course = Course(asked, Judge(), time.monotonic())
    async with companies(asked.plans(), course.judge.take) as crowd:
        living = asyncio.ensure_future(_live(course, crowd))
        async with _looking(course, crowd, look):
            await running.until_signal(asyncio.ensure_future(_first(living, crowd.broken)))
            course.broken_off = not living.done()
            living.cancel()
            await asyncio.wait([living])
            now = time.monotonic()
            if course.full is None:
                course.full = Stretch(course.begun, now)
            elif course.phase == "full":
                course.full = Stretch(course.full.start, now)
            course.phase = "parting"
            await crowd.part()
    course.phase = "over"
    look(course)
    return course


async def _first(living: asyncio.Future[None], broken: asyncio.Future[None]) -> None:
    await asyncio.wait([living, broken], return_when=asyncio.FIRST_COMPLETED)
    (broken if broken.done() else living).result()


async def _live(course: Course, crowd: Companies) -> None:
    asked, judge = course.asked, course.judge
    coming_s = asked.peers / asked.arrive_per_s
    patience = time.monotonic() + coming_s * 1.5 + COMING_LEAST_S
    await _until(lambda: sum(person.here for person in judge.people.values()) >= asked.peers, patience)
    now = time.monotonic()
    course.phase, course.full = "full", Stretch(now, now + asked.for_s)
    await asyncio.sleep(asked.for_s)
    course.phase = "settling"
    crowd.order("settle")
    most = time.monotonic() + asked.lost_after_s + 3 * course.margin_s
    await asyncio.sleep(LOOK_S * 4)  # what was on its way has arrived, and one who was about to look has looked
    await _until(lambda: judge.settled, most)


async def _until(fulfilled: Callable[[], bool], most: float) -> None:
    while not fulfilled() and time.monotonic() < most:  # noqa: ASYNC110  what the judge has taken rings no bell
        await asyncio.sleep(LOOK_S)


@contextlib.asynccontextmanager
async def _looking(course: Course, crowd: Companies, look: Callable[[Course], None]) -> AsyncIterator[None]:
    async def watch() -> None:
        while True:
            course.lag_s = crowd.lag_s
            look(course)
            await asyncio.sleep(SHOW_S)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        course.lag_s = crowd.lag_s
        watching.cancel()
        await asyncio.wait([watching])
