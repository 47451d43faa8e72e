"""A person: talks, skips, waits, reports, gets bored. Everything is drawn once for somebody, or each time anew.

Talks are log-normal, 95 % of them between 5 s and 20 minutes, unless the person skips at once, which some do hardly
ever and some nearly always; either side may end one, so what is seen of them is shorter. Nobody here knows a bot by
name, but some report what talks like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.radar import work
from bench.radar.caller import Phase
from bench.radar.page import Page
from broker.messages import LeaveMood, Mode, Report, ReportReason

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.caller import Caller
    from bench.radar.chance import Chance
    from bench.radar.house import House
    from bench.radar.meeting import Meeting

TALK_S: Final = (77.5, 1.4, 5.0, 1200.0)
SKIP_S: Final = (2.2, 0.5, 0.6, 10.0)
"""Median, spread, least, most: of a talk, and of one that is skipped."""

REACTION_S: Final = (1.4, 0.5, 0.3, 15.0)
"""From being left to pressing Next."""

BROWSE_S: Final = (8.0, 0.8, 1.0, 120.0)
"""From the welcome to pressing Start."""

PAUSE_S: Final = (40.0, 0.8, 5.0, 300.0)

NEXT, PAUSE, LEAVE = "next", "pause", "leave"
AFTER_A_TALK: Final = {NEXT: 0.90, PAUSE: 0.06, LEAVE: 0.04}
LANGUAGES: Final = {(): 0.5, ("en",): 0.3, ("de",): 0.1, ("es",): 0.1}
TAGS: Final = {(): 0.7, ("music",): 0.1, ("games",): 0.1, ("films", "music"): 0.05, ("travel",): 0.05}
MODES: Final[dict[Mode, float]] = {"text": 0.8, "video": 0.2}
REASONS: Final[tuple[ReportReason, ...]] = ("spam", "sexual", "harassment", "scam", "other")


@dataclass(frozen=True, slots=True)
class Habits:
    """What kind of person it is."""

    stays_s: float
    idle: bool = False  # looks at the page and never presses Start
    skips: float = 0.4  # the share of strangers that are skipped at once
    rude: bool = False  # and deserves to be reported
    reports: float = 0.0  # the share of rude strangers and of bots that it reports
    spites: float = 0.0  # the share of all others that it reports as well
    churns: bool = False  # its connection breaks once, or comes from elsewhere
    reloads: bool = False  # the page, once
    fails: float = 0.0  # the share of its handshakes that fail whoever the other is
    hashes_per_ms: float = work.DESKTOP


def draw(chance: Chance, stays_s: float | None = None) -> Habits:
    """Draw a kind of person."""
    heavy = chance.happens(0.05)
    speed = work.PHONE if chance.happens(0.6) else work.DESKTOP
    return Habits(
        stays_s=_stay(chance) if stays_s is None else stays_s,
        idle=chance.happens(0.1),
        skips=chance.betavariate(45, 6) if heavy else chance.betavariate(4, 6),
        rude=chance.happens(0.03),
        reports=0.5 if chance.happens(0.3) else 0.0,
        spites=0.3 if chance.happens(0.015) else 0.002,
        churns=chance.happens(chance.uniform(0.01, 0.03)),
        reloads=chance.happens(0.04),
        fails=0.95 if chance.happens(0.02) else 0.0,
        hashes_per_ms=chance.about(speed, 0.3),
    )


def _stay(chance: Chance) -> float:
    # One in four has seen enough within two minutes.
    return chance.uniform(15, 120) if chance.happens(0.25) else chance.about(480, 0.9, 120, 3600)


class Person(Page):
    """Somebody before a page."""

    draws_wishes = True

    def __init__(self, house: House, entry: Entry, address: str, habits: Habits) -> None:
        super().__init__(house, house.chance, entry, address)
        self.habits = habits
        self.fails, self.hashes_per_ms = habits.fails, habits.hashes_per_ms
        if self.draws_wishes:
            self.mode = self.chance.among(MODES)
            self.tags, self.languages = self.chance.among(TAGS), self.chance.among(LANGUAGES)
        self._begun = False
        self._gone = False

    @property
    def wants_in(self) -> bool:
        """Whether it has come, and not left of its own will."""
        return not self._gone

    def come(self) -> None:
        """Come in, and plan what will happen to it."""
        clock = self.house.clock
        self.entry.came = clock.elapsed
        self.arrive()
        clock.after(self.habits.stays_s, self.leave)
        for happens, what in ((self.habits.churns, self._churn), (self.habits.reloads, self._reload)):
            if happens:
                clock.after(self.chance.random() * self.habits.stays_s, what)

    def leave(self) -> None:
        """Close the page for good."""
        if not self._gone:
            self._gone = True
            self.entry.left = self.house.clock.elapsed
            self.entry.free(self.entry.left)
            self.close()

    # ── what a page asks of who sits before it ───────────────────────────────────────────────────────────────────────

    def welcomed(self) -> None:
        """Look around, then press Start; once."""
        if self.phase is Phase.LOBBY and not self._begun and not self.habits.idle:
            self._begun = True
            self.later(self.chance.about(*BROWSE_S), self.wish)

    def opened(self, meeting: Meeting) -> None:
        """Decide for how long to stay; it may be the other who ends it."""
        skips = self.chance.happens(self.habits.skips)
        self.later(self.chance.about(*(SKIP_S if skips else TALK_S)), self._end_talk, meeting, skips)

    def alone(self) -> None:
        """Take a moment, then do what one does after a talk."""
        self.later(self.chance.about(*REACTION_S), self._after)

    def banned(self, seconds: float) -> None:
        """Stay away for so long, and come back with a page of its own."""
        self.entry.hold("banned", self.house.clock.elapsed)
        self.house.clock.after(seconds, self._come_back)

    # ── its own ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _end_talk(self, meeting: Meeting, skips: bool) -> None:  # noqa: FBT001  as it was planned
        mood: LeaveMood = "skipped" if skips or self.chance.happens(0.8) else "left"
        stranger = meeting.stranger(self)
        if self.line is not None and stranger is not None and self.chance.happens(self._reports(stranger)):
            self.house.book.counts["reports by people"] += 1
            reason = self.chance.choice(REASONS)
            self.house.say(self.line, Report(life=self.line.life, session=meeting.session, reason=reason))
            mood = "blocked" if self.chance.happens(0.5) else mood
        self.end(mood)
        if mood == "left":
            self._after()
        else:
            self.wish()

    def _reports(self, stranger: Caller) -> float:
        rude = stranger.habits.rude if isinstance(stranger, Person) else stranger.chance.happens(0.6)
        return self.habits.reports if rude else self.habits.spites

    def _after(self) -> None:
        match self.chance.among(AFTER_A_TALK):
            case "pause":
                self.later(self.chance.about(*PAUSE_S), self.wish)
            case "leave":
                self.leave()
            case _:
                self.wish()

    def _come_back(self) -> None:
        if not self._gone and self.phase is Phase.AWAY:
            self.entry.free(self.house.clock.elapsed)
            self._begun = False
            self.arrive()

    def _reload(self) -> None:
        if not self._gone and self.phase is not Phase.AWAY:
            self.close()
            self.house.clock.after(self.chance.uniform(1, 4), self._come_back)

    def _churn(self) -> None:
        """Lose the connection without a word, and be back soon, often from another address."""
        line = self.line
        if line is None:
            return
        self.line, self.is_welcome = None, False
        if self.chance.happens(0.6):
            self.address = self.house.addresses.home()
        if self.meeting is not None and self.chance.happens(0.3):
            self.meeting.vanish()
        self.house.clock.after(75, self.house.expire, line)
        self.house.clock.after(self.chance.about(3, 0.6, 1, 30), self.reconnect)
