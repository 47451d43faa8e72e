"""A caller: one page's connection to the broker, and the name and life under which it speaks.

    arrive ─► CONNECT ─► here ─► welcome ─► ping, each 20 s
      ▲         └─ turned away: again, ever later
      └──────── closed: back in a moment, under the same name

Mirrors `webclient/src/link.ts` and `presence.ts`, their times included.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from broker.identity import SECRET_BYTES, PeerId, peer_of
from broker.messages import VERSION, Gone, GoneMood, Here, Ping
from matcher.presence import PING_S

if TYPE_CHECKING:
    from bench.radar.book import Entry
    from bench.radar.chance import Chance
    from bench.radar.house import House, Line
    from bench.radar.meeting import Meeting
    from broker.messages import Matched
    from matcher.effects import InboxMessage

SEAT_RENEW_S: Final = 120.0
BACKOFF_S: Final = 0.5
TURNED_AWAY_S: Final = (5.0, 300.0)
LIMITED_S: Final = (30.0, 45.0)
STORM_BACK_S: Final = (0.6, 8.0)


class Phase(Enum):
    """What a page is at."""

    AWAY = auto()
    LOBBY = auto()
    WAITING = auto()
    MEETING = auto()
    TALKING = auto()


class Caller(ABC):
    """One connection after the other, of one peer after the other."""

    fails = 0.0
    """The share of its handshakes that fail, whoever the other is."""

    def __init__(self, house: House, chance: Chance, entry: Entry, address: str) -> None:
        self.house = house
        self.chance = chance
        self.entry = entry
        self.address = address
        self.lag_s = chance.about(0.03, 0.5, 0.005, 0.4)
        self.line: Line | None = None
        self.meeting: Meeting | None = None
        self.phase = Phase.AWAY
        self.is_welcome = False
        self.seat, self.seat_until = "", 0.0
        self.peer = PeerId("")
        self._refusals = 0
        self._turn = 0

    # ── who sits here ────────────────────────────────────────────────────────────────────────────────────────────────

    def broken(self, why: str) -> None:
        """The connection was closed by the broker: a page comes back."""
        if why == "cut":
            self.house.clock.after(self.chance.uniform(*LIMITED_S), self.reconnect)
        elif why == "storm":
            self.house.clock.after(self.chance.uniform(*STORM_BACK_S), self.reconnect)
        else:
            self.house.clock.after(self.chance.random() * BACKOFF_S, self.reconnect)

    def turned_away(self) -> None:
        """The gate does not let us in: a page asks again, ever later."""
        first, most = TURNED_AWAY_S
        self._refusals += 1
        wait_s = min(most, first * 2 ** (self._refusals - 1) * (1 + self.chance.random() / 2))
        self.entry.hold("barred", self.house.clock.elapsed)
        self.house.clock.after(wait_s, self.reconnect)

    # ── the line ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def arrive(self) -> None:
        """Open the page: a new name, and a connection."""
        self.peer = peer_of(self.chance.token(SECRET_BYTES))
        self.enter(Phase.LOBBY)
        self.reconnect()

    def reconnect(self) -> None:
        """Connect, unless there is a line or nobody is here any more."""
        if self.line is not None or self.phase is Phase.AWAY:
            return
        self.is_welcome = False
        self.line = self.house.connect(self, self.peer, self.chance.word(8), self.address)
        if self.line is None:
            self.turned_away()
            return
        if self._refusals:
            self._refusals = 0
            self.entry.free(self.house.clock.elapsed)
        self.greet(self.line)
        self.house.clock.after(PING_S, self._ping, self.line)

    def greet(self, line: Line) -> None:
        """Say `here`: on a new line, and to a new service."""
        if line is self.line:
            session = self.meeting.session if self.meeting is not None and self.phase is Phase.TALKING else None
            self.is_welcome = False
            rtt = round(2000 * self.lag_s)
            self.house.say(line, Here(life=line.life, version=VERSION, rtt=rtt, session=session))

    def close(self, mood: GoneMood = "left") -> None:
        """Close the page."""
        if self.meeting is not None:
            self.meeting.part(self)
            self.meeting = None
        if self.line is not None:
            self.house.hang_up(self.line, Gone(life=self.line.life, mood=mood))
        self.line = None
        self.enter(Phase.AWAY)

    def closed(self, line: Line, why: str) -> None:
        """The broker closed the connection. A talk goes on, a wish keeps its place."""
        if line is self.line:
            self.line, self.is_welcome = None, False
            self.broken(why)

    def _ping(self, line: Line) -> None:
        if line is self.line:
            old = self.seat_until - self.house.clock.now < SEAT_RENEW_S
            self.house.say(line, Ping(life=line.life, want_seat=True if old else None))
            self.house.clock.after(PING_S, self._ping, line)

    # ── what a page makes of what it hears ───────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def hear(self, line: Line, message: InboxMessage) -> None:
        """Hear the service, on this line."""

    @abstractmethod
    def match(self, line: Line, matched: Matched, meeting: Meeting) -> None:
        """Hear of a stranger."""

    @abstractmethod
    def open(self, meeting: Meeting) -> None:
        """The channel is open."""

    @abstractmethod
    def bye(self, meeting: Meeting) -> None:
        """The stranger has ended it. Its own word tells the service how, so nothing is said here."""

    @abstractmethod
    def lose(self, meeting: Meeting) -> None:
        """The channel broke, and stayed so."""

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, phase: Phase) -> None:
        """Be at something else; whatever was to come later in the phase before does not."""
        self.phase = phase
        self._turn += 1

    def later(self, seconds: float, action: Callable[..., None], *given: Any) -> None:  # noqa: ANN401  as it comes
        """Do something in so many seconds, unless something else happens before."""
        self.house.clock.after(seconds, self._fire, self._turn, action, given)

    def _fire(self, turn: int, action: Callable[..., None], given: tuple[Any, ...]) -> None:
        if turn == self._turn:
            action(*given)
