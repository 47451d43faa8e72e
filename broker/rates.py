"""Rates: how much may come at once, and how fast after that, with one number remembered (GCRA, ITU-T I.371 annex A).

    Rate(per_s=10, burst=120): 120 at once, then 10 a second; who was silent for 12 s may have 120 at once again

What is remembered is the time at which all that was taken will have been earned, in seconds of the caller's clock.
"""

from dataclasses import dataclass
from typing import Final

NEVER: Final = float("-inf")
"""The mark of one who has taken nothing yet."""

_ROUNDING_S: Final = 1e-5  # of sums of times, which are large: the last of a burst must not be refused for it


@dataclass(frozen=True, slots=True)
class Rate:
    """What may be taken: `burst` at once, `per_s` for each second after that. Both above zero, of any one unit."""

    per_s: float
    burst: float

    def take(self, mark: float, amount: float, now: float) -> float | None:
        """Take an amount; gives the new mark, or None when that is too much, and nothing was taken."""
        earned = max(mark, now) + amount / self.per_s
        return earned if earned - now <= self.burst / self.per_s + _ROUNDING_S else None

    def due(self, mark: float, amount: float) -> float:
        """Tell from when on an amount may be taken."""
        return mark + (amount - self.burst) / self.per_s
