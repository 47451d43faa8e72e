"""What a peer knows of itself and the service, and what it wants done. Moments are seconds of one clock, handed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from broker.messages import (
    Banned,
    Cancel,
    Challenge,
    Counts,
    Here,
    IceServer,
    Join,
    Leave,
    LeaveMood,
    Matched,
    Mode,
    Ping,
    RefusedReason,
    Relay,
    Report,
    ToldMood,
)
from broker.messages import Talking as SaysTalking

SEAT_MARGIN_S: Final = 30.0
"""Seats are not used in the last part of their life: a publish may take a while, and clocks differ."""

SEAT_RENEW_S: Final = 120.0
"""With less than this left a ping asks for a fresh seat, and with it for fresh credentials of the relay."""

REACH_RENEW_S: Final = 180.0
"""Where a stranger can reach us is told anew when it has less than this left …"""

REACH_LEAST_S: Final = 300.0
"""… by a seat that we have, if that has so much left, or else by one that is asked for."""

HERE_AFTER_S: Final = (1.0, 2.0, 4.0, 8.0)
"""`here` is repeated after these, then every last of them, until `welcome`."""

JOIN_AFTER_S: Final = (2.0, 4.0, 8.0, 15.0)
"""`join` is repeated after these, then every last of them."""

RETRY_AFTER_S: Final = (0.0, 1.0, 2.0, 4.0, 8.0)
"""A ticket voided again and again must not become a storm of them."""

HOLD_MARGIN_S: Final = 0.5
"""Who was told to wait comes back so much later, and up to twice that: a timer may ring early, and others wait, too."""

CHALLENGE_LEAST_S: Final = 60.0
"""With less than this left no work is begun on a challenge."""

REPORT_WITHIN_S: Final = 50.0
"""So long after its end a talk can be reported; the service remembers it for 60 s."""

REPEAT_S: Final = 3.0
"""A report or a block is said once more after this."""

KNOWN_S: Final = 55.0
"""What was said of a talk that is over is not repeated later than this: nobody would know of which."""


class Timer(Enum):
    """What a shell wakes the machine for."""

    HERE = auto()
    PING = auto()
    JOIN = auto()
    RETRY = auto()
    WORDS = auto()


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, and until when it lives."""

    seat: str
    until: float

    def usable(self, now: float) -> bool:
        """Tell whether it can still be begun with."""
        return self.until - now > SEAT_MARGIN_S


@dataclass(frozen=True, slots=True)
class Ice:
    """Servers that help to find a way, and until when their credentials are good."""

    servers: tuple[IceServer, ...] = ()
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom one would meet. With `again`, the rendezvous of an earlier talk, its stranger and nobody else."""

    mode: Mode = "text"
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    relay: bool = False
    again: str | None = None


@dataclass(slots=True)
class Ticket:
    """One wish to be matched. The seat is given with its first `join`, and stays."""

    ticket: str
    key: str
    seat: Held | None = None
    stamp: str | None = None
    waited_s: int = 0


@dataclass(slots=True)
class Search:
    """Looking for somebody, over as many tickets as it takes. Without a ticket it holds: nothing is joined."""

    wish: Wish
    since: float
    ticket: Ticket | None = None
    voided: int = 0
    joins: int = 0
    proof: str | None = None


@dataclass(slots=True)
class Match:
    """A stranger was found, and the channel is not open yet."""

    search: Search
    session: str
    seat: Held
    life: str
    epoch: int


@dataclass(slots=True)
class Talking:
    """The channel is open. `reach` is where the stranger was told that we can be reached, `before` where until then.

    `end` is set when the service takes it for over.
    """

    match: Match
    reach: Held | None = None
    before: Held | None = None
    reach_epoch: int = 0
    end: "Known | None" = None


@dataclass(frozen=True, slots=True)
class Known:
    """A talk that is over, of which the service still knows."""

    session: str
    ended: float
    epoch: int


@dataclass(frozen=True, slots=True)
class Word:
    """A report or a block, which must not be lost; `until` somebody knows of what it speaks."""

    session: str
    about: str
    until: float


Draw = Callable[[], tuple[str, str]]
"""Draws a ticket and a sealing key."""


@dataclass(slots=True)
class State:
    """All of it. The link is up while there is a life."""

    draw: Draw
    dice: Callable[[], float]
    life: str | None = None
    rtt_ms: int | None = None
    epoch: int = 0
    welcomed: bool = False
    down: bool = False
    heres: int = 0
    ping_s: float = 15.0
    seat: Held | None = None
    ice: Ice = field(default_factory=Ice)
    relay: Relay = "none"
    challenge: tuple[Challenge, float] | None = None
    counts: Counts | None = None
    phase: Search | Match | Talking | None = None
    known: dict[str, Known] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    paused_until: float = 0.0


# ── what it wants done ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Presence:
    """Publish on the own presence topic, QoS 1."""

    message: Here | Ping


@dataclass(frozen=True, slots=True)
class Lobbying:
    """Publish on the own lobby topic, QoS 0."""

    message: Join | Cancel | SaysTalking | Leave | Report


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Listen at these seats."""

    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Listen there no longer."""

    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wake:
    """Wake the machine in so many seconds; instead of a timer of the same name."""

    timer: Timer
    in_s: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Do not."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Prove:
    """Work on this, and tell what it came to."""

    challenge: Challenge


@dataclass(frozen=True, slots=True)
class Drop:
    """A ticket is void: its key is to be forgotten, and nobody needs its stamp."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Meet:
    """Meet this stranger, who speaks to me at `seat`."""

    matched: Matched
    seat: str


@dataclass(frozen=True, slots=True)
class Part:
    """End the meeting or talk that goes on."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Tell the stranger where we can be reached without the channel, and for how long."""

    seat: str
    ttl_s: int


@dataclass(frozen=True, slots=True)
class Advise:
    """The service thinks that the stranger is gone."""

    mood: ToldMood


@dataclass(frozen=True, slots=True)
class Pause:
    """The service asks to wait before the next wish."""

    reason: RefusedReason
    seconds: float


@dataclass(frozen=True, slots=True)
class NoRelay:
    """Who wants to hide cannot here; the wish is withdrawn."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The gate ends this connection; none is welcome before so many seconds."""

    retry_s: int


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Banned, or kicked: everything ends."""

    message: Banned


@dataclass(frozen=True, slots=True)
class Outdated:
    """The service speaks another version."""

    version: int


Effect = (
    Presence
    | Lobbying
    | Subscribe
    | Unsubscribe
    | Wake
    | Sleep
    | Prove
    | Drop
    | Meet
    | Part
    | Reach
    | Advise
    | Pause
    | NoRelay
    | Limit
    | ShutOut
    | Outdated
)
Mood = LeaveMood


def nth(row: tuple[float, ...], at: int) -> float:
    """Give the nth of a row of delays, the last one for all that follow."""
    return row[min(at, len(row) - 1)]
