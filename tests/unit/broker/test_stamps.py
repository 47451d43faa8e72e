"""The form of a stamp, and the work on it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import b64url
from broker.messages import Challenge
from broker.stamps import STAMP_CHARS, Shown, read, solve

SEED = bytes(range(32))
HOPELESS = Challenge.model_construct(seed=b64url(SEED), effort=32, ttl=120)


@pytest.mark.vectors("stamps.json", "solved")
def test_solving_finds_the_first_counter(case: Any) -> None:
    """The same as the page finds."""
    challenge = Challenge(seed=case["seed"], effort=case["effort"], ttl=120)
    assert solve(challenge) == solve(challenge, lambda: False) == case["stamp"]


@pytest.mark.vectors("stamps.json", "solved")
def test_what_was_solved_reads_as_worked_for(case: Any) -> None:
    """And one that claims more work than was done does not."""
    shown = read(case["stamp"])
    assert shown is not None
    assert (b64url(shown.seed), shown.effort, shown.worked) == (case["seed"], case["effort"], True)
    assert not Shown(32, shown.seed, shown.counter).worked


def test_work_can_be_stopped() -> None:
    """It asks again and again, and lets go when it is told to."""
    answers = [False, False, True]
    assert solve(HOPELESS, lambda: answers.pop(0)) is None
    assert answers == []


@pytest.mark.parametrize("stamp", [None, "", "A" * 49, "A" * 51, "=" * 50, "A" * 49 + "B", "ä" * 50])
def test_what_has_not_the_form_of_a_stamp_is_none(stamp: str | None) -> None:
    assert read(stamp) is None


@given(st.text(min_size=STAMP_CHARS, max_size=STAMP_CHARS))
def test_no_text_makes_reading_raise(text: str) -> None:
    read(text)


@given(st.integers(0, 255), st.binary(min_size=32, max_size=32), st.integers(0, 2**32 - 1))
def test_every_stamp_reads_as_what_was_written(effort: int, seed: bytes, counter: int) -> None:
    written = b64url(bytes([effort]) + seed + counter.to_bytes(4, "big"))
    assert read(written) == Shown(effort, seed, counter)
