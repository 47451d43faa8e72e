"""Seats: capabilities that the service mints and any gate verifies, with nothing kept in between (DESIGN.md §4).

    seat (42 bytes, 56 characters of base64url)
    ├─ key id      2   which of the two living keys
    ├─ nonce      12
    ├─ expiry      4   seconds since the Unix epoch, big-endian
    ├─ owner tag  12   HMAC(key, "…/owner" ‖ head ‖ peer): who may subscribe
    └─ mint tag   12   HMAC(key, "…/mint" ‖ head ‖ owner tag): it is ours; whoever was told it may publish

The fixed length leaves no separator to fold and no bits to spare, so a seat has exactly one spelling.
"""

import functools
import hashlib
import hmac
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NewType

from broker.identity import b64url, unb64url

SeatId = NewType("SeatId", str)
"""56 characters of base64url."""

SEAT_CHARS: Final = 56
SEAT_TTL_S: Final = 600
"""How long a seat lives after it was minted."""

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_TAG_BYTES = 12
_HEAD = struct.Struct(">H12sI")
_OWNER = b"passerby/v1/seat/owner\0"
_MINT = b"passerby/v1/seat/mint\0"
_KEY_IDS = 1 << 16


@dataclass(frozen=True, slots=True)
class SeatKeys:
    """The keys that verify seats, by id, and the id of the one that mints. Two live at once, so that keys can turn."""

    keys: Mapping[int, bytes]
    current: int

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            message = "the current seat key is not among the keys"
            raise ValueError(message)
        if any(not 0 <= key_id < _KEY_IDS or len(key) != KEY_BYTES for key_id, key in self.keys.items()):
            message = f"a seat key has an id below {_KEY_IDS} and {KEY_BYTES} bytes"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat whose mint tag was verified. `expiry` is in seconds since the Unix epoch."""

    expiry: int
    _key: bytes
    _head: bytes
    _tag: bytes

    def owned_by(self, peer: str) -> bool:
        """Tell whether this peer may subscribe to the seat."""
        return hmac.compare_digest(self._tag, _owner_tag(self._key, self._head, peer))

    def alive(self, now: float) -> bool:
        """Tell whether the seat may still be used."""
        return now < self.expiry


def mint(keys: SeatKeys, peer: str, expiry: int, nonce: bytes) -> SeatId:
    """Make a seat for a peer.

    Args:
        keys: the living keys.
        peer: the owner.
        expiry: when it ends, in seconds since the Unix epoch.
        nonce: 12 random bytes, never used before.

    Raises:
        ValueError: when the nonce has another length.
    """
    if len(nonce) != NONCE_BYTES:
        message = f"a nonce has {NONCE_BYTES} bytes"
        raise ValueError(message)
    key = keys.keys[keys.current]
    head = _HEAD.pack(keys.current, nonce, expiry)
    owner = _owner_tag(key, head, peer)
    return SeatId(b64url(head + owner + _mint_tag(key, head, owner)))


def verify(keys: SeatKeys, seat: str) -> Seat | None:
    """Read a seat of ours; None when it is not one. Whether it is expired is for the caller to ask."""
    if len(seat) != SEAT_CHARS:
        return None
    try:
        raw = unb64url(seat)
    except ValueError:
        return None
    head, owner, tag = raw[: _HEAD.size], raw[_HEAD.size : -_TAG_BYTES], raw[-_TAG_BYTES:]
    key_id, _, expiry = _HEAD.unpack(head)
    key = keys.keys.get(key_id)
    if key is None or not hmac.compare_digest(tag, _mint_tag(key, head, owner)):
        return None
    return Seat(expiry, key, head, owner)


class Verifier:
    """Verifies seats, and remembers those that were good: a seat carries some messages, one after the other.

    Args:
        keys: the living keys.
        most: how many are remembered; the oldest are forgotten first, and cost two hashes again.
    """

    def __init__(self, keys: SeatKeys, most: int) -> None:
        self._keys = keys
        self._most = most
        self._good: OrderedDict[str, Seat] = OrderedDict()

    def __call__(self, seat: str) -> Seat | None:
        """Read a seat of ours; None when it is not one. Whether it is expired is for the caller to ask."""
        found = self._good.get(seat)
        if found is None:
            found = verify(self._keys, seat)
            if found is not None:
                self._good[seat] = found
                if len(self._good) > self._most:
                    self._good.popitem(last=False)
        return found


def _owner_tag(key: bytes, head: bytes, peer: str) -> bytes:
    return _mac(key, _OWNER + head + peer.encode("utf-8", "surrogatepass"))[:_TAG_BYTES]


def _mint_tag(key: bytes, head: bytes, owner: bytes) -> bytes:
    return _mac(key, _MINT + head + owner)[:_TAG_BYTES]


@functools.lru_cache(maxsize=2)  # one for each living key
def _begun(key: bytes) -> hmac.HMAC:
    """Begin an HMAC-SHA-256 (RFC 2104). With the key hashed already a tag costs a third less."""
    return hmac.new(key, digestmod=hashlib.sha256)


def _mac(key: bytes, text: bytes) -> bytes:
    mac = _begun(key).copy()
    mac.update(text)
    return mac.digest()
