"""Standing by: who watches takes over when nobody is at work, and never while somebody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.messages import Down, Pulse
from matcher.headcount import PULSE_S
from matcher.standing_by import (
    GRACE_S,
    QUIET_S,
    RETURN_S,
    SILENCE_S,
    Closed,
    Event,
    Opened,
    Passed,
    Seen,
    StandingBy,
    Visited,
)


def pulse(epoch: int = 5, here: int = 0) -> Seen:
    return Seen(Pulse(epoch=epoch, here=here, waiting=0, talking=0, spread=1))


def down(epoch: int = 5) -> Seen:
    return Seen(Down(epoch=epoch))


def due_after(*steps: tuple[float, Event], retained: bool = True, patience_s: float = 0.0) -> float:
    """Play these, then let time pass; gives the second in which it takes over."""
    watcher = StandingBy(retained=retained, patience_s=patience_s)
    now = steps[0][0]
    for at, event in steps:
        while (now := now + 0.5) < at:
            assert not watcher.step(Passed(), now)
        now = at
        assert not watcher.step(event, now)
    while not watcher.step(Passed(), now):
        now += 0.5
        assert now < 1000, "it never takes over"
    return now


def test_while_pulses_come_it_watches() -> None:
    watcher = StandingBy(retained=True, patience_s=0.0)
    assert not watcher.step(Opened(), 0.0)
    for second in range(1000):
        event = pulse() if second % PULSE_S == 0 else Passed()
        assert not watcher.step(event, float(second))


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        ([(0, Opened()), (0, pulse())], SILENCE_S),
        ([(0, Opened()), (0, pulse()), (15, pulse())], 15 + SILENCE_S),
        ([(0, Opened()), (0, pulse()), (20, down())], 20 + GRACE_S),
        ([(0, Opened()), (0, down())], GRACE_S),
        ([(0, Opened()), (0, pulse()), (20, down()), (22, down())], 20 + GRACE_S),
        ([(0, Opened())], RETURN_S),
    ],
    ids=["a hang", "a hang later", "an end", "an end before", "an end said twice", "a new broker"],
)
def test_it_takes_over_when_nobody_is_at_work(steps: list[tuple[float, Event]], due: float) -> None:
    assert due_after(*steps) == due
    assert due_after(*steps, patience_s=1.0) == due + 1.0


def test_a_service_that_is_back_in_time_is_left_to_its_work() -> None:
    steps: list[tuple[float, Event]] = [(0.0, Opened()), (0.0, pulse()), (20.0, down()), (22.0, pulse(6))]
    assert due_after(*steps) == 22 + SILENCE_S


def test_where_no_pulse_is_kept_it_waits_for_one() -> None:
    assert due_after((0, Opened()), retained=False) == SILENCE_S
    assert due_after((0, Opened()), (10, pulse()), retained=False) == 10 + SILENCE_S


def test_where_gates_are_asked_it_takes_over_when_nobody_asks_them_any_more() -> None:
    """Also where nobody ever was at work: they tell since when they are there themselves."""
    quiet = Visited(5, QUIET_S)
    assert due_after((0, Opened()), (20, quiet), (21, quiet), retained=False, patience_s=2.0) == 22
    assert due_after((0, Opened()), (15, pulse()), (20, quiet), retained=False, patience_s=2.0) == 22


def test_while_somebody_asks_the_gates_what_they_say_hastens_nothing() -> None:
    steps: list[tuple[float, Event]] = [(float(at), Visited(5, QUIET_S - 0.1)) for at in range(1, 30)]
    assert due_after((0, Opened()), (0, pulse()), *steps, retained=False) == SILENCE_S


def test_what_gates_say_while_it_cannot_hear_the_pulse_is_no_reason() -> None:
    watcher = StandingBy(retained=False, patience_s=0.0)
    for event in (Opened(), Closed(), Visited(5, 2 * QUIET_S)):
        assert not watcher.step(event, 0.0)
    assert not watcher.step(Passed(), 100.0)


def test_an_epoch_that_only_gates_have_seen_is_one_to_be_above() -> None:
    watcher = StandingBy(retained=False, patience_s=0.0)
    for event in (Opened(), pulse(5), Visited(8, 0.1), pulse(6)):
        watcher.step(event, 0.0)
    assert watcher.epoch == 8


def test_who_has_been_relieved_counts_for_nothing() -> None:
    """Neither its late Will, nor what it says before it has understood."""
    living: list[tuple[float, Event]] = [(0.0, Opened()), (0.0, pulse(7)), (10.0, down(6)), (11.0, pulse(6))]
    assert due_after(*living) == SILENCE_S
    over: list[tuple[float, Event]] = [(0.0, Opened()), (0.0, down(7)), (1.0, pulse(6))]
    assert due_after(*over) == GRACE_S


def test_who_is_cut_off_does_not_take_over_and_begins_anew_when_it_is_back() -> None:
    watcher = StandingBy(retained=True, patience_s=0.0)
    watcher.step(Opened(), 0.0)
    watcher.step(pulse(), 1.0)
    watcher.step(Closed(), 2.0)
    assert not any(watcher.step(Passed(), 2.0 + second) for second in range(100))
    assert not watcher.step(Opened(), 102.0)
    due = [second for second in range(20) if watcher.step(Passed(), 102.0 + second)]
    assert due[0] == RETURN_S


def test_time_in_which_it_stood_still_itself_proves_nothing() -> None:
    """SIGSTOP, or a laptop's lid: what came meanwhile is still to be read."""
    watcher = StandingBy(retained=True, patience_s=0.0)
    for at, event in ((0.0, Opened()), (0.0, pulse()), (1.0, Passed()), (601.0, Passed())):
        assert not watcher.step(event, at)
    now = 601.0
    while not watcher.step(Passed(), now):
        now += 0.5
    assert now == 600 + SILENCE_S


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), max_size=20))
def test_it_has_seen_the_highest_epoch(heard: list[tuple[bool, int]]) -> None:
    """So the one that it takes over with is higher, also where no pulse is kept and the clock is behind."""
    watcher = StandingBy(retained=False, patience_s=0.0)
    watcher.step(Opened(), 0.0)
    for living, epoch in heard:
        watcher.step(pulse(epoch) if living else down(epoch), 1.0)
    assert watcher.epoch == max((epoch for _, epoch in heard), default=0)


def test_it_has_seen_how_many_were_here_also_after_they_were_left_alone() -> None:
    watcher = StandingBy(retained=True, patience_s=0.0)
    for event in (Opened(), pulse(5, here=400), down(5)):
        watcher.step(event, 0.0)
    assert watcher.here == 400
