"""Randomness from the system, for the pure modules, which are handed it."""

import secrets
from typing import final

from broker.addresses import SALT_BYTES, Salts


@final
class SystemRandomness:
    """What `matcher` draws tokens and strangers with."""

    def token(self, n_bytes: int) -> bytes:
        """Draw so many bytes."""
        return secrets.token_bytes(n_bytes)

    def below(self, n: int) -> int:
        """Draw a number from 0 to n - 1."""
        return secrets.randbelow(n)


def fresh_salts() -> Salts:
    """Make salts for address keys that exist in this process only."""
    return Salts(lambda _day: secrets.token_bytes(SALT_BYTES))
