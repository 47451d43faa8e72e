"""What a gate tells a firewall: whom it refused as banned, and nobody else; and what is believed of that."""

import contextlib
import ipaddress
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import firewall, networks
from broker.firewall import DATAGRAM_BYTES, SECONDS_MAX, Drop
from broker.gate import Gate
from broker.identity import peer_of
from broker.orders import Ban, Networks
from tests.unit.broker.test_gate import drain, key_of

NOW = 1_800_000_000.0
HERE, THERE = "192.0.2.7", "192.0.2.8"
Told = list[tuple[str, float]]


def peer(number: int) -> str:
    return peer_of(number.to_bytes(32, "big"))


def read(datagram: bytes) -> Drop | None:
    """Read it as the helper does."""
    with contextlib.suppress(ValueError):
        return firewall.read(datagram)
    return None


def telling(make_gate: Callable[..., Gate], **limits: int) -> tuple[Gate, Told]:
    told: Told = []
    return make_gate(firewall=lambda address, seconds: told.append((address, seconds)), **limits), told


def test_each_connect_that_is_refused_as_banned_is_told_with_what_is_left(make_gate: Callable[..., Gate]) -> None:
    gate, told = telling(make_gate)
    assert gate.admits(peer(1), HERE, NOW)
    gate.obey(Ban(key_of(drain(gate)), 600), NOW)
    assert [gate.admits(peer(2), address, NOW + 100) for address in (HERE, THERE, HERE)] == [False, True, False]
    assert told == [(HERE, 500), (HERE, 500)]
    assert gate.admits(peer(2), HERE, NOW + 601)
    assert len(told) == 2


def test_one_of_the_operators_networks_is_told_without_an_end(make_gate: Callable[..., Gate]) -> None:
    gate, told = telling(make_gate)
    gate.obey(Networks((networks.read("192.0.2.0/24"),), (networks.read(THERE),)), NOW)
    assert not gate.admits(peer(1), HERE, NOW)
    assert gate.admits(peer(1), THERE, NOW), "one that is never banned"
    assert told == [(HERE, math.inf)]


def test_who_is_refused_for_another_reason_is_not_told(make_gate: Callable[..., Gate]) -> None:
    gate, told = telling(make_gate, connections_per_address=1)
    assert gate.admits(peer(1), HERE, NOW)
    assert not gate.admits(peer(2), HERE, NOW), "crowded"
    assert not gate.admits(peer(2), "nowhere", NOW)
    assert told == []


@pytest.mark.parametrize(
    ("address", "seconds", "datagram"),
    [
        ("192.0.2.7", 500.0, b'{"drop":"192.0.2.7/32","seconds":60}'),
        ("192.0.2.7", math.inf, b'{"drop":"192.0.2.7/32","seconds":60}'),
        ("192.0.2.7", 0.2, b'{"drop":"192.0.2.7/32","seconds":1}'),
        ("::ffff:192.0.2.7", 7.5, b'{"drop":"192.0.2.7/32","seconds":8}'),
        ("2001:db8:1:2:a:b:c:d%eth0", 60, b'{"drop":"2001:db8:1:2::/64","seconds":60}'),
    ],
)
def test_a_datagram_names_one_subscriber_and_a_minute_at_most(address: str, seconds: float, datagram: bytes) -> None:
    assert firewall.write(address, seconds) == datagram
    assert str(firewall.read(datagram).network) in datagram.decode()


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"192.0.2.7",
        b"[]",
        b'{"drop":"192.0.2.7/32"}',
        b'{"drop":"192.0.2.7/32","seconds":true}',
        b'{"drop":"192.0.2.7/32","seconds":0}',
        b'{"drop":"192.0.2.7/32","seconds":61}',
        b'{"drop":"192.0.2.7/32","seconds":1.5}',
        b'{"drop":"192.0.2.7/32","seconds":60,"more":1}',
        b'{"drop":"192.0.2.0/24","seconds":60}',
        b'{"drop":"2001:db8::/32","seconds":60}',
        b'{"drop":"0.0.0.0/0","seconds":60}',
        b'{"drop":"127.0.0.1/32","seconds":60}',
        b'{"drop":"::1","seconds":60}',
        b'{"drop":"0.0.0.0","seconds":60}',
        b'{"drop":"169.254.1.1","seconds":60}',
        b'{"drop":"224.0.0.1","seconds":60}',
        b'{"drop":"255.255.255.255","seconds":60}',
        b'{"drop":"fe80::1","seconds":60}',
        b'{"drop":"ff02::1","seconds":60}',
        b'{"drop":"192.0.2.7 } ; flush ruleset","seconds":60}',
        b'{"drop":"fe80::1%;flush","seconds":60}',
        b'{"drop":3221225991,"seconds":60}',
        b'{"drop":"192.0.2.7/32","seconds":60}' + b" " * DATAGRAM_BYTES,
    ],
)
def test_what_is_none_of_ours_is_refused(datagram: bytes) -> None:
    assert read(datagram) is None


@given(st.binary(max_size=DATAGRAM_BYTES))
def test_nothing_but_a_refusal_comes_of_nonsense(datagram: bytes) -> None:
    drop = read(datagram)
    assert drop is None or 1 <= drop.seconds <= SECONDS_MAX


@given(st.ip_addresses(network="192.0.0.0/8") | st.ip_addresses(network="2000::/3"), st.floats(0, 1e6))
def test_what_is_written_is_read_again(address: ipaddress.IPv4Address | ipaddress.IPv6Address, seconds: float) -> None:
    drop = read(firewall.write(str(address), seconds))
    assert drop is not None
    assert address in drop.network
    assert networks.size(drop.network) == 1
