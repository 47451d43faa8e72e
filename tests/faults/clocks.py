"""A clock for the service that tests may advance: half a minute goes by at once, and nobody waits for it."""

import time
from typing import Any

from matcher.events import Tick
from matcher.policing import Policing
from matcher.service import Service
from tests.journeys.house import House


class Clock:
    """Advances by itself, and by what a test adds.

    Args:
        policing: what the operator wants of the radar.
    """

    def __init__(self, policing: Policing) -> None:
        self.ahead_s = 0.0
        self._policing = policing

    def wall(self) -> float:
        return time.time() + self.ahead_s

    def steady(self) -> float:
        return time.monotonic() + self.ahead_s

    def service(self, *args: Any) -> Service:
        """Make a service that lives by this clock."""
        return Service(*args, policing=self._policing, wall=self.wall, steady=self.steady)

    def age(self, house: House, seconds: int) -> None:
        """Let time pass for the service, by the second."""
        for _ in range(seconds):
            self.ahead_s += 1
            house.service._step(Tick())  # noqa: SLF001  # as its own ticking does
