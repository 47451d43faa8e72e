"""Times as people write and read them: 90s, 15m, 1h; and `59 min`, `1 h 5 min`. Pure."""

import re
from typing import Final

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_LONG_S: Final = 10 * _MINUTE_S


def read(text: str) -> int:
    """Read a duration; gives seconds.

    Raises:
        ValueError: when it is none.
    """
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text.strip())
    if found is None or not int(found[1]):
        raise ValueError("a duration is a number and s, m or h: 90s, 15m, 1h, 24h")
    return int(found[1]) * _UNITS[found[2]]


def tell(seconds: float) -> str:
    """Say how long that is, as exactly as matters."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    minutes, left = divmod(round(seconds), _MINUTE_S)
    if seconds < _LONG_S and left:
        return f"{minutes} min {left} s"
    if seconds < _HOUR_S:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
