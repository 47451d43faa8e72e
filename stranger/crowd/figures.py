"""Figures of what a crowd lived through: how long it waited and connected, and how many met in each second. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stranger.crowd.judge import Half, Judge

NAMED: tuple[tuple[str, float], ...] = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, in seconds of the entries' clock."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(0.0, self.end - self.start)

    def holds(self, at: float) -> bool:
        """Tell whether a moment is in it."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one stretch. Times are in milliseconds, one for each peer and session; `per_second` counts sessions.

    `waits` last from the begin of a search to its match, and `answers` from the moment on which both had asked: what
    broker and service need. `signaled` and `connected` last from the match until the two had reached each other.
    """

    matches: int
    waits: list[float]
    answers: list[float]
    signaled: list[float]
    connected: list[float]
    per_second: list[int]
    moods: Counter[str]

    @property
    def per_s(self) -> float:
        """Matches a second."""
        return self.matches / len(self.per_second) if self.per_second else 0.0


def figures(judge: Judge, stretch: Stretch) -> Figures:
    """Count the sessions that began in a stretch; its last second, which is not whole, does not count."""
    seconds = int(stretch.seconds)
    whole = Stretch(stretch.start, stretch.start + seconds)
    per_second = [0] * seconds
    found = Figures(0, [], [], [], [], per_second, Counter())
    for halves in judge.sessions.values():
        matched = min(half.matched for half in halves)
        if not whole.holds(matched):
            continue
        per_second[int(matched - whole.start)] += 1
        _add(found, halves, real=judge.people[halves[0].ticket.peer].real)
    return Figures(
        sum(per_second), found.waits, found.answers, found.signaled, found.connected, per_second, found.moods
    )


def _add(found: Figures, halves: Sequence[Half], *, real: bool) -> None:
    both = max(half.joined for half in halves)
    for half in halves:
        found.waits.append((half.matched - half.ticket.since) * 1000)
        found.answers.append(max(0.0, half.matched - both) * 1000)
        if half.opened is not None:
            (found.connected if real else found.signaled).append((half.opened - half.matched) * 1000)
    found.moods[_mood(halves)] += 1


def _mood(halves: Iterable[Half]) -> str:
    """Tell how a session ended: as the one said who ended it."""
    moods = [half.mood for half in halves if half.mood is not None]
    if moods:
        return next((mood for mood in moods if mood != "left"), moods[0])
    return "goes on" if any(half.parted is None for half in halves) else "ended by the service"


def percentile(samples: Sequence[float], share: float) -> float:
    """Give the smallest sample that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def percentiles(samples: Sequence[float]) -> dict[str, float]:
    """Give p50, p95, p99 and the greatest; nothing of nothing."""
    return {name: round(percentile(samples, share), 1) for name, share in NAMED} if samples else {}
