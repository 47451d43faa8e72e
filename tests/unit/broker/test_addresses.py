"""Address keys: what stands for an address, and for how long."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import addresses
from broker.addresses import DAY_S, Salts

NOW = 20_000.0 * DAY_S + 5


def fresh() -> Salts:
    count = itertools.count()
    return Salts(lambda _day: next(count).to_bytes(32, "big"))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_counts_as_itself_also_when_mapped(address: object) -> None:
    assert addresses.prefix(f"{address}") == addresses.prefix(f"::ffff:{address}")
    assert len(addresses.prefix(f"{address}")) == 4


def test_an_ipv6_subscriber_is_one_address() -> None:
    salts = fresh()
    inside = {salts.today(f"2001:db8:1:2::{n:x}", NOW) for n in range(1, 50)}
    assert len(inside) == 1
    assert salts.today("2001:db8:1:3::1", NOW) not in inside
    assert salts.today("2001:db8:1:2::1%eth0", NOW) in inside


def test_keys_change_with_the_day_and_yesterdays_is_still_known() -> None:
    salts = fresh()
    before = salts.today("192.0.2.1", NOW)
    today, yesterday = salts.living("192.0.2.1", NOW + DAY_S)
    assert yesterday == before
    assert today.day == before.day + 1
    assert today.key != before.key


def test_older_salts_are_gone() -> None:
    salts = fresh()
    first = salts.today("192.0.2.1", NOW)
    salts.today("192.0.2.1", NOW + 2 * DAY_S)
    assert first not in salts.living("192.0.2.1", NOW + 2 * DAY_S)
    assert salts.today("192.0.2.1", NOW + 2 * DAY_S) == salts.living("192.0.2.1", NOW + 2 * DAY_S)[0]


def test_a_clock_set_back_draws_no_new_salt() -> None:
    salts = fresh()
    key = salts.today("192.0.2.1", NOW)
    assert salts.today("192.0.2.1", NOW - 3 * DAY_S) == key


def test_two_deployments_have_nothing_in_common() -> None:
    here, there = Salts(lambda _: b"a" * 32), Salts(lambda _: b"b" * 32)
    assert here.today("192.0.2.1", NOW).key != there.today("192.0.2.1", NOW).key


@pytest.mark.parametrize("text", ["", "unix", "192.0.2.256", "[::1]", "::1/64", "example.org"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        addresses.prefix(text)
