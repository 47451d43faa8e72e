"""A ratchet of salts: what the gates of one deployment share, and nobody else has (DESIGN.md §7).

    base of a day ─┬─ HMAC "salt" ─► the salt of that day
                   └─ HMAC "next" ─► base of the next day ─ …

It goes forward only. Gates keep yesterday's base, from which yesterday's salt and today's follow, and erase those
before: who takes all that a gate has learns nothing of the day before yesterday. Pure, standard library only.
"""

import hashlib
import hmac
from typing import Final, NamedTuple

from broker.addresses import DAY_S, SALT_BYTES
from broker.identity import b64url, unb64url

_NEXT: Final = b"passerby/v1/next"
_SALT: Final = b"passerby/v1/salt"
_MARK_BYTES: Final = 16
_DAYS_MAX: Final = 4_000_000
_STEPS_MAX: Final = 4_000


class Root(NamedTuple):
    """What the salts of a day and of all after it follow from. Of two, the lesser is the elder.

    Args:
        born: when it was drawn, in seconds since the Unix epoch.
        mark: tells two apart that were drawn at once.
        day: of the base, in days since the Unix epoch.
        base: 32 random bytes, or what follows from them.
    """

    born: float
    mark: str
    day: int
    base: bytes

    @property
    def origin(self) -> tuple[float, str]:
        """What two that follow from the same draw have in common; the elder is less."""
        return self.born, self.mark

    def at(self, day: int) -> "Root":
        """Turn it forward to a day; it is the same for a day before."""
        base = self.base
        for _ in range(self.day, day):
            base = hmac.digest(base, _NEXT, hashlib.sha256)
        return Root(self.born, self.mark, max(self.day, day), base)

    def salt(self) -> bytes:
        """Give the salt of its day."""
        return hmac.digest(self.base, _SALT, hashlib.sha256)

    def fields(self) -> dict[str, object]:
        """Write it down for a sibling."""
        return {"born": self.born, "mark": self.mark, "day": self.day, "base": b64url(self.base)}


def drawn(random: bytes, now: float) -> Root:
    """Make a new one of 48 random bytes."""
    base, mark = random[:SALT_BYTES], random[SALT_BYTES:]
    if len(mark) != _MARK_BYTES:
        raise ValueError(f"a root takes {SALT_BYTES + _MARK_BYTES} random bytes")
    return Root(now, b64url(mark), int(now // DAY_S), base)


def read(fields: object) -> Root:
    """Read what a sibling wrote down.

    Raises:
        ValueError: when it is none. The text never holds any of it.
    """
    match fields:
        case {"born": float() | int() as born, "mark": str(mark), "day": int(day), "base": str(base)} if (
            0 <= day <= _DAYS_MAX
        ):
            try:
                root = Root(float(born), mark, day, unb64url(base))
            except (ValueError, OverflowError):
                raise ValueError("a root has a base of base64url") from None
            if len(root.base) == SALT_BYTES:
                return root
    raise ValueError("it is no root")


class Ratchet:
    """Gives salts day by day, and forgets. `draw` is what `Salts` asks for a salt."""

    def __init__(self, root: Root) -> None:
        self._root = root

    @property
    def root(self) -> Root:
        """What there is: of yesterday, or of the day on which it was drawn."""
        return self._root

    def take(self, root: Root, now: float) -> dict[int, bytes]:
        """Take up another one; gives the salts that live by it now.

        Raises:
            ValueError: when its day is far from today: somebody's clock is wrong.
        """
        today = max(root.day, int(now // DAY_S))
        if today - root.day > _STEPS_MAX or root.day - int(now // DAY_S) > 1:
            raise ValueError("the day of a root is near today")
        self._root = root.at(today - 1)
        return {day: self._root.at(day).salt() for day in range(self._root.day, today + 1)}

    def draw(self, day: int) -> bytes:
        """Give the salt of a day that has begun, and forget what was before the day before it."""
        self._root = self._root.at(day - 1)
        return self._root.at(day).salt()
