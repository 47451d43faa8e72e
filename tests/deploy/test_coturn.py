"""The configuration of coturn that we hand out: what it says, and what a real coturn makes of it."""

import ipaddress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deploy.allocations import FORBIDDEN, OVER_QUOTA, UNAUTHORIZED, client
from tests.relays import Relay

LINES: Final = [
    line
    for line in (Path(__file__).resolve().parents[2] / "deploy/coturn/turnserver.conf").read_text().splitlines()
    if line and not line.startswith("#")
]
DENIED: Final = [line for line in LINES if line.startswith("denied-peer-ip=")]
SETTINGS: Final = dict(line.partition("=")[::2] for line in LINES if line not in DENIED)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def ranges() -> list[tuple[Address, Address]]:
    found = []
    for line in DENIED:
        first, _, last = line.partition("=")[2].partition("-")
        found.append((ipaddress.ip_address(first), ipaddress.ip_address(last)))
    return found


RANGES: Final = ranges()


def denied(address: Address) -> bool:
    return any(
        first <= address <= last  # type: ignore[operator]  # of one version
        for first, last in RANGES
        if first.version == address.version
    )


INTERNAL: Final = {
    "this network": "0.0.0.0/8",
    "private, class A": "10.0.0.0/8",
    "private, class B": "172.16.0.0/12",
    "private, class C": "192.168.0.0/16",
    "a provider's NAT": "100.64.0.0/10",
    "loopback": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "protocol assignments": "192.0.0.0/24",
    "benchmarks": "198.18.0.0/15",
    "multicast": "224.0.0.0/4",
    "reserved and broadcast": "240.0.0.0/4",
    "loopback, IPv6": "::1/128",
    "mapped IPv4": "::ffff:0:0/96",
    "NAT64": "64:ff9b::/96",
    "NAT64 of one's own": "64:ff9b:1::/48",
    "Teredo": "2001::/32",
    "6to4": "2002::/16",
    "unique local": "fc00::/7",
    "link-local, IPv6": "fe80::/10",
    "site-local": "fec0::/10",
    "multicast, IPv6": "ff00::/8",
    "metadata of most clouds": "169.254.169.254/32",
    "metadata of Alibaba": "100.100.100.200/32",
    "metadata of Oracle": "192.0.0.192/32",
    "metadata of AWS, IPv6": "fd00:ec2::254/128",
}
PUBLIC: Final = ("1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "223.255.255.254")
PUBLIC_6: Final = ("2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "3ffe::1", "2001:200::")


def ends(network: str) -> tuple[str, str, str]:
    """Give the first, one in the middle, and the last."""
    whole = ipaddress.ip_network(network)
    return str(whole[0]), str(whole[whole.num_addresses // 2]), str(whole[-1])


@pytest.mark.parametrize("network", INTERNAL.values(), ids=INTERNAL)
def test_what_is_not_the_internet_is_denied(network: str) -> None:
    """From its first address to its last, by one range each."""
    assert any(
        first <= ipaddress.ip_network(network)[0] and ipaddress.ip_network(network)[-1] <= last  # type: ignore[operator]
        for first, last in RANGES
        if first.version == ipaddress.ip_network(network).version
    )


@given(st.ip_addresses())
def test_whatever_the_registry_does_not_call_global_is_denied(address: Address) -> None:
    """By IANA's registries of special addresses, as Python knows them; `::` is refused by coturn itself."""
    assert address.is_global or int(address) == 0 or denied(address)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_6])
def test_the_internet_is_let_through(address: str) -> None:
    assert not denied(ipaddress.ip_address(address))


def test_no_range_begins_with_what_coturn_takes_for_anything() -> None:
    """`::` to any IPv6 address would deny all of IPv4, too."""
    assert all(int(first) != 0 or first.version == 4 for first, _ in RANGES)
    assert all(first <= last and first.version == last.version for first, last in RANGES)  # type: ignore[operator]


def test_it_lets_in_only_who_has_credentials_and_writes_nothing_down() -> None:
    for flag in ("use-auth-secret", "fingerprint", "no-multicast-peers", "no-cli", "no-tcp-relay", "no-stdout-log"):
        assert SETTINGS[flag] == ""
    assert SETTINGS["log-file"] == "/dev/null"
    assert list(SETTINGS)[:3] == ["log-file", "simple-log", "no-stdout-log"]
    assert "syslog" not in SETTINGS
    assert {"no-tlsv1", "no-tlsv1_1"} <= set(SETTINGS)
    for careless in ("no-auth", "allow-loopback-peers", "static-auth-secret", "allowed-peer-ip", "verbose"):
        assert careless not in SETTINGS


def test_it_bounds_what_one_address_and_all_together_may_use() -> None:
    user, total = int(SETTINGS["user-quota"]), int(SETTINGS["total-quota"])
    ports = int(SETTINGS["max-port"]) - int(SETTINGS["min-port"]) + 1
    assert 0 < user < total <= ports
    assert int(SETTINGS["max-bps"]) > 0
    assert "bps-capacity" not in SETTINGS, "coturn spends it on allocations, whatever they send"
    assert int(SETTINGS["stale-nonce"]) == 600


# ── a real coturn ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_real_one_relays_to_no_address_that_is_denied() -> None:
    """Where nothing is denied the same addresses are let through, so it is our lines that do it."""
    internal = [address for network in INTERNAL.values() for address in ends(network) if "." in address]
    async with Relay(lines=tuple(DENIED)) as relay, client(relay) as one:
        assert await one.allocate() == 0
        assert {address: await one.permit(address) for address in internal} == dict.fromkeys(internal, FORBIDDEN)
        assert {address: await one.permit(address) for address in PUBLIC} == dict.fromkeys(PUBLIC, 0)
    async with Relay() as relay, client(relay) as one:
        assert await one.allocate() == 0
        assert await one.permit("10.0.0.1") == await one.permit("127.0.0.1") == 0


async def test_a_real_one_relays_to_no_address_of_ipv6_that_is_denied() -> None:
    internal = [address for network in INTERNAL.values() for address in ends(network) if ":" in address]
    six = ("relay-ip=::1", "allocation-default-address-family=ipv6")
    async with Relay(lines=(*six, *DENIED)) as relay, client(relay) as one:
        assert await one.allocate() == 0
        assert {address: await one.permit(address) for address in internal} == dict.fromkeys(internal, FORBIDDEN)
        assert {address: await one.permit(address) for address in PUBLIC_6} == dict.fromkeys(PUBLIC_6, 0)


async def test_a_real_one_behind_nat_relays_to_itself_and_to_nothing_else_inside() -> None:
    """Where it must, since two who both hide are both there; coturn sees to that by itself."""
    async with Relay(lines=("external-ip=8.8.8.8/127.0.0.1", *DENIED)) as relay, client(relay) as one:
        assert await one.allocate() == 0
        assert await one.permit("8.8.8.8") == 0
        assert await one.permit("127.0.0.2") == await one.permit("10.0.0.1") == FORBIDDEN


async def test_a_real_one_takes_two_secrets_while_one_replaces_the_other() -> None:
    async with (
        Relay(lines=("static-auth-secret=the-next-secret",)) as relay,
        client(relay) as one,
        client(relay, secret="the-next-secret") as other,
    ):
        assert await one.allocate() == await other.allocate() == 0


async def test_a_real_one_counts_by_what_follows_the_colon() -> None:
    """However often credentials are drawn, who comes from one address has one quota."""
    async with (
        Relay(lines=("user-quota=2",)) as relay,
        client(relay) as one,
        client(relay, ttl_s=600) as other,
        client(relay, ttl_s=60) as third,
        client(relay, peer="o") as stranger,
    ):
        assert len({each.username for each in (one, other, third)}) == 3
        assert [await each.allocate() for each in (one, other, third, stranger)] == [0, 0, OVER_QUOTA, 0]


async def test_a_real_one_lets_nobody_in_whose_credentials_have_run_out() -> None:
    async with Relay() as relay, client(relay, ttl_s=-60) as late:
        assert await late.allocate() == UNAUTHORIZED


async def test_a_real_one_with_all_of_it_relays_and_writes_nothing_down() -> None:
    """Neither who is relayed, nor where to, nor what was refused."""
    async with Relay(lines=tuple(LINES)) as relay, client(relay) as one, client(relay, ttl_s=-60) as late:
        assert await one.allocate() == 0
        assert await one.permit("8.8.8.8") == 0
        assert await one.permit("10.0.0.1") == FORBIDDEN
        assert await late.allocate() == UNAUTHORIZED
        for telling in ("8.8.8.8", "10.0.0.1", one.username, late.username, f"127.0.0.1:{one.port}", "session"):
            assert telling not in relay.log
    async with Relay() as relay, client(relay, ttl_s=-60) as late:
        assert await late.allocate() == UNAUTHORIZED
        assert late.username in relay.log  # so what is not in the other would be seen
