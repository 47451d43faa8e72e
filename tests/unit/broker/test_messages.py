"""The wire: what is a message, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import messages
from broker.messages import Here, Limited, Malformed, Message
from broker.wire import DIRECTIONS

LARGE = 64 * 1024


def payload(case: Any) -> bytes:
    if "raw" in case:
        return str(case["raw"] * case.get("times", 1)).encode()
    grown = {field: case["message"][field] * times for field, times in case.get("grow", {}).items()}
    return json.dumps({**case["message"], **grown}).encode()


@pytest.mark.vectors("messages.json", "accepted")
def test_a_message_is_read_and_written_the_same(case: Any) -> None:
    message = messages.parse(DIRECTIONS[case["direction"]], payload(case), LARGE)
    assert isinstance(message, Message)
    said = {name: value for name, value in json.loads(payload(case)).items() if value is not None}
    assert json.loads(message.wire()) == said


@pytest.mark.vectors("messages.json", "refused")
def test_whatever_is_not_exactly_a_message_is_refused(case: Any) -> None:
    with pytest.raises(Malformed):
        messages.parse(DIRECTIONS[case["direction"]], payload(case), LARGE)


@given(st.sampled_from(list(DIRECTIONS)), st.binary(max_size=300))
def test_no_bytes_make_anything_but_malformed(direction: str, data: bytes) -> None:
    with pytest.raises(Malformed):
        messages.parse(DIRECTIONS[direction], data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(list(DIRECTIONS)), st.sampled_from(["here", "join", "matched", "offer", "text"]), JSON)
def test_no_json_makes_anything_but_malformed(direction: str, kind: str, value: object) -> None:
    with pytest.raises(Malformed):
        messages.parse(DIRECTIONS[direction], json.dumps({"kind": kind, "life": value, "x": value}).encode())


def test_a_payload_beyond_the_limit_is_refused_unread() -> None:
    with pytest.raises(Malformed, match="4096 bytes"):
        messages.parse(messages.presence, b" " * 4097)


def test_the_reason_of_a_refusal_says_nothing_of_what_was_in_it() -> None:
    with pytest.raises(Malformed) as caught:
        messages.parse(messages.presence, b'{"kind":"ping","life":"my-secret-nickname"}')
    assert "nickname" not in str(caught.value)


def test_an_old_tab_can_still_be_told_to_reload() -> None:
    future = {"kind": "here", "life": "L" * 11, "version": 9, "moods": ["new"]}
    assert messages.stranger_version(json.dumps(future).encode()) == ("L" * 11, 9)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 4000,
        b'{"kind":"ping","life":"LLLLLLLLLLL","version":9}',
        b'{"kind":"here","life":"LLLLLLLLLLL","version":1}',
        b'{"kind":"here","life":"LLLLLLLLLLL","version":true}',
        b'{"kind":"here","life":"LLLLLLLLLL","version":9}',
        b'{"kind":"here","life":7,"version":9}',
        b" " * 5000,
    ],
)
def test_only_a_here_of_another_version_is_read_loosely(data: bytes) -> None:
    assert messages.stranger_version(data) is None


def test_what_is_not_set_is_not_written() -> None:
    assert json.loads(Here(life="L" * 11, version=1).wire()) == {"kind": "here", "life": "L" * 11, "version": 1}


def test_the_gates_notice_is_exactly_these_bytes() -> None:
    """The gate must load without pydantic, so it writes them by itself."""
    assert Limited(reason="messages", retry=30).wire() == b'{"kind":"limited","reason":"messages","retry":30}'
