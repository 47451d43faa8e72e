"""What the lobby wants done, and the outbox in which its parts collect that, in order."""

from dataclasses import dataclass

from broker import orders
from broker.desk import Answer
from broker.identity import PeerId
from broker.messages import Again, Banned, Ended, Matched, NewSeat, Pulse, Refused, Welcome

InboxMessage = Welcome | Matched | NewSeat | Ended | Again | Refused | Banned


@dataclass(frozen=True, slots=True)
class Send:
    """Say this to one peer."""

    peer: PeerId
    message: InboxMessage


@dataclass(frozen=True, slots=True)
class Beat:
    """Publish the pulse, retained."""

    message: Pulse


@dataclass(frozen=True, slots=True)
class Stop:
    """This lobby is over, without a word: a service with a higher epoch is at work."""


@dataclass(frozen=True, slots=True)
class Order:
    """A gate is to do this; after what was sent before."""

    order: orders.Order


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer an operator."""

    operator: str
    answer: Answer


Effect = Send | Beat | Stop | Order | Reply


class Outbox:
    """Effects in the order in which they are to be done."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []

    def put(self, effect: Effect) -> None:
        """Add an effect."""
        self._effects.append(effect)

    def take(self) -> list[Effect]:
        """Hand over what has collected."""
        effects, self._effects = self._effects, []
        return effects
