r"""Stamps: proof of work before a wish, asked for only when there is reason to (docs/reference/protocol.md, "Stamps").

    challenge ──► work ──► stamp, with `join` ──► taken once, or refused with a fresh challenge

    seed (32 bytes)   nonce 12 ‖ expiry 4 (Unix seconds) ‖ tag 16
                      tag = HMAC-SHA-256(key, "passerby/v1/stamp\0" ‖ effort 1 ‖ nonce ‖ expiry ‖ peer ‖ 0x00 ‖ life),
                      its first 16 bytes

The form of a stamp and the work on it are in broker/stamps.py.

Nothing is kept of a challenge that was handed out: the stamp brings it back, and the tag tells that it is ours, whose
it is, and what it cost. Kept is which seeds were used, until they expire. The idea is hashcash's (A. Back, 2002). That
fields have fixed lengths and that all of them are under the tag answers CVE-2025-68113, where ALTCHA's fields could be
spliced: what was moved from one into its neighbour made an old challenge a new one.
"""

import hashlib
import hmac
import struct
from collections.abc import Callable
from typing import Final

from broker.identity import PeerId, b64url
from broker.messages import EFFORT_MAX, Challenge
from broker.stamps import read
from matcher.alarms import Alarms
from matcher.randomness import Randomness

Effort = Callable[[PeerId, float], int]
"""How much work is asked of a peer now, in bits; 0 asks for none."""

TTL_S: Final = 120
"""How long a challenge can be answered: long enough for a slow phone, too short for a store of stamps."""

USED_MAX: Final = 200_000
"""The most used seeds in memory, some 50 MB. One more, and the key is drawn anew, which voids all challenges."""

KEY_BYTES: Final = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SEED = struct.Struct(f">{_NONCE_BYTES}sI{_TAG_BYTES}s")
_TAG_LABEL = b"passerby/v1/stamp\0"


class Stamps:
    """The challenges and used stamps of one life of the service.

    Args:
        randomness: for the key, and a nonce for each challenge.
        effort: what is asked of whom.
    """

    def __init__(self, randomness: Randomness, effort: Effort) -> None:
        self._randomness = randomness
        self._effort = effort
        self._key = randomness.token(KEY_BYTES)
        self._used: Alarms[bytes] = Alarms()

    def __len__(self) -> int:
        return len(self._used)

    def challenge(self, peer: PeerId, life: str, now: float) -> Challenge | None:
        """Make a challenge for this life of a peer; None when nothing is asked of it."""
        effort = self._effort(peer, now)
        if effort == 0:
            return None
        expiry = int(now) + TTL_S
        nonce = self._randomness.token(_NONCE_BYTES)
        seed = _SEED.pack(nonce, expiry, self._tag(effort, nonce, expiry, peer, life))
        return Challenge(seed=b64url(seed), effort=effort, ttl=int(expiry - now))

    def take(self, peer: PeerId, life: str, stamp: str | None, now: float) -> bool:
        """Tell whether a peer has done what is asked of it, and use its stamp up. The cheapest checks come first."""
        asked = self._effort(peer, now)
        if asked == 0:
            return True
        shown = read(stamp)
        # A stamp of less effort than is asked by now is no good, however honest: else one could store up for a storm.
        if shown is None or not asked <= shown.effort <= EFFORT_MAX:
            return False
        nonce, expiry, tag = _SEED.unpack(shown.seed)
        self._forget(now)
        if not now < expiry <= now + TTL_S or shown.seed in self._used or not shown.worked:
            return False
        if not hmac.compare_digest(tag, self._tag(shown.effort, nonce, expiry, peer, life)):
            return False
        if len(self._used) >= USED_MAX:
            self.turn()
        else:
            self._used.set(shown.seed, expiry)
        return True

    def turn(self) -> None:
        """Draw another key: whatever was handed out is void, so that nothing used need be remembered."""
        self._key = self._randomness.token(KEY_BYTES)
        self._used = Alarms()

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved. Back: what has expired, and was forgotten, would live again."""
        if by_s < 0:
            self.turn()

    def _tag(self, effort: int, nonce: bytes, expiry: int, peer: PeerId, life: str) -> bytes:
        whose = peer.encode("utf-8", "surrogatepass") + b"\0" + life.encode("utf-8", "surrogatepass")
        head = bytes([effort]) + nonce + expiry.to_bytes(4, "big")
        return hmac.digest(self._key, _TAG_LABEL + head + whose, hashlib.sha256)[:_TAG_BYTES]

    def _forget(self, now: float) -> None:
        for _ in self._used.ring(now):
            pass
