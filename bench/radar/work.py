"""Work on a stamp that is not done: to hash as much as a town is asked for would take longer than the town.

Everything about a stamp is real (its seed, whose it is, how long it lives, that it is good once) but the hashes: while
`pretended` lasts, work counts as done iff the stamp's counter says so, and nobody writes that counter before the time
has passed that the work would have taken. That time is drawn: each hash is a coin that succeeds once in 2 to the power
of `effort`, so it is exponential.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bench.radar.chance import Chance
from broker.identity import b64url, unb64url
from broker.messages import Challenge
from broker.stamps import Shown

_DONE: Final = 0xD0E
_STAMP: Final = struct.Struct(">B32sI")  # as in broker/stamps.py

DESKTOP: Final = 1_200.0
PHONE: Final = 190.0
PROGRAM: Final = 10_000.0
"""Hashes per millisecond: as measured by `bench.stamps`, and of a program in C on one core (decision 16)."""


def seconds(chance: Chance, challenge: Challenge, hashes_per_ms: float) -> float:
    """Draw how long this challenge takes who hashes so fast."""
    return chance.expovariate(1) * float(1 << challenge.effort) / (hashes_per_ms * 1000)


def stamp(challenge: Challenge) -> str:
    """Write the stamp of one who has worked for as long as it takes."""
    return b64url(_STAMP.pack(challenge.effort, unb64url(challenge.seed), _DONE))


@contextmanager
def pretended() -> Iterator[None]:
    """Believe the counter instead of hashing."""
    real = Shown.worked
    Shown.worked = property(lambda shown: shown.counter == _DONE)  # type: ignore[method-assign,assignment]  # see above
    try:
        yield
    finally:
        Shown.worked = real  # type: ignore[method-assign]
