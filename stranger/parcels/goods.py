"""What a parcel is made of. Both sides of a transfer speak of it in these words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from broker.conversation import ParcelType, ParcelWhat

HEAD_BYTES: Final = 4
"""Of each message on the channel for what is big: the number of the parcel, big-endian."""


@dataclass(frozen=True, slots=True)
class Goods:
    """To be sent: everything of a parcel but its number.

    `ms` is how long a voice note plays, `wave` its loudness in even parts of that time, 0 to 31, at most 64 of them.
    """

    what: ParcelWhat
    type: ParcelType
    data: bytes
    ms: int | None = None
    wave: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a stranger's bytes, to be seen or heard."""

    type: ParcelType
    data: bytes


class Unfit(ValueError):
    """No picture and no voice note comes of these bytes: of no known type, too big, or not to be read."""

    def __init__(self, why: Literal["type", "size", "unreadable"]) -> None:
        super().__init__(why)
        self.why: Final = why


class Timer(Protocol):
    """What can be called off, as `asyncio.TimerHandle`."""

    def cancel(self) -> None:
        """Do not call any more."""


class Later(Protocol):
    """Calls back in so many seconds, as `asyncio.AbstractEventLoop.call_later`."""

    def __call__(self, delay: float, callback: Callable[[], None], /) -> Timer:
        """Begin to wait."""
