"""Conduct: what is remembered of how somebody behaves, and when it begins to look like a machine, or like abuse.

For each habit there is a sum of evidence (CUSUM; E. S. Page, Biometrika 1954): an instance that speaks for it adds, one
that speaks against it takes away, never below nothing. Only above what chance brings does a further instance give
points. So nobody is judged by few instances, nothing old weighs for ever, and a habit costs one number.

    SILENCE   matched, and no channel came of it          SKIPS    leaves who it talks with within seconds
    SHUNNED   is left within seconds                      IDLE     connects and never wishes
    FLEETING  the name is given up as soon as it was taken

All that tells how somebody keeps time is one sum, the timing: how alike the times are after which it parts, and those
after which it comes back (people scatter by far more than a factor of two), and whether it wishes anew before anybody
could have read that the stranger has left.
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
    RHYTHM = 4  # keeps time as no person does
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
    FLEETING = 4


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
    Habit.SILENCE: Row(Reason.SILENCE, *_ratio(0.97, 0.2), least=4.0, points=4.2),
    # The most restless people leave four of five at once.
    Habit.SKIPS: Row(Reason.SKIPS, *_ratio(0.985, 0.8), least=2.5, points=1.0),
    # Half of all talks end at once, by one of the two; nobody is left by nearly everybody for the luck of the draw.
    Habit.SHUNNED: Row(Reason.REPORTS, *_ratio(0.95, 0.6), least=5.0, points=0.5),
    # Visitors look around and go; some addresses bring nobody but them.
    Habit.IDLE: Row(Reason.PACE, *_ratio(0.95, 0.6), least=5.0, points=1.0),
    # Who changes names does it all the time; of people a few look in and go, and some load the page again.
    Habit.FLEETING: Row(Reason.PACE, *_ratio(0.95, 0.3), least=3.0, points=3.0),
}

_SUM_MAX: Final = 12.0  # so that a habit that was broken off is soon forgiven

TIMER_SPREAD: Final = 0.04
JITTER_SPREAD: Final = 0.3
PEOPLE_SPREAD: Final = 1.1
"""Standard deviations of the logarithm of a time that one keeps: a timer, one with much jitter, and people."""

TIMERS: Final = 0.3
"""How many of the machines are plain timers."""

HASTY: Final = _ratio(0.5, 0.02)
"""Some machines are hasty, and some people were about to press Next themselves."""

TIMING_LEAST: Final = 4.0
"""So much evidence (a likelihood of 55 to 1) is as many points, enough to be slowed. What comes after that weighs more
the longer it has gone on."""

TIMING_WARY: Final = 2.0
"""Evidence that will do where machines are many: so much as their number weighs."""

_LEARN_LEAST: Final = 0.2  # the mean follows a change of habit within some five times
_AGAINST_MOST: Final = 3.0
_TIME_LEAST_S: Final = 0.05


@dataclass(slots=True)
class Rhythm:
    """How alike some times are: each is judged against the mean of those before."""

    count: int = 0
    mean: float = 0.0  # of the logarithm of seconds

    def keep(self, seconds: float) -> float:
        """Count a time; gives how much likelier a machine keeps it than a person, as a logarithm."""
        moment = math.log(max(seconds, _TIME_LEAST_S))
        self.count += 1
        off = moment - self.mean
        self.mean += off * max(_LEARN_LEAST, 1 / self.count)
        if self.count == 1:
            return 0.0
        machine = TIMERS * _density(off, TIMER_SPREAD) + (1 - TIMERS) * _density(off, JITTER_SPREAD)
        person = _density(min(abs(off), 4 * PEOPLE_SPREAD), PEOPLE_SPREAD)
        return max(-_AGAINST_MOST, math.log(max(machine, 1e-9) / person))


def _density(off: float, spread: float) -> float:
    return math.exp(-((off / spread) ** 2) / 2) / spread


@dataclass(slots=True)
class Conduct:
    """The sums of one peer, or of all young peers of an address key. Made when first needed: most never are."""

    sums: list[float] = field(default_factory=lambda: [0.0] * len(Habit))
    parts: Rhythm = field(default_factory=Rhythm)
    returns: Rhythm = field(default_factory=Rhythm)
    timing: float = 0.0

    def show(self, habit: Habit, *, shown: bool) -> float:
        """Count an instance that speaks for a habit, or against it; gives the points that it is worth."""
        row = ROWS[habit]
        before = self.sums[habit]
        self.sums[habit] = min(_SUM_MAX, max(0.0, before + (row.speaks_for if shown else row.against)))
        return row.points if shown and self.sums[habit] > row.least else 0.0

    def part(self, seconds: float, least: float = TIMING_LEAST) -> float:
        """Count a parting of one's own, so long after the talk began; gives points when there is `least` evidence."""
        return self._keep_time(self.parts.keep(seconds), least)

    def come_back(self, seconds: float, least: float = TIMING_LEAST) -> float:
        """Count a pause that one took before the next wish, likewise."""
        return self._keep_time(self.returns.keep(seconds), least)

    def go_on(self, *, hasty: bool, least: float = TIMING_LEAST) -> float:
        """Count a wish after one was left, likewise; `hasty` is sooner than a hand could do it."""
        return self._keep_time(HASTY[0] if hasty else HASTY[1], least)

    def _keep_time(self, likelier: float, least: float) -> float:
        before, self.timing = self.timing, min(_SUM_MAX, max(0.0, self.timing + likelier))
        if self.timing < least:
            return 0.0
        return self.timing if before < least else max(likelier, 0.0) * self.timing / TIMING_LEAST
