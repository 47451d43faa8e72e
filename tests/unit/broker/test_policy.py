"""The policy, case by case: what no rule allows is denied."""

import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import policy, seats
from broker.policy import Action, Who
from broker.seats import SeatKeys

NOW = 1_800_000_000.0
KEYS = SeatKeys({1: bytes(32)}, 1)
VERIFY = functools.partial(seats.verify, KEYS)
STRANGE = SeatKeys({1: bytes([9]) * 32}, 1)
ME, OTHER = "m" * 22, "o" * 22
NAMES = {"peer": ME, "service": "service", "desk": "desk-anna", "standby": "standby-0123abcd", "nobody": "somebody"}
PLACES = {
    "me": ME,
    "other": OTHER,
    "mySeat": seats.mint(KEYS, ME, int(NOW) + 600, bytes(12)),
    "othersSeat": seats.mint(KEYS, OTHER, int(NOW) + 600, bytes(12)),
    "myExpiredSeat": seats.mint(KEYS, ME, int(NOW) - 1, bytes(12)),
    "forgedSeat": seats.mint(STRANGE, ME, int(NOW) + 600, bytes(12)),
}


@pytest.mark.vectors("access.json", "cases")
def test_the_policy_answers_as_the_vectors_say(case: Any) -> None:
    topic = case["topic"].format(**PLACES)
    allowed = policy.allows(NAMES[case["who"]], Action(case["action"]), topic, NOW, VERIFY)
    assert allowed is case["allowed"], case["why"]


@given(st.text(), st.sampled_from(Action), st.text())
def test_nothing_is_allowed_to_a_name_of_nobody(name: str, action: Action, topic: str) -> None:
    if policy.who_is(name) is None:
        assert not policy.allows(name, action, topic, NOW, VERIFY)


@given(st.sampled_from(list(NAMES.values())), st.sampled_from(Action), st.text())
def test_a_topic_that_is_not_ours_is_denied_to_everybody(name: str, action: Action, topic: str) -> None:
    assert not policy.allows(name, action, f"x{topic}", NOW, VERIFY)


def test_without_rules_nothing_is_allowed() -> None:
    assert policy.allows(ME, Action.SUBSCRIBE, "v1/pulse", NOW, VERIFY)
    assert not policy.allows(ME, Action.SUBSCRIBE, "v1/pulse", NOW, VERIFY, table={})


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("service", Who.SERVICE),
        ("desk-anna", Who.DESK),
        ("desk-" + "a" * 17, Who.DESK),  # 22 characters: a peer that grinds such an id is refused at the door
        ("standby-0123abcd", Who.STANDBY),
        ("standby-" + "a" * 14, Who.PEER),  # 22 characters: it is a peer's, if anybody's
        ("standby-0123ABCD", None),
        ("A" * 22, Who.PEER),
        ("A" * 21, None),
        ("Service", None),
        ("desk-", None),
        ("", None),
    ],
)
def test_a_name_tells_what_kind_of_client_it_is(name: str, who: Who | None) -> None:
    assert policy.who_is(name) is who
