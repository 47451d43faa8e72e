"""Standing: who is set apart, who has proven to be somebody, and what is asked of whom.

    ALL ──STAMPS──► APART ──time, or a talk of 20 s──► ALL
     ├──less, while it is tense──► WARY, likewise
     └──a talk of 20 s──► proven: PROVEN while it is tense, else ALL

Who is set apart looks among its like, so that those who behave well meet each other. Without it a breaker that lets the
radar put out one in fifty would leave people alone with any larger number of machines (decision 17).
"""

from typing import Final

from broker.identity import PeerId
from matcher.address_keys import UNTOLD_S, AddressKeys, Place
from matcher.alarms import Alarms
from matcher.pool import Circle
from matcher.scores import THRESHOLDS, Level, level_of
from matcher.subjects import Subject, Suspect
from matcher.suspicion import Suspicion

APART_S: Final = 600.0
APART_MOST_S: Final = 3600.0
"""How long who has reached STAMPS is set apart: the first time, and twice as long each time after that."""

PROOF_S: Final = 20.0
"""A talk of this length proves a person, for now: it costs a program as much as it costs a person."""

TENSE: Final = 60
TENSE_SHARE: Final = 0.2
"""It is tense when more than so many are set apart, and more than this share of all. Then those who have proven to be
people look for each other first, all others must work for a wish, and a newcomer whose address key has not been told
yet waits for that."""

TENSE_POINTS: Final = 2.0
"""While most of those who are new are machines, it takes less to set somebody new apart."""

EFFORT_LEAST: Final = 16
EFFORT_MOST: Final = 20
"""Work that is asked for at STAMPS, in bits: one more for every two points, up to what takes an old phone seconds."""


class Standing:
    """What follows from suspicion, short of a verdict."""

    def __init__(self, addresses: AddressKeys) -> None:
        self.suspicion = Suspicion(addresses, self._review)
        self.dry_run = False
        self.here = 0  # how many, as told now and then
        self._addresses = addresses
        self._apart: Alarms[PeerId] = Alarms()  # those of them who are here

    @property
    def tense(self) -> bool:
        """Whether so many are set apart that all who are new are looked at with care."""
        return not self.dry_run and len(self._apart) > max(TENSE, TENSE_SHARE * self.here)

    def apart(self, peer: PeerId, now: float) -> bool:
        """Tell whether a peer is to meet only those who are under as much suspicion."""
        return self._apart_for(peer, now) is not None

    def circle(self, peer: PeerId, now: float) -> Circle:
        """Tell among whom a peer is to look."""
        if (subject := self._apart_for(peer, now)) is not None:
            return Circle.WARY if subject.apart_little else Circle.APART
        return Circle.PROVEN if self.tense and self._is_proven(peer) else Circle.ALL

    def count(self) -> int:
        """Tell how many of those who are here are set apart."""
        return len(self._apart)

    def untold(self, peer: PeerId, waits_s: float) -> bool:
        """Tell whether a peer that has waited for so long is to wait until a gate has told its address key."""
        return self.tense and waits_s < UNTOLD_S and peer not in self._addresses

    def effort(self, peer: PeerId, now: float) -> int:
        """Tell how much work is asked of a peer before a wish, in bits."""
        if not self.apart(peer, now) and (not self.tense or self._is_proven(peer)):
            return 0
        above = max(0.0, self.suspicion.points(peer, now) - THRESHOLDS[Level.STAMPS])
        return min(EFFORT_MOST, EFFORT_LEAST + int(above / 2))

    def wary_of(self, subject: Subject, now: float) -> bool:
        """Tell whether less evidence will do."""
        return self.tense and not subject.is_proven(now)

    def prove(self, peer: PeerId, place: Place | None, talked_s: float, now: float) -> None:
        """Take a talk for what it proves. It ends being set apart; for the address speaks who was not suspected."""
        if talked_s < PROOF_S:
            return
        suspect = self.suspicion.peers.of(peer, now)
        suspect.apart_until = min(suspect.apart_until, now)
        self._apart.drop(peer)
        if not suspect.proven and place is not None and level_of(suspect.score.total(now)) is Level.FREE:
            self.suspicion.keys.of(place.address, now).proven.add(1, now)
        suspect.proven = True

    def came(self, peer: PeerId, now: float) -> None:
        """A peer is here, perhaps again."""
        suspect = self.suspicion.peers.get(peer)
        if suspect is not None and now < suspect.apart_until:
            self._apart.set(peer, suspect.apart_until)

    def went(self, peer: PeerId) -> None:
        """A peer is not here any more, perhaps only for now."""
        self._apart.drop(peer)

    def ring(self, now: float) -> None:
        """Let those go whose time is up."""
        for _ in self._apart.ring(now):
            pass

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._apart.shift(by_s)
        self.suspicion.shift(by_s)

    def _review(self, peer: PeerId, subject: Subject, now: float) -> None:
        """Set a subject apart when it has enough points."""
        if self.suspicion.spares(peer):
            return
        points = subject.score.total(now)
        least = TENSE_POINTS if self.wary_of(subject, now) else THRESHOLDS[Level.STAMPS]
        little = points < THRESHOLDS[Level.STAMPS]
        if points < least or (now < subject.apart_until and (little or not subject.apart_little)):
            return
        times = 0 if little else subject.apart_times
        subject.apart_until, subject.apart_little = now + min(APART_MOST_S, APART_S * 2.0**times), little
        if little:
            return
        subject.apart_times += 1
        if isinstance(subject, Suspect):  # nor who has fewer points, nor an address: tension would feed on itself
            self._apart.set(peer, subject.apart_until)

    def _apart_for(self, peer: PeerId, now: float) -> Subject | None:
        """Find what a peer is set apart for: its own doing, or that of its address if it has proven nothing."""
        suspect, place = self.suspicion.peers.get(peer), self._addresses.get(peer)
        if self.dry_run or (place is not None and place.spared):
            return None
        if suspect is not None and (now < suspect.apart_until or suspect.proven):
            return suspect if now < suspect.apart_until else None
        key = self.suspicion.keys.get(place.address) if place is not None else None
        return key if key is not None and now < key.apart_until else None

    def _is_proven(self, peer: PeerId) -> bool:
        suspect = self.suspicion.peers.get(peer)
        return suspect is not None and suspect.proven
