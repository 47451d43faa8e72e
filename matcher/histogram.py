"""Histograms: how often something took how long, in a few fixed steps. Adds up, and keeps no single value."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

SECONDS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1800.0)
"""Steps for times that people wait and talk: upper bounds, the last one open."""

ROADS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Steps for round trips between a browser and the broker."""


@dataclass(slots=True)
class Histogram:
    """Counts by step; `counts` has one more than `bounds`, for what is above all of them."""

    bounds: tuple[float, ...] = SECONDS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = self.counts or [0] * (len(self.bounds) + 1)

    def __sub__(self, before: "Histogram") -> "Histogram":
        """What was added since an earlier copy."""
        counts = [now - then for now, then in zip(self.counts, before.counts, strict=True)]
        return Histogram(self.bounds, counts, self.total - before.total)

    def add(self, value: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def copy(self) -> "Histogram":
        """Take a snapshot."""
        return Histogram(self.bounds, list(self.counts), self.total)

    def quantile(self, share: float) -> float | None:
        """Estimate below what this share stays, evenly within a step; None of nothing. Above all: the last bound."""
        wanted, below, seen = share * sum(self.counts), 0.0, 0
        if not any(self.counts):
            return None
        for bound, count in zip(self.bounds, self.counts, strict=False):
            if count and seen + count >= wanted:
                return below + (bound - below) * (wanted - seen) / count
            seen, below = seen + count, bound
        return below
