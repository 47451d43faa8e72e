"""The usher: hands out seats, and the way to be reached there, and looks at seats that are shown. Keeps nothing of it.

Whenever a seat is told, so are ICE servers: both are for the next talk, and both grow old.
"""

from typing import Final

from broker import seats
from broker.identity import PeerId
from broker.messages import IceServer, Relay
from broker.seats import NONCE_BYTES, SEAT_TTL_S, SeatId, SeatKeys
from matcher.address_keys import AddressKeys
from matcher.randomness import Randomness
from matcher.turn import Turn

SEAT_LEAST_S: Final = 60
"""With less time left than this a seat is too old to begin a session on: 30 s in which clients no longer use it, the
6 s of a handshake and its repetition, and some for the way."""


class Usher:
    """Mints seats with the current key and checks them with all living keys."""

    def __init__(
        self, keys: SeatKeys, randomness: Randomness, addresses: AddressKeys, turn: Turn | None = None
    ) -> None:
        self._keys = keys
        self._randomness = randomness
        self._addresses = addresses
        self._turn = turn

    @property
    def relay(self) -> Relay:
        """Whether there is a relay to hide behind."""
        return "none" if self._turn is None else self._turn.relay

    def turn(self, keys: SeatKeys) -> None:
        """Mint and check with these keys from now on."""
        self._keys = keys

    def reroute(self, turn: Turn | None) -> None:
        """Tell of this TURN server from now on; of none, if it is None."""
        self._turn = turn

    def fresh(self, peer: PeerId, now: float) -> tuple[SeatId, int]:
        """Mint a seat for a peer; also give the whole seconds for which it lives."""
        expiry = int(now) + SEAT_TTL_S
        return seats.mint(self._keys, peer, expiry, self._randomness.token(NONCE_BYTES)), int(expiry - now)

    def servers(self, peer: PeerId, now: float) -> tuple[list[IceServer], int | None]:
        """Give a peer's ICE servers, with credentials made for it; also how many whole seconds those are good for."""
        if self._turn is None:
            return [], None
        place = self._addresses.get(peer)
        return self._turn.servers(peer, None if place is None else place.address, now)

    def expiry(self, peer: PeerId, seat: str) -> int | None:
        """Tell when a seat ends, in seconds since the Unix epoch; None when it is not ours or not this peer's."""
        shown = seats.verify(self._keys, seat)
        return shown.expiry if shown is not None and shown.owned_by(peer) else None
