"""Chance: one seed, several streams, and the distributions that people and bots are drawn from."""

import random
from collections.abc import Mapping
from typing import TypeVar

from broker.identity import b64url

T = TypeVar("T")


class Chance(random.Random):
    """A stream of chance. Also what the lobby takes for its randomness."""

    def token(self, n_bytes: int) -> bytes:
        """Give this many random bytes."""
        return self.randbytes(n_bytes)

    def below(self, n: int) -> int:
        """Give a number from 0 up to but not including `n`."""
        return self.randrange(n)

    def word(self, n_bytes: int) -> str:
        """Give this many random bytes as the wire writes them."""
        return b64url(self.randbytes(n_bytes))

    def happens(self, share: float) -> bool:
        """Tell whether something happens that does in this share of cases."""
        return self.random() < share

    def about(self, median: float, sigma: float, least: float = 0.0, most: float = float("inf")) -> float:
        """Draw from a log-normal distribution, cut at both ends. `sigma` is that of the logarithm."""
        return min(most, max(least, median * self.lognormvariate(0, sigma)))

    def among(self, weights: Mapping[T, float]) -> T:
        """Pick one by weight."""
        return self.choices(list(weights), list(weights.values()))[0]


def streams(what: str, seed: int, *names: str) -> list[Chance]:
    """Give a stream for each name, so that more draws of one do not move the others."""
    return [Chance(f"{what}/{seed}/{name}") for name in names]
