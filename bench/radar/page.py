"""A page: the protocol as a browser speaks it, whoever sits before it. What it does with that is left to who that is.

    matched ─► handshake ─┬─► talking ─► leave, bye          banned ─► away
                          └─► leave{failed} ─► the next wish

Mirrors `webclient/src/session.ts`, its times included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.radar.caller import Phase
from bench.radar.seeker import Seeker
from broker.messages import (
    Again,
    Banned,
    Ended,
    Leave,
    LeaveMood,
    Matched,
    NewSeat,
    Refused,
    Talking,
    Welcome,
)

if TYPE_CHECKING:
    from bench.radar.house import Line
    from bench.radar.meeting import Meeting
    from matcher.effects import InboxMessage

UNANSWERED_S: Final = 6.0
CONNECT_LIMIT_S: Final = 13.0


class Page(Seeker):
    """One page. Who sits before it overrides what is under "who sits here"."""

    answers = True

    # ── who sits here ────────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self, meeting: Meeting) -> None:
        """A talk begins."""

    def alone(self) -> None:
        """The stranger went, or was lost."""

    def failed(self) -> None:
        """No talk came about: a page looks for somebody else by itself."""
        self.wish()

    def banned(self, seconds: float) -> None:
        """We are not wanted for so long."""

    # ── the service ──────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, line: Line, message: InboxMessage) -> None:
        """Hear the service."""
        if line is not self.line:
            return
        match message:
            case Welcome():
                self.welcome(message)
            case NewSeat(seat=seat, ttl=ttl):
                self.take_seat(seat, ttl)
                self.submit()
            case Refused():
                self.refused(message)
            case Again(ticket=ticket):
                self.renew(ticket)
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

    # ── meetings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def match(self, line: Line, matched: Matched, meeting: Meeting) -> None:
        """Hear of a stranger."""
        if line is not self.line or self.phase is not Phase.WAITING or matched.ticket != self.ticket:
            return
        self.take_seat(matched.seat, matched.ttl)
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
            self.renew(ended.ticket)
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
