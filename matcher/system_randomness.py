"""Randomness that nobody can foresee, as the service has it."""

import secrets
from typing import Final

RANDOM_BYTES: Final = 512
"""How much randomness is fetched at once. It is not kept for long: some eight matches use it up."""


class SystemRandomness:
    """The operating system's randomness, fetched in larger pieces: a match takes ten small ones, each a system call."""

    def __init__(self) -> None:
        self._drawn = b""
        self._used = 0

    def token(self, n_bytes: int) -> bytes:
        """Give this many random bytes."""
        end = self._used + n_bytes
        if end > len(self._drawn):
            self._drawn, self._used, end = secrets.token_bytes(RANDOM_BYTES + n_bytes), 0, n_bytes
        begin, self._used = self._used, end
        return self._drawn[begin:end]

    def below(self, n: int) -> int:
        """Give a number from 0 up to but not including `n`, each equally likely."""
        bits = (n - 1).bit_length()
        n_bytes = -(-bits // 8)
        while (found := int.from_bytes(self.token(n_bytes)) >> 8 * n_bytes - bits) >= n:
            pass  # of a power of two less than half are above; to fold those back would favour small numbers
        return found
