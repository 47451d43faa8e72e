"""Networks that an operator names: read as they are typed, looked up at once."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import networks
from broker.networks import Networks


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.7/24 ", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:1:2::/80", "2001:db8:0:1::/64"),
        ("2001:db8::/48", "2001:db8::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
    ],
)
def test_a_network_is_read_as_it_is_typed(typed: str, meant: str) -> None:
    """And cut to what one subscriber has."""
    assert str(networks.read(typed)) == meant


@pytest.mark.parametrize("typed", ["", "nonsense", "203.0.113.7/33", "203.0.113", "1.2.3.4 5.6.7.8"])
def test_what_is_none_is_refused(typed: str) -> None:
    """As a ValueError, whatever it is."""
    with pytest.raises(ValueError):  # noqa: PT011  any will do
        networks.read(typed)


@given(st.lists(st.ip_addresses().map(str), max_size=8), st.lists(st.integers(8, 64), min_size=8), st.ip_addresses())
def test_a_list_holds_what_one_of_its_networks_holds(
    named: list[str], bits: list[int], address: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> None:
    """However they overlap."""
    listed = [
        networks.read(f"{each}/{length if ':' in each else min(length, 32)}")
        for each, length in zip(named, bits, strict=False)
    ]
    # A neighbour of each one named is asked for, too, or hardly anything would ever be found.
    for asked in [str(address), *named]:
        found = networks.read(asked)
        expected = any(each.version == found.version and found.subnet_of(each) for each in listed)  # type: ignore[arg-type]
        assert (asked in Networks(listed)) == expected


def test_each_address_key_of_a_network_has_one_address() -> None:
    """256 of an IPv4 /24, 16 of an IPv6 /60."""
    assert len(set(networks.addresses(networks.read("203.0.113.0/24")))) == 256
    assert list(networks.addresses(networks.read("2001:db8::/63"))) == ["2001:db8::", "2001:db8:0:1::"]
    with pytest.raises(ValueError, match="more than"):
        networks.addresses(networks.read("10.0.0.0/8"))
