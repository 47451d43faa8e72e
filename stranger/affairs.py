"""What two have going between them beside words: parcels, calls, and the connection as it changes.

    heard, hear_bytes, posted ─► parcels · calls · negotiation ─► say (channel), post (sealed, broker), tell

It begins with the talk; bytes of a parcel may come a moment before, since the two channels do not wait for each other.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from broker.conversation import (
    Accept,
    Answer,
    Candidates,
    Drop,
    Hangup,
    Offer,
    Parcel,
    Refuse,
    Ring,
    Said,
    SeatTold,
    Sending,
    Taken,
)
from broker.messages import Role
from stranger import events
from stranger.callmedia import CallMedia
from stranger.calls import CallPorts, Calls
from stranger.meeting import Spoken
from stranger.negotiation import Negotiation, NegotiationPorts
from stranger.parcels.parcels import Parcels
from stranger.peer import Peer
from stranger.reach import Reach

EARLY_MOST: Final = 64
"""Messages on the channel for what is big that may come before the hello."""


@dataclass(frozen=True, slots=True)
class AffairsPorts:
    """What they need, and tell."""

    say: Callable[[Said], None]
    post: Callable[[Spoken, str], None]
    tell: Callable[[events.Event], None]
    foreign: Callable[[], None]
    """A description tells of another certificate."""


class Affairs:
    """Of one talk."""

    def __init__(self, peer: Peer, role: Role, fingerprint: str, ports: AffairsPorts) -> None:
        self._ports = ports
        self._now = asyncio.get_running_loop().time
        self._reach = Reach()
        self.parcels = Parcels(
            peer.parcels,
            say=ports.say,
            tell=ports.tell,
            now=self._now,
            later=asyncio.get_running_loop().call_later,
        )
        negotiation = self._negotiation = Negotiation(
            peer, role, fingerprint, NegotiationPorts(self._agree, ports.foreign)
        )
        self.calls = Calls(
            lambda ran_out: CallMedia(peer, role, negotiation.look, ran_out), CallPorts(ports.say, ports.tell)
        )

    def heard(self, message: Said) -> None:
        """The stranger has said something about one of them; all else is left alone."""
        match message:
            case Parcel() | Drop() | Refuse() | Taken():
                self.parcels.hear(message)
            case Ring() | Accept() | Hangup() | Sending():
                self.calls.hear(message)
            case Offer() | Answer() | Candidates():
                self._negotiation.hear(message, sealed=False)
            case SeatTold():
                self._reach.told(message, self._now())
            case _:
                pass

    def posted(self, message: Spoken) -> None:
        """The stranger looks for another way between the two, over the broker."""
        self._negotiation.hear(message, sealed=True)

    def close(self) -> None:
        """Nothing comes or goes any more."""
        self.parcels.close()
        self.calls.close()
        self._negotiation.close()

    def _agree(self, message: Spoken, sealed: bool) -> None:  # noqa: FBT001  as the negotiation asks
        """Say something about the connection; over the broker, where its channel may not carry it."""
        seat = self._reach.take(self._now()) if sealed else None
        if seat is None:
            self._ports.say(message)
        else:
            self._ports.post(message, seat)
