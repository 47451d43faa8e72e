"""Who keeps coming although it is banned. Pure; keeps a network and a time of each, in memory, while that matters.

One that is banned may look whether it still is, and the page does so seldom. What costs a broker something is one that
comes again and again: only such a one is dropped, and can then reach nothing here, the legal pages included.
"""

from collections import OrderedDict
from typing import Final

from broker.networks import Network
from broker.rates import NEVER, Rate

PATIENCE: Final = Rate(per_s=20 / 60, burst=20)
"""Refused connects that a network may have: twenty at once, then twenty a minute."""

MOST: Final = 50_000
"""Networks remembered; the oldest are forgotten first."""


class Floods:
    """Counts refused connects."""

    def __init__(self) -> None:
        self._marks: OrderedDict[Network, float] = OrderedDict()

    def is_one(self, network: Network, now: float) -> bool:
        """Note one more of a network, and tell whether that is too many; `now` in seconds of any one clock."""
        before = self._marks.pop(network, NEVER)
        mark = PATIENCE.take(before, 1, now)
        self._marks[network] = before if mark is None else mark
        oldest = next(iter(self._marks))
        if len(self._marks) > MOST or self._marks[oldest] <= now:
            del self._marks[oldest]
        return mark is None
