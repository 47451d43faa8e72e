"""How the people of a crowd behave: how long they talk, whether they skip, what they wish. Pure: dice are handed in."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from broker.messages import LeaveMood, Mode
from stranger.lobby.state import Wish

Dice = Callable[[], float]
"""Gives a number in [0, 1)."""

Law = Literal["exponential", "lognormal"]

EXTRAS: Final[Mode] = "voice"
ACTORS: Final[Mode] = "video"
"""Those who only signal and those who really connect look among their own. The page always asks for "text", so nobody
who visits the deployment meanwhile is given one of the crowd."""

TAGS: Final = tuple(
    f"crowd {word}" for word in ("books", "chess", "films", "food", "games", "music", "nature", "trains")
)

SKIP_FROM_S: Final = 0.5
SKIP_TO_S: Final = 3.0
SPREAD: Final = 1.0
"""Of the logarithm of a log-normal talk: one in six lasts longer than e times the middle one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave. Seconds and shares of 1."""

    talk_s: float = 30.0
    law: Law = "exponential"
    skip: float = 0.2
    tags: float = 0.3
    real: float = 0.0
    pause_s: float = 1.0

    def is_real(self, dice: Dice) -> bool:
        """Draw whether somebody really connects."""
        return dice() < self.real

    def wish(self, *, real: bool, dice: Dice) -> Wish:
        """Draw whom somebody would meet."""
        tags = (TAGS[int(dice() * len(TAGS))],) if dice() < self.tags else ()
        return Wish(ACTORS if real else EXTRAS, tags)

    def stay(self, dice: Dice) -> tuple[float, LeaveMood]:
        """Draw for how long somebody stays in a talk, and how it leaves."""
        if dice() < self.skip:
            return SKIP_FROM_S + dice() * (SKIP_TO_S - SKIP_FROM_S), "skipped"
        return self._talk_s(dice), "left"

    def pause(self, dice: Dice) -> float:
        """Draw for how long somebody does nothing between two talks."""
        return exponential(self.pause_s, dice)

    def _talk_s(self, dice: Dice) -> float:
        if self.law == "exponential":
            return exponential(self.talk_s, dice)
        normal = math.sqrt(-2 * math.log(1 - dice())) * math.cos(2 * math.pi * dice())
        return self.talk_s * math.exp(SPREAD * normal - SPREAD**2 / 2)  # so that the mean is what was asked for


def exponential(mean: float, dice: Dice) -> float:
    """Draw from an exponential distribution."""
    return -mean * math.log(1 - dice())
