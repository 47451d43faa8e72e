"""What the lobby is told. All of it is checked for form before it comes here; none of it is believed beyond that."""

from dataclasses import dataclass

from broker.desk import Ask
from broker.identity import PeerId
from broker.messages import Cancel, Down, Facts, Gone, Here, Join, Leave, Ping, Pulse, Report, Talking
from broker.seats import SeatKeys
from matcher.policing import Policing
from matcher.turn import Turn

PeerMessage = Here | Ping | Gone | Join | Cancel | Talking | Leave | Report


@dataclass(frozen=True, slots=True)
class Heard:
    """A peer spoke, on its presence or lobby topic: the topic proves who."""

    peer: PeerId
    message: PeerMessage


@dataclass(frozen=True, slots=True)
class WrongVersion:
    """A page of another version said `here`. It is told our version, and nothing of it is kept."""

    peer: PeerId
    life: str
    version: int


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A peer published something on its own topic that is no message of ours."""

    peer: PeerId


@dataclass(frozen=True, slots=True)
class Asked:
    """An operator asks, or wants something done. The topic proves who."""

    operator: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Policed:
    """The operator's settings for the radar have changed."""

    policing: Policing


@dataclass(frozen=True, slots=True)
class GateFacts:
    """A gate told what it saw. It may come before or after what the peers themselves say."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class PulseHeard:
    """What stands on the pulse topic: our own echo, the Will of an earlier service, or a rival."""

    message: Pulse | Down


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker hears us (again), so the pulse is due at once: a Will may have replaced it."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A gate has begun anew, or was away: it may not know who is kept out."""


@dataclass(frozen=True, slots=True)
class Shifted:
    """The clock jumped by `by_s`, or that long we could not hear: nobody is to be timed out for it."""

    by_s: float


@dataclass(frozen=True, slots=True)
class Turned:
    """The keys of seats have turned: mint and check with these."""

    keys: SeatKeys


@dataclass(frozen=True, slots=True)
class Rerouted:
    """The operator has another TURN server, or none any more."""

    turn: Turn | None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Event = (
    Heard
    | WrongVersion
    | Nonsense
    | Asked
    | Policed
    | GateFacts
    | PulseHeard
    | Connected
    | Reopened
    | Shifted
    | Turned
    | Rerouted
    | Tick
)
