"""The firewall's pure part: who counts as a flood, and what nft is told."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from broker import networks
from broker.firewall import Drop
from passerby.firewall import floods, rules
from passerby.firewall.floods import Floods

HERE, THERE = networks.read("192.0.2.7"), networks.read("2001:db8:1:2::7")


def test_twenty_refused_connects_are_no_flood_and_one_more_is() -> None:
    counted = Floods()
    assert [counted.is_one(HERE, 0) for _ in range(22)] == [False] * 20 + [True] * 2
    assert not counted.is_one(THERE, 0), "each for itself"
    assert not counted.is_one(HERE, 3), "one has been earned again"
    assert counted.is_one(HERE, 3)


def test_who_looks_seldom_is_never_one() -> None:
    counted = Floods()
    assert not any(counted.is_one(HERE, 3.0 * number) for number in range(1_000))


def test_it_forgets_who_has_not_come_for_long_and_never_remembers_too_many() -> None:
    counted = Floods()
    for number in range(floods.MOST + 100):
        counted.is_one(ipaddress.IPv4Network(number), 0)
    assert len(counted._marks) == floods.MOST  # noqa: SLF001  what it holds is the point
    for number in range(floods.MOST):
        counted.is_one(HERE, 1_000 + 3 * number)
    assert list(counted._marks) == [HERE]  # noqa: SLF001


def test_each_drop_is_one_element_that_ends_by_itself() -> None:
    assert rules.added([Drop(HERE, 60), Drop(THERE, 7)]) == (
        "add element inet passerby banned4 { 192.0.2.7 timeout 60s }\n"
        "add element inet passerby banned6 { 2001:db8:1:2:: timeout 7s }\n"
    )
    assert rules.added([]) == ""


@given(st.ip_addresses(), st.integers(1, 60))
def test_whatever_the_address_nft_is_told_one_and_nothing_else(address: ipaddress.IPv4Address, seconds: int) -> None:
    network = networks.read(str(address))
    said = rules.added([Drop(network, seconds)])
    *start, named, timeout, lasting, end = said.split(" ")
    assert start == ["add", "element", "inet", "passerby", f"banned{network.version}", "{"]
    assert ipaddress.ip_address(named) == network.network_address
    assert [timeout, lasting, end] == ["timeout", f"{seconds}s", "}\n"]


def test_the_table_is_laid_anew_for_these_ports_and_starts_empty() -> None:
    said = rules.laid([443, 80, 443])
    assert said.startswith(rules.CLEARED)
    assert "th dport { 80, 443 } jump people" in said
    assert "policy accept" in said
    assert "elements" not in said
