"""How fast one may speak on the channel of words: below what a page takes, which drops the rest."""

from typing import Final

PER_S: Final = 30.0
BURST: Final = 60.0
"""A page takes 40 messages a second, and 80 at once."""


class Pace:
    """A place in the line for everything that is said.

    Args:
        now: seconds.
    """

    def __init__(self, now: float) -> None:
        self._left, self._filled = BURST, now

    def wait_s(self, now: float) -> float:
        """Take a place; gives in how many seconds it is one's turn."""
        self._left = min(BURST, self._left + (now - self._filled) * PER_S) - 1
        self._filled = now
        return max(0.0, -self._left / PER_S)
