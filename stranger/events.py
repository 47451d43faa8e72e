"""What a talk tells, one after the other, to whoever iterates over it. Plain data; nothing here acts.

    async for event in talk:  Heard, Typing, Arrived, …   and at the end Over or Alarm, after which there is nothing

`nth` is how the sender of a line or a parcel numbers it, from 0.
"""

from dataclasses import dataclass
from typing import Literal

from broker.conversation import ParcelRefusal, ParcelType, ParcelWhat
from broker.messages import ToldMood

What = Literal["flood", "oversize", "malformed", "stray", "unread"]
"""Of what came and was dropped: too much at once, too big, no message, of a parcel that nobody announced, or more than
was read in time."""

AlarmReason = Literal["session", "role", "key", "peerKey", "commitment", "fingerprint", "early"]
Ending = Literal["ended", "declined", "unanswered", "withdrawn", "missed"]
"""A call ended; who was asked said no; nobody answered my ring; who rang took it back; I did not answer theirs."""

Gone = Literal["stopped", "lost", "size", "type", "unreadable", "many", "unwanted"]
"""Why nothing comes of a parcel: its sender stopped it, the talk ended, or its receiver refused it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The stranger has said a line."""

    nth: int
    text: str


@dataclass(frozen=True, slots=True)
class Got:
    """A line of mine has arrived."""

    nth: int


@dataclass(frozen=True, slots=True)
class Typing:
    """The stranger types, or has stopped."""

    on: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What the two can compare, over another way than this talk; empty when there are none."""

    numbers: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """The stranger sends an image or a voice note of so many bytes; `talk.refuse(nth)` stops it."""

    nth: int
    what: ParcelWhat
    size: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """All of an image or a voice note is here, and is what it says it is.

    An image was drawn anew from what came, as a browser does. `ms` and `wave` are what the sender says of a voice note:
    how long it plays, and its loudness in even parts of that time (0 to 31).
    """

    nth: int
    what: ParcelWhat
    type: ParcelType
    data: bytes
    ms: int | None = None
    wave: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """Nothing comes of an image or a voice note of the stranger's."""

    nth: int
    why: Gone


@dataclass(frozen=True, slots=True)
class Taken:
    """An image or a voice note of mine has arrived, and can be seen or heard."""

    nth: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The stranger did not take an image or a voice note of mine, or it was not sent to its end."""

    nth: int
    why: ParcelRefusal | Literal["stopped", "lost"]


@dataclass(frozen=True, slots=True)
class Rang:
    """The stranger asks for a call: `talk.accept()`, or `talk.hang_up()`."""

    video: bool


@dataclass(frozen=True, slots=True)
class Called:
    """A call has begun: both have said yes. What comes is in `talk.audio` and `talk.video`."""

    video: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """What the stranger sends in the call from now on."""

    audio: bool
    video: bool


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over, or came to nothing: told of every `Rang`, `ring` and `Called`, whichever of the two hung up."""

    why: Ending


@dataclass(frozen=True, slots=True)
class Direct:
    """The stranger would talk directly, or not any more."""

    on: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What the service thinks has become of the stranger. It may be wrong, and ends nothing."""

    mood: ToldMood


@dataclass(frozen=True, slots=True)
class Notice:
    """Something was dropped. Said once for each `what`."""

    what: What


@dataclass(frozen=True, slots=True)
class Over:
    """The talk is over. `failed` is told of those only that never came about."""

    mood: Literal["left", "lost"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody sits between the two; the talk is over. `reason` names what did not fit."""

    reason: AlarmReason


Event = (
    Heard
    | Got
    | Typing
    | Words
    | Coming
    | Arrived
    | Missed
    | Taken
    | Refused
    | Rang
    | Called
    | Sending
    | HungUp
    | Direct
    | Advice
    | Notice
    | Over
    | Alarm
)
