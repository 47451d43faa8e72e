"""A clock to turn, with its timers."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class _Timer:
    clock: "Clock"
    at: float
    callback: Callable[[], None]

    def cancel(self) -> None:
        if self in self.clock.timers:
            self.clock.timers.remove(self)


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.time = 0.0
        self.timers: list[_Timer] = []

    def now(self) -> float:
        return self.time

    def later(self, delay: float, callback: Callable[[], None], /) -> _Timer:
        timer = _Timer(self, self.time + delay, callback)
        self.timers.append(timer)
        return timer

    def advance(self, by_s: float) -> None:
        """Turn it, calling whoever is due in their order."""
        until = self.time + by_s
        while due := [timer for timer in self.timers if timer.at <= until]:
            first = min(due, key=lambda timer: timer.at)
            self.timers.remove(first)
            self.time = max(self.time, first.at)
            first.callback()
        self.time = until
