"""Check words as another library counts them: what a client in another language has to come to."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.identity import b64url, unb64url
from stranger.words import WORDS
from tests.reference.checkwords import Party, commitment, numbers

VECTORS: Any = json.loads((Path(__file__).resolve().parents[1] / "vectors/checkwords.json").read_text(encoding="utf-8"))


def party(told: dict[str, str]) -> Party:
    fingerprint = bytes.fromhex(told["fingerprint"].replace(":", ""))
    return Party(fingerprint, unb64url(told["key"]), unb64url(told["nonce"]))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[case["why"] for case in VECTORS["cases"]])
def test_the_words_are_those_of_the_vectors_and_the_commitments_bind_the_nonces(case: Any) -> None:
    session, a, b = case["session"], party(case["a"]), party(case["b"])
    assert numbers(session, a, b) == case["numbers"]
    assert [WORDS[number] for number in case["numbers"]] == case["words"]
    assert b64url(commitment(session, "a", a.nonce)) == case["a"]["commitment"]
    assert b64url(commitment(session, "b", b.nonce)) == case["b"]["commitment"]


def test_whatever_differs_makes_other_words() -> None:
    assert len({tuple(case["numbers"]) for case in VECTORS["cases"]}) == len(VECTORS["cases"])


def test_the_list_is_256_plain_words_that_begin_differently() -> None:
    assert VECTORS["list"] == list(WORDS)
    assert len(WORDS) == len({word[:3] for word in WORDS}) == 256
    assert sorted(WORDS) == list(WORDS)
    assert all(word.isascii() and word.islower() and 4 <= len(word) <= 9 for word in WORDS)
