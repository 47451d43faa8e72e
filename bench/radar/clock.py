"""The clock: simulated time, and what is to happen when. A heap; who does nothing costs nothing."""

import heapq
from collections.abc import Callable
from typing import Any, Final

NOON: Final = 1_767_268_800.0
"""When every run begins, in seconds since the Unix epoch: midday, so that no salt turns within one."""


class Clock:
    """Time, and what comes."""

    def __init__(self) -> None:
        self.now = NOON
        self._coming: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._serial = 0  # of two that come at the same time the one that was planned first

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.now - NOON

    def after(self, seconds: float, action: Callable[..., None], *given: Any) -> None:  # noqa: ANN401  as it comes
        """Let something happen in so many seconds."""
        self._serial += 1
        heapq.heappush(self._coming, (self.now + seconds, self._serial, action, given))

    def run(self, until: float) -> int:
        """Let time pass until so many seconds after the beginning. Gives how many things happened."""
        end, happened = NOON + until, 0
        coming = self._coming
        while coming and coming[0][0] <= end:
            self.now, _, action, given = heapq.heappop(coming)
            action(*given)
            happened += 1
        self.now = end
        return happened
