"""The form of a stamp, and the work on it (docs/reference/protocol.md, "Stamps"): for who asks, and for who answers.

    stamp (37 bytes)   effort 1 ‖ seed 32 ‖ counter 4 (big-endian), so that
                       SHA-256("passerby/v1/work" ‖ seed ‖ counter) begins with `effort` zero bits

What is in a seed, and which stamps are taken, is the matcher's own affair (matcher/stamps.py).
"""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, overload

from broker.identity import b64url, unb64url

STAMP_CHARS: Final = 50
SEED_BYTES: Final = 32
_STAMP = struct.Struct(f">B{SEED_BYTES}sI")
_WORK_LABEL = b"passerby/v1/work"  # so long that label, seed and counter fit in one block of SHA-256, words aligned
_WORD_BITS = 32
_BETWEEN_LOOKS = 4_096  # hashes, some milliseconds


class Asked(Protocol):
    """A challenge, as `broker.messages.Challenge` is one."""

    @property
    def seed(self) -> str:
        """32 bytes, base64url."""

    @property
    def effort(self) -> int:
        """Leading zero bits."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stamp that was taken apart; none of it is believed yet."""

    effort: int
    seed: bytes
    counter: int

    @property
    def worked(self) -> bool:
        """Whether the work that it claims was done."""
        return _zero_bits(self.seed, self.counter) >= self.effort


def read(stamp: str | None) -> Shown | None:
    """Take a stamp apart; None when it has not the form of one."""
    if stamp is None or len(stamp) != STAMP_CHARS:
        return None
    try:
        return Shown(*_STAMP.unpack(unb64url(stamp)))
    except ValueError:
        return None


@overload
def solve(challenge: Asked) -> str: ...
@overload
def solve(challenge: Asked, stop: Callable[[], bool]) -> str | None: ...
def solve(challenge: Asked, stop: Callable[[], bool] = lambda: False) -> str | None:
    """Do the work, as a page does: half a second at 18 bits, half a minute at 24. It may be done in a thread.

    None when `stop` says so, which is asked every few milliseconds.
    """
    seed = unb64url(challenge.seed)
    counter = 0
    while _zero_bits(seed, counter) < challenge.effort:
        counter += 1
        if counter % _BETWEEN_LOOKS == 0 and stop():
            return None
    return b64url(_STAMP.pack(challenge.effort, seed, counter))


def _zero_bits(seed: bytes, counter: int) -> int:
    digest = hashlib.sha256(_WORK_LABEL + seed + counter.to_bytes(4, "big")).digest()
    return _WORD_BITS - int.from_bytes(digest[:4], "big").bit_length()
