"""Peer ids and the secrets that prove them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import identity


@pytest.mark.vectors("identities.json", "accepted")
def test_a_secret_proves_its_peer_id(case: Any) -> None:
    assert identity.peer_of(identity.unb64url(case["password"])) == case["peer"]
    assert identity.proves(case["peer"], case["password"])


@pytest.mark.vectors("identities.json", "refused")
def test_anything_else_proves_nothing(case: Any) -> None:
    assert not identity.proves(case["peer"], case["password"])


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_one_secret_never_proves_the_peer_of_another(mine: bytes, theirs: bytes) -> None:
    assert identity.proves(identity.peer_of(mine), identity.b64url(theirs)) is (mine == theirs)


@given(st.text(), st.text())
def test_no_text_makes_it_raise(peer: str, password: str) -> None:
    assert not identity.proves(peer, password)


@given(st.binary())
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = identity.b64url(data)
    assert identity.unb64url(text) == data
    with pytest.raises(ValueError, match="base64url"):
        identity.unb64url(text + "=")


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        identity.peer_of(b"short")
