"""The breaker: stops the radar from putting out more people than the operator lets it, however sure it is.

Bans and kicks share one budget of people: at any time no more than a share of all, or a few in a small place. And no
more than so many bans a minute. What a person orders is not counted, and not held back.
"""

from collections import deque
from typing import Final

from matcher.policing import Policing

MINUTE_S: Final = 60.0

FEW: Final = 3
"""People whom the radar may put out at any time, however few are here: else, in a small place, it could nobody."""


class Breaker:
    """Counts whom the radar has put out."""

    def __init__(self) -> None:
        self._lately: deque[float] = deque()  # bans
        self._kicked: deque[float] = deque()  # until when
        self.barred = 0  # people whom living bans of the radar met

    def holds_ban(self, people: int, here: int, policing: Policing, now: float) -> bool:
        """Tell whether a ban that meets so many people would be one too many."""
        while self._lately and self._lately[0] <= now - MINUTE_S:
            self._lately.popleft()
        return len(self._lately) >= policing.bans_per_minute or self._too_many(people, here, policing, now)

    def holds_kick(self, here: int, policing: Policing, now: float) -> bool:
        """Tell whether a kick would be one too many."""
        return self._too_many(1, here, policing, now)

    def ban(self, now: float) -> None:
        """Count a ban; whom it meets is counted in `barred`."""
        self._lately.append(now)

    def kick(self, until: float) -> None:
        """Count one who is asked to stay away until then."""
        self._kicked.append(until)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._lately = deque(at + by_s for at in self._lately)
        self._kicked = deque(until + by_s for until in self._kicked)

    def _too_many(self, people: int, here: int, policing: Policing, now: float) -> bool:
        while self._kicked and self._kicked[0] <= now:
            self._kicked.popleft()
        out = self.barred + len(self._kicked)
        return out + people > max(FEW, policing.ban_share * (here + out))
