"""Finds who was left waiting although somebody was there who fits. Pure, and sound: what it finds breaks the rules.

    beside   two were overdue at the same time, and not each the last whom the other met: they were to be matched
    passed   while one was overdue, two came who both fit it, and were given to each other: whichever of them came first
             found the overdue one waiting, and had to be matched then, not wait for the second

Overdue is who waited so long that its wish is open to anybody of its mode. The service reads a wish a little after it
was said, and a peer reads an answer a little after it was given: what may be explained by that is not counted.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from stranger.crowd.wishes import Wish, fit


@dataclass(frozen=True, slots=True)
class Wait:
    """For how long a peer waited for the same answer."""

    peer: int
    wish: Wish
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two were given to each other."""

    peers: tuple[int, int]
    wishes: tuple[Wish, Wish]
    joined: float
    """When the first of them asked."""

    matched: float


@dataclass(slots=True)
class Meetings:
    """Who was given to whom, in order of time."""

    all: list[Meeting]
    _of: dict[int, tuple[list[float], list[int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.all.sort(key=lambda meeting: meeting.matched)
        self._of = {}
        for meeting in self.all:
            for peer, other in (meeting.peers, meeting.peers[::-1]):
                times, others = self._of.setdefault(peer, ([], []))
                times.append(meeting.matched)
                others.append(other)

    def barred(self, one: int, other: int, at: float) -> bool:
        """Tell whether one of the two met the other last, at that time: then they must not meet."""
        return self._last(one, at) == other or self._last(other, at) == one

    def within(self, start: float, end: float) -> list[Meeting]:
        """Give those of a stretch of time."""
        first = bisect_left(self.all, start, key=lambda meeting: meeting.matched)
        return self.all[first : bisect_right(self.all, end, key=lambda meeting: meeting.matched)]

    def _last(self, peer: int, at: float) -> int | None:
        times, others = self._of.get(peer, ([], []))
        place = bisect_left(times, at)
        return others[place - 1] if place else None


def lost(waits: Iterable[Wait], meetings: Meetings, *, patience_s: float, margin_s: float) -> set[int]:
    """Give the peers who were left waiting.

    Args:
        waits: those that were long, in any order.
        meetings: all of them.
        patience_s: who waited so long is overdue.
        margin_s: by how much a message may be late.
    """
    overdue = defaultdict(list)
    for wait in waits:
        if wait.end - margin_s > wait.start + patience_s:
            overdue[wait.wish.mode].append(wait)
    found: set[int] = set()
    for of_mode in overdue.values():
        of_mode.sort(key=lambda wait: wait.start)
        found |= _beside(of_mode, meetings, patience_s, margin_s)
        found |= {wait.peer for wait in of_mode if _passed(wait, meetings, patience_s, margin_s)}
    return found


def _beside(waits: list[Wait], meetings: Meetings, patience_s: float, margin_s: float) -> set[int]:
    found: set[int] = set()
    for number, one in enumerate(waits):
        for other in waits[number + 1 :]:
            if other.start + patience_s + margin_s >= one.end:
                break  # and so do all that follow: they began later still
            together = min(one.end, other.end) - (other.start + patience_s)
            if one.peer == other.peer or together <= margin_s:
                continue
            if {one.peer, other.peer} <= found or meetings.barred(one.peer, other.peer, other.start):
                continue
            found |= {one.peer, other.peer}
            break  # that this one is lost is known
    return found


def _passed(wait: Wait, meetings: Meetings, patience_s: float, margin_s: float) -> bool:
    overdue = wait.start + patience_s
    return any(
        meeting.joined > overdue
        and all(fit(wish, wait.wish, other_open=True) for wish in meeting.wishes)
        and not any(meetings.barred(wait.peer, peer, meeting.matched) for peer in meeting.peers)
        for meeting in meetings.within(overdue, wait.end - margin_s)
    )
