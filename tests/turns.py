"""The order in which tests are played: those that may take long first, so that nobody waits for one at the end.

    worker 1   long long other other other other other
    worker 2   long long other other ┄ takes from the end of the others' parts when its own are done
    worker 3   long other other other other other

Each worker begins with an equal part of the list, so the long ones are dealt out, and stand at the beginning of each.
"""

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import Final, TypeVar

import pytest

LONG_S: Final = 300.0
"""Who asks for so much time before it is given up may need it."""
TOGETHER: Final = ("fresh", "rabbitmq")
"""The folder whose tests share a machine, and the engine whose tests share a cluster: each is played by one worker, and
in its order."""
_ON_A_CLUSTER_S: Final = 3.0

_Test = TypeVar("_Test")


def longest_first(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Give these tests in the order for so many workers of pytest-xdist, with `--dist worksteal`."""
    return dealt(items, workers, _allowed_s, _together)


def dealt(
    tests: Sequence[_Test],
    workers: int,
    allowed_s: Callable[[_Test], float],
    together: Callable[[_Test], int | None],
) -> list[_Test]:
    """Deal out what is long, and fill each part up with the others, in their order.

    Args:
        tests: all of them.
        workers: how many parts xdist makes of the list; the later ones are the larger by one, if any is.
        allowed_s: how long a test may take before it is given up, in seconds.
        together: the number of the worker that plays it, and all others of the same number, where that matters.
    """
    hands: list[list[_Test]] = [[] for _ in range(workers)]
    free: list[_Test] = []
    for test in tests:
        place = together(test)
        (free if place is None else hands[place % workers]).append(test)
    for test in sorted((test for test in free if allowed_s(test) >= LONG_S), key=allowed_s, reverse=True):
        min(reversed(hands), key=lambda hand: sum(map(allowed_s, hand))).append(test)
    others = (test for test in free if allowed_s(test) < LONG_S)
    sizes = [(len(tests) + nth) // workers for nth in range(workers)]
    parts = ([*hand, *islice(others, max(0, size - len(hand)))] for hand, size in zip(hands, sizes, strict=True))
    return [*chain.from_iterable(parts), *others]


def _together(item: pytest.Item) -> int | None:
    engine = (
        item.callspec.params.get("engine") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    )
    return next((place for place, name in enumerate(TOGETHER) if name in (*item.path.parts, engine)), None)


def _allowed_s(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    usual_s = _ON_A_CLUSTER_S if _together(item) == 1 else 0.0
    return float(mark.args[0]) if mark is not None and mark.args else usual_s
