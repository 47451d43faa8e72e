"""Alarms: what is due when. One per key, moved and dropped at will.

A heap in which moved and dropped alarms stay behind until they surface or outnumber the living, so that setting one
costs O(log n) on average, a look at the clock costs only what is due, and memory is bounded by what is set.
"""

import heapq
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_SLACK: Final = 64  # how many dead entries are not worth sweeping


class Alarms(Generic[K]):
    """Alarms by key; times are in seconds on the caller's clock."""

    def __init__(self) -> None:
        self._due: dict[K, tuple[float, int, K]] = {}  # the entries of the heap that live
        self._heap: list[tuple[float, int, K]] = []
        self._serial = 0  # tells an alarm from its own earlier settings, and orders those due at the same time

    def __len__(self) -> int:
        return len(self._due)

    def __contains__(self, key: K) -> bool:
        return key in self._due

    def __iter__(self) -> Iterator[K]:
        return iter(self._due)

    def due(self, key: K) -> float | None:
        """Tell when the alarm of a key is due, if it has one."""
        found = self._due.get(key)
        return None if found is None else found[0]

    def set(self, key: K, due: float) -> None:
        """Set or move the alarm of a key."""
        self._serial += 1
        entry = self._due[key] = (due, self._serial, key)
        heapq.heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._sweep(0)

    def drop(self, key: K) -> None:
        """Forget the alarm of a key, if it has one."""
        self._due.pop(key, None)

    def ring(self, now: float) -> Iterable[K]:
        """Give each key that is due, earliest first, and forget its alarm; the caller may set and drop meanwhile."""
        return self._ring(now) if self._heap and self._heap[0][0] <= now else ()  # it is asked with every message

    def _ring(self, now: float) -> Iterator[K]:
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)
            key = entry[2]
            if self._due.get(key) is entry:
                del self._due[key]
                yield key

    def shift(self, by_s: float) -> None:
        """Move all alarms, because the caller's clock was moved or stood still."""
        self._sweep(by_s)

    def _sweep(self, by_s: float) -> None:
        if by_s:
            self._due = {key: (due + by_s, serial, key) for due, serial, key in self._due.values()}
        self._heap[:] = self._due.values()
        heapq.heapify(self._heap)
