"""Address keys: which keyed hash stands for the address of a peer, as a gate told it.

Kept while the peer is here and a while after, so that a judgement that comes late still finds it. Never an address.
"""

from typing import Final

from broker.identity import PeerId
from broker.messages import On
from matcher.alarms import Alarms

ADDRESS_KEY_S: Final = 600.0
"""How often it is asked whether the peer is still here; so a key outlives its peer by at most this."""

ADDRESS_KEYS_MAX: Final = 400_000
"""Twice the peers: some were admitted and have not spoken yet, some have just gone."""


class AddressKeys:
    """The latest fact about each peer."""

    def __init__(self) -> None:
        self._facts: dict[PeerId, On] = {}
        self._alarms: Alarms[PeerId] = Alarms()

    def __len__(self) -> int:
        return len(self._facts)

    def record(self, fact: On, now: float) -> None:
        """Remember a fact; when there are too many, the oldest is forgotten."""
        peer = PeerId(fact.peer)
        self._facts.pop(peer, None)
        if len(self._facts) >= ADDRESS_KEYS_MAX:
            self._forget(next(iter(self._facts)))
        self._facts[peer] = fact
        self._alarms.set(peer, now + ADDRESS_KEY_S)

    def due(self, now: float) -> list[PeerId]:
        """Give the peers whose key has lain here long enough: `keep` it or it is gone."""
        return list(self._alarms.ring(now))

    def settle(self, peer: PeerId, *, here: bool, now: float) -> None:
        """Keep the key of a peer that is here for another while, forget that of one that is not."""
        if here:
            self._alarms.set(peer, now + ADDRESS_KEY_S)
        else:
            self._forget(peer)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._alarms.shift(by_s)

    def _forget(self, peer: PeerId) -> None:
        self._facts.pop(peer, None)
        self._alarms.drop(peer)
