"""Tunes that the bot makes up: a few notes that fit whatever comes before them."""

import math
import random
from array import array
from typing import Final

RATE: Final = 16_000
_SCALE_HZ: Final = (392.0, 440.0, 523.25, 587.33, 659.25, 783.99)  # pentatonic: no two of them quarrel
_NOTE_S: Final = 0.32
_LOUD: Final = 9_000


def made_up(dice: random.Random, notes: int = 9) -> bytes:
    """Hum one: samples of 16 bits, one channel, `RATE` a second, as `stranger.voice` takes them."""
    steps = [dice.randrange(len(_SCALE_HZ))]
    while len(steps) < notes:
        steps.append(min(len(_SCALE_HZ) - 1, max(0, steps[-1] + dice.choice((-2, -1, 1, 1, 2)))))
    samples = array("h")
    for step in steps[:-1]:
        samples.extend(_note(_SCALE_HZ[step], _NOTE_S))
    samples.extend(_note(_SCALE_HZ[steps[-1]], 3 * _NOTE_S))
    return samples.tobytes()


def _note(hz: float, seconds: float) -> "array[int]":
    count = round(seconds * RATE)
    turn = 2 * math.pi * hz / RATE
    return array("h", (round(_LOUD * _swell(at / count) * math.sin(turn * at)) for at in range(count)))


def _swell(share: float) -> float:
    return min(1.0, share * 12) * math.sqrt(1 - share)
