"""The head count: how many are here, told so that it gives nobody away.

Exact small numbers would let an onlooker follow a single person: one here, two here, two talking. So counts are
rounded, and below ten people nothing is said about who of them waits or talks.
"""

import math
from dataclasses import dataclass
from typing import Final

from broker.messages import Counts, Pulse

PULSE_S: Final = 15.0
"""Time from one pulse to the next."""

HURRY_S: Final = 1.0
"""Least time between two pulses when one has to be repeated, so that two services never drive each other."""

CROWD: Final = 10
"""From how many present peers on it is told how many wait and talk."""

_SPREAD_PEERS_PER_S: Final = 200  # how many say `here` again each second after a restart
_SPREAD_MAX_S: Final = 30  # half the time for which a talk is kept for a peer out of sight


def blur(n: int) -> int:
    """Round up to a multiple of 5 below 100, to two significant digits from there on; nobody stays nobody."""
    if n < 100:  # noqa: PLR2004  # two digits
        return -(-n // 5) * 5
    step = int(10 ** (len(str(n)) - 2))
    return (n + step // 2) // step * step


@dataclass(frozen=True, slots=True)
class Heads:
    """Exact numbers. Never to be published."""

    here: int
    waiting: int
    talking: int

    def blurred(self) -> Counts:
        """Give the numbers that may be published."""
        crowd = self.here >= CROWD
        return Counts(
            here=blur(self.here),
            waiting=blur(self.waiting) if crowd else 0,
            talking=blur(self.talking) if crowd else 0,
        )


def spread_s(here_before: int) -> int:
    """Tell over how many seconds the peers of the epoch before are to say `here` again."""
    return min(_SPREAD_MAX_S, max(1, math.ceil(here_before / _SPREAD_PEERS_PER_S)))


class Heart:
    """Decides when the pulse is due."""

    def __init__(self, epoch: int, here_before: int) -> None:
        self._epoch = epoch
        self._spread_s = spread_s(here_before)
        self._last = -math.inf
        self._due = -math.inf

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

    def beat(self, heads: Heads, now: float) -> Pulse | None:
        """Give the pulse when it is due."""
        if now < self._due:
            return None
        self._last, self._due = now, now + PULSE_S
        counts = heads.blurred()
        return Pulse(
            epoch=self._epoch, here=counts.here, waiting=counts.waiting, talking=counts.talking, spread=self._spread_s
        )
