"""Address keys: which keyed hash stands for the address of a peer, as a gate told it. Never an address.

Kept while the peer is here and a while after, so that a judgement that comes late still finds it; and who is connected
from each key now, so that a ban knows whom it meets.
"""

from dataclasses import dataclass
from typing import Final

from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import On
from matcher.alarms import Alarms

ADDRESS_KEY_S: Final = 600.0
"""How often it is asked whether the peer is still here; so a key outlives its peer by at most this."""

ADDRESS_KEYS_MAX: Final = 400_000
"""Twice the peers: some were admitted and have not spoken yet, some have just gone."""

UNTOLD_S: Final = 3.0
"""Gates tell an address key within a second; if none has after this, none will."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer comes from. Who is `spared` is on the operator's never-ban list."""

    address: AddressKey
    spared: bool


class AddressKeys:
    """The latest fact about each peer."""

    def __init__(self) -> None:
        self._places: dict[PeerId, Place] = {}
        self._connected: dict[AddressKey, set[PeerId]] = {}
        self._came: dict[PeerId, float] = {}  # those whose first connection has not closed
        self._alarms: Alarms[PeerId] = Alarms()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, peer: PeerId) -> bool:
        return peer in self._places

    def get(self, peer: PeerId) -> Place | None:
        """Tell where a peer comes from, if a gate has told."""
        return self._places.get(peer)

    def connected(self, address: AddressKey) -> frozenset[PeerId]:
        """Give those who are connected from there now."""
        return frozenset(self._connected.get(address, ()))

    def count(self, address: AddressKey) -> int:
        """Tell how many they are."""
        return len(self._connected.get(address, ()))

    def record(self, fact: On, now: float) -> None:
        """Remember a fact; when there are too many, the oldest is forgotten."""
        peer = PeerId(fact.peer)
        new = peer not in self._places
        self._forget(peer, came=False)
        if len(self._places) >= ADDRESS_KEYS_MAX:
            self._forget(next(iter(self._places)))
        place = Place(AddressKey(fact.day, fact.address), fact.spared is not None)
        self._places[peer] = place
        self._connected.setdefault(place.address, set()).add(peer)
        self._alarms.set(peer, now + ADDRESS_KEY_S)
        if new:
            self._came[peer] = now

    def close(self, peer: PeerId, now: float) -> float | None:
        """Note that the connection of a peer has closed; gives how long the first one lasted, when it was that.

        It may be back in a moment, so its key stays.
        """
        self._leave(peer)
        came = self._came.pop(peer, None)
        return None if came is None else max(0.0, now - came)

    def due(self, now: float) -> list[PeerId]:
        """Give the peers whose key has lain here long enough: `settle` it."""
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
        self._came = {peer: came + by_s for peer, came in self._came.items()}

    def _forget(self, peer: PeerId, *, came: bool = True) -> None:
        self._leave(peer)
        self._places.pop(peer, None)
        self._alarms.drop(peer)
        if came:
            self._came.pop(peer, None)

    def _leave(self, peer: PeerId) -> None:
        place = self._places.get(peer)
        if place is not None and (here := self._connected.get(place.address)) is not None:
            here.discard(peer)
            if not here:
                del self._connected[place.address]
