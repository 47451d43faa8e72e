"""One run: a scenario, played with one seed, and what of its book goes on. Also how to play many, on all cores."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context

from bench.radar import work
from bench.radar.book import RUNGS, SHUT_OUT, VICTIM, Book, Entry
from bench.radar.house import House
from bench.radar.scenarios import SCENARIOS


@dataclass(frozen=True, slots=True)
class Order:
    """What to play."""

    scenario: str
    seed: int
    people: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bot. Times are seconds after its first word; `watched_s` is how long it could be limited."""

    watched_s: float
    rungs: dict[str, float]
    before: int
    after: int

    @property
    def limited_s(self) -> float | None:
        """When first anything was done to it."""
        return min(self.rungs.values(), default=None)


@dataclass(slots=True)
class Crowd:
    """What became of the people who came from one kind of place."""

    people: int = 0
    hours: float = 0.0
    rungs: Counter[str] = field(default_factory=Counter)
    waited_s: dict[str, float] = field(default_factory=dict)

    def add(self, entry: Entry, hours: float) -> None:
        """Take one more into account."""
        self.people += 1
        self.hours += hours
        self.rungs.update(entry.rungs.keys())
        self.rungs["shut out"] += any(rung in entry.rungs for rung in SHUT_OUT)
        self.rungs["any"] += bool(entry.rungs)
        for cause, seconds in entry.waited.items():
            self.waited_s[cause] = self.waited_s.get(cause, 0.0) + seconds


@dataclass(frozen=True, slots=True)
class Run:
    """What one run came to."""

    order: Order
    skipped: str | None
    cpu_s: float
    most_here: int
    bots: dict[str, list[Outcome]]
    crowds: dict[str, Crowd]
    windows: dict[int, list[int]]
    victims: list[list[str]]
    shut_out: list[tuple[int, int]]
    talks_s: list[float]
    counts: dict[str, int]
    lobby: dict[str, int]


def play(order: Order) -> Run:
    """Play one run."""
    begun = time.process_time()
    house = House(order.scenario, order.seed)
    with work.pretended():
        skipped = SCENARIOS[order.scenario].plays(house, order.people, order.seconds)
    book, end = house.book, house.clock.elapsed
    for entry in book.entries:
        entry.free(end)
    came = [entry for entry in book.entries if entry.came is not None]
    return Run(
        order=order,
        skipped=skipped,
        cpu_s=time.process_time() - begun,
        most_here=book.most_here,
        bots=_bots(came, end),
        crowds=_crowds(came, end),
        windows=dict(sorted(book.windows.items())),
        victims=[[rung for rung in RUNGS if rung in entry.rungs] for entry in came if entry.kind == VICTIM],
        shut_out=book.shut_out,
        talks_s=_every(book),
        counts=dict(sorted(book.counts.items())),
        lobby=house.lobby.stats(house.clock.now).counts,
    )


def play_all(orders: list[Order], jobs: int) -> Iterator[Run]:
    """Play runs on so many cores, and give each as it is done."""
    if jobs == 1:
        yield from map(play, orders)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(play, order) for order in orders]):
            yield done.result()


def _bots(came: list[Entry], end: float) -> dict[str, list[Outcome]]:
    bots: dict[str, list[Outcome]] = {}
    for entry in came:
        if entry.is_person:
            continue
        since = entry.spoke if entry.spoke is not None else entry.came or 0.0  # who is shut out at once never speaks
        rungs = {rung: max(0.0, at - since) for rung, at in sorted(entry.rungs.items())}
        watched_s = (end if entry.left is None else entry.left) - since
        after = entry.matches - entry.matches_before
        bots.setdefault(entry.kind, []).append(Outcome(watched_s, rungs, entry.matches_before, after))
    return dict(sorted(bots.items()))


def _crowds(came: list[Entry], end: float) -> dict[str, Crowd]:
    crowds: dict[str, Crowd] = {}
    for entry in came:
        if entry.is_person:
            hours = ((end if entry.left is None else entry.left) - (entry.came or 0.0)) / 3600
            for where in ("all", entry.where):
                crowds.setdefault(where, Crowd()).add(entry, hours)
    return dict(sorted(crowds.items()))


def _every(book: Book) -> list[float]:
    """Thin the lengths of talks out to what a quantile needs."""
    step = max(1, len(book.talks_s) // 2000)
    return [round(seconds, 2) for seconds in sorted(book.talks_s)[::step]]
