"""The radar: judges how peers behave, from what gates and the lobby tell. Facts in, verdicts out; pure.

    fact ─► conduct ─► points ─► score of the peer ──────────► its level, from FREE to KICK
                           └───► score of its address key ───► a level for newcomers from there, and BAN

It sees when somebody connects, wishes, meets and parts, what gates refused, and which strangers complained; never what
was said, never an address. Three things keep it from hurting bystanders:

- **Two reasons.** No reason alone leads beyond STAMPS (`scores.CAPS`), so nobody is put out for less than two.
- **The crowd.** What one peer does counts for its address key divided by how many have proven there that they are
  people; so a carrier's or a campus's key is not banned for a few among hundreds. Who has proven it, by a talk of half
  a minute, does not suffer from the standing of its address.
- **Company.** Who leaves, or fails with, somebody under suspicion does what anybody would: it counts for nothing.

Judged is a habit, not a deed (`conduct`); points fade (`scores`); who is quiet is forgotten (`subjects`).
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.rates import NEVER, Rate
from matcher.address_keys import AddressKeys, Place
from matcher.alarms import Alarms
from matcher.conduct import ROWS, SHORT_S, TIMING_LEAST, Conduct, Habit, Reason
from matcher.pool import Circle
from matcher.scores import THRESHOLDS, Level, level_of
from matcher.subjects import Neighbourhood, Subjects, Suspect

PACES: Final[dict[Level, Rate]] = {
    Level.FREE: Rate(per_s=14 / 60, burst=6),
    Level.SLOW: Rate(per_s=4 / 60, burst=3),
    Level.STAMPS: Rate(per_s=4 / 60, burst=2),
}
"""How often one may wish, by level."""

EARLY_S: Final = 1.0
"""Who was asked to wait may be early by this much: clocks and networks."""

EARLY_POINTS: Final = 1.0

ARRIVALS: Final = Rate(per_s=6 / 60, burst=8)
WISHES: Final = Rate(per_s=20 / 60, burst=20)
"""New peers, and wishes of those who have proven nothing, that one address key may bring; each counts for its share of
those who are connected from there, so a hall full of people is no rush, and one who changes names is."""

RUSH_POINTS: Final = 1.0

CROWDED_PACE: Final = Rate(per_s=4 / 60, burst=3)
"""How often those may wish who have proven nothing, at an address key that is not FREE; likewise by their share."""

HASTE_S: Final = 0.6
"""Who was left and wishes anew within this time, the way to it and back included, did not read that it was left."""

RETURN_S: Final = 3.0
"""From this long on a pause between a talk and the next wish is one's own; before, it is a press of Next."""

STAY_S: Final = 30.0
"""A name that is given up before this was hardly one."""

CALM_S: Final = 60.0
"""So long after we have been deaf nobody is judged by how fast it comes."""

PROOF_S: Final = 30.0
"""A talk of this length proves a person, for now: it costs a program as much as it costs a person."""

YOUNG: Final = 6
"""Sessions after which a peer is judged by its own; before that they count together, by address key."""

REPORT_POINTS: Final = 1.5
REPORT_S: Final = 5.0
"""A report counts when the two have talked for this long."""

REPORTERS_MAX: Final = 16
"""Strangers who complained of one peer, remembered so that each counts once: more than the cap lets count."""

COMPLAINTS_LEAST: Final = 3
COMPLAINTS_SHARE: Final = 0.5
"""Who complains after more than this share of its talks is not believed."""

DENIALS: Final[dict[str, float]] = {
    # A page does none of these. But one that slept may use a seat that has just run out.
    "denied-publish": 0.5,
    "denied-subscribe": 0.5,
    "denied-publish-retained": 3.0,
    "denied-will": 3.0,
    "denied-will-retained": 3.0,
    "over": 1.0,
    "cut-messages": 4.0,
    "cut-bytes": 4.0,
    "malformed": 4.0,
    "nonsense": 2.0,  # the packet is well, and its payload is no message of ours
}
"""What one refusal is worth, in points for PROTOCOL."""

VERDICT_S: Final = 60.0
"""After a verdict the next one on the same subject waits this long."""

KICKS_TO_BAN: Final = 3.0
"""So many kicks at one address key, its crowd taken into account, are worth a ban, too."""

APART_S: Final = 600.0
APART_MOST_S: Final = 3600.0
"""How long who has reached STAMPS is set apart: the first time, and twice as long each time after that. A talk of
`PROOF_S` ends it."""

TENSE: Final = 60
TENSE_SHARE: Final = 0.15
TENSE_ODDS: Final = 2.0
TENSE_POINTS: Final = 2.0
"""It is tense when more than so many are set apart, and more than this share of all. Then those who have proven to be
people look for each other first; the others must work for a wish, and are set apart as soon as they are SLOW; and a
newcomer whose address key has not been told yet waits for that."""

UNTOLD_S: Final = 3.0
"""Gates tell it within a second; if none has after this, none will."""

EFFORT_LEAST: Final = 16
EFFORT_MOST: Final = 20
"""Work that is asked for at STAMPS, in bits: one more for every two points, up to what takes an old phone seconds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What should happen to a peer (KICK) or to everybody at its address key (BAN), and the strongest reason."""

    level: Level
    peer: PeerId
    place: Place | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Parting:
    """A session is over, as one of its two sees it.

    `talked_s` is how long the channel was open, None when it never was; `own` tells that this side ended it.
    """

    peer: PeerId
    stranger: PeerId | None
    talked_s: float | None
    own: bool


class Radar:
    """All that is suspected. `take` gives what is to be done; `wish`, `level` and `effort` answer what is asked.

    Args:
        addresses: where peers come from.
    """

    def __init__(self, addresses: AddressKeys) -> None:
        self._addresses = addresses
        self._peers: Subjects[PeerId, Suspect] = Subjects(Suspect)
        self._keys: Subjects[AddressKey, Neighbourhood] = Subjects(Neighbourhood)
        self._calm_until = NEVER
        self._verdicts: list[Verdict] = []
        self._apart: Alarms[PeerId] = Alarms()
        self.dry_run = False
        self.here = 0  # how many, as told now and then
        self.signals: Counter[Reason] = Counter()

    def __len__(self) -> int:
        return len(self._peers) + len(self._keys)

    # ── what is asked of it ──────────────────────────────────────────────────────────────────────────────────────────

    def take(self) -> list[Verdict]:
        """Hand over the verdicts that have collected."""
        verdicts, self._verdicts = self._verdicts, []
        return verdicts

    def level(self, peer: PeerId, now: float) -> Level:
        """Tell on which rung a peer stands. Its address alone never puts it above STAMPS."""
        level = level_of(self._points(peer, now))
        place = self._addresses.get(peer)
        return min(level, Level.SLOW) if place is not None and place.spared else level

    def apart(self, peer: PeerId, now: float) -> bool:
        """Tell whether a peer is to meet only those who are under as much suspicion."""
        suspect, place = self._peers.get(peer), self._addresses.get(peer)
        if self.dry_run or (place is not None and place.spared):
            return False
        if suspect is not None and (now < suspect.apart_until or suspect.proven):
            return now < suspect.apart_until
        key = self._keys.get(place.address) if place is not None else None
        return key is not None and now < key.apart_until

    def circle(self, peer: PeerId, now: float) -> Circle:
        """Tell among whom a peer is to look."""
        if self.apart(peer, now):
            return Circle.APART
        suspect = self._peers.get(peer)
        return Circle.PROVEN if self.tense and suspect is not None and suspect.proven else Circle.ALL

    @property
    def tense(self) -> bool:
        """Whether so many are set apart that all who are new are looked at with care."""
        return not self.dry_run and len(self._apart) > max(TENSE, TENSE_SHARE * self.here)

    def untold(self, peer: PeerId, waits_s: float) -> bool:
        """Tell whether a peer that has waited for so long is to wait until a gate has told its address key."""
        return self.tense and waits_s < UNTOLD_S and peer not in self._addresses

    def effort(self, peer: PeerId, now: float) -> int:
        """Tell how much work is asked of a peer before a wish, in bits."""
        suspect = self._peers.get(peer)
        if not self.apart(peer, now) and not (self.tense and (suspect is None or not suspect.proven)):
            return 0
        above = max(0.0, self._points(peer, now) - THRESHOLDS[Level.STAMPS])
        return min(EFFORT_MOST, EFFORT_LEAST + int(above / 2))

    def storm(self, now: float) -> bool:
        """Tell whether many come back at once, so that nobody is judged by how fast it comes."""
        return now < self._calm_until

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def deaf(self, now: float) -> None:
        """We have heard nobody for a while, or the broker was away: whoever comes now comes for that."""
        self._calm_until = now + CALM_S

    def came(self, peer: PeerId, now: float, *, known: bool) -> None:
        """A gate let a peer in, and its address key is known. Who was here before only comes back."""
        suspect = self._peers.get(peer)
        if suspect is not None and now < suspect.apart_until:
            self._apart.set(peer, suspect.apart_until)
        if not known and (place := self._addresses.get(peer)) is not None and not self.storm(now):
            key, share = self._keys.of(place.address, now), 1 / max(1, self._addresses.count(place.address))
            mark = ARRIVALS.take(key.arrivals, share, now)
            if mark is None:
                self._charge_key(peer, Reason.PACE, RUSH_POINTS, now)
            key.arrivals = key.arrivals if mark is None else mark

    def went(self, peer: PeerId, stayed_s: float | None, now: float) -> None:
        """A connection of a peer has closed; if it was its first, after so long."""
        place, suspect = self._addresses.get(peer), self._peers.get(peer)
        self._apart.drop(peer)
        if place is None or stayed_s is None or self.storm(now):
            return
        habits = _habits(self._keys.of(place.address, now))
        points = habits.show(Habit.FLEETING, shown=stayed_s < STAY_S)
        if suspect is None or not suspect.wished:
            points += habits.show(Habit.IDLE, shown=True)
        self._charge_key(peer, Reason.PACE, points, now)

    def denied(self, peer: PeerId, what: str, count: int, now: float) -> None:
        """A gate refused something, or we could not read it. What may happen to a page counts for nothing."""
        self._charge(peer, Reason.PROTOCOL, DENIALS.get(what, 0.0) * count, now)

    def wish(self, peer: PeerId, now: float) -> int:
        """A peer wishes anew. Gives the whole seconds for which it must wait; 0 is none. In a dry run nobody waits."""
        suspect, place = self._peers.of(peer, now), self._addresses.get(peer)
        self._time(peer, suspect, now)
        if place is not None and not suspect.wished:
            _habits(self._keys.of(place.address, now)).show(Habit.IDLE, shown=False)
        suspect.wished = True
        if self.dry_run:
            return 0
        if now < suspect.held_until - EARLY_S:
            self._charge(peer, Reason.PACE, EARLY_POINTS, now)
        else:
            suspect.held_until = self._held_until(peer, suspect, place, now)
        return max(0, math.ceil(suspect.held_until - now))

    def _held_until(self, peer: PeerId, suspect: Suspect, place: Place | None, now: float) -> float:
        """Take one wish from what a peer, and its address key, may still have; or tell from when on there is one."""
        level = Level.STAMPS if self.tense and self.apart(peer, now) else self.level(peer, now)
        pace = PACES[min(level, Level.STAMPS)]
        mark = pace.take(suspect.pace, 1, now)
        if mark is None:
            return pace.due(suspect.pace, 1)
        if place is not None and not suspect.proven and not self.storm(now):
            key, share = self._keys.of(place.address, now), 1 / max(1, self._addresses.count(place.address))
            limited = level_of(key.score.total(now)) > Level.FREE and not place.spared
            of_key = (CROWDED_PACE if limited else WISHES).take(key.wishes, share, now)
            if of_key is None and limited:
                return CROWDED_PACE.due(key.wishes, share)
            if of_key is None:
                self._charge_key(peer, Reason.PACE, RUSH_POINTS, now)
            key.wishes = key.wishes if of_key is None else of_key
        suspect.pace = mark
        return now

    def _time(self, peer: PeerId, suspect: Suspect, now: float) -> None:
        """Look how long after its last talk a peer wishes anew."""
        if suspect.free_since is None:
            return
        pause_s, suspect.free_since = now - suspect.free_since, None
        if suspect.was_left:
            self._charge(
                peer, Reason.RHYTHM, _habits(suspect).go_on(hasty=pause_s < HASTE_S, least=self._least(suspect)), now
            )
        if pause_s >= RETURN_S:
            self._charge(peer, Reason.RHYTHM, _habits(suspect).come_back(pause_s, self._least(suspect)), now)

    def hold(self, peer: PeerId, seconds: float, now: float) -> None:
        """Let a peer wish for nothing for so long: it was kicked."""
        self._peers.of(peer, now).held_until = now + seconds

    def parted(self, parting: Parting, now: float) -> None:
        """A session is over; told for each side. Not told of one that broke with a connection or a service."""
        peer, suspect = parting.peer, self._peers.of(parting.peer, now)
        place, company = self._addresses.get(peer), self._suspicious(parting.stranger, now)
        suspect.sessions += 1
        for reason, points in _signals(_habits(suspect), parting, self._least(suspect), company=company):
            self._charge(peer, reason, points, now)
        if place is not None and suspect.sessions <= YOUNG and suspect.score.points is None:
            for reason, points in _signals(
                _habits(self._keys.of(place.address, now)), parting, TIMING_LEAST, company=company
            ):
                self._charge_key(peer, reason, points, now)
        if parting.talked_s is not None:
            suspect.free_since, suspect.was_left = now, not parting.own
            suspect.talks += 1
            self._prove(suspect, place, parting.talked_s, now)

    def reported(self, peer: PeerId, by: PeerId, talked_s: float, now: float) -> None:
        """A stranger complains of a peer, with which it has talked for so long."""
        reporter, suspect, place = self._peers.of(by, now), self._peers.of(peer, now), self._addresses.get(by)
        reporter.complaints += 1
        complains = reporter.complaints > max(COMPLAINTS_LEAST - 1, COMPLAINTS_SHARE * (reporter.talks + 1))
        suspect.reporters = suspect.reporters or set()
        # Many names at one address are one stranger, and one name at many addresses is, too.
        names = {str(by)} if place is None else {str(by), place.address.key}
        if talked_s < REPORT_S or complains or names & suspect.reporters or self._suspicious(by, now):
            return
        if len(suspect.reporters) < 2 * REPORTERS_MAX:
            suspect.reporters |= names
            self._charge(peer, Reason.REPORTS, REPORT_POINTS, now)

    def tidy(self, now: float) -> None:
        """Forget who has been quiet too long."""
        self._peers.forget(now)
        self._keys.forget(now)
        for _ in self._apart.ring(now):
            pass

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._peers.shift(by_s)
        self._keys.shift(by_s)
        self._apart.shift(by_s)

    # ── points ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _points(self, peer: PeerId, now: float) -> float:
        suspect, place = self._peers.get(peer), self._addresses.get(peer)
        own = suspect.score.total(now) if suspect is not None else 0.0
        if place is None or (suspect is not None and suspect.proven):
            return own
        key = self._keys.get(place.address)
        return max(own, min(key.score.total(now), THRESHOLDS[Level.KICK] - 1)) if key is not None else own

    def _suspicious(self, peer: PeerId | None, now: float) -> bool:
        suspect = self._peers.get(peer) if peer is not None else None
        return suspect is not None and level_of(suspect.score.total(now)) > Level.FREE

    def _charge(self, peer: PeerId, reason: Reason, points: float, now: float) -> None:
        if not points:
            return
        suspect = self._peers.of(peer, now)
        suspect.score.add(reason, points, now)
        self.signals[reason] += 1
        self._charge_key(peer, reason, points, now)
        self._set_apart(peer, suspect, now)
        if now >= suspect.verdict_at + VERDICT_S and level_of(suspect.score.total(now)) >= Level.KICK:
            suspect.verdict_at, place = now, self._addresses.get(peer)
            self._verdicts.append(Verdict(Level.KICK, peer, place, suspect.score.strongest()))
            if place is not None:
                key = self._keys.of(place.address, now)
                key.kicks.add(self._share(key, place, now), now)

    def _charge_key(self, peer: PeerId, reason: Reason, points: float, now: float) -> None:
        place = self._addresses.get(peer)
        if place is None or not points:
            return
        key = self._keys.of(place.address, now)
        key.score.add(reason, points * self._share(key, place, now), now)
        self._set_apart(peer, key, now)
        guilty = level_of(key.score.total(now)) is Level.BAN or key.kicks.now(now) >= KICKS_TO_BAN
        if guilty and now >= key.verdict_at + VERDICT_S:
            key.verdict_at = now
            self._verdicts.append(Verdict(Level.BAN, peer, place, key.score.strongest()))

    def _least(self, suspect: Suspect) -> float:
        return TIMING_LEAST - TENSE_ODDS if self.tense and not suspect.proven else TIMING_LEAST

    def _set_apart(self, peer: PeerId, subject: Suspect | Neighbourhood, now: float) -> None:
        # While most of those who are new are machines, it takes less to take somebody new for one.
        least = TENSE_POINTS if self.tense and not _proven(subject, now) else THRESHOLDS[Level.STAMPS]
        if now >= subject.apart_until and subject.score.total(now) >= least:
            subject.apart_until = now + min(APART_MOST_S, APART_S * 2.0**subject.apart_times)
            subject.apart_times += 1
            if isinstance(subject, Suspect) and subject.score.total(now) >= THRESHOLDS[Level.STAMPS]:
                self._apart.set(peer, subject.apart_until)  # not who has fewer points: tension would feed on itself

    def _share(self, key: Neighbourhood, place: Place, now: float) -> float:
        """Tell for how much of its neighbourhood one peer stands, by who is there and has proven to be somebody."""
        return 1 / max(1, self._addresses.count(place.address), 1 + key.proven.now(now))

    def _prove(self, suspect: Suspect, place: Place | None, talked_s: float, now: float) -> None:
        if talked_s < PROOF_S:
            return
        suspect.apart_until = min(suspect.apart_until, now)
        if not suspect.proven and level_of(suspect.score.total(now)) is Level.FREE:
            suspect.proven = True
            if place is not None:
                self._keys.of(place.address, now).proven.add(1, now)


def _habits(subject: Suspect | Neighbourhood) -> Conduct:
    subject.conduct = subject.conduct or Conduct()
    return subject.conduct


def _signals(conduct: Conduct, parting: Parting, least: float, *, company: bool) -> list[tuple[Reason, float]]:
    """Count one parting, and give what it is worth. In suspicious company only the rhythm of one's own partings is."""
    talked_s = parting.talked_s
    if talked_s is None:
        habit = Habit.SILENCE
    else:
        habit = Habit.SKIPS if parting.own else Habit.SHUNNED
        conduct.show(Habit.SILENCE, shown=False)
    signals = [(Reason.RHYTHM, conduct.part(talked_s, least))] if talked_s is not None and parting.own else []
    if not company:
        points = conduct.show(habit, shown=talked_s is None or talked_s < SHORT_S)
        signals.append((ROWS[habit].reason, points))
    return signals


def _proven(subject: Suspect | Neighbourhood, now: float) -> bool:
    return subject.proven if isinstance(subject, Suspect) else subject.proven.now(now) >= 1
