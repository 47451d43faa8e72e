"""The ratchet of salts: the same for all who have the root, and only forwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import ratchet
from broker.addresses import DAY_S, Salts
from broker.ratchet import Ratchet, Root

DAY = 20_000
NOW = DAY * DAY_S + 3_600.0
RANDOM = bytes(range(48))
HOME = "192.0.2.1"


def root(born: float = NOW) -> Root:
    return ratchet.drawn(RANDOM, born)


def later(days: int) -> float:
    return NOW + days * DAY_S


def test_two_gates_with_one_root_make_the_same_key_of_an_address_on_every_day() -> None:
    one, other = Ratchet(root()), Ratchet(root())
    first, second = Salts(one.draw), Salts(other.draw)
    second.take(other.take(one.root, NOW))
    for day in range(4):
        assert first.living(HOME, later(day)) == second.living(HOME, later(day))


def test_a_gate_that_begins_a_day_later_makes_the_key_of_yesterday_too() -> None:
    """A ban of yesterday is by the key of yesterday."""
    old = Ratchet(root())
    salts = Salts(old.draw)
    [before] = salts.living(HOME, NOW)
    salts.living(HOME, later(1))
    new = Ratchet(ratchet.drawn(bytes(48), later(1)))
    fresh = Salts(new.draw)
    fresh.take(new.take(old.root, later(1)))
    assert fresh.living(HOME, later(1)) == salts.living(HOME, later(1))
    assert before in fresh.living(HOME, later(1))


def test_what_is_kept_tells_nothing_of_the_day_before_yesterday() -> None:
    held = Ratchet(root())
    salts = Salts(held.draw)
    past = [salts.today(HOME, later(day)) for day in range(3)]
    kept = held.root
    assert kept.day == DAY + 1
    assert kept.base != root().base
    thief = Salts(Ratchet(kept).draw)
    thief.take(Ratchet(kept).take(kept, later(2)))
    assert thief.living(HOME, later(2)) == [past[2], past[1]]


@given(st.integers(0, 40), st.integers(0, 40))
def test_it_is_the_same_in_one_go_or_in_steps(steps: int, more: int) -> None:
    assert root().at(DAY + steps).at(DAY + steps + more) == root().at(DAY + steps + more)


def test_it_never_goes_back() -> None:
    turned = root().at(DAY + 3)
    assert turned.at(DAY) == turned


def test_of_two_the_one_that_was_drawn_first_is_the_elder_on_whatever_day_it_is() -> None:
    elder, younger = root(NOW), root(NOW + 1)
    assert min(younger, elder.at(DAY + 2)).origin == elder.origin


def test_it_is_written_and_read_whole() -> None:
    assert ratchet.read(root().fields()) == root()


@pytest.mark.parametrize(
    "wrong",
    [None, [], {}, {**root().fields(), "base": "AA"}, {**root().fields(), "base": "?"}, {**root().fields(), "day": -1}],
)
def test_what_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="root"):
        ratchet.read(wrong)


@pytest.mark.parametrize("days", [-2, 5_000])
def test_a_root_of_another_time_is_refused(days: int) -> None:
    """A clock is wrong, and to follow it would cost all keys."""
    held = Ratchet(root())
    with pytest.raises(ValueError, match="today"):
        held.take(root(), later(days))
    assert held.root == root()


def test_a_root_needs_so_much_randomness() -> None:
    with pytest.raises(ValueError, match="48"):
        ratchet.drawn(bytes(32), NOW)
