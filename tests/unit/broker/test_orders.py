"""Orders on the wire: what is written is read back, and all else is a ValueError that repeats nothing."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import networks
from broker.addresses import AddressKey
from broker.networks import PREFIXES_MAX
from broker.orders import (
    NETWORKS_PER_ORDER,
    ORDER_BYTES,
    Ban,
    BanNetwork,
    Kick,
    Lift,
    LiftNetwork,
    Networks,
    Order,
    Tell,
    read,
    write,
)

WORDS = st.text("ABCXYZabcxyz0189-_", min_size=22, max_size=22)
ADDRESSES = st.builds(AddressKey, day=st.integers(0, 10**6), key=WORDS)
SECONDS = st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False) | st.integers(1, 10**9)
REASONS = st.text("abcxyz-", min_size=1, max_size=32)
NETWORKS = (
    st.ip_addresses()
    .map(str)
    .flatmap(
        lambda address: st.integers(52 if ":" in address else 20, 128 if ":" in address else 32).map(
            lambda bits: networks.read(f"{address}/{bits}")
        )
    )
    .filter(
        lambda network: networks.size(network) <= PREFIXES_MAX
    )  # one of IPv4 that is mapped into IPv6 may be larger
)
LISTS = st.lists(NETWORKS, max_size=NETWORKS_PER_ORDER // 2).map(tuple)
ORDERS: st.SearchStrategy[Order] = (
    st.builds(Kick, WORDS)
    | st.builds(Ban, ADDRESSES, SECONDS, REASONS)
    | st.builds(Lift, ADDRESSES)
    | st.builds(BanNetwork, NETWORKS, SECONDS, REASONS)
    | st.builds(LiftNetwork, NETWORKS)
    | st.builds(Networks, LISTS, LISTS, st.booleans())
    | st.builds(Tell)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEY = "A" * 22
BAN = {"kind": "ban", "address": KEY, "day": 20_000, "seconds": 60, "reason": "rhythm"}


@given(ORDERS)
def test_what_is_written_is_read_back(order: Order) -> None:
    assert read(write(order)) == order
    assert len(write(order)) <= ORDER_BYTES


@given(st.binary(max_size=600))
def test_bytes_are_an_order_or_a_value_error(payload: bytes) -> None:
    only_value_errors(payload)


@given(JSON)
def test_json_is_an_order_or_a_value_error(value: Any) -> None:
    only_value_errors(json.dumps(value).encode())


@given(ORDERS, st.sampled_from(["kind", "peer", "address", "day", "seconds", "more"]), JSON)
def test_an_order_with_a_field_of_another_kind_is_an_order_or_a_value_error(
    order: Order, field: str, value: Any
) -> None:
    only_value_errors(json.dumps({**json.loads(write(order)), field: value}).encode())


@given(ORDERS, st.integers(0, 200))
def test_an_order_cut_short_is_none(order: Order, length: int) -> None:
    with pytest.raises(ValueError, match="an order"):
        read(write(order)[: min(length, len(write(order)) - 1)])


def only_value_errors(payload: bytes) -> None:
    try:
        order = read(payload)
    except ValueError as error:
        assert type(error) is ValueError  # noqa: PT017  whether it is raised depends on what was drawn
        return
    assert isinstance(order, Order)


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": 0},
        {"seconds": -1},
        {"seconds": math.nan},
        {"seconds": math.inf},
        {"seconds": "60"},
        {"seconds": True},
        {"seconds": 10**400},
        {"day": -1},
        {"day": True},
        {"day": 20_000.0},
        {"address": KEY + "A"},
        {"address": "192.0.2.1"},
        {"address": KEY[:-1] + "\n"},
        {"peer": KEY},
        {"kind": "Ban"},
    ],
    ids=lambda change: str(change)[:40],
)
def test_an_order_that_is_almost_one_is_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="none of the orders"):
        read(json.dumps({**BAN, **change}).encode())


def test_a_payload_too_long_or_too_deep_is_not_even_looked_at() -> None:
    for payload in (b" " * (ORDER_BYTES + 1), b"[" * ORDER_BYTES, b"[" * 1_000_000):
        with pytest.raises(ValueError, match="an order"):
            read(payload)


def test_no_error_repeats_what_it_was_about() -> None:
    for payload in (b'{"kind":"kick","peer":"secret"}', b"secret", b'{"kind":"ban","address":"secret"'):
        with pytest.raises(ValueError, match="order") as caught:
            read(payload)
        assert "secret" not in repr(caught.value)
        assert caught.value.__cause__ is None


def test_a_network_of_too_many_addresses_is_no_order() -> None:
    """A gate looks each of them up, and nobody else waits for that."""
    assert networks.size(networks.read("198.51.0.0/20")) == PREFIXES_MAX
    for network in ("198.51.0.0/19", "2001:db8::/51"):
        with pytest.raises(ValueError, match="none of the orders"):
            read(json.dumps({"kind": "ban", "network": network, "seconds": 60, "reason": "operator"}).encode())
