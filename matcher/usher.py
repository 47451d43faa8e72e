"""The usher: hands out seats, and looks at those that are shown. Keeps nothing of either."""

from typing import Final

from broker import seats
from broker.identity import PeerId
from broker.seats import NONCE_BYTES, SEAT_TTL_S, SeatId, SeatKeys
from matcher.randomness import Randomness

SEAT_LEAST_S: Final = 60
"""With less time left than this a seat is too old to begin a session on: 30 s in which clients no longer use it, the
6 s of a handshake and its repetition, and some for the way."""


class Usher:
    """Mints seats with the current key and checks them with all living keys."""

    def __init__(self, keys: SeatKeys, randomness: Randomness) -> None:
        self._keys = keys
        self._randomness = randomness

    def turn(self, keys: SeatKeys) -> None:
        """Mint and check with these keys from now on."""
        self._keys = keys

    def fresh(self, peer: PeerId, now: float) -> tuple[SeatId, int]:
        """Mint a seat for a peer; also give the whole seconds for which it lives."""
        expiry = int(now) + SEAT_TTL_S
        return seats.mint(self._keys, peer, expiry, self._randomness.token(NONCE_BYTES)), int(expiry - now)

    def expiry(self, peer: PeerId, seat: str) -> int | None:
        """Tell when a seat ends, in seconds since the Unix epoch; None when it is not ours or not this peer's."""
        shown = seats.verify(self._keys, seat)
        return shown.expiry if shown is not None and shown.owned_by(peer) else None
