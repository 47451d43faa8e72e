"""Pairing: the life of one session, as a table.

Two peers were told of each other. What happens next is decided here and nowhere else: which moves count in which state,
and what the two are told. Knows no topics, no timers of its own and nothing of other sessions.

    (matched) ──► MATCHED ──talking──► TALKING ──lost──► FADING ──back──► TALKING
                     │                    │                 │
                     └── leave, gone, ────┴── leave, gone ──┴── leave, gone, expired ──► OVER
                         lost, expired
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from broker.identity import PeerId
from broker.messages import Matched, Mood, ToldMood

MATCHED_S: Final = 20.0
"""Time for somebody to say `talking`. Clients give up after 6 s and say so; this is for those who cannot."""

FADE_S: Final = 60.0
"""How long a talk is kept for a side out of sight. The channel between the two may well be alive all that time."""

OVER_S: Final = 60.0
"""How long an ended session is remembered, for a claim, a report or a block that comes late."""


class State(Enum):
    """Where a session stands."""

    MATCHED = auto()  # both were told, the channel is not open yet
    TALKING = auto()  # at least one said that the channel is open
    FADING = auto()  # they talk, but at least one side is out of the service's sight
    OVER = auto()


class Move(Enum):
    """What one side does, or what happens to it."""

    TALKING = auto()  # it said that the channel is open
    LEAVE = auto()  # it left this session, in some mood
    GONE = auto()  # it left the page
    LOST = auto()  # its connection broke, it fell silent, or a new life of it knows nothing of the session
    BACK = auto()  # a new life of it claims the session
    EXPIRED = auto()  # the time of this state is up; no side did it


class Tell(Enum):
    """Who hears of the end."""

    NOBODY = auto()
    OTHER = auto()  # who did not make the move
    BOTH = auto()


class Row(NamedTuple):
    """What follows from a move. `mood` is how the session ended; None: as the one who left said."""

    state: State
    tell: Tell = Tell.NOBODY
    mood: Mood | None = None


TABLE: Final[dict[tuple[State, Move], Row]] = {
    # One word is enough: a channel is open at both ends or at none.
    (State.MATCHED, Move.TALKING): Row(State.TALKING),
    (State.MATCHED, Move.LEAVE): Row(State.OVER, Tell.OTHER),
    (State.MATCHED, Move.GONE): Row(State.OVER, Tell.OTHER, "left"),
    # No grace before the talk: a handshake does not survive the loss of its signaling, and the other waits.
    (State.MATCHED, Move.LOST): Row(State.OVER, Tell.OTHER, "lost"),
    # Only a talk can be claimed, so it has begun; the word for it was lost with the connection.
    (State.MATCHED, Move.BACK): Row(State.TALKING),
    (State.MATCHED, Move.EXPIRED): Row(State.OVER, Tell.BOTH, "expired"),
    (State.TALKING, Move.TALKING): Row(State.TALKING),
    (State.TALKING, Move.LEAVE): Row(State.OVER, Tell.OTHER),
    (State.TALKING, Move.GONE): Row(State.OVER, Tell.OTHER, "left"),
    # Nothing on the server ends a talk whose channel is open: a broken signaling connection is no reason.
    (State.TALKING, Move.LOST): Row(State.FADING),
    (State.TALKING, Move.BACK): Row(State.TALKING),
    # The channel is open, so whoever says this is in sight again; TALKING only when both are, see `Session.move`.
    (State.FADING, Move.TALKING): Row(State.TALKING),
    (State.FADING, Move.LEAVE): Row(State.OVER, Tell.OTHER),
    (State.FADING, Move.GONE): Row(State.OVER, Tell.OTHER, "left"),
    (State.FADING, Move.LOST): Row(State.FADING),
    (State.FADING, Move.BACK): Row(State.TALKING),
    (State.FADING, Move.EXPIRED): Row(State.OVER, Tell.BOTH, "lost"),
    # OVER is final: whatever is not in this table changes nothing.
}

_TOLD: Final[dict[Mood, ToldMood]] = {
    # Nobody learns that they were skipped or blocked, or that the other was banned.
    "left": "left",
    "skipped": "left",
    "blocked": "left",
    "banned": "left",
    "lost": "lost",
    "failed": "failed",
    "expired": "expired",
}


def told(mood: Mood) -> ToldMood:
    """Give the mood as the stranger hears it."""
    return _TOLD[mood]


@dataclass(slots=True)
class Side:
    """One of the two. After a restart of the service its peer may be unknown, and nothing but the peer is known."""

    peer: PeerId | None
    ticket: str | None = None  # of the wish that was fulfilled
    matched: Matched | None = None  # what it was told; until the session is over
    unseen_since: float | None = None
    complained: bool = False


@dataclass(slots=True)
class Session:
    """Two sides and where they stand. Times are in seconds since the Unix epoch."""

    id: str
    sides: tuple[Side, Side]
    state: State
    since: float
    reunion: bool = False  # both asked for it, see `Talks._judge`
    talking_since: float | None = None
    mood: ToldMood | None = None

    @property
    def talked(self) -> bool:
        """Whether the channel was ever open."""
        return self.talking_since is not None

    def talked_s(self, now: float) -> float | None:
        """Tell for how long it has been, or was, open; None when it never was."""
        if self.talking_since is None:
            return None
        return max(0.0, (self.since if self.state is State.OVER else now) - self.talking_since)

    @property
    def due(self) -> float | None:
        """When the time of the present state is up; None while they talk."""
        if self.state is State.MATCHED:
            return self.since + MATCHED_S
        if self.state is State.OVER:
            return self.since + OVER_S
        if self.state is State.TALKING:
            return None  # both are in sight, or they were FADING
        return min((side.unseen_since + FADE_S for side in self.sides if side.unseen_since is not None), default=None)

    @property
    def _in_sight(self) -> bool:
        one, other = self.sides
        return one.unseen_since is None and other.unseen_since is None

    def side(self, peer: PeerId) -> Side | None:
        """Find the side of a peer."""
        one, other = self.sides
        if one.peer == peer:
            return one
        return other if other.peer == peer else None

    def strangers(self, peer: PeerId) -> Iterator[PeerId]:
        """Give the known peers of the session other than this one."""
        return (side.peer for side in self.sides if side.peer is not None and side.peer != peer)

    def move(self, move: Move, peer: PeerId | None, now: float, mood: Mood | None = None) -> list[PeerId]:
        """Make a move and give those who must be told that it is over, in `mood`.

        Args:
            move: what happened.
            peer: to whom; None when the time is up.
            now: the time.
            mood: of who leaves.
        """
        row = TABLE.get((self.state, move))
        if row is None:
            return []
        if peer is not None and (own := self.side(peer)) is not None:
            own.unseen_since = now if move is Move.LOST else None
        if row.state is State.TALKING and self.talking_since is None:
            self.talking_since = now
        self.state = row.state
        if row.state is State.TALKING and not self._in_sight:
            self.state = State.FADING
        if row.state is not State.OVER:
            return []
        self.since, self.mood = now, told(row.mood or mood or "left")
        for side in self.sides:
            side.matched = None  # nobody is told of it again, and it is most of what is kept
        return [side.peer for side in self.sides if side.peer is not None and _hears(row.tell, own=side.peer == peer)]


def _hears(tell: Tell, *, own: bool) -> bool:
    return tell is Tell.BOTH or (tell is Tell.OTHER and not own)


def matched(
    session: str, one: tuple[PeerId, Matched], other: tuple[PeerId, Matched], now: float, *, reunion: bool = False
) -> Session:
    """Begin a session of two who are being told of each other."""
    sides = Side(one[0], one[1].ticket, one[1]), Side(other[0], other[1].ticket, other[1])
    return Session(session, sides, State.MATCHED, now, reunion)


def claimed(session: str, peer: PeerId, now: float) -> Session:
    """Take up a talk that an earlier epoch began: one side is known, the other is kept a seat for."""
    return Session(session, (Side(peer), Side(None, unseen_since=now)), State.FADING, now, talking_since=now)
