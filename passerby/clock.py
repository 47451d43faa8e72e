"""The one clock of a process: seconds since the Unix epoch, which never jump.

The time of day is read once; from there on the monotonic clock counts, so that a clock set back or forth while we run
moves no expiry and no ban.
"""

import time
from collections.abc import Callable


def steady_clock() -> Callable[[], float]:
    """Make a clock that starts at the time of day."""
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()
