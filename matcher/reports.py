"""Reports that want a person's eyes: what a machine must not decide. Above all that somebody is a minor.

Nobody can look at the talk: it was never here. What a person sees is when, how many different strangers said so, and
whether the reported one is still here; and a code by which it can be banned. In memory, and for half a day at most.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from broker.identity import PeerId
from broker.messages import ReportReason
from matcher.address_keys import Place
from matcher.bans import code_of, read_code

FOR_EYES: Final[frozenset[ReportReason]] = frozenset({"minor"})
"""The reasons that go to a person."""

WAITING_MAX: Final = 500
WAITING_S: Final = 43_200.0
STRANGERS_MAX: Final = 32


@dataclass(slots=True)
class Waiting:
    """A peer that was reported, and not looked at yet."""

    code: str
    peer: PeerId
    place: Place | None
    reason: ReportReason
    at: float
    strangers: set[str] = field(default_factory=set)


class Reports:
    """What waits for the operator, the newest last."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(reversed(self._waiting.values()))

    def find(self, code: str) -> Waiting | None:
        """Find a report by its code, however it was typed."""
        return self._waiting.get(read_code(code))

    def add(self, peer: PeerId, place: Place | None, by: str, reason: ReportReason, now: float) -> None:
        """Put a report before the operator."""
        code = code_of(peer) if place is None else code_of(place.address.key, place.address.day)
        waiting = self._waiting.pop(code, None) or Waiting(code, peer, place, reason, now)
        waiting.peer, waiting.at = peer, now
        if len(waiting.strangers) < STRANGERS_MAX:
            waiting.strangers.add(by)
        self._waiting[code] = waiting
        if len(self._waiting) > WAITING_MAX:
            self._waiting.popitem(last=False)

    def settle(self, code: str) -> None:
        """A person has looked."""
        self._waiting.pop(read_code(code), None)

    def ring(self, now: float) -> None:
        """Forget what nobody looked at."""
        while self._waiting and next(iter(self._waiting.values())).at < now - WAITING_S:
            self._waiting.popitem(last=False)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        for waiting in self._waiting.values():
            waiting.at += by_s
