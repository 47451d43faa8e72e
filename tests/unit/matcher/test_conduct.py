"""When conduct begins to look like a machine: sums of evidence, judged by many drawn lives."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.conduct import ROWS, TIMING_WARY, Conduct, Habit, Reason

LIVES = 300


def points(draw: Callable[[random.Random], float], partings: int) -> list[float]:
    """Give the points for rhythm that each of many lives has after so many partings of its own."""
    found = []
    for seed in range(LIVES):
        chance, conduct = random.Random(seed), Conduct()
        found.append(sum(conduct.part(draw(chance)) for _ in range(partings)))
    return found


def person(chance: random.Random) -> float:
    return chance.lognormvariate(0.7, 0.5) if chance.random() < 0.4 else chance.lognormvariate(4.0, 1.2)


@pytest.mark.parametrize("spread", [0.0, 0.2, 0.4], ids="±{:.0%}".format)
def test_a_timer_is_told_by_its_rhythm(spread: float) -> None:
    """Also one that jitters: within ten partings, of whatever length."""
    for length_s in (2.0, 10.0, 300.0):
        timers = points(lambda chance, s=length_s: s * chance.uniform(1 - spread, 1 + spread), 10)  # type: ignore[misc]
        assert sum(each >= 4 for each in timers) > 0.95 * LIVES


def test_people_have_no_rhythm() -> None:
    """Some leave at once, some talk for an hour, and nobody does the same thirty times."""
    people = points(person, 30)
    assert sum(each >= 4 for each in people) < 0.03 * LIVES
    assert sum(each >= 12 for each in people) < 0.01 * LIVES


def test_one_parting_is_no_rhythm() -> None:
    """And two are hardly one."""
    assert Conduct().part(5.0) == 0
    assert max(points(lambda _: 5.0, 2)) == 0


@pytest.mark.parametrize("habit", list(Habit))
def test_a_few_instances_are_no_habit_and_many_are(habit: Habit) -> None:
    """Each habit has its own patience."""
    conduct, row = Conduct(), ROWS[habit]
    needed = int(row.least / row.speaks_for)
    assert sum(conduct.show(habit, shown=True) for _ in range(needed)) == 0
    assert sum(conduct.show(habit, shown=True) for _ in range(3)) >= row.points * 2


@pytest.mark.parametrize("habit", list(Habit))
def test_an_instance_against_it_weighs_more_than_one_for_it(habit: Habit) -> None:
    """So who has it only mostly is left alone."""
    conduct = Conduct()
    for _ in range(200):
        shown = [conduct.show(habit, shown=True), conduct.show(habit, shown=False)]
        assert shown == [0, 0]


def test_silence_is_told_by_three_failures_in_a_row() -> None:
    """So who answers nobody is limited within half a minute; to fail now and then is nothing."""
    conduct = Conduct()
    assert [conduct.show(Habit.SILENCE, shown=True) for _ in range(4)] == [0, 0, 4.2, 4.2]
    assert [conduct.show(Habit.SILENCE, shown=shown) for shown in (False, False, True, False, True)] == [0] * 5


def test_haste_is_told_by_two_wishes_in_a_row() -> None:
    """Nobody reads that it was left, and finds the button, in a moment; once it may have been about to."""
    conduct = Conduct()
    assert [conduct.go_on(hasty=hasty) for hasty in (True, *[False] * 4, True)] == [0] * 6
    assert conduct.go_on(hasty=True) >= 4


def test_pauses_that_are_alike_are_told_as_well() -> None:
    """Who comes back after a minute and a half, each time, is a clock."""
    conduct = Conduct()
    assert sum(conduct.come_back(seconds) for seconds in (85.2, 84.9, 85.6, 84.7)) >= 4


def test_less_evidence_will_do_where_machines_are_many() -> None:
    """Then one hasty wish is enough."""
    assert Conduct().go_on(hasty=True, least=TIMING_WARY) > 2
    assert Conduct().go_on(hasty=True) == 0


@given(st.lists(st.tuples(st.sampled_from(list(Habit)), st.booleans())), st.lists(st.floats(0, 1e6)))
def test_sums_stay_within_bounds(shown: list[tuple[Habit, bool]], partings: list[float]) -> None:
    """Whatever comes, so that a habit that was broken off is soon forgiven."""
    conduct = Conduct()
    for habit, for_it in shown:
        conduct.show(habit, shown=for_it)
    for seconds in partings:
        assert 0 <= conduct.part(seconds) <= 12
    assert all(0 <= each <= 12 for each in [*conduct.sums, conduct.timing])


def test_every_reason_has_a_word_that_the_wire_takes() -> None:
    """Lower case letters, as `banned` and the desk want them."""
    assert [reason.word for reason in Reason] == ["pace", "skips", "silence", "protocol", "rhythm", "reports"]
