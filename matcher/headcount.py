"""The head count: how many are here, told so that it gives nobody away.

Exact small numbers would let an onlooker follow a single person: one here, two here, two talking. So counts are
rounded, and of few who wait or talk nothing is said at all: who sees 0 turn into 5, in a place where people talk in
twos, has seen one pair meet. Counts are renewed with the pulse only: whoever could ask for newer ones, with a `here`
or by making us repeat ourselves, could see every single one come and go.

What stays to be seen: that the first came and the last went; that a number crossed a multiple of 5. Who brings peers
of its own, one after another, finds where it crosses, and so how many others are here, to the one and every 15 s.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from broker.messages import Counts, Mode, Pulse
from matcher.histogram import Histogram

PULSE_S: Final = 15.0
"""Time from one pulse to the next."""

HURRY_S: Final = 1.0
"""Least time between two pulses when one has to be repeated, so that two services never drive each other."""

CROWD: Final = 10
"""From how many present peers on it is told how many wait and talk; and the least that is told of either."""

WAITS_S: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Steps in which it is told how long one waits: the next longer one."""

_MOST: Final = 0.75  # the share of those who met somebody that found them in this time
_SPREAD_PEERS_PER_S: Final = 200  # how many say `here` again each second after a restart, unless they are very many
_SPREAD_MAX_S: Final = 12  # so that the second pulse of an epoch, 15 s after the first, counts them all


def blur(n: int) -> int:
    """Round up to a multiple of 5 below 100, to two significant digits from there on; nobody stays nobody."""
    if n < 100:  # noqa: PLR2004  # two digits
        return -(-n // 5) * 5
    step = int(10 ** (len(str(n)) - 2))
    return (n + step // 2) // step * step


@dataclass(frozen=True, slots=True)
class PerMode:
    """Peers by the mode of their wish, or of the one that brought them together."""

    text: int = 0
    voice: int = 0
    video: int = 0

    @classmethod
    def of(cls, counts: Mapping[Mode, int]) -> Self:
        """Take a snapshot of running counts."""
        return cls(text=counts.get("text", 0), voice=counts.get("voice", 0), video=counts.get("video", 0))

    @property
    def total(self) -> int:
        """All of them."""
        return self.text + self.voice + self.video


@dataclass(frozen=True, slots=True)
class Heads:
    """Exact numbers. Never to be published."""

    here: int
    waiting_in: PerMode
    talking_in: PerMode

    @property
    def waiting(self) -> int:
        """How many wait, in all modes."""
        return self.waiting_in.total

    @property
    def talking(self) -> int:
        """How many talk, in all modes."""
        return self.talking_in.total

    def blurred(self) -> Counts:
        """Give the numbers that may be published."""
        crowd = self.here >= CROWD
        return Counts(
            here=blur(self.here),
            waiting=_unless_few(self.waiting) if crowd else 0,
            talking=_unless_few(self.talking) if crowd else 0,
        )


def _unless_few(n: int) -> int:
    told = blur(n)
    return told if told >= CROWD else 0


def usual_wait_s(waited: Histogram) -> int | None:
    """Tell how long most people wait, from those who met lately; of few it is not told: it would be of somebody."""
    if sum(waited.counts) < CROWD:
        return None
    most = waited.quantile(_MOST) or 0.0
    return next((step for step in WAITS_S if most <= step), WAITS_S[-1])


def spread_s(here_before: int) -> int:
    """Tell over how many seconds the peers of the epoch before are to say `here` again."""
    return min(_SPREAD_MAX_S, max(1, math.ceil(here_before / _SPREAD_PEERS_PER_S)))


class Heart:
    """Decides when the pulse is due, and what is told until the next one."""

    def __init__(self, epoch: int, here_before: int) -> None:
        self._epoch = epoch
        self._spread_s = spread_s(here_before)
        self._last = -math.inf
        self._due = -math.inf
        self._counted = -math.inf
        self._counts = Counts(here=0, waiting=0, talking=0)

    @property
    def greeting(self) -> Counts:
        """The counts that a newcomer is told: those of the pulse. But that somebody is here, it knows by itself."""
        return self._counts if self._counts.here else self._counts.model_copy(update={"here": blur(1)})

    def hurry(self) -> None:
        """Make the next pulse due as soon as may be: another message has taken its place on the topic."""
        self._due = min(self._due, self._last + HURRY_S)

    def force(self) -> None:
        """Make the next pulse due now."""
        self._due = -math.inf

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._last += by_s
        self._due += by_s
        self._counted += by_s

    def beat(self, heads: Heads, waited: Histogram, now: float) -> Pulse | None:
        """Give the pulse when it is due. One that comes early repeats the counts of the one before."""
        if now < self._due:
            return None
        self._last = now
        if now >= self._counted + PULSE_S:
            self._counted = now
            self._counts = heads.blurred().model_copy(update={"wait": usual_wait_s(waited)})
        self._due = self._counted + PULSE_S
        counts = self._counts
        return Pulse(
            epoch=self._epoch,
            here=counts.here,
            waiting=counts.waiting,
            talking=counts.talking,
            wait=counts.wait,
            spread=self._spread_s,
        )
