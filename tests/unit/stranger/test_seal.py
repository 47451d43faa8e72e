"""Sealing: the same bytes as the page's, and nothing opened that was not sealed for this seat by this stranger."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import b64url, unb64url
from broker.messages import Role
from stranger.seal import LAST_COUNTER, Seal, SealKeys

SEATS = {"a": "A" * 56, "b": "B" * 56}
LATER = "D" * 56
FIVE = SealKeys.of(5).public


class Pair(NamedTuple):
    """Both sides of a session."""

    a: Seal
    b: Seal
    keys_a: SealKeys
    keys_b: SealKeys


def side(role: Role, keys: SealKeys, peer_key: str, seats: dict[str, str] = SEATS) -> Seal:
    other = "b" if role == "a" else "a"
    return Seal(role=role, keys=keys, peer_key=peer_key, my_seat=seats[role], peer_seat=seats[other])


def pair() -> Pair:
    a, b = SealKeys.draw(), SealKeys.draw()
    return Pair(side("a", a, b.public), side("b", b, a.public), a, b)


def sealed(seal: Seal, plain: bytes = b"x", to: str | None = None) -> bytes:
    payload = seal.seal(plain, to)
    assert payload is not None
    return payload


def of_vector(case: Any) -> dict[str, Seal]:
    seats = {"a": case["seatA"], "b": case["seatB"]}
    keys = {role: SealKeys.of(int.from_bytes(unb64url(case[f"private{role.upper()}"]["d"]), "big")) for role in "ab"}
    assert (keys["a"].public, keys["b"].public) == (case["keyA"], case["keyB"])
    return {"a": side("a", keys["a"], case["keyB"], seats), "b": side("b", keys["b"], case["keyA"], seats)}


@pytest.mark.vectors("sealing.json", "cases")
def test_messages_are_sealed_and_opened_byte_for_byte(case: Any) -> None:
    sides = of_vector(case)
    for message in case["messages"]:
        plain, payload, seat = unb64url(message["plain"]), unb64url(message["payload"]), message.get("seat")
        sender, receiver = (sides["a"], sides["b"]) if message["from"] == "a" else (sides["b"], sides["a"])
        assert sender.seal(plain, seat) == payload
        assert receiver.open(payload, seat) == plain


@pytest.mark.vectors("sealing.json", "cases")
def test_both_come_to_the_same_rendezvous(case: Any) -> None:
    sides = of_vector(case)
    assert sides["a"].rendezvous == sides["b"].rendezvous == case["rendezvous"]


@pytest.mark.vectors("sealing.json", "cases")
def test_a_receiver_drops_what_does_not_open(case: Any) -> None:
    sides = of_vector(case)
    opened = {drop["why"]: sides[drop["to"]].open(unb64url(drop["payload"])) for drop in case["drops"]}
    assert len(opened) == len(case["drops"]) > 10
    assert {why for why, plain in opened.items() if plain is not None} == set()


@given(plain=st.binary(max_size=2_000), to=st.none() | st.text(max_size=60))
def test_what_one_seals_the_other_opens_once(plain: bytes, to: str | None) -> None:
    """In either direction, and whatever the seat is called."""
    one = pair()
    for sender, receiver in ((one.a, one.b), (one.b, one.a)):
        payload = sealed(sender, plain, to)
        assert receiver.open(payload, to) == plain
        assert receiver.open(payload, to) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_or_open(payload: bytes) -> None:
    assert ONE.b.open(payload) is None


ONE = pair()


def test_the_order_of_arrival_does_not_matter() -> None:
    one = pair()
    payloads = [sealed(one.a, text) for text in (b"one", b"two", b"three")]
    assert [payload[:4] for payload in payloads] == [n.to_bytes(4, "big") for n in range(3)]
    assert [one.b.open(payload) for payload in reversed(payloads)] == [b"three", b"two", b"one"]


def test_nothing_opens_that_was_changed_cut_turned_round_or_meant_for_others() -> None:
    """And none of it uses up the counter of the real one."""
    one, others = pair(), pair()
    payload = sealed(one.a, b"a secret")
    for at in range(len(payload)):
        bent = bytearray(payload)
        bent[at] ^= 1 << (at % 8)
        assert one.b.open(bytes(bent)) is None
        assert one.b.open(payload[:at]) is None
    assert one.b.open(payload + b"\0") is None
    assert one.a.open(payload) is None
    assert others.b.open(payload) is None
    assert side("b", one.keys_b, one.keys_a.public, {"a": SEATS["a"], "b": "C" * 56}).open(payload) is None
    assert side("a", one.keys_b, one.keys_a.public).open(payload) is None
    assert one.b.open(payload) == b"a secret"


def test_it_is_for_the_seat_it_was_published_to_and_no_other_that_they_have_had() -> None:
    one = pair()
    early, late = sealed(one.a, b"early"), sealed(one.a, b"late", LATER)
    assert one.b.open(early, LATER) is None
    assert one.b.open(late) is None
    assert one.b.open(early, SEATS["b"]) == b"early"
    assert one.b.open(late, LATER) == b"late"


def test_another_session_or_another_stranger_has_another_rendezvous() -> None:
    """Also who swapped the keys: they know one with each side, and the two do not have the same."""
    one, other, evil = pair(), pair(), SealKeys.draw()
    assert len(one.a.rendezvous) == 22
    assert one.a.rendezvous != other.a.rendezvous
    swapped = [side("a", one.keys_a, evil.public).rendezvous, side("b", one.keys_b, evil.public).rendezvous]
    assert len({one.a.rendezvous, *swapped}) == 3


def test_it_ends_with_its_counters() -> None:
    one = pair()
    payloads = [sealed(one.a) for _ in range(LAST_COUNTER + 1)]
    assert payloads[-1][:4] == bytes([0, 0, 0, 255])
    assert one.a.seal(b"x") is None
    assert one.a.sealed == LAST_COUNTER + 1
    assert one.b.open(payloads[-1]) == b"x"


@pytest.mark.parametrize(
    "peer_key",
    ["B" * 87, "?", "", FIVE[:-4], b64url(bytes([2 + (unb64url(FIVE)[-1] & 1)]) + unb64url(FIVE)[1:33])],
    ids=["no point", "no base64url", "nothing", "cut short", "compressed"],
)
def test_it_is_not_made_with_what_is_no_key(peer_key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        side("a", SealKeys.draw(), peer_key)


def test_drawn_keys_differ_and_are_points() -> None:
    keys = {SealKeys.draw().public for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) == 87 and key.startswith("B") for key in keys)
