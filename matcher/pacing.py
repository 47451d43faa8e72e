"""Pacing: how often one may come and wish, and how long to wait otherwise.

Every peer has a rate of its own (GCRA, see `broker.rates`), by its level; who wishes before it may is asked to wait,
and only who does not wait gets points for it. An address key has one for those who have proven nothing: each of them
counts for its share of all who are connected from there, so a hall full of people is no rush, and one who changes names
is.
"""

import math
from typing import Final

from broker.identity import PeerId
from broker.rates import Rate
from matcher.address_keys import AddressKeys, Place
from matcher.conduct import Reason
from matcher.scores import Level, level_of
from matcher.standing import Standing
from matcher.subjects import Suspect

PACES: Final[dict[Level, Rate]] = {
    Level.FREE: Rate(per_s=14 / 60, burst=6),
    Level.SLOW: Rate(per_s=4 / 60, burst=1),
    Level.STAMPS: Rate(per_s=4 / 60, burst=1),
}
"""How often one may wish, by level."""

BESIEGED: Final = Rate(per_s=1 / 60, burst=1)
"""How often those may wish who are set apart while it is tense: hardly anybody but machines would meet them. All others
who have proven nothing are as slow as SLOW meanwhile."""

EARLY_S: Final = 1.0
"""Who was asked to wait may be early by this much: clocks and networks."""

EARLY_POINTS: Final = 1.0

ARRIVALS: Final = Rate(per_s=6 / 60, burst=8)
WISHES: Final = Rate(per_s=20 / 60, burst=20)
"""New peers, and wishes of those who have proven nothing, that one address key may bring."""

RUSH_POINTS: Final = 1.0

CROWDED: Final = Rate(per_s=4 / 60, burst=3)
"""How often those may wish who have proven nothing, at an address key that is not FREE."""


class Pacing:
    """The rates of peers and of their address keys."""

    def __init__(self, addresses: AddressKeys, standing: Standing) -> None:
        self._addresses = addresses
        self._standing = standing
        self._suspicion = standing.suspicion

    def arrive(self, peer: PeerId, place: Place, now: float) -> None:
        """A new peer has come."""
        key = self._suspicion.keys.of(place.address, now)
        mark = ARRIVALS.take(key.arrivals, self._share(place), now)
        if mark is None:
            self._suspicion.charge_key(peer, Reason.PACE, RUSH_POINTS, now)
        else:
            key.arrivals = mark

    def wish(self, peer: PeerId, now: float, *, calm: bool) -> int:
        """A peer wishes anew. Gives the whole seconds for which it must wait; 0 is none.

        Args:
            peer: who wishes.
            now: the time.
            calm: whether address keys are judged by how fast it comes.
        """
        suspect = self._suspicion.peers.of(peer, now)
        if now < suspect.held_until - EARLY_S:
            self._suspicion.charge(peer, Reason.PACE, EARLY_POINTS, now)
        else:
            suspect.held_until = self._held_until(peer, suspect, now, calm=calm)
        return max(0, math.ceil(suspect.held_until - now))

    def hold(self, peer: PeerId, seconds: float, now: float) -> None:
        """Let a peer wish for nothing for so long: it was kicked."""
        self._suspicion.peers.of(peer, now).held_until = now + seconds

    def _held_until(self, peer: PeerId, suspect: Suspect, now: float, *, calm: bool) -> float:
        """Take one wish from what a peer, and its address key, may still have; or tell from when on there is one."""
        pace = self._pace(peer, suspect, now)
        mark, place = pace.take(suspect.pace, 1, now), self._addresses.get(peer)
        if mark is None:
            return pace.due(suspect.pace, 1)
        if place is not None and not suspect.proven and calm and (until := self._rush(peer, place, now)) > now:
            return until
        suspect.pace = mark
        return now

    def _pace(self, peer: PeerId, suspect: Suspect, now: float) -> Rate:
        level = min(self._suspicion.level(peer, now), Level.STAMPS)
        if not self._standing.tense:
            return PACES[level]
        if self._standing.apart(peer, now):
            return BESIEGED
        return PACES[level if suspect.proven else max(level, Level.SLOW)]

    def _rush(self, peer: PeerId, place: Place, now: float) -> float:
        """Take the wish of one who has proven nothing from what its address key may still have, likewise."""
        key, share = self._suspicion.keys.of(place.address, now), self._share(place)
        limited = level_of(key.score.total(now)) > Level.FREE and not place.spared
        mark = (CROWDED if limited else WISHES).take(key.wishes, share, now)
        if mark is not None:
            key.wishes = mark
        elif limited:
            return CROWDED.due(key.wishes, share)
        else:
            self._suspicion.charge_key(peer, Reason.PACE, RUSH_POINTS, now)
        return now

    def _share(self, place: Place) -> float:
        return 1 / max(1, self._addresses.count(place.address))
