"""Where the stranger of a talk can be reached without the channel: a seat of theirs, told in advance. Pure.

A gate lets 64 messages through to a seat, and none after its time. We keep below both, as the page does.
"""

from dataclasses import dataclass
from typing import Final

from broker.conversation import SeatTold

MESSAGES_MOST: Final = 56
LEFT_LEAST_S: Final = 30.0


@dataclass(slots=True)
class Reach:
    """The seat that was told last, if any."""

    _seat: str = ""
    _until: float = 0.0
    _used: int = 0

    def told(self, message: SeatTold, now: float) -> None:
        """Use this one from now on."""
        if message.seat != self._seat:
            self._used = 0
        self._seat, self._until = message.seat, now + message.ttl

    def take(self, now: float) -> str | None:
        """Give a seat for one message; None when there is none that is good."""
        if not self._seat or self._used >= MESSAGES_MOST or self._until - now < LEFT_LEAST_S:
            return None
        self._used += 1
        return self._seat
