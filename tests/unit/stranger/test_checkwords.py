"""Check words: the same four on both sides, and those that a browser shows."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import unb64url
from stranger.checkwords import Party, check_words, commit
from stranger.words import WORDS
from tests.vectors.read import vectors

PAGE = Path(__file__).resolve().parents[3] / "webclient/src/extras/words.ts"
SESSION = "AAECAwQFBgcICQoLDA0ODw"
NONCES: Any = {"a": bytes(32), "b": bytes([1]) * 32}


def party(told: dict[str, str]) -> Party:
    return Party(told["fingerprint"], told["key"])


@pytest.mark.vectors("checkwords.json", "cases")
def test_commitments_bind_the_nonces(case: Any) -> None:
    for role in ("a", "b"):
        nonce = unb64url(case[role]["nonce"])
        told = commit(case["session"], role, nonce)
        assert (told.nonce, told.commitment) == (nonce, case[role]["commitment"])


@pytest.mark.vectors("checkwords.json", "cases")
def test_the_words_are_the_same_whoever_counts(case: Any) -> None:
    a, b = party(case["a"]), party(case["b"])
    nonces: Any = {role: unb64url(case[role]["nonce"]) for role in "ab"}
    numbers = check_words(case["session"], (a, b), nonces)
    assert numbers == check_words(case["session"], (b, a), nonces) == tuple(case["numbers"])
    assert [WORDS[number] for number in numbers or ()] == case["words"]


def test_the_list_is_the_pages() -> None:
    """Word by word, as its source has them."""
    quoted = re.findall(r'"([a-z ]+)"', PAGE.read_text(encoding="utf-8").split("WORDS", 1)[1])
    assert tuple(" ".join(quoted).split()) == WORDS
    assert list(WORDS) == vectors("checkwords.json")["list"]
    assert len(set(WORDS)) == 256


KEY = vectors("checkwords.json")["cases"][0]["a"]["key"]
PRINT = ":".join(["AB"] * 32)


@pytest.mark.parametrize(
    "unreadable",
    [
        Party(None, KEY),
        Party("", KEY),
        Party(PRINT[3:], KEY),
        Party(PRINT.replace("AB", "XY"), KEY),
        Party(PRINT, ""),
        Party(PRINT, KEY[:-4]),
        Party(PRINT, "="),
    ],
)
def test_there_are_none_without_one_certificate_and_one_key_each(unreadable: Party) -> None:
    good = Party(PRINT, KEY)
    assert check_words(SESSION, (good, good), NONCES) is not None
    assert check_words(SESSION, (good, unreadable), NONCES) is None
    assert check_words(SESSION, (unreadable, good), NONCES) is None


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_text_makes_it_raise(fingerprint: str, key: str) -> None:
    assert check_words(SESSION, (Party(fingerprint, key), Party(PRINT, KEY)), NONCES) is None
