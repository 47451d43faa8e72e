"""Tests that may take long come first, for however many who play them side by side."""

from collections.abc import Sequence

import pytest

from tests.turns import LONG_S, dealt

SHORT = [f"short {nth}" for nth in range(20)]
TIMES = {"screens": 3 * LONG_S, "storms": LONG_S, "fifty": LONG_S, "fresh run": LONG_S, "fresh test": 4 * LONG_S}
TOGETHER = {"fresh": 0, "node ": 1}
TESTS = [*SHORT[:10], *TIMES, *SHORT[10:]]


def order(tests: Sequence[str], workers: int) -> list[str]:
    return dealt(tests, workers, lambda test: TIMES.get(test, 0.0), lambda test: TOGETHER.get(test[:5]))


def parts(tests: Sequence[str], workers: int) -> list[list[str]]:
    """Cut it as xdist does."""
    left = list(tests)
    cut = []
    for nth in range(workers):
        size = len(left) // (workers - nth)
        cut.append(left[:size])
        left = left[size:]
    return cut


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7, 40])
def test_nothing_is_lost_and_the_short_ones_keep_their_order(workers: int) -> None:
    dealt_out = order(TESTS, workers)
    assert sorted(dealt_out) == sorted(TESTS)
    assert [test for test in dealt_out if test in SHORT] == SHORT


def test_each_begins_with_its_share_of_the_long_ones() -> None:
    first, second, third = parts(order(TESTS, 3), 3)
    assert first[:3] == ["fresh run", "fresh test", SHORT[0]], "they share a machine, and their order counts"
    assert {frozenset(second[:2]), frozenset(third[:1])} <= {frozenset({"storms", "fifty"}), frozenset({"screens"})}


def test_what_shares_something_is_played_by_one_however_short_it_is() -> None:
    nodes = [f"node {nth}" for nth in range(6)]
    first, second, _ = parts(order([*SHORT, *nodes, *TIMES], 3), 3)
    assert first[:2] == ["fresh run", "fresh test"]
    assert second[:6] == nodes


def test_one_alone_begins_with_the_longest_too() -> None:
    assert order(TESTS, 1)[:5] == ["fresh run", "fresh test", "screens", "storms", "fifty"]
