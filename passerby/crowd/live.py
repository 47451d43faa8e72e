"""How a crowd fares, while it does: a few lines that are drawn anew in a terminal, one for each phase in a pipe."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from passerby.crowd.show import SHOW_S, Course
from passerby.scope import BLOCKS, CELLS, LETTERS, Ink, spark
from stranger.crowd.judge import Judge

PER_CELL: Final = round(1 / SHOW_S)
"""A column of the sparkline is a second."""

_SAYS: Final = {
    "coming": "they are coming",
    "full": "everybody is here",
    "settling": "nobody looks any more",
    "parting": "they go",
    "over": "over",
}


@contextmanager
def showing(console: Console) -> Iterator[Callable[[Course], None]]:
    """Give what draws a course."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    ink = BLOCKS if console.encoding.startswith("utf") else LETTERS
    with Live(console=console, auto_refresh=False, transient=True) as live:
        rates = _Rates()

        def draw(course: Course) -> None:
            rates.add(len(course.judge.sessions))
            live.update(_lines(course, rates, ink), refresh=True)

        yield draw


class _Lines:
    """For a pipe: a line when a phase begins."""

    def __init__(self, console: Console) -> None:
        self._console, self._phase = console, ""

    def __call__(self, course: Course) -> None:
        if course.phase not in (self._phase, "over"):
            self._phase = course.phase
            here, total = _here(course.judge), course.asked.peers
            self._console.print(f"{_SAYS[course.phase]}: {here} of {total}, {len(course.judge.sessions)} matches")


class _Rates:
    """Matches a second, as they went lately."""

    def __init__(self) -> None:
        self.per_look: deque[float] = deque(maxlen=CELLS * PER_CELL)
        self._before, self._at = 0, time.monotonic()

    def add(self, total: int) -> None:
        now = time.monotonic()
        self.per_look.append((total - self._before) / max(0.1, now - self._at))
        self._before, self._at = total, now

    @property
    def now(self) -> float:
        """Over the last five seconds."""
        lately = list(self.per_look)[-5 * PER_CELL :]
        return sum(lately) / len(lately)


def failures(judge: Judge) -> dict[str, int]:
    """Count what went wrong and is no fault of the matcher: by what an operator would look for."""
    halves = [half for session in judge.sessions.values() for half in session]
    counts = Counter(half.mood for half in halves)
    return {
        "handshakes failed": counts["failed"],
        "turned away": sum(judge.turned.values()),
        "wishes refused": sum(judge.refused.values()),
        "connections broke": judge.breaks,
        "shut out": sum(judge.shut.values()),
    }


def _lines(course: Course, rates: _Rates, ink: Ink) -> RenderableType:
    judge = course.judge
    people = Table.grid(padding=(0, 2))
    for _ in range(6):
        people.add_column()
    here = f"{_here(judge)} of {course.asked.peers}"
    people.add_row("here", here, "waiting", str(len(judge.waiting)), "talking", str(_talking(judge)))
    rate = Text.assemble(
        "matches/s  ", (f"{rates.now:6.1f}  ", "bold"), (spark(list(rates.per_look), PER_CELL, ink), "cyan")
    )
    wrong = ", ".join(f"{name} {count}" for name, count in failures(judge).items() if count) or "nothing"
    head = Text(f"Crowd: {_SAYS[course.phase]}{_left(course)}   Ctrl-C ends it early", style="bold")
    return Group(head, people, rate, Text(f"went wrong  {wrong}"))


def _left(course: Course) -> str:
    if course.phase != "full" or course.full is None:
        return ""
    return f", for {max(0.0, course.full.end - time.monotonic()):.0f} s more"


def _here(judge: Judge) -> int:
    return sum(person.here for person in judge.people.values())


def _talking(judge: Judge) -> int:
    return sum(person.half is not None for person in judge.people.values())
