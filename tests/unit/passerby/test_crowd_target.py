"""A crowd goes only where it may: loopback, private networks, and what its operator says is theirs."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.crowd import files
from passerby.crowd.target import Refused, choose, is_ours

OURS = [
    "127.0.0.1",
    "127.200.3.4",
    "::1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.9.9",
    "fe80::1%eth0",
    "fd12::1",
    "::ffff:10.0.0.1",
]
ELSEWHERE = [
    "1.1.1.1",
    "172.32.0.1",
    "172.15.255.255",
    "192.169.0.1",
    "11.0.0.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  an address to judge, none to listen at
    "::",
    "2001:db8::1",
    "192.0.2.1",
    "224.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "no address",
    "",
]


@pytest.mark.parametrize("address", OURS)
def test_loopback_and_private_networks_are_ours(address: str) -> None:
    assert is_ours(address)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_all_else_is_not(address: str) -> None:
    assert not is_ours(address)


@given(st.ip_addresses())
def test_what_the_whole_world_can_reach_is_never_ours(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert not (address.is_global and is_ours(str(address)))


def test_a_name_that_leads_somewhere_else_as_well_is_refused() -> None:
    """One address elsewhere is enough: nobody knows which one a connection would take."""
    with pytest.raises(Refused, match=r"93\.184\.216\.34.*--i-own-this"):
        choose("chat.example.org", ["10.0.0.1", "93.184.216.34"], owned=False)


def test_who_says_that_it_is_theirs_may_load_it() -> None:
    assert choose("chat.example.org", ["93.184.216.34"], owned=True) == "93.184.216.34"


def test_the_crowd_goes_to_one_address_and_rather_to_one_of_ipv4() -> None:
    """All of 127/8 is loopback, so there each peer can have an address of its own."""
    assert choose("localhost", ["::1", "127.0.0.1"], owned=False) == "127.0.0.1"


def test_real_peers_need_more_files_than_those_who_only_signal() -> None:
    assert files.needed(1_000, 2, 0) == files.SPARE + 500
    assert files.needed(1_000, 2, 0.5) > files.needed(1_000, 2, 0)
