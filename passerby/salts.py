"""Salts from the system's randomness, for gates, which are handed it."""

import secrets

from broker.addresses import SALT_BYTES, Salts


def fresh_salts() -> Salts:
    """Make salts for address keys that exist in this process only."""
    return Salts(lambda _day: secrets.token_bytes(SALT_BYTES))
