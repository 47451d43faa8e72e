"""Judges what the peers of a crowd lived through, by their own entries and nothing else. Pure.

    entries ──► Judge: peers, tickets, sessions, waits ──► faults, and figures for whoever shows them

It believes no peer more than another: a session is what two of them were told, and they must have been told the same.
Entries of one peer come in their order; those of several may come mixed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from broker.messages import LeaveMood, Role
from stranger.crowd import entries
from stranger.crowd.entries import Entry
from stranger.crowd.lost import Meeting, Meetings, Wait, lost
from stranger.crowd.wishes import WIDENED_S, Wish, fit

NEAR_S: Final = 15.0
"""A word to somebody whose connection broke may be lost when it was said so shortly before or after that was seen."""

SIDES: Final = 2

ROUNDING_S: Final = 0.25
"""The service begins to count when a wish is heard, and a peer when it is said; clocks tick apart by a little."""


class Fault(StrEnum):
    """What must never be."""

    TWICE = "one ticket was matched into two sessions"
    BOTH = "one peer was in two sessions at once"
    LATE = "a peer was told of a match for a wish that it had given up, while it was in a session"
    UNASKED = "a peer was matched that had not asked"
    CROWDED = "a session had more than two sides"
    ALONE = "a session had only one side"
    ITSELF = "a peer was matched with itself"
    FOREIGN = "a stranger was none of this crowd"
    DISAGREED = "the two sides of a session were told different things"
    MISFIT = "two were matched whose wishes did not fit"
    LOST = "a peer was left waiting beside somebody who fits"


DOUBLE: Final = frozenset({Fault.TWICE, Fault.BOTH, Fault.UNASKED, Fault.CROWDED, Fault.ITSELF})
"""Those by which somebody is matched twice, or not with one other."""


@dataclass(slots=True)
class Ticket:
    """One wish, as its peer has it. `joined` moves when it has to be said anew."""

    peer: int
    ticket: str
    seat: str
    key: str
    wish: Wish
    since: float
    joined: float
    waits: bool = True
    dropped: bool = False
    sessions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Half:
    """One side of a session, as its peer was told."""

    ticket: Ticket
    to: str
    key: str
    role: Role
    joined: float
    matched: float
    opened: float | None = None
    parted: float | None = None
    mood: LeaveMood | None = None


@dataclass(slots=True)
class Person:
    """One peer. `broke` tells when something said to it may have been lost."""

    number: int
    real: bool
    came: bool = False
    here: bool = False
    gone: bool = False
    ticket: Ticket | None = None
    half: Half | None = None
    session: str = ""
    broke: list[float] = field(default_factory=list)


class Judge:
    """All that a crowd lived through."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.sessions: dict[str, list[Half]] = {}
        self.turned: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.shut: Counter[str] = Counter()
        self.breaks = 0
        self.last = 0.0
        self._faults: Counter[Fault] = Counter()
        self._tickets: dict[str, Ticket] = {}
        self._seats: dict[str, Ticket] = {}
        self._waits: list[Wait] = []

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, entry: Entry) -> None:
        """Take one entry."""
        self.last = max(self.last, entry.at)
        person = self.people.setdefault(entry.peer, Person(entry.peer, real=False))
        match entry.what:
            case entries.Came(real=real):
                person.real = real
            case entries.Here():
                person.here = person.came = True
            case entries.Away(connected=connected):
                if not person.gone:
                    self._away(person, entry.at, broke=connected)
            case entries.Turned(why=why):
                self.turned[why] += 1
            case entries.Shut(why=why):
                self.shut[why] += 1
                self._away(person, entry.at, broke=True)
                person.gone = True
            case entries.Left():
                self._wait_ends(person, entry.at)
                person.here, person.gone = False, True
                person.broke.append(entry.at)
            case what:
                self._search(person, what, entry.at)

    def _search(self, person: Person, what: entries.What, at: float) -> None:
        match what:
            case entries.Joined():
                self._joined(person, what, at)
            case entries.Held(why=why):
                self.refused[why] += 1
                self._wait_ends(person, at)
            case entries.Dropped(ticket=ticket):
                self._wait_ends(person, at)
                if (given_up := self._tickets.get(ticket)) is not None:
                    given_up.dropped = True
            case entries.Matched():
                self._matched(person, what, at)
            case entries.Opened(session=session):
                if person.half is None or person.session != session:
                    self._faults[Fault.BOTH] += 1  # it went where it should not have gone
                else:
                    person.half.opened = at
            case entries.Parted(session=session, mood=mood):
                if person.half is not None and person.session == session:
                    person.half.parted, person.half.mood = at, mood
                    person.half = None
            case _:
                pass

    def _away(self, person: Person, at: float, *, broke: bool) -> None:
        # From when on nobody listened is not known, so this wait proves nothing.
        if person.ticket is not None:
            person.ticket.waits = False
        person.here = False
        if broke:
            self.breaks += 1
            person.broke.append(at)

    def _joined(self, person: Person, what: entries.Joined, at: float) -> None:
        self._wait_ends(person, at)
        ticket = self._tickets.get(what.ticket)
        if ticket is None:
            wish = Wish.of(what.mode, what.tags, what.languages)
            ticket = Ticket(person.number, what.ticket, what.seat, what.key, wish, at - what.waited_s, at)
            self._tickets[what.ticket] = self._seats[what.seat] = ticket
        ticket.joined, ticket.waits = at, True
        person.ticket = ticket

    def _wait_ends(self, person: Person, at: float) -> None:
        ticket = person.ticket
        if ticket is None or not ticket.waits:
            return
        ticket.waits = False
        if at - ticket.joined > WIDENED_S:
            self._waits.append(Wait(person.number, ticket.wish, ticket.joined, at))

    def _matched(self, person: Person, what: entries.Matched, at: float) -> None:
        ticket = self._tickets.get(what.ticket)
        if ticket is None or ticket.peer != person.number:
            self._faults[Fault.UNASKED] += 1
            return
        if what.session in ticket.sessions:
            return  # the same answer to a repeated wish
        ticket.sessions.append(what.session)
        if len(ticket.sessions) > 1:
            self._faults[Fault.TWICE] += 1
        elif person.half is not None:
            # Of a wish that was given up before: said in time, perhaps, and held up on the way. No peer goes there.
            self._faults[Fault.LATE if ticket.dropped else Fault.BOTH] += 1
        half = Half(ticket, what.to, what.key, what.role, ticket.joined, at)
        self.sessions.setdefault(what.session, []).append(half)
        if ticket is person.ticket and person.half is None:
            self._wait_ends(person, at)
            person.half, person.session = half, what.session

    # ── what it comes to ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def waiting(self) -> list[Ticket]:
        """Who waits now."""
        return [
            person.ticket
            for person in self.people.values()
            if person.half is None and person.ticket is not None and person.ticket.waits
        ]

    @property
    def settled(self) -> bool:
        """Whether nobody waits beside somebody who fits, if both are open by now."""
        return all(count < SIDES for count in Counter(ticket.wish.mode for ticket in self.waiting).values())

    def faults(self, *, patience_s: float, margin_s: float) -> Counter[Fault]:
        """Look for what must not be. Gives what was found, with how often.

        Args:
            patience_s: who waited so long is to be matched with anybody of its mode, at once.
            margin_s: by how much a message may be late, on either way.
        """
        found = Counter(self._faults)
        for halves in self.sessions.values():
            found.update(self._wrong(halves, margin_s))
        waits = [*self._waits]
        waits += [Wait(each.peer, each.wish, each.joined, self.last) for each in self.waiting]
        found[Fault.LOST] += len(lost(waits, self._meetings(), patience_s=patience_s, margin_s=margin_s))
        return +found

    def _wrong(self, halves: list[Half], margin_s: float) -> Iterator[Fault]:
        if len(halves) == 1:
            yield from self._alone(halves[0], margin_s)
            return
        if len(halves) > SIDES:
            yield Fault.CROWDED
            return
        one, other = halves
        if one.ticket.peer == other.ticket.peer:
            yield Fault.ITSELF
            return
        seats = (one.to, other.to) == (other.ticket.seat, one.ticket.seat)
        keys = (one.key, other.key) == (other.ticket.key, one.ticket.key)
        if not (seats and keys and {one.role, other.role} == {"a", "b"}):
            yield Fault.DISAGREED
        opens = [half.matched - half.ticket.since >= WIDENED_S - ROUNDING_S for half in halves]
        if not fit(one.ticket.wish, other.ticket.wish, one_open=opens[0], other_open=opens[1]):
            yield Fault.MISFIT

    def _alone(self, half: Half, margin_s: float) -> Iterator[Fault]:
        other = self._seats.get(half.to)
        if other is None:
            yield Fault.FOREIGN
        elif self.last - half.matched > margin_s and not self._deaf(self.people[other.peer], half.matched):
            yield Fault.ALONE

    def _deaf(self, person: Person, at: float) -> bool:
        return any(abs(at - broke) < NEAR_S for broke in person.broke)

    def _meetings(self) -> Meetings:
        return Meetings([_meeting(*halves) for halves in self.sessions.values() if len(halves) == SIDES])


def _meeting(one: Half, other: Half) -> Meeting:
    return Meeting(
        (one.ticket.peer, other.ticket.peer),
        (one.ticket.wish, other.ticket.wish),
        min(one.joined, other.joined),
        min(one.matched, other.matched),
    )
