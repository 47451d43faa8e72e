"""The head count gives nobody away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.messages import Pulse
from matcher.headcount import CROWD, PULSE_S, WAITS_S, Heads, Heart, PerMode, blur, spread_s, usual_wait_s
from matcher.histogram import Histogram

FEW = st.integers(0, 5)
MANY = st.integers(0, 300)


def heads(here: int, waiting: int = 0, talking: int = 0) -> Heads:
    return Heads(here, PerMode(text=waiting), PerMode(text=talking))


def told(pulse: Pulse | None) -> tuple[int, int, int]:
    assert pulse is not None
    return pulse.here, pulse.waiting, pulse.talking


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


def test_of_a_handful_nothing_is_told_but_that_somebody_is_here() -> None:
    """Below ten people nothing is said about who waits or talks; nor, in a crowd, of five who do."""
    assert heads(here=9, waiting=6, talking=2).blurred() == heads(here=9).blurred()
    assert heads(here=50, waiting=5, talking=4).blurred() == heads(here=50).blurred()
    counts = heads(here=50, waiting=6, talking=6).blurred()
    assert (counts.here, counts.waiting, counts.talking) == (50, 10, 10)


@given(here=MANY, waiting=MANY, few=FEW, fewer=FEW)
def test_a_lone_pair_is_in_no_number_and_in_no_difference_of_two(here: int, waiting: int, few: int, fewer: int) -> None:
    """Whether two talk or nobody does, and whether two wait or nobody does, is told in the same words."""
    assert heads(here, waiting, few).blurred() == heads(here, waiting, fewer).blurred()
    assert heads(here, few, waiting).blurred() == heads(here, fewer, waiting).blurred()


@given(st.integers(1, 5), st.integers(1, 5))
def test_two_who_are_here_look_like_one_and_like_five(one: int, other: int) -> None:
    """The smallest number that is told stands for all of these."""
    assert heads(one).blurred() == heads(other).blurred()


def waits(*seconds: float) -> Histogram:
    waited = Histogram()
    for each in seconds:
        waited.add(each)
    return waited


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        ([0.2] * 20, 1),
        ([0.2] * 15 + [50.0] * 5, 1),
        ([0.2] * 10 + [8.0] * 10, 10),
        ([25.0] * 20, 30),
        ([3e4] * 20, 600),
    ],
)
def test_it_is_told_within_which_time_three_of_four_found_somebody(waited: list[float], told: int) -> None:
    """In coarse steps, and never less than it was."""
    assert usual_wait_s(waits(*waited)) == told


def test_how_long_one_waits_is_not_told_of_few() -> None:
    """It would be of somebody."""
    assert usual_wait_s(waits(*[2.0] * (CROWD - 1))) is None
    assert usual_wait_s(waits(*[2.0] * CROWD)) in WAITS_S


def test_how_long_one_waits_is_renewed_with_the_pulse_only() -> None:
    """As the counts are, and for the same reason."""
    heart = Heart(7, 0)
    first = heart.beat(heads(30), waits(*[0.2] * 20), 0.0)
    heart.force()
    early = heart.beat(heads(30), waits(*[50.0] * 20), 3.0)
    due = heart.beat(heads(30), waits(*[50.0] * 20), 15.0)
    assert [pulse and pulse.wait for pulse in (first, early, due)] == [1, 1, 60]
    assert heart.greeting.wait == 60


def test_modes_add_up() -> None:
    """The operator sees each, and all."""
    exact = Heads(9, PerMode(text=1, voice=2), PerMode(voice=2, video=4))
    assert (exact.waiting, exact.talking) == (3, 6)
    assert PerMode.of({"text": 1, "voice": 2}) == exact.waiting_in


@pytest.mark.parametrize(("here_before", "seconds"), [(0, 1), (200, 1), (201, 2), (2_000, 10), (10**6, 12)])
def test_spread_grows_with_the_crowd(here_before: int, seconds: int) -> None:
    """Some 200 peers a second say `here` again after a restart, and all of them before the second pulse."""
    assert seconds < PULSE_S
    assert spread_s(here_before) == seconds


def test_the_pulse_beats_at_once_and_then_every_fifteen_seconds() -> None:
    """A new service is heard without delay, and is no burden after."""
    heart = Heart(7, 0)
    beats = [second for second in range(40) if heart.beat(heads(0), Histogram(), float(second))]
    assert beats == [0, 15, 30]


def test_a_pulse_that_was_overwritten_is_repeated_but_not_in_a_race() -> None:
    """The Will of an earlier service is corrected, at most once a second."""
    heart = Heart(7, 0)
    assert heart.beat(heads(0), Histogram(), 0.0)
    heart.hurry()
    assert heart.beat(heads(0), Histogram(), 0.5) is None
    assert heart.beat(heads(0), Histogram(), 1.0)


def test_a_pulse_that_is_repeated_early_counts_nobody_anew() -> None:
    """Or whoever makes us repeat ourselves would see people come and go by the second."""
    heart = Heart(7, 0)
    assert told(heart.beat(heads(5), Histogram(), 0.0)) == (5, 0, 0)
    heart.hurry()
    assert told(heart.beat(heads(6), Histogram(), 1.0)) == (5, 0, 0)
    heart.force()
    assert told(heart.beat(heads(6), Histogram(), 2.0)) == (5, 0, 0)
    assert heart.beat(heads(6), Histogram(), 14.9) is None
    assert told(heart.beat(heads(6), Histogram(), 15.0)) == (10, 0, 0)


def test_a_newcomer_is_told_what_the_pulse_told_and_that_somebody_is_here() -> None:
    """To say `here` again and again is no way to counts that are newer than the pulse."""
    heart = Heart(7, 0)
    assert heart.greeting.here == 5
    heart.beat(heads(0), Histogram(), 0.0)
    assert (heart.greeting.here, heart.greeting.talking) == (5, 0)
    heart.beat(heads(40, talking=20), Histogram(), 15.0)
    assert (heart.greeting.here, heart.greeting.talking) == (40, 20)
