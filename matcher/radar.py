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

Judged is a habit, not a deed (`conduct`); points fade (`scores`); who is quiet is forgotten (`subjects`). What follows
is in `suspicion` (verdicts), `standing` (who meets whom, and works for it) and `pacing` (how often).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from broker.identity import PeerId
from broker.rates import NEVER
from matcher.address_keys import AddressKeys
from matcher.conduct import ROWS, SHORT_S, TIMING_LEAST, TIMING_WARY, Conduct, Habit, Reason
from matcher.pacing import Pacing
from matcher.pool import Circle
from matcher.scores import Level
from matcher.standing import Standing
from matcher.subjects import QUIET_S, Subject, Suspect
from matcher.suspicion import Verdict

HASTE_S: Final = 0.6
"""Who was left and wishes anew within this time, the way to it and back included, did not read that it was left."""

RETURN_S: Final = 3.0
"""From this long on a pause between a talk and the next wish is one's own; before, it is a press of Next."""

STAY_S: Final = 30.0
"""A name that is given up before this was hardly one."""

CALM_S: Final = 60.0
"""So long after we have been deaf nobody is judged by how fast it comes."""

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
    """All that is suspected. `take` gives what is to be done; `wish`, `circle` and `effort` answer what is asked.

    Args:
        addresses: where peers come from.
    """

    def __init__(self, addresses: AddressKeys) -> None:
        self._addresses = addresses
        self._standing = Standing(addresses)
        self._suspicion = self._standing.suspicion
        self._pacing = Pacing(addresses, self._standing)
        self._judged_from = NEVER
        self.let_pass = 0  # wishes that were not slowed, because it only looks

    def __len__(self) -> int:
        return len(self._suspicion.peers) + len(self._suspicion.keys)

    # ── what is asked of it ──────────────────────────────────────────────────────────────────────────────────────────

    @property
    def signals(self) -> Counter[Reason]:
        """How often there were points, by reason."""
        return self._suspicion.signals

    @property
    def dry_run(self) -> bool:
        """Whether it only looks."""
        return self._standing.dry_run

    @property
    def tense(self) -> bool:
        """Whether so many are set apart that all who are new are looked at with care."""
        return self._standing.tense

    @property
    def apart(self) -> int:
        """How many of those who are here are set apart."""
        return self._standing.count()

    def look_only(self, *, dry_run: bool) -> None:
        """Begin, or end, to judge without any consequence."""
        self._standing.dry_run = dry_run

    def take(self) -> list[Verdict]:
        """Hand over the verdicts that have collected."""
        return self._suspicion.take()

    def level(self, peer: PeerId, now: float) -> Level:
        """Tell on which rung a peer stands. Its address alone never puts it above STAMPS."""
        return self._suspicion.level(peer, now)

    def circle(self, peer: PeerId, now: float) -> Circle:
        """Tell among whom a peer is to look."""
        return self._standing.circle(peer, now)

    def effort(self, peer: PeerId, now: float) -> int:
        """Tell how much work is asked of a peer before a wish, in bits."""
        return self._standing.effort(peer, now)

    def untold(self, peer: PeerId, waits_s: float) -> bool:
        """Tell whether a peer that has waited for so long is to wait until a gate has told its address key."""
        return self._standing.untold(peer, waits_s)

    def storm(self, now: float) -> bool:
        """Tell whether many come back at once, so that nobody is judged by how fast it comes."""
        return now < self._judged_from

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def deaf(self, now: float) -> None:
        """We have heard nobody for a while, or the broker was away: whoever comes now comes for that."""
        self._judged_from = now + CALM_S

    def came(self, peer: PeerId, now: float, *, known: bool) -> None:
        """A gate let a peer in, and its address key is known. Who was here before only comes back."""
        self._standing.came(peer, now)
        if not known and (place := self._addresses.get(peer)) is not None:
            self._suspicion.told(peer, now)
            if not self.storm(now):
                self._pacing.arrive(peer, place, now)

    def went(self, peer: PeerId, stayed_s: float | None, now: float) -> None:
        """A connection of a peer has closed; if it was its first, after so long."""
        self._standing.went(peer)
        place, suspect = self._addresses.get(peer), self._suspicion.peers.get(peer)
        if place is None or stayed_s is None or self.storm(now):
            return
        habits = _habits(self._suspicion.keys.of(place.address, now))
        points = habits.show(Habit.FLEETING, shown=stayed_s < STAY_S)
        if stayed_s < QUIET_S and (suspect is None or not suspect.wished):
            points += habits.show(Habit.IDLE, shown=True)
        self._suspicion.charge_key(peer, Reason.PACE, points, now)

    def denied(self, peer: PeerId, what: str, count: int, now: float) -> None:
        """A gate refused something, or we could not read it. What may happen to a page counts for nothing."""
        self._suspicion.charge(peer, Reason.PROTOCOL, DENIALS.get(what, 0.0) * count, now)

    def wish(self, peer: PeerId, now: float) -> int:
        """A peer wishes anew. Gives the whole seconds for which it must wait; 0 is none. In a dry run nobody waits."""
        suspect, place = self._suspicion.peers.of(peer, now), self._addresses.get(peer)
        self._time(peer, suspect, now)
        if place is not None and not suspect.wished:
            _habits(self._suspicion.keys.of(place.address, now)).show(Habit.IDLE, shown=False)
        suspect.wished = True
        wait_s = self._pacing.wish(peer, now, calm=not self.storm(now))
        if wait_s and self.dry_run:
            suspect.held_until = NEVER  # it was not told, so it cannot come too early
            self.let_pass += 1
            return 0
        return wait_s

    def hold(self, peer: PeerId, seconds: float, now: float) -> None:
        """Let a peer wish for nothing for so long: it was kicked."""
        self._pacing.hold(peer, seconds, now)

    def parted(self, parting: Parting, now: float) -> None:
        """A session is over; told for each side. Not told of one that broke with a connection or a service."""
        peer, suspect, place = (
            parting.peer,
            self._suspicion.peers.of(parting.peer, now),
            self._addresses.get(parting.peer),
        )
        company = parting.stranger is not None and (
            self._suspicion.suspects(parting.stranger, now) or self._standing.apart(parting.stranger, now)
        )
        suspect.sessions += 1
        for reason, points in _signals(_habits(suspect), parting, self._least(suspect, now), company=company):
            self._suspicion.charge(peer, reason, points, now)
        if place is not None and suspect.sessions <= YOUNG and suspect.score.points is None:
            habits = _habits(self._suspicion.keys.of(place.address, now))
            for reason, points in _signals(habits, parting, TIMING_LEAST, company=company):
                self._suspicion.charge_key(peer, reason, points, now)
        if parting.talked_s is not None:
            suspect.free_since, suspect.was_left = now, not parting.own
            suspect.talks += 1
            self._standing.prove(peer, place, parting.talked_s, now)

    def reported(self, peer: PeerId, by: PeerId, talked_s: float, now: float) -> None:
        """A stranger complains of a peer, with which it has talked for so long."""
        reporter, suspect = self._suspicion.peers.of(by, now), self._suspicion.peers.of(peer, now)
        reporter.complaints += 1
        complains = reporter.complaints > max(COMPLAINTS_LEAST - 1, COMPLAINTS_SHARE * (reporter.talks + 1))
        suspect.reporters = suspect.reporters or set()
        # Many names at one address are one stranger, and one name at many addresses is, too.
        place = self._addresses.get(by)
        names = {str(by)} if place is None else {str(by), place.address.key}
        if talked_s < REPORT_S or complains or names & suspect.reporters or self._suspicion.suspects(by, now):
            return
        if len(suspect.reporters) < 2 * REPORTERS_MAX:
            suspect.reporters |= names
            self._suspicion.charge(peer, Reason.REPORTS, REPORT_POINTS, now)

    def tick(self, here: int, now: float) -> None:
        """Time has passed, and so many are here. Forgets who has been quiet too long."""
        self._standing.here = here
        self._standing.ring(now)
        self._suspicion.forget(now)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._standing.shift(by_s)

    def _time(self, peer: PeerId, suspect: Suspect, now: float) -> None:
        """Look how long after its last talk a peer wishes anew."""
        if suspect.free_since is None:
            return
        pause_s, suspect.free_since, least = now - suspect.free_since, None, self._least(suspect, now)
        if suspect.was_left:
            points = _habits(suspect).go_on(hasty=pause_s < HASTE_S, least=least)
            self._suspicion.charge(peer, Reason.RHYTHM, points, now)
        if pause_s >= RETURN_S:
            self._suspicion.charge(peer, Reason.RHYTHM, _habits(suspect).come_back(pause_s, least), now)

    def _least(self, suspect: Suspect, now: float) -> float:
        return TIMING_WARY if self._standing.wary_of(suspect, now) else TIMING_LEAST


def _habits(subject: Subject) -> Conduct:
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
