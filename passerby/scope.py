"""The radar's scope: how things stand, drawn for a terminal of 80 columns. Pure, but for the drawing itself.

A view comes in, lines go out. Colours only underline what the words say, so it reads the same without them. No ids, as
the view has none.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from broker.desk import Levels, Modes, Reason, View
from passerby import durations

CELLS: Final = 24
"""How many columns a sparkline has."""

CELL_S: Final = 10.0
"""For how long one of them stands."""

_BAR: Final = 40
_RUNGS: Final = {"free": "green", "slow": "yellow", "stamps": "yellow", "kick": "red", "ban": "red"}


@dataclass(frozen=True, slots=True)
class Ink:
    """What to draw with."""

    steps: str
    full: str


BLOCKS: Final = Ink("▁▂▃▄▅▆▇█", "█")
LETTERS: Final = Ink("_.-=+*#@", "#")
"""For terminals that know ASCII only."""


@dataclass(slots=True)
class Course:
    """How the rates went lately: kept here, by who looks, and forgotten with it."""

    every_s: float
    matched: deque[float] = field(init=False)
    joined: deque[float] = field(init=False)
    ended: deque[float] = field(init=False)

    def __post_init__(self) -> None:
        self.matched, self.joined, self.ended = (deque(maxlen=CELLS * self.per_cell) for _ in range(3))

    @property
    def per_cell(self) -> int:
        """How many looks make one column."""
        return max(1, round(CELL_S / self.every_s))

    def add(self, view: View) -> None:
        """Take in one look."""
        self.matched.append(view.matched_per_min)
        self.joined.append(view.joined_per_min)
        self.ended.append(view.ended_per_min)


def scope(view: View, course: Course, ink: Ink = BLOCKS, trouble: str | None = None) -> RenderableType:
    """Draw one view.

    Args:
        view: how things stand, or stood when the service last answered.
        course: how the rates went before.
        ink: what the terminal can show.
        trouble: why there is no newer view.
    """
    lines: list[RenderableType] = [_head(view), Rule(characters="-" if ink is LETTERS else "─", style="dim")]
    if trouble is not None:
        lines.append(Text(f"No answer, trying again. What follows is old: {trouble}", style="bold red"))
    lines += [_people(view), Text(), _rates(view, course, ink), Text(), _ladder(view.levels, ink), Text(), _hour(view)]
    return Group(*lines)


def spark(values: Sequence[float], per_cell: int, ink: Ink = BLOCKS) -> str:
    """Draw values as a line, the newest at the right; each column is the mean of so many."""
    newest_first = [values[max(0, end - per_cell) : end] for end in range(len(values), 0, -per_cell)]
    means = [sum(cell) / len(cell) for cell in reversed(newest_first)]
    top = max(means, default=0.0)
    last = len(ink.steps) - 1
    return "".join(ink.steps[round(mean / top * last) if top else 0] for mean in means[-CELLS:])


def _head(view: View) -> Table:
    badges = Text()
    if view.dry_run:
        badges.append(" DRY RUN: nobody is limited ", style="reverse yellow")
    if view.storm:
        badges.append(" " if badges else "")
        badges.append(" JUST BEGUN: pace is not judged ", style="reverse red")
    if view.tense:
        badges.append(" " if badges else "")
        badges.append(" TENSE: many are machines ", style="reverse red")
    grid = _grid()
    grid.add_row(Text(f"Passerby radar   up {durations.tell(view.up_s)}", style="bold"), badges)
    return grid


def _people(view: View) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right", style="bold")
    for _ in range(3):
        grid.add_column()
    grid.add_row("here", str(view.here), "", "", "")
    grid.add_row("waiting", *_modes(view.waiting))
    grid.add_row("talking", *_modes(view.talking))
    return grid


def _modes(modes: Modes) -> Iterable[str]:
    total = modes.text + modes.voice + modes.video
    return str(total), f"text {modes.text}", f"voice {modes.voice}", f"video {modes.video}"


def _rates(view: View, course: Course, ink: Ink) -> Table:
    waits = view.waits
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right", style="bold", min_width=6)
    grid.add_column(min_width=CELLS)
    grid.add_column(style="dim")
    grid.add_column()
    rows = (
        ("matches a minute", view.matched_per_min, course.matched, "sessions", str(view.sessions)),
        ("joins a minute", view.joined_per_min, course.joined, "waited p50", _wait(waits.p50 if waits else None)),
        ("ends a minute", view.ended_per_min, course.ended, "waited p95", _wait(waits.p95 if waits else None)),
    )
    for name, rate, course_of_it, other, value in rows:
        line = Text(spark(list(course_of_it), course.per_cell, ink), style="cyan")
        grid.add_row(name, f"{rate:.1f}", line, other, value)
    return grid


def _wait(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f} s"


def _ladder(levels: Levels, ink: Ink) -> Table:
    counts = {rung: getattr(levels, rung) for rung in _RUNGS}
    most = max(counts.values())
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right", style="bold", min_width=6)
    grid.add_column()
    for rung, count in counts.items():
        # Somebody is never nobody: the shortest bar there is stands for one as for a few.
        bar = ink.full * max(round(count / most * _BAR), 1) if count else ""
        grid.add_row(rung, str(count), Text(bar, style=_RUNGS[rung]))
    return grid


def _hour(view: View) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", min_width=9)
    grid.add_column()
    per_hour = {
        "banned": view.banned_per_hour,
        "kicked": view.kicked_per_hour,
        "slowed": view.slowed_per_hour,
        "held back": view.spared_per_hour,
    }
    work = f"{view.effort} bits asked of everybody" if view.effort else "none asked of everybody"
    grid.add_row("last hour", _listed(per_hour.items()))
    grid.add_row("why", _reasons(view.reasons))
    grid.add_row("gates", _reasons(view.refusals))
    grid.add_row("work", work)
    grid.add_row("bans", f"{view.bans} living (`passerby bans`)")
    waiting = Text(f"{view.reports} waiting for a person's eyes (`passerby reports`)")
    if view.reports:
        waiting.stylize("bold yellow")
    grid.add_row("reports", waiting)
    return grid


def _reasons(reasons: Iterable[Reason]) -> str:
    return _listed((each.reason, each.count) for each in reasons) or "nothing"


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts)


def _grid() -> Table:
    grid = Table.grid(expand=True)
    grid.add_column()
    grid.add_column(justify="right")
    return grid
