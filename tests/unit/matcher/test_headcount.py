"""The head count gives nobody away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.headcount import Heads, Heart, blur, spread_s


@pytest.mark.parametrize(
    ("exact", "told"),
    [
        (0, 0),
        (1, 5),
        (5, 5),
        (6, 10),
        (99, 100),
        (104, 100),
        (105, 110),
        (1_249, 1_200),
        (1_250, 1_300),
        (99_999, 100_000),
    ],
)
def test_blur_rounds_to_fives_and_then_to_two_digits(exact: int, told: int) -> None:
    """Small numbers are rounded up, so that somebody never looks like nobody."""
    assert blur(exact) == told


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_blur_never_turns_more_into_less(one: int, other: int) -> None:
    """Rounding keeps the order."""
    low, high = sorted((one, other))
    assert blur(low) <= blur(high)


def test_a_lone_pair_is_not_exposed() -> None:
    """Below ten people nothing is said about who waits or talks."""
    counts = Heads(here=9, waiting=3, talking=2).blurred()
    assert (counts.here, counts.waiting, counts.talking) == (10, 0, 0)
    counts = Heads(here=10, waiting=3, talking=2).blurred()
    assert (counts.here, counts.waiting, counts.talking) == (10, 5, 5)


@pytest.mark.parametrize(("here_before", "seconds"), [(0, 1), (200, 1), (201, 2), (4_000, 20), (10**6, 30)])
def test_spread_grows_with_the_crowd(here_before: int, seconds: int) -> None:
    """Some 200 peers a second say `here` again after a restart, for 30 s at most."""
    assert spread_s(here_before) == seconds


def test_the_pulse_beats_at_once_and_then_every_fifteen_seconds() -> None:
    """A new service is heard without delay, and is no burden after."""
    heart, heads = Heart(7, 0), Heads(0, 0, 0)
    beats = [second for second in range(40) if heart.beat(heads, float(second))]
    assert beats == [0, 15, 30]


def test_a_pulse_that_was_overwritten_is_repeated_but_not_in_a_race() -> None:
    """The Will of an earlier service is corrected, at most once a second."""
    heart, heads = Heart(7, 0), Heads(0, 0, 0)
    assert heart.beat(heads, 0.0)
    heart.hurry()
    assert heart.beat(heads, 0.5) is None
    assert heart.beat(heads, 1.0)
