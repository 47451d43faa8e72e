"""A clock that was moved is seen by as much as it was moved; time that merely passed is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.leaps import LEAP_S, STALL_S, Leaps


@given(steps=st.lists(st.integers(0, int(STALL_S)), max_size=20))
def test_time_that_passes_is_no_leap(steps: list[int]) -> None:
    leaps, now = Leaps(1e9, 0.0), 0.0
    for step in steps:
        now += step
        assert leaps.leapt(1e9 + now, now) == 0.0


@pytest.mark.parametrize("by_s", [3600.0, -3600.0, 2 * LEAP_S, -2 * LEAP_S])
def test_a_leap_is_told_once_and_exactly(by_s: float) -> None:
    leaps = Leaps(1e9, 0.0)
    assert leaps.leapt(1e9 + 1 + by_s, 1.0) == by_s
    assert leaps.leapt(1e9 + 2 + by_s, 2.0) == 0.0


def test_small_steps_of_the_clock_are_let_pass() -> None:
    assert Leaps(1e9, 0.0).leapt(1e9 + 1 + LEAP_S, 1.0) == 0.0


def test_time_in_which_nobody_was_heard_is_a_leap() -> None:
    stood_s = 2 * STALL_S
    assert Leaps(1e9, 0.0).leapt(1e9 + stood_s, stood_s) == stood_s
