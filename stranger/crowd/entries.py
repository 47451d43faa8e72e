"""What a peer of a crowd writes down. Plain data, small enough to be handed between processes.

came ─► here ─► joined(ticket) ─► matched(session) ─► opened ─► parted
                  └─ dropped, held, away: it does not wait any longer, or not for the moment
"""

from dataclasses import dataclass

from broker.messages import LeaveMood, Mode, Role


@dataclass(frozen=True, slots=True)
class Came:
    """It wants to come in."""

    real: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """The service has welcomed this life of it, or shows that it is not gone after all."""


@dataclass(frozen=True, slots=True)
class Away:
    """Its connection, or the service, is gone; whatever it waited for has to be asked for again."""

    connected: bool
    """Whether there was a connection, which broke: something said to it may be lost."""


@dataclass(frozen=True, slots=True)
class Turned:
    """It was not let in. `why` is how the door said so."""

    why: str


@dataclass(frozen=True, slots=True)
class Shut:
    """It was banned or kicked, or may not go on for another reason."""

    why: str


@dataclass(frozen=True, slots=True)
class Joined:
    """It sent a wish; not the repetitions of it. It has searched for `waited_s` by then, over all its tickets."""

    ticket: str
    seat: str
    key: str
    mode: Mode
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    waited_s: float


@dataclass(frozen=True, slots=True)
class Held:
    """The service has refused its wish for now."""

    why: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """It gave a ticket up, or the service has voided it."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Matched:
    """The service told it of a stranger, whether it went there or not. `to` is the stranger's seat."""

    ticket: str
    session: str
    to: str
    key: str
    role: Role


@dataclass(frozen=True, slots=True)
class Opened:
    """The two have reached each other."""

    session: str


@dataclass(frozen=True, slots=True)
class Parted:
    """It is in this session no longer. Without a mood somebody else has ended it."""

    session: str
    mood: LeaveMood | None


@dataclass(frozen=True, slots=True)
class Left:
    """It has gone for good."""


What = Came | Here | Away | Turned | Shut | Joined | Held | Dropped | Matched | Opened | Parted | Left


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to which peer of the crowd, and when, in seconds of a clock that all processes share."""

    peer: int
    at: float
    what: What
