"""Facts: what a gate has seen and not yet told the service. Things in their order, refusals counted and not listed.

    {"kind": "on", "peer": …, "address": …, "day": …}
    {"kind": "off", "peer": …}
    {"kind": "tally", "what": …, "count": …}   with "peer" where it proved who it is

Bounded: of too many, the oldest go first, and that is a fact, too. Pure, standard library only.
"""

from collections import deque
from typing import Final, TypeAlias

from broker import policy
from broker.policy import Who

FACTS_PER_BATCH: Final = 32
"""So that a batch stays below 4 KiB."""

Fact: TypeAlias = dict[str, object]


class Facts:
    """What is still to be told.

    Args:
        most: facts that wait at once.
        tallies: peers with refusals of their own between two drains; the rest are counted together.
    """

    def __init__(self, most: int, tallies: int) -> None:
        self._most = most
        self._most_tallies = tallies
        self._waiting: deque[Fact] = deque()
        self._tallies: dict[tuple[str, str | None], int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def tell(self, fact: Fact) -> None:
        """Note what is to be told."""
        if len(self._waiting) >= self._most:
            self._waiting.popleft()
            self.count("facts-lost")
        self._waiting.append(fact)

    def count(self, what: str, name: str | None = None) -> None:
        """Count a refusal, for the peer of this name if it is one's."""
        peer = name if name is not None and policy.who_is(name) is Who.PEER else None
        if (what, peer) not in self._tallies and len(self._tallies) >= self._most_tallies:
            peer = None
        self._tallies[what, peer] = self._tallies.get((what, peer), 0) + 1

    def take(self) -> list[Fact]:
        """Take the next batch, oldest first, tallies last; empty when nothing is left."""
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), FACTS_PER_BATCH))]
        while self._tallies and len(batch) < FACTS_PER_BATCH:
            (what, peer), count = self._tallies.popitem()
            tally: Fact = {"kind": "tally", "what": what, "count": count}
            batch.append(tally if peer is None else {**tally, "peer": peer})
        return batch
