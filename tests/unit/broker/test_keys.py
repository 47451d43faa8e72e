"""What a keys file holds, as a gate reads it in a broker's own Python: keys, or a ValueError that repeats nothing."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.identity import b64url
from broker.keys import Keys, parse

WORD = "w" * 22
KEY = b64url(bytes(32))
GOOD: dict[str, Any] = {"service": WORD, "current": 1, "seats": {"1": KEY}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(["service", "service_before", "current", "current_before", "since", "seats", "desks", "more"])


def desks(words: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9-]{0,26}", fullmatch=True), words, max_size=3)


@st.composite
def all_keys(draw: st.DrawFn) -> Keys:
    ids = draw(st.lists(st.integers(0, 65_535), min_size=1, max_size=2, unique=True))
    words = st.text("abcXYZ019-_", min_size=22, max_size=50)
    return Keys(
        service=draw(words),
        current=ids[0],
        seats={each: b64url(draw(st.binary(min_size=32, max_size=32))) for each in ids},
        service_before=draw(st.none() | words),
        current_before=ids[1] if len(ids) > 1 else None,
        since=draw(st.floats(0, 1e11)),
        desks=draw(desks(words)),
        desks_before=draw(desks(words)),
    )


@given(all_keys())
def test_what_is_written_is_read_back(keys: Keys) -> None:
    assert parse(keys.text()) == keys


@given(st.text(max_size=200))
def test_text_is_keys_or_a_value_error(text: str) -> None:
    only_value_errors(text)


@given(JSON)
def test_json_is_keys_or_a_value_error(value: Any) -> None:
    only_value_errors(json.dumps(value))


@given(FIELDS, JSON)
def test_keys_with_a_field_of_another_kind_are_keys_or_a_value_error(field: str, value: Any) -> None:
    only_value_errors(json.dumps({**GOOD, field: value}))


def only_value_errors(text: str) -> None:
    try:
        assert isinstance(parse(text), Keys)
    except ValueError as error:
        assert WORD not in str(error)  # noqa: PT017  whether it is raised depends on what was drawn


@pytest.mark.parametrize(
    "change",
    [
        {"service": "short"},
        {"service": None},
        {"service_before": "short"},
        {"current": 2},
        {"current": True},
        {"current": "1"},
        {"current_before": 2, "since": 1},
        {"since": True},
        {"since": math.inf},
        {"since": math.nan},
        {"since": 10**400},
        {"since": "now"},
        {"seats": {}},
        {"seats": []},
        {"seats": {"1": KEY[:-1]}},
        {"seats": {"1": b64url(bytes(31))}},
        {"seats": {"1": 1}},
        {"seats": {"one": KEY}},
        {"seats": {"1": KEY, "65536": KEY}},
        {"seats": {"1": KEY, "-1": KEY}},
        {"desk": "word"},
        {"desks": WORD},
        {"desks": None},
        {"desks": {"anna": "short"}},
        {"desks": {"anna": 1}},
        {"desks": {"": WORD}},
        {"desks": {"Anna": WORD}},
        {"desks": {"-": WORD}},
        {"desks": {"a/b": WORD}},
        {"desks": {"anna\n": WORD}},
        {"desks": {"a" * 28: WORD}},
        {"desks_before": {"anna": "short"}},
        {"desks_before": {"A": WORD}},
    ],
    ids=lambda change: str(change)[:40],
)
def test_keys_that_are_almost_some_are_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^\D") as caught:
        parse(json.dumps({**GOOD, **change}))
    assert WORD not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "null", json.dumps({"service": WORD})])
def test_what_is_no_keys_file_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="it "):
        parse(text)


def test_while_they_turn_both_are_good_and_the_one_before_signs_until_it_is_time() -> None:
    both = Keys(service=WORD, service_before="v" * 22, current=2, current_before=1, since=100, seats={1: KEY, 2: KEY})
    assert (both.seat_keys(99).current, both.seat_keys(100).current) == (1, 2)
    assert (both.password(99), both.password(100)) == ("v" * 22, WORD)
    assert both.internal() == {"service": (WORD, "v" * 22)}


def test_every_desk_has_a_password_of_its_own_that_turns_as_the_services_does() -> None:
    new, old = "n" * 22, "o" * 22
    keys = Keys(
        service=WORD,
        current=1,
        seats={1: KEY},
        since=100,
        desks={"anna": new, "bob": WORD},
        desks_before={"anna": old, "gone": old},
    )
    assert (keys.desk_password("anna", 99), keys.desk_password("anna", 100)) == (old, new)
    assert (keys.desk_password("bob", 99), keys.desk_password("bob", 100)) == (WORD, WORD)
    assert keys.desk_password("gone", 99) is keys.desk_password("nobody", 100) is None
    assert keys.internal() == {"service": (WORD,), "desk-anna": (new, old), "desk-bob": (WORD,)}


def test_keys_of_the_time_before_there_were_desks_have_none() -> None:
    keys = parse(json.dumps(GOOD))
    assert keys.internal() == {"service": (WORD,)}
    assert "desk" not in keys.text()


def test_what_follows_from_keys_is_good_through_a_turn_and_differs_by_what_it_is_for() -> None:
    other = b64url(bytes([1]) * 32)
    old = Keys(service=WORD, current=1, seats={1: KEY})
    both = Keys(service=WORD, current=2, seats={1: KEY, 2: other}, current_before=1, since=100)
    new = Keys(service=WORD, current=2, seats={2: other})
    [before], [after] = old.shared("gates", 0), new.shared("gates", 200)
    assert both.shared("gates", 99) == (before, after)
    assert both.shared("gates", 100) == (after, before)
    assert not {before, after} & set(both.shared("something else", 100))
    assert before not in old.text()
