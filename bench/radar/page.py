"""A page: the protocol as a browser speaks it, whoever sits before it. What it does with that is left to who that is.

    wish ─► join, repeated ─► matched ─► handshake ─► talking ─► leave, bye
      └─ refused{slow}: later · refused{stamp}: work, the same ticket · again: a new one · banned: away

Mirrors `webclient/src/search.ts` and `session.ts`, their times included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bench.radar import work
from bench.radar.caller import Caller, Phase
from broker.messages import (
    Again,
    Banned,
    Challenge,
    Ended,
    Join,
    Leave,
    LeaveMood,
    Matched,
    Mode,
    NewSeat,
    Ping,
    Refused,
    Talking,
    Welcome,
)

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.chance import Chance
    from bench.radar.house import House, Line
    from bench.radar.meeting import Meeting
    from matcher.effects import InboxMessage

JOIN_AFTER_S: Final = (2.0, 4.0, 8.0, 15.0)
UNANSWERED_S: Final = 6.0
CONNECT_LIMIT_S: Final = 13.0
SEAT_MARGIN_S: Final = 30.0
CHALLENGE_LEAST_S: Final = 60.0

SAME_TICKET_AFTER_SLOW: Final = True
"""Whether a wish that was refused with `slow` comes back with its ticket. (The page as of today draws a new one.)"""

_KEY: Final = "B" + "A" * 86


class Page(Caller):
    """One page. Who sits before it overrides what is under "who sits here"."""

    answers = True
    hashes_per_ms = 0.0
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    mode: Mode = "text"

    def __init__(self, house: House, chance: Chance, entry: Entry, address: str) -> None:
        super().__init__(house, chance, entry, address)
        self._ticket = ""
        self._stamp: str | None = None
        self._joins = 0
        self._held = ""  # back, by "slow", or because of the work for a "stamp"
        self._challenge: tuple[Challenge, float] | None = None

    # ── who sits here ────────────────────────────────────────────────────────────────────────────────────────────────

    def welcomed(self) -> None:
        """The service knows this life."""

    def opened(self, meeting: Meeting) -> None:
        """A talk begins."""

    def alone(self) -> None:
        """The stranger went, or was lost."""

    def failed(self) -> None:
        """No talk came about: a page looks for somebody else by itself."""
        self.wish()

    def banned(self, seconds: float) -> None:
        """We are not wanted for so long."""

    def slowed(self, retry_s: int) -> None:
        """A wish was refused for now: a page tries again when it is told to."""
        self.hold(max(1, retry_s), self.wish_on)

    def asked(self, challenge: Challenge) -> None:
        """Work is asked for: a page does it."""
        self.work(challenge)

    # ── the service ──────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, line: Line, message: InboxMessage) -> None:
        """Hear the service."""
        if line is not self.line:
            return
        match message:
            case Welcome():
                self._welcome(message)
            case NewSeat(seat=seat, ttl=ttl):
                self._take_seat(seat, ttl)
                self._submit()
            case Refused():
                self._refused(message)
            case Again(ticket=ticket):
                self._renew(ticket)
            case Ended():
                self._ended(message)
            case Banned(seconds=seconds):
                self.close()
                self.banned(seconds)
            case _:
                pass

    def say_leave(self, session: str, mood: LeaveMood) -> None:
        """Say that a session is over for us."""
        if self.line is not None:
            self.house.say(self.line, Leave(life=self.line.life, session=session, mood=mood))

    # ── wishes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def wish(self) -> None:
        """Look for somebody, with a new ticket."""
        self.enter(Phase.WAITING)
        self._ticket = self.chance.word(16)
        self.wish_on()

    def wish_on(self) -> None:
        """Look for somebody, with the ticket there is."""
        self._turn += 1
        if not SAME_TICKET_AFTER_SLOW and self._held == "slow":
            self._ticket = self.chance.word(16)
        self._joins, self._held, self._stamp = 0, "", None
        self.entry.free(self.house.clock.elapsed)
        self._submit()

    def hold(self, seconds: float, then: Callable[[], None]) -> None:
        """Keep a wish back for so long."""
        self._turn += 1
        self._held = "slow"
        self.entry.hold("slow", self.house.clock.elapsed)
        self.later(seconds, then)

    def work(self, challenge: Challenge) -> None:
        """Work on a stamp, for as long as that takes here; a challenge that has grown old by then was in vain."""
        self._turn += 1
        self._joins, self._held, self._challenge = 0, "stamp", None
        self.entry.hold("stamp", self.house.clock.elapsed)
        if self.hashes_per_ms <= 0:
            return  # until something else comes of it
        seconds = work.seconds(self.chance, challenge, self.hashes_per_ms)
        if seconds < challenge.ttl:
            self.later(seconds, self._worked, challenge)
        else:
            self.later(challenge.ttl, self.wish_on)

    def _worked(self, challenge: Challenge) -> None:
        self.entry.free(self.house.clock.elapsed)
        self._stamp, self._held = work.stamp(challenge), ""
        self._submit()

    def _submit(self) -> None:
        if self.phase is not Phase.WAITING or self.line is None or not self.is_welcome or self._held or self._joins:
            return
        now = self.house.clock.now
        if self._stamp is None and self._challenge is not None and self._challenge[1] - now >= CHALLENGE_LEAST_S:
            self.asked(self._challenge[0])
        elif self.seat_until - now < SEAT_MARGIN_S:
            self.house.say(self.line, Ping(life=self.line.life, want_seat=True))
            self.later(JOIN_AFTER_S[0], self._submit)
        else:
            self._join(self._turn)

    def _join(self, turn: int) -> None:
        if turn != self._turn or self.line is None or not self.is_welcome:
            return
        join = Join(
            life=self.line.life,
            ticket=self._ticket,
            seat=self.seat,
            key=_KEY,
            mode=self.mode,
            tags=list(self.tags),
            languages=list(self.languages),
            relay=False,
            stamp=self._stamp,
        )
        self.house.say(self.line, join)
        self.house.clock.after(JOIN_AFTER_S[min(self._joins, 3)], self._join, turn)
        self._joins += 1

    def _welcome(self, welcome: Welcome) -> None:
        self._take_seat(welcome.seat, welcome.ttl)
        self._take_challenge(welcome.challenge)
        first, self.is_welcome = not self.is_welcome, True
        # A new life, or a new service, has not heard the wish yet; a stamp, or the work on it, was for the one before.
        if first and self.phase is Phase.WAITING and self._held != "slow":
            self.wish_on()
        if first:
            self.welcomed()

    def _refused(self, refused: Refused) -> None:
        if self.phase is not Phase.WAITING or refused.ticket != self._ticket or self._held:
            return
        if refused.reason == "stamp" and refused.challenge is not None:
            if self._stamp is None:
                self.asked(refused.challenge)
            else:
                self._take_challenge(refused.challenge)
                self.wish()
        elif refused.reason == "seat":
            self.wish()
        else:
            self.slowed(refused.retry)

    def _renew(self, ticket: str | None) -> None:
        if self.phase is Phase.WAITING and ticket == self._ticket:
            self.wish()

    def _take_challenge(self, challenge: Challenge | None) -> None:
        self._challenge = None if challenge is None else (challenge, self.house.clock.now + challenge.ttl)

    def _take_seat(self, seat: str, ttl_s: int) -> None:
        self.seat, self.seat_until = seat, self.house.clock.now + ttl_s

    # ── meetings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def match(self, line: Line, matched: Matched, meeting: Meeting) -> None:
        """Hear of a stranger."""
        if line is not self.line or self.phase is not Phase.WAITING or matched.ticket != self._ticket:
            return
        self._take_seat(matched.seat, matched.ttl)
        self.enter(Phase.MEETING)
        self.meeting = meeting
        if self.answers:
            meeting.enter(self)
            self.later(UNANSWERED_S, self._unanswered, meeting)
            self.later(CONNECT_LIMIT_S, self._give_up, meeting)

    def open(self, meeting: Meeting) -> None:
        """The channel is open."""
        self.enter(Phase.TALKING)
        if self.line is not None:
            self.house.say(self.line, Talking(life=self.line.life, session=meeting.session))
        self.opened(meeting)

    def end(self, mood: LeaveMood) -> None:
        """End the talk, or what was to become one."""
        if self.meeting is not None:
            self.meeting.part(self)
            self.say_leave(self.meeting.session, mood)
            self.meeting = None
            self.enter(Phase.LOBBY)

    def bye(self, meeting: Meeting) -> None:
        """The stranger has ended it. Its own word tells the service how, so nothing is said here."""
        if self.meeting is meeting:
            self.meeting = None
            self.enter(Phase.LOBBY)
            self.alone()

    def lose(self, meeting: Meeting) -> None:
        """The channel broke, and stayed so."""
        if self.meeting is meeting:
            self.end("lost")
            self.alone()

    def _ended(self, ended: Ended) -> None:
        if self.phase is Phase.WAITING:
            self._renew(ended.ticket)
        elif self.phase is Phase.MEETING and self.meeting is not None and self.meeting.session == ended.session:
            self.meeting.part(self)
            self.meeting = None
            self.failed()
        # While the channel is open this is advice.

    def _unanswered(self, meeting: Meeting) -> None:
        if not meeting.answered:
            self._give_up(meeting)

    def _give_up(self, meeting: Meeting) -> None:
        if self.meeting is meeting:
            self.end("failed")
            self.failed()
