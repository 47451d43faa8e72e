"""Lately: how much was counted in the last minute and hour, from counts that only grow. One snapshot a minute."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matcher.histogram import Histogram

STEP_S: Final = 60.0
KEPT: Final = 60


@dataclass(frozen=True, slots=True)
class _Snapshot:
    at: float
    counts: dict[str, int]
    waited: Histogram


class Recent:
    """Snapshots of the last hour."""

    def __init__(self) -> None:
        self._snapshots: deque[_Snapshot] = deque(maxlen=KEPT + 1)

    def note(self, counts: Mapping[str, int], waited: Histogram, now: float) -> None:
        """Take a snapshot when a minute has passed since the last."""
        if not self._snapshots or now >= self._snapshots[-1].at + STEP_S:
            self._snapshots.append(_Snapshot(now, dict(counts), waited.copy()))

    def per_min(self, name: str, counts: Mapping[str, int], now: float) -> float:
        """Give how often a minute something was counted, over the last one to two minutes."""
        then = self._before(now - STEP_S)
        if then is None or now <= then.at:
            return 0.0
        return (counts.get(name, 0) - then.counts.get(name, 0)) / (now - then.at) * 60

    def per_hour(self, name: str, counts: Mapping[str, int]) -> int:
        """Give how often something was counted within the last hour."""
        before = self._snapshots[0].counts.get(name, 0) if self._snapshots else 0
        return counts.get(name, 0) - before

    def waited(self, waited: Histogram, now: float) -> Histogram:
        """Give the waits of the last five to six minutes."""
        then = self._before(now - 5 * STEP_S)
        return waited if then is None else waited - then.waited

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        moved = [_Snapshot(each.at + by_s, each.counts, each.waited) for each in self._snapshots]
        self._snapshots = deque(moved, maxlen=KEPT + 1)

    def _before(self, at: float) -> _Snapshot | None:
        """Find the last snapshot up to this time, or the first there is."""
        found = self._snapshots[0] if self._snapshots else None
        for snapshot in self._snapshots:
            if snapshot.at > at:
                break
            found = snapshot
        return found
