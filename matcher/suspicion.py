"""Suspicion: points for what was done, against a peer and its address key, and the verdicts that follow from them.

    points ─► score of the peer ─► level ─► KICK
          └─► its share of the score of its address key ─► BAN, also after so many kicks

The share is one among those who are there, or have proven there that they are people, whichever is more. What a peer
does before a gate has told where it comes from counts there as soon as that is known; the verdict on it waits for that,
too, as it may come from where nobody is put out.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from broker.addresses import AddressKey
from broker.identity import PeerId
from matcher.address_keys import UNTOLD_S, AddressKeys, Place
from matcher.conduct import Reason
from matcher.scores import THRESHOLDS, Level, level_of
from matcher.subjects import Neighbourhood, Subject, Subjects, Suspect

VERDICT_S: Final = 60.0
"""After a verdict the next one on the same subject waits this long."""

KICKS_TO_BAN: Final = 2.8
"""So many kicks at one address key, each for its share, are worth a ban, too: three within an hour, say."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What should happen to a peer (KICK) or to everybody at its address key (BAN), and the strongest reason."""

    level: Level
    peer: PeerId
    place: Place | None
    reason: Reason


class Suspicion:
    """The points of all subjects.

    Args:
        addresses: where peers come from.
        raised: is told of every subject whose points have grown.
    """

    def __init__(self, addresses: AddressKeys, raised: Callable[[PeerId, Subject, float], None]) -> None:
        self.peers: Subjects[PeerId, Suspect] = Subjects(Suspect)
        self.keys: Subjects[AddressKey, Neighbourhood] = Subjects(Neighbourhood)
        self.signals: Counter[Reason] = Counter()
        self._addresses = addresses
        self._raised = raised
        self._verdicts: list[Verdict] = []

    def take(self) -> list[Verdict]:
        """Hand over the verdicts that have collected."""
        verdicts, self._verdicts = self._verdicts, []
        return verdicts

    def points(self, peer: PeerId, now: float) -> float:
        """Give the points that count against a peer; for those of its address alone it is not put out."""
        suspect, place = self.peers.get(peer), self._addresses.get(peer)
        own = suspect.score.total(now) if suspect is not None else 0.0
        if place is None or (suspect is not None and suspect.proven):
            return own
        key = self.keys.get(place.address)
        return max(own, min(key.score.total(now), THRESHOLDS[Level.KICK] - 1)) if key is not None else own

    def level(self, peer: PeerId, now: float) -> Level:
        """Tell on which rung a peer stands."""
        level = level_of(self.points(peer, now))
        return min(level, Level.SLOW) if self.spares(peer) else level

    def spares(self, peer: PeerId) -> bool:
        """Tell whether the operator never wants a peer limited beyond SLOW."""
        place = self._addresses.get(peer)
        return place is not None and place.spared

    def suspects(self, peer: PeerId | None, now: float) -> bool:
        """Tell whether a peer is suspected of anything, whatever its address is."""
        suspect = self.peers.get(peer) if peer is not None else None
        return suspect is not None and level_of(suspect.score.total(now)) > Level.FREE

    def share(self, place: Place, now: float) -> float:
        """Tell for how much of its neighbourhood one peer stands."""
        return 1 / max(1, self._addresses.count(place.address), 1 + self.keys.of(place.address, now).proven.now(now))

    def charge(self, peer: PeerId, reason: Reason, points: float, now: float) -> None:
        """Count points against a peer and its address key."""
        if not points:
            return
        suspect = self.peers.of(peer, now)
        suspect.score.add(reason, points, now)
        self.signals[reason] += 1
        self.charge_key(peer, reason, points, now)
        self._raised(peer, suspect, now)
        self._judge(peer, suspect, now)

    def told(self, peer: PeerId, now: float) -> None:
        """A gate has told where a peer comes from, which was not known before."""
        suspect = self.peers.get(peer)
        if suspect is None:
            return
        for reason, points in suspect.score.left(now):
            self.charge_key(peer, reason, points, now)
        self._judge(peer, suspect, now)

    def charge_key(self, peer: PeerId, reason: Reason, points: float, now: float) -> None:
        """Count points against the address key of a peer, for its share."""
        place = self._addresses.get(peer)
        if place is None or not points:
            return
        key = self.keys.of(place.address, now)
        key.score.add(reason, points * self.share(place, now), now)
        self._raised(peer, key, now)
        guilty = level_of(key.score.total(now)) is Level.BAN or key.kicks.now(now) >= KICKS_TO_BAN
        if guilty and now >= key.verdict_at + VERDICT_S:
            key.verdict_at = now
            self._verdicts.append(Verdict(Level.BAN, peer, place, key.score.strongest()))

    def _judge(self, peer: PeerId, suspect: Suspect, now: float) -> None:
        if now < suspect.verdict_at + VERDICT_S or level_of(suspect.score.total(now)) < Level.KICK:
            return
        place = self._addresses.get(peer)
        if place is None:
            suspect.guilty_at = now if suspect.guilty_at is None else suspect.guilty_at
            if now < suspect.guilty_at + UNTOLD_S:
                return
        suspect.verdict_at, suspect.guilty_at = now, None
        self._verdicts.append(Verdict(Level.KICK, peer, place, suspect.score.strongest()))
        if place is not None:
            self.keys.of(place.address, now).kicks.add(self.share(place, now), now)

    def forget(self, now: float) -> None:
        """Forget who has been quiet too long."""
        self.peers.forget(now)
        self.keys.forget(now)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self.peers.shift(by_s)
        self.keys.shift(by_s)
