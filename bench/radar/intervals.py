"""How sure a figure is: intervals in which it lies with 95 %."""

import math
from collections.abc import Sequence
from statistics import mean, stdev
from typing import Final

_Z: Final = 1.959964
_T: Final = (
    12.71,
    4.30,
    3.18,
    2.78,
    2.57,
    2.45,
    2.36,
    2.31,
    2.26,
    2.23,
    2.20,
    2.18,
    2.16,
    2.14,
    2.13,
    2.12,
    2.11,
    2.10,
)
"""Student's t from one degree of freedom on; with more than stand here it is taken to be 2.09 (19), or z (above 30)."""

Interval = tuple[float, float]


def wilson(hits: int, of: int) -> Interval:
    """Give the interval of a share (E. B. Wilson, 1927); of nothing, everything is possible."""
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def over_runs(samples: Sequence[float]) -> Interval | None:
    """Give the interval of a mean over independent runs; None when there was but one."""
    degrees = len(samples) - 1
    if degrees < 1:
        return None
    t = _T[degrees - 1] if degrees <= len(_T) else 2.09 if degrees <= 30 else _Z
    middle, half = mean(samples), t * stdev(samples) / math.sqrt(len(samples))
    return middle - half, middle + half
