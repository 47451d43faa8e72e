"""What happens to a stranger before and between talks, for whoever watches. Plain data."""

from dataclasses import dataclass

from broker.messages import RefusedReason


@dataclass(frozen=True, slots=True)
class Here:
    """The service knows us."""


@dataclass(frozen=True, slots=True)
class Away:
    """There is no broker just now; the next connection is tried in so many seconds."""

    why: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Looking:
    """A wish was sent."""


@dataclass(frozen=True, slots=True)
class Working:
    """The service asks for work before the wish: so many bits of it."""

    effort: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The service asks to wait before the next wish."""

    reason: RefusedReason
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """A stranger was found; the two connect."""


@dataclass(frozen=True, slots=True)
class Missed:
    """No connection to that one came about: somebody else is looked for."""


News = Here | Away | Looking | Working | Paused | Found | Missed
