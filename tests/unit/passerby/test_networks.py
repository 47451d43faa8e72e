"""Networks as an operator writes them."""

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby import networks


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        (" 203.0.113.0/24 ", "203.0.113.0/24"),
        ("203.0.113.9/24", "203.0.113.0/24"),
        ("2001:DB8::1", "2001:db8::/64"),
        ("2001:db8:1:2:3::/48", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ("::/0", "::/0"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_is_written_as_everybody_does(text: str, network: str) -> None:
    assert networks.read(text) == network


@pytest.mark.parametrize(
    "text", ["", "203.0.113.256", "203.0.113.0/33", "localhost", "fe80::1%eth0", "10.0.0.0-9", "\0"]
)
def test_what_is_none_is_said_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"it is no|no zone") as caught:
        networks.read(text)
    assert not text or text not in str(caught.value)


@given(st.ip_addresses(), st.data())
def test_writing_changes_no_network_and_is_stable(address: ipaddress.IPv4Address, data: st.DataObject) -> None:
    bits = data.draw(st.integers(0, address.max_prefixlen))
    read = networks.read(f"{address}/{bits}")
    assert networks.read(read) == read


@given(st.text(max_size=40))
def test_text_is_a_network_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert networks.read(text)
