"""The bots, breed by breed: a table of those that differ in their times only, and a class for each that does more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bench.radar import work
from bench.radar.bot import Bot, Breed
from broker import topics
from broker.identity import SECRET_BYTES, peer_of
from broker.messages import Report, ReportReason

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.house import House, Line
    from bench.radar.meeting import Meeting
    from bench.radar.person import Person

WHOLE_RUN_S: Final = 1e6
ACCUSATIONS: Final[tuple[ReportReason, ...]] = ("sexual", "minor", "harassment", "threat")


def _exactly(bot: Bot) -> float:
    return bot.pace_s


def _about(bot: Bot) -> float:
    return bot.pace_s * bot.chance.uniform(1 - bot.swing, 1 + bot.swing)


def _briefly(bot: Bot) -> float:
    return bot.chance.uniform(2, 6)


FLOOD: Final = Breed("flood", _briefly, stays=180, answers=False, heeds=False)
FIXED: Final = Breed("fixed", _exactly, stays=600, hashes_per_ms=work.PROGRAM)
JITTERED: Final = Breed("jittered", _about, stays=600, hashes_per_ms=work.PROGRAM, moves=True)
SLOW: Final = Breed("slow", _briefly, stays=1200, rests=(84, 86), hashes_per_ms=work.PROGRAM)
ROTATING: Final = Breed("rotating", _briefly, stays=600)
LURKING: Final = Breed("lurking", _briefly, stays=600, answers=False, moves=True)
PROBING: Final = Breed("probing", _briefly, stays=300, heeds=False)
FARM: Final = Breed("farm", _about, stays=600, hashes_per_ms=work.PROGRAM / 4)
"""All of a farm are one machine, which has so many cores that each gets a quarter of one."""

BOMBING: Final = Breed("bombing", _briefly, stays=WHOLE_RUN_S, hashes_per_ms=work.PROGRAM, moves=True)
ON_CARRIER: Final = Breed("on the carrier", _about, stays=600, hashes_per_ms=work.PHONE)


class Flooder(Bot):
    """Wishes anew all the time, whatever it hears: each wish ends the session before, which somebody else was in."""

    def __init__(self, house: House, entry: Entry, address: str, breed: Breed = FLOOD) -> None:
        super().__init__(house, entry, address, breed)
        self._per_s = self.chance.uniform(3, 25)

    def welcomed(self) -> None:
        """Begin to flood, on this line."""
        if self.line is not None:
            self._flood(self.line)

    def _flood(self, line: Line) -> None:
        if line is self.line:
            self.meeting = None  # whoever it was has not been answered, and will be told that it ended
            self.wish()
            self.house.clock.after(1 / self._per_s, self._flood, line)

    def slowed(self, retry_s: int) -> None:
        """Pay no heed."""


class Rotator(Bot):
    """Drops its connection every few seconds, and comes back under another name from the next address of its /64."""

    def __init__(self, house: House, entry: Entry, breed: Breed = ROTATING) -> None:
        self._addresses: Iterator[str] = house.addresses.network()
        super().__init__(house, entry, next(self._addresses), breed)

    def come(self) -> None:
        """Begin."""
        super().come()
        self.house.clock.after(self.chance.uniform(3, 8), self._rotate)

    def _rotate(self) -> None:
        if self.going:
            self.close("lost")
            self._begin_anew()
            self.house.clock.after(self.chance.uniform(3, 8), self._rotate)

    def _begin_anew(self) -> None:
        self.address = next(self._addresses)
        super()._begin_anew()


class Prober(Bot):
    """Tries what it may not: to speak in the service's name, to listen to others, to log in as them."""

    def welcomed(self) -> None:
        """Begin to probe, and look for somebody as all do."""
        if self.line is not None:
            self._probe(self.line)
        super().welcomed()

    def _probe(self, line: Line) -> None:
        if line is not self.line:
            return
        other = peer_of(self.chance.token(SECRET_BYTES))
        what = self.chance.choice((topics.inbox(other), topics.presence(other), topics.PULSE, "v1/lobby/+", "#"))
        self.house.clock.after(self.lag_s, self.house.publish, line, what)
        self.house.clock.after(self.chance.uniform(0.5, 2), self._probe, line)


class Bomber(Bot):
    """Wants one person banned: reports it whenever they meet, and gets on from all others.

    Half of them look like people to everybody else; the others have no time for that.
    """

    def __init__(self, house: House, entry: Entry, address: str, victim: Person, breed: Breed = BOMBING) -> None:
        super().__init__(house, entry, address, breed)
        self._victim = victim
        self._patient = self.chance.happens(0.5)

    def opened(self, meeting: Meeting) -> None:
        """See who it is. It knows the victim by what is said: that is between the two."""
        if meeting.stranger(self) is self._victim:
            self.later(self.chance.uniform(3, 25), self.turn_away_from, meeting)
        else:
            self.later(self.chance.about(40, 1.0, 3, 300) if self._patient else self.chance.uniform(1, 3), self._skip)

    def turn_away_from(self, meeting: Meeting) -> None:
        """Report the victim, and look for it again."""
        if self.line is not None:
            self.house.book.counts["reports by bombers"] += 1
            reason = self.chance.choice(ACCUSATIONS)
            self.house.say(self.line, Report(life=self.line.life, session=meeting.session, reason=reason))
        super().turn_away_from(meeting)

    def _skip(self) -> None:
        self.end("skipped")
        self.rest()


def farm(house: House, size: int, breed: Breed = FARM) -> list[Bot]:
    """Set up some bots behind one address."""
    address = house.addresses.home()
    return [Bot(house, house.book.open(breed.name, "farm"), address, breed) for _ in range(size)]


def plain(house: House, breed: Breed, where: str = "home", address: str | None = None) -> Bot:
    """Set up one bot, at an address of its own unless told otherwise."""
    entry = house.book.open(breed.name, where)
    home = house.addresses.home() if address is None else address
    match breed.name:
        case FLOOD.name:
            return Flooder(house, entry, home, breed)
        case PROBING.name:
            return Prober(house, entry, home, breed)
        case ROTATING.name:
            return Rotator(house, entry, breed)
        case _:
            return Bot(house, entry, home, breed)
