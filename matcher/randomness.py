"""Randomness, handed in: the operating system's in the service, a seeded one in the tests."""

from typing import Protocol


class Randomness(Protocol):
    """Where the pure modules get their chance from. What it gives must not be foreseeable."""

    def token(self, n_bytes: int) -> bytes:
        """Give this many random bytes."""
        ...

    def below(self, n: int) -> int:
        """Give a number from 0 up to but not including `n`, each equally likely."""
        ...
