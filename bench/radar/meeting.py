"""A meeting: what goes on between two who were told of each other. No server sees any of it.

both enter ─► handshake (0.2 to 2 s, or never) ─► open ─► one parts ─► the other hears `bye` at once
                                                      └─► one vanishes ─► the other notices after 20 s
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bench.radar.caller import Caller
    from bench.radar.house import House

HANDSHAKE_S: Final = (0.6, 0.6, 0.2, 2.0)
"""Median, spread, least, most."""

FAILS: Final = (0.05, 0.12)
"""How large a share of handshakes fails; drawn for each."""

BYE_S: Final = 0.05
LOST_S: Final = 20.0
"""How long no path is borne until a talk counts as lost."""


class Meeting:
    """Two pages, and whether there is a channel between them."""

    def __init__(self, house: House, session: str) -> None:
        self.session = session
        self.pages: list[Caller] = []
        self.opened: float | None = None
        self.over = False
        self._house = house
        self._entered: set[Caller] = set()

    @property
    def answered(self) -> bool:
        """Whether both have said the first word."""
        return len(self._entered) > 1

    def stranger(self, page: Caller) -> Caller | None:
        """Give the other one."""
        return next((other for other in self.pages if other is not page), None)

    def enter(self, page: Caller) -> None:
        """Let a page begin the handshake."""
        self._entered.add(page)
        if not self.answered or self.over:
            return
        chance, counts = self._house.chance, self._house.book.counts
        counts["handshakes"] += 1
        if chance.happens(max(chance.uniform(*FAILS), *(page.fails for page in self.pages))):
            counts["handshakes failed"] += 1  # both wait until their time is up
        else:
            self._house.clock.after(chance.about(*HANDSHAKE_S), self._open)

    def part(self, page: Caller) -> None:
        """Let one go."""
        if self._end() and (stranger := self.stranger(page)) is not None and self.opened is not None:
            self._house.clock.after(BYE_S, stranger.bye, self)

    def vanish(self) -> None:
        """Let the path between the two break for good."""
        if not self.over and self.opened is not None:
            self._house.clock.after(LOST_S, self._lose)

    def _open(self) -> None:
        # A handshake does not survive the loss of the signaling, and who has turned to somebody else answers no more.
        if not self.over and all(page.meeting is self and page.line is not None for page in self.pages):
            self.opened = self._house.clock.now
            for page in self.pages:
                page.open(self)

    def _lose(self) -> None:
        if self._end():
            for page in self.pages:
                page.lose(self)

    def _end(self) -> bool:
        if self.over:
            return False
        self.over = True
        self._house.meetings.pop(self.session, None)
        if self.opened is not None:
            one, other = self.pages
            self._house.book.talk(one.entry, other.entry, self._house.clock.now - self.opened)
        return True
