"""Where a stranger can be reached without the channel."""

from broker.conversation import SeatTold
from stranger.reach import MESSAGES_MOST, Reach

ONE, OTHER = "A" * 56, "B" * 56


def told(seat: str = ONE, ttl: int = 600) -> SeatTold:
    return SeatTold(seat=seat, ttl=ttl)


def test_nobody_is_reached_who_has_told_no_seat() -> None:
    assert Reach().take(0.0) is None


def test_a_seat_is_good_until_half_a_minute_before_its_end() -> None:
    reach = Reach()
    reach.told(told(ttl=100), 1_000.0)
    assert reach.take(1_070.0) == ONE
    assert reach.take(1_070.1) is None


def test_a_seat_takes_fewer_messages_than_a_gate_lets_through() -> None:
    reach = Reach()
    reach.told(told(), 0.0)
    assert [reach.take(1.0) for _ in range(MESSAGES_MOST + 1)] == [ONE] * 56 + [None]
    reach.told(told(), 2.0)
    assert reach.take(3.0) is None, "the same seat, told once more, has no more room"


def test_the_seat_that_was_told_last_counts() -> None:
    reach = Reach()
    reach.told(told(), 0.0)
    reach.told(told(OTHER), 1.0)
    assert reach.take(2.0) == OTHER
