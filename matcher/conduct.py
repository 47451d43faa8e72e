"""Conduct: what is remembered of how somebody behaves, and when it begins to look like a machine, or like abuse.

For each habit there is a sum of evidence (CUSUM; E. S. Page, Biometrika 1954): an instance that speaks for it adds, one
that speaks against it takes away, never below nothing. Only above what chance brings does a further instance give
points. So nobody is judged by few instances, nothing old weighs for ever, and a habit costs one number.

    SILENCE   matched, and no channel came of it          SKIPS    leaves who it talks with within seconds
    SHUNNED   is left within seconds                      IDLE     connects and never wishes
    rhythm    how alike its own partings are in time: people scatter by far more than a factor of two
"""

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

SHORT_S: Final = 5.0
"""A talk that ends before this was hardly one."""


class Reason(IntEnum):
    """Why somebody is limited: independent kinds of signal. Points of one kind are capped, see `scores.CAPS`."""

    PACE = 0  # comes, connects or asks faster than a person could, and does not slow down when told
    SKIPS = 1
    SILENCE = 2
    PROTOCOL = 3  # sends what no page sends
    RHYTHM = 4
    REPORTS = 5  # what strangers say of it, or show by leaving at once

    @property
    def word(self) -> str:
        """The word on the wire."""
        return self.name.lower()


class Habit(IntEnum):
    """What one instance speaks for or against."""

    SILENCE = 0
    SKIPS = 1
    SHUNNED = 2
    IDLE = 3


class Row(NamedTuple):
    """How to count a habit.

    `speaks_for` and `against` are log-likelihood ratios of one instance, between who has the habit and the most extreme
    of those who are left alone; above `least` each further instance gives `points`.
    """

    reason: Reason
    speaks_for: float
    against: float
    least: float
    points: float


def _ratio(habitual: float, others: float) -> tuple[float, float]:
    return math.log(habitual / others), math.log((1 - habitual) / (1 - others))


ROWS: Final[dict[Habit, Row]] = {
    # One in six fails for honest people, some behind bad networks more; who never answers fails nearly always.
    Habit.SILENCE: Row(Reason.SILENCE, *_ratio(0.97, 0.2), least=3.0, points=3.0),
    # The most restless people leave four of five at once.
    Habit.SKIPS: Row(Reason.SKIPS, *_ratio(0.985, 0.8), least=2.5, points=1.0),
    # Half of all talks end at once, by one of the two; nobody is left by nearly everybody for the luck of the draw.
    Habit.SHUNNED: Row(Reason.REPORTS, *_ratio(0.95, 0.6), least=5.0, points=0.5),
    # Visitors look around and go; some addresses bring nobody but them.
    Habit.IDLE: Row(Reason.PACE, *_ratio(0.95, 0.6), least=5.0, points=1.0),
}

_SUM_MAX: Final = 12.0  # so that a habit that was broken off is soon forgiven

MACHINE_SPREAD: Final = 0.3
PEOPLE_SPREAD: Final = 1.1
"""Standard deviations of the logarithm of the time after which one parts: a timer with much jitter, and people."""

RHYTHM_LEAST: Final = 2.4
RHYTHM_POINTS: Final = 2.0
_LEARN_LEAST: Final = 0.2  # the mean follows a change of habit within some five partings
_PARTING_LEAST_S: Final = 0.05


@dataclass(slots=True)
class Conduct:
    """The sums of one peer, or of all young peers of an address key. Made when first needed: most never are."""

    sums: list[float] = field(default_factory=lambda: [0.0] * len(Habit))
    partings: int = 0
    parts_after: float = 0.0  # the mean of the logarithm of seconds
    rhythm: float = 0.0

    def show(self, habit: Habit, *, shown: bool) -> float:
        """Count an instance that speaks for a habit, or against it; gives the points that it is worth."""
        row = ROWS[habit]
        before = self.sums[habit]
        self.sums[habit] = min(_SUM_MAX, max(0.0, before + (row.speaks_for if shown else row.against)))
        return row.points if shown and self.sums[habit] > row.least else 0.0

    def part(self, seconds: float) -> float:
        """Count a parting of one's own, so many seconds after the talk began; gives points, for its rhythm."""
        moment = math.log(max(seconds, _PARTING_LEAST_S))
        self.partings += 1
        off = moment - self.parts_after
        self.parts_after += off * max(_LEARN_LEAST, 1 / self.partings)
        if self.partings == 1:
            return 0.0
        likelier = math.log(PEOPLE_SPREAD / MACHINE_SPREAD) - off * off / 2 * (MACHINE_SPREAD**-2 - PEOPLE_SPREAD**-2)
        self.rhythm = min(_SUM_MAX, max(0.0, self.rhythm + max(likelier, -_SUM_MAX / 4)))
        return RHYTHM_POINTS * max(likelier, 0.0) if self.rhythm > RHYTHM_LEAST else 0.0
