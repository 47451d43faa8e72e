"""A clock that was moved: how far, as those who count time by it must follow. Pure: it is handed both clocks.

wall    ──┬────────────────┬──►   more, or less, than we have listened meanwhile: it leapt
steady  ──┴── listened ────┴──►   more than 5 s: we stood still, and heard nobody
"""

from typing import Final

STALL_S: Final = 5.0
"""After this long without a step we have not been able to hear anybody, and hold it against nobody."""

LEAP_S: Final = 1.0
"""Smaller steps of the clock are let pass."""


class Leaps:
    """Compares, from one step to the next.

    Args:
        wall: seconds since the Unix epoch; it may jump.
        steady: seconds that never jump.
    """

    def __init__(self, wall: float, steady: float) -> None:
        self._wall, self._steady = wall, steady

    def leapt(self, wall: float, steady: float) -> float:
        """Tell by how many seconds the wall clock moved more than we have been listening; 0 if that is little."""
        listened = steady - self._steady
        leap = wall - self._wall - (listened if listened <= STALL_S else 0.0)
        self._wall, self._steady = wall, steady
        return leap if abs(leap) > LEAP_S else 0.0
