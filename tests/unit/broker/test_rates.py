"""Rates: so much at once, so fast after that."""

from hypothesis import given
from hypothesis import strategies as st

from broker.limits import Limits
from broker.rates import NEVER, Rate

NOW = 1_800_000_000.0
RATE = Rate(per_s=10, burst=120)

RATES = st.builds(Rate, per_s=st.floats(0.1, 1e6), burst=st.floats(1, 1e7))
STEPS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 200)), max_size=60)


def takes(rate: Rate, amounts: list[float], mark: float = NEVER, now: float = NOW) -> tuple[list[bool], float]:
    taken = []
    for amount in amounts:
        after = rate.take(mark, amount, now)
        taken.append(after is not None)
        mark = mark if after is None else after
    return taken, mark


def test_who_took_nothing_may_have_all_of_the_burst_at_once_and_no_more() -> None:
    assert takes(RATE, [1] * 130)[0] == [True] * 120 + [False] * 10


def test_then_one_is_earned_at_a_time() -> None:
    _, mark = takes(RATE, [1] * 120)
    assert takes(RATE, [1, 1], mark, NOW + 0.09)[0] == [False, False]
    assert takes(RATE, [1, 1], mark, NOW + 0.11)[0] == [True, False]


def test_who_was_silent_long_enough_may_have_all_of_it_again_and_no_more() -> None:
    _, mark = takes(RATE, [1] * 120)
    for silence_s in (12, 12_000):
        assert takes(RATE, [1] * 130, mark, NOW + silence_s)[0] == [True] * 120 + [False] * 10


def test_what_is_too_much_takes_nothing() -> None:
    taken, _ = takes(RATE, [121, 60, 61, 60])
    assert taken == [False, True, False, True]


def test_a_clock_set_back_gives_nothing_away() -> None:
    _, mark = takes(RATE, [1] * 120)
    assert not any(takes(RATE, [1] * 10, mark, NOW - 3600)[0])


@given(RATES, STEPS)
def test_nobody_ever_gets_more_than_the_burst_and_what_was_earned(rate: Rate, steps: list[tuple[float, float]]) -> None:
    now, mark, got = NOW, NEVER, 0.0
    for pause_s, amount in steps:
        now += pause_s
        after = rate.take(mark, amount, now)
        if after is not None:
            mark, got = after, got + amount
        assert got <= (rate.burst + rate.per_s * (now - NOW)) * (1 + 1e-6) + 1e-3 * rate.per_s


@given(RATES, st.floats(0, 1e7), st.floats(0, 1e6))
def test_to_wait_never_hurts(rate: Rate, amount: float, wait_s: float) -> None:
    _, mark = takes(rate, [rate.burst])
    if rate.take(mark, amount, NOW) is not None:
        assert rate.take(mark, amount, NOW + wait_s) is not None


def test_one_setting_decides_how_often_an_address_may_connect() -> None:
    assert Limits().connects == Rate(per_s=64 / 60, burst=128)
    assert Limits(connections_per_address=1_000).connects == Rate(per_s=1_000 / 60, burst=2_000)


def test_few_connections_leave_room_to_reload_the_page() -> None:
    assert Limits(connections_per_address=1).connects == Rate(per_s=0.5, burst=30)


def test_a_seat_is_used_up_before_its_peer_is_cut_off() -> None:
    limits = Limits()
    assert limits.seat_messages < limits.messages.burst
    assert limits.seat_bytes <= limits.volume.burst / 2
