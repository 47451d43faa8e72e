"""Scores: points that fade, by reason, and the rung of the ladder that they stand for.

A reason alone never gets beyond its cap, and no cap reaches the rung where somebody is put out: for that it takes two
reasons, which is two independent kinds of signal, and to keep its address out two in full, faded a little. What
strangers say is worth the least: it can slow somebody down.

    points    4        8                        16                23
    level     SLOW     STAMPS (work, and apart) KICK              BAN (of the address key)
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from matcher.conduct import Reason

HALF_LIFE_S: Final = 300.0
"""After this long points are worth half."""

CAPS: Final[dict[Reason, float]] = {
    Reason.PACE: 12.0,
    Reason.SKIPS: 7.0,  # to be restless is no abuse: it slows, and no more
    Reason.SILENCE: 10.0,  # some networks let no stranger through, and who sits behind one can do nothing about it
    Reason.PROTOCOL: 12.0,
    Reason.RHYTHM: 12.0,
    Reason.REPORTS: 6.0,
}


class Level(IntEnum):
    """The rungs of the ladder."""

    FREE = 0
    SLOW = 1  # may wish less often
    STAMPS = 2  # must work for each wish, and is matched with its like only
    KICK = 3  # is disconnected
    BAN = 4  # its address key is kept out

    @property
    def word(self) -> str:
        """The word on the wire."""
        return self.name.lower()


THRESHOLDS: Final[dict[Level, float]] = {Level.BAN: 23.0, Level.KICK: 16.0, Level.STAMPS: 8.0, Level.SLOW: 4.0}
_LEAST: Final = min(THRESHOLDS.values())


def level_of(points: float) -> Level:
    """Give the rung for so many points."""
    for level, least in () if points < _LEAST else THRESHOLDS.items():
        if points >= least:
            return level
    return Level.FREE


@dataclass(slots=True)
class Score:
    """The points of one subject; times in seconds of the caller's clock."""

    at: float = 0.0
    points: list[float] | None = None  # by reason; None is none, as most have

    def add(self, reason: Reason, points: float, now: float) -> None:
        """Add points for a reason, up to its cap."""
        if self.points is None:
            self.points = [0.0] * len(Reason)
        else:
            faded = self._faded(now)
            self.points = [each * faded for each in self.points]
        self.at = now
        self.points[reason] = min(CAPS[reason], self.points[reason] + points)

    def total(self, now: float) -> float:
        """Give all points that are left."""
        return sum(self.points) * self._faded(now) if self.points else 0.0

    def left(self, now: float) -> list[tuple[Reason, float]]:
        """Give the points that are left, by reason."""
        faded = self._faded(now)
        return [(reason, self.points[reason] * faded) for reason in Reason] if self.points else []

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self.at += by_s

    def strongest(self) -> Reason:
        """Give the reason with the most points."""
        points = self.points or [0.0] * len(Reason)
        return max(Reason, key=lambda reason: points[reason])

    def _faded(self, now: float) -> float:
        return float(0.5 ** (max(0.0, now - self.at) / HALF_LIFE_S))
