"""Credentials for TURN, as coturn checks them."""

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import IceServer, Matched, Welcome
from broker.policy import PAYLOAD_BYTES
from matcher.turn import URL_MAX, URLS_MAX, Turn
from tests.unit.matcher.world import KEY, World, to

NOW = 1_800_000_000.0
PEER, OTHER = PeerId("p" * 22), PeerId("o" * 22)
ADDRESS = AddressKey(19_000, "k" * 22)
URLS = ("stun:turn.example.org", "turn:turn.example.org", "turn:turn.example.org?transport=tcp")
TURN = Turn(URLS, "north wind")


@pytest.mark.parametrize(
    ("address", "username", "credential"),
    [
        (None, "1800003600:AT4HbiBoXJjGv4hq", "zUf3mRH/UOGYAj7dC11m/cRYkPo="),
        (ADDRESS, "1800003600:lq_ntkGz5RAiBhEl", "WR8t3ZiGVDdu8EFr7R7T+oV99/4="),
    ],
)
def test_credentials_are_those_that_others_compute(address: AddressKey | None, username: str, credential: str) -> None:
    """Computed with `openssl dgst -mac HMAC`: SHA-256 for the tag, SHA-1 for the credential."""
    servers, ttl = TURN.servers(PEER, address, NOW)
    assert servers == [
        IceServer(urls=list(URLS[:1])),
        IceServer(urls=list(URLS[1:]), username=username, credential=credential),
    ]
    assert ttl == 3600


def test_without_stun_there_is_one_server() -> None:
    servers, _ = replace(TURN, urls=URLS[1:]).servers(PEER, None, NOW)
    assert [server.urls for server in servers] == [list(URLS[1:])]


def quota(peer: PeerId, address: AddressKey | None, now: float = NOW, turn: Turn = TURN) -> str:
    """Give the name that coturn counts allocations by: what follows the expiry."""
    username = turn.servers(peer, address, now)[0][-1].username
    assert username is not None
    return username.split(":", 1)[1]


def test_an_address_has_one_quota_whoever_comes_from_it_and_whenever() -> None:
    assert quota(PEER, ADDRESS) == quota(OTHER, ADDRESS, NOW + 1_234)
    assert quota(PEER, ADDRESS) != quota(PEER, AddressKey(19_000, "j" * 22))
    assert quota(PEER, ADDRESS) != quota(PEER, AddressKey(19_001, "k" * 22))


def test_who_comes_from_nobody_knows_where_has_a_quota_of_its_own() -> None:
    assert len({quota(PEER, None), quota(OTHER, None), quota(PEER, ADDRESS)}) == 3
    assert quota(PEER, None) == quota(PEER, None, NOW + 60)


def test_a_peer_cannot_be_named_like_an_address() -> None:
    """The label before the name says which it is."""
    assert quota(PeerId(ADDRESS.key), None) != quota(PEER, ADDRESS)


def test_the_tag_names_nobody_and_another_secret_makes_another() -> None:
    """Neither the peer nor the address key is in it."""
    for address in (None, ADDRESS):
        tag = quota(PEER, address)
        assert len(tag) == 16
        assert PEER not in tag
        assert ADDRESS.key not in tag
        assert tag != quota(PEER, address, turn=replace(TURN, secret="south wind"))


def test_the_secret_is_not_shown() -> None:
    assert "north wind" not in repr(TURN)


@given(st.floats(0, 4e9), st.integers(1, 86_400))
def test_credentials_never_run_out_before_the_time_that_is_told(now: float, ttl_s: int) -> None:
    """The peer counts from when it hears; the server from when it was made."""
    servers, told_s = replace(TURN, ttl_s=ttl_s).servers(PEER, None, now)
    username, credential = servers[-1].username, servers[-1].credential
    assert username is not None
    assert credential is not None
    assert told_s == ttl_s
    assert now + ttl_s <= int(username.split(":")[0]) <= now + ttl_s + 1
    mac = hmac.new(b"north wind", username.encode(), hashlib.sha1)
    assert base64.b64decode(credential) == mac.digest()


def test_the_longest_of_all_fits_into_a_message() -> None:
    """As many and as long URLs as settings let through, in a match of all tags there can be."""
    urls = tuple(f"turn:{n}{'a' * (URL_MAX - 6)}" for n in range(URLS_MAX))
    assert {len(url) for url in urls} == {URL_MAX}
    world = World(turn=Turn(urls, "s" * 256, 86_400))
    tags = [f"{n}{'🦊' * 23}" for n in range(5)]
    for name in "ab":
        assert len(to(world.here(name), name, Welcome).wire()) <= PAYLOAD_BYTES
    world.join("a", tags=tags, key=KEY)
    matched = to(world.join("b", tags=tags, key=KEY), "a", Matched)
    assert len(matched.tags) == 5
    assert len(matched.ice[0].urls) == URLS_MAX
    assert len(matched.wire()) <= PAYLOAD_BYTES
