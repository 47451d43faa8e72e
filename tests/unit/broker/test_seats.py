"""Seats: minted by the service, verified by any gate without memory."""

import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import seats
from broker.identity import b64url, unb64url
from broker.seats import SeatKeys

KEYS = SeatKeys({1: bytes(32), 2: bytes([7]) * 32}, 2)
PEERS = st.from_regex(r"[A-Za-z0-9_-]{22}", fullmatch=True)


@pytest.mark.vectors("seats.json", "verified")
def test_a_seat_says_whose_it_is_and_until_when(case: Any, keys: SeatKeys, seat_vectors: Any) -> None:
    seat = seats.verify(keys, case["seat"])
    assert seat is not None
    assert seat.owned_by(seat_vectors["peer"]) is case["owner"]
    assert seat.alive(seat_vectors["now"]) is case["alive"]


@pytest.mark.vectors("seats.json", "refused")
def test_what_we_did_not_mint_is_no_seat(case: Any, keys: SeatKeys) -> None:
    assert seats.verify(keys, case["seat"]) is None


def test_minting_gives_the_same_bytes_as_the_reference(keys: SeatKeys, seat_vectors: Any) -> None:
    minted = seats.mint(keys, seat_vectors["peer"], seat_vectors["now"] + 600, unb64url(seat_vectors["nonce"]))
    assert minted == seat_vectors["verified"][0]["seat"]


@given(peer=PEERS, other=PEERS, expiry=st.integers(0, 2**32 - 1), nonce=st.binary(min_size=12, max_size=12))
def test_a_minted_seat_belongs_to_its_peer_only(peer: str, other: str, expiry: int, nonce: bytes) -> None:
    minted = seats.mint(KEYS, peer, expiry, nonce)
    assert len(minted) == seats.SEAT_CHARS
    seat = seats.verify(KEYS, minted)
    assert seat is not None
    assert seat.expiry == expiry
    assert seat.owned_by(peer)
    assert seat.owned_by(other) is (peer == other)


@given(key=st.binary(min_size=32, max_size=32), nonce=st.binary(min_size=12, max_size=12))
def test_the_tags_are_hmac_sha_256(key: bytes, nonce: bytes) -> None:
    raw = unb64url(seats.mint(SeatKeys({7: key}, 7), "p" * 22, 600, nonce))
    head, owner, mint = raw[:18], raw[18:30], raw[30:]
    assert owner == hmac.digest(key, b"passerby/v1/seat/owner\0" + head + b"p" * 22, "sha256")[:12]
    assert mint == hmac.digest(key, b"passerby/v1/seat/mint\0" + head + owner, "sha256")[:12]


@given(at=st.integers(0, 41), flip=st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, flip: int) -> None:
    raw = bytearray(unb64url(seats.mint(KEYS, "p" * 22, 1, bytes(12))))
    raw[at] ^= flip
    assert seats.verify(KEYS, b64url(bytes(raw))) is None


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    assert seats.verify(KEYS, text) is None


def test_keys_and_nonces_of_a_wrong_size_are_refused() -> None:
    with pytest.raises(ValueError, match="nonce"):
        seats.mint(KEYS, "p" * 22, 1, bytes(11))
    with pytest.raises(ValueError, match="current"):
        SeatKeys({1: bytes(32)}, 2)
    with pytest.raises(ValueError, match="32 bytes"):
        SeatKeys({1: bytes(31)}, 1)
    with pytest.raises(ValueError, match="id below"):
        SeatKeys({1 << 16: bytes(32)}, 1 << 16)
