"""Points fade, have caps, and stand for rungs."""

from itertools import combinations

import pytest

from matcher.conduct import Reason
from matcher.scores import CAPS, HALF_LIFE_S, THRESHOLDS, Level, Score, level_of

NOW = 1_700_000_000.0


def full(*reasons: Reason) -> Score:
    score = Score()
    for reason in reasons:
        score.add(reason, 1_000, NOW)
    return score


@pytest.mark.parametrize("reason", list(Reason))
def test_no_reason_alone_puts_anybody_out(reason: Reason) -> None:
    """However strong it is: two independent signals do."""
    assert level_of(full(reason).total(NOW)) < Level.KICK


def test_reports_alone_slow_down_and_do_no_more() -> None:
    """A crowd that reports cannot have anybody thrown out, nor set apart."""
    assert level_of(full(Reason.REPORTS).total(NOW)) is Level.SLOW


def test_to_be_restless_only_slows() -> None:
    """Nor can a crowd that reports have the restless thrown out."""
    assert level_of(full(Reason.SKIPS).total(NOW)) is Level.SLOW
    assert level_of(full(Reason.SKIPS, Reason.REPORTS).total(NOW)) < Level.KICK


def test_a_ban_takes_two_reasons_in_full() -> None:
    """Those that only a program gives; with weaker ones it takes three."""
    pairs = {pair for pair in combinations(Reason, 2) if level_of(full(*pair).total(NOW)) is Level.BAN}
    assert pairs == set(combinations([Reason.PACE, Reason.PROTOCOL, Reason.RHYTHM], 2))


def test_points_halve_and_are_forgiven() -> None:
    """After a while nothing is left that would limit anybody."""
    score = full(*Reason)
    before = score.total(NOW)
    assert before == sum(CAPS.values())
    assert score.total(NOW + HALF_LIFE_S) == pytest.approx(before / 2)
    assert level_of(score.total(NOW + 4 * HALF_LIFE_S)) is Level.FREE


def test_what_is_added_adds_to_what_is_left() -> None:
    """Not to what there was."""
    score = Score()
    score.add(Reason.PACE, 8, NOW)
    score.add(Reason.RHYTHM, 2, NOW + HALF_LIFE_S)
    assert score.total(NOW + HALF_LIFE_S) == pytest.approx(6)
    assert score.strongest() is Reason.PACE


def test_a_clock_put_back_gives_no_points() -> None:
    """What lies ahead has not faded, and not grown either."""
    score = full(Reason.PACE)
    assert score.total(NOW - 10_000) == score.total(NOW)


def test_rungs_are_reached_at_their_thresholds() -> None:
    """To the point."""
    for level, least in THRESHOLDS.items():
        assert level_of(least) is level
        assert level_of(least - 0.001) == level - 1
    assert level_of(0) is Level.FREE
