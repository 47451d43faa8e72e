"""Subjects: what the radar keeps on a peer, and on an address key; and how much of that there may be.

Numbers and times only. The one list of names is of strangers who complained, so that each of them counts once.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from broker.rates import NEVER
from matcher.conduct import Conduct
from matcher.scores import Score

SUBJECTS_MAX: Final = 200_000
"""Of peers, and of address keys; of more, those quiet longest are forgotten first."""

QUIET_S: Final = 3600.0
"""So long after its last deed a subject is forgotten: no score is left by then, and nobody is set apart for longer."""

CROWD_HALF_S: Final = 3600.0


@dataclass(slots=True)
class Fading:
    """A number that halves every hour."""

    value: float = 0.0
    at: float = 0.0

    def now(self, now: float) -> float:
        """Give what is left of it."""
        return float(self.value * 0.5 ** (max(0.0, now - self.at) / CROWD_HALF_S)) if self.value else 0.0

    def add(self, amount: float, now: float) -> None:
        """Add to it."""
        self.value, self.at = self.now(now) + amount, now


@dataclass(slots=True)
class Suspect:
    """A peer. Most of them are suspected of nothing, and cost little."""

    seen: float = 0.0
    score: Score = field(default_factory=Score)
    conduct: Conduct | None = None
    apart_until: float = NEVER
    apart_times: int = 0
    apart_little: bool = False  # for less than it takes in calm
    pace: float = NEVER
    held_until: float = NEVER
    verdict_at: float = NEVER
    guilty_at: float | None = None  # since when there would be a verdict, were it known where it comes from
    wished: bool = False
    free_since: float | None = None  # the end of its last talk, until it wishes anew
    was_left: bool = False
    proven: bool = False
    sessions: int = 0
    talks: int = 0
    complaints: int = 0
    reporters: set[str] | None = None

    def is_proven(self, now: float) -> bool:  # noqa: ARG002  a neighbourhood's fades
        """Tell whether it has proven to be a person."""
        return self.proven

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self.seen += by_s
        self.apart_until += by_s
        self.pace += by_s
        self.held_until += by_s
        self.verdict_at += by_s
        self.guilty_at = None if self.guilty_at is None else self.guilty_at + by_s
        self.free_since = None
        self.score.shift(by_s)


@dataclass(slots=True)
class Neighbourhood:
    """An address key: those who come from there, taken together."""

    seen: float = 0.0
    score: Score = field(default_factory=Score)
    conduct: Conduct | None = None
    apart_until: float = NEVER
    apart_times: int = 0
    apart_little: bool = False  # for less than it takes in calm
    arrivals: float = NEVER
    wishes: float = NEVER
    verdict_at: float = NEVER
    proven: Fading = field(default_factory=Fading)
    kicks: Fading = field(default_factory=Fading)

    def is_proven(self, now: float) -> bool:
        """Tell whether somebody there has proven to be a person lately."""
        return self.proven.now(now) >= 1

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self.seen += by_s
        self.apart_until += by_s
        self.arrivals += by_s
        self.wishes += by_s
        self.verdict_at += by_s
        self.score.shift(by_s)
        self.proven.at += by_s
        self.kicks.at += by_s


Subject: TypeAlias = Suspect | Neighbourhood


class _Subject(Protocol):
    seen: float

    def shift(self, by_s: float) -> None: ...


N = TypeVar("N", bound=Hashable)
S = TypeVar("S", bound=_Subject)


class Subjects(Generic[N, S]):
    """Subjects by name, the one that has been quiet longest first."""

    def __init__(self, make: Callable[[], S]) -> None:
        self._make = make
        self._all: OrderedDict[N, S] = OrderedDict()

    def __len__(self) -> int:
        return len(self._all)

    def get(self, name: N) -> S | None:
        """Find one, if something is known of it."""
        return self._all.get(name)

    def of(self, name: N, now: float) -> S:
        """Find or begin one, that does something now."""
        subject = self._all.get(name)
        if subject is None:
            self.forget(now, room=1)
            subject = self._all[name] = self._make()
        self._all.move_to_end(name)
        subject.seen = now
        return subject

    def forget(self, now: float, *, room: int = 0) -> None:
        """Forget who has been quiet too long, and the quietest until there is room for so many."""
        while self._all:
            oldest = next(iter(self._all))
            if len(self._all) + room <= SUBJECTS_MAX and self._all[oldest].seen >= now - QUIET_S:
                return
            del self._all[oldest]

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        for subject in self._all.values():
            subject.shift(by_s)
