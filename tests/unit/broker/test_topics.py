"""The grammar of topics and filters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import topics
from broker.topics import Kind, Topic

LEVELS = st.sampled_from(["a", "b", "", "$s"])
TOPICS = st.lists(LEVELS, min_size=1, max_size=4).map("/".join).filter(bool)
FILTERS = st.builds(
    lambda levels, tail: "/".join([*levels, *tail]),
    st.lists(LEVELS | st.just("+"), min_size=0, max_size=3),
    st.sampled_from([["#"], ["a"], ["+"]]),
)


@pytest.mark.vectors("topics.json", "valid")
def test_a_topic_of_ours_is_taken_apart_and_put_together_again(case: Any) -> None:
    parsed = topics.parse(case["topic"])
    assert parsed == Topic(Kind(case["kind"]), case["subject"])
    assert parsed.text() == case["topic"]


@pytest.mark.vectors("topics.json", "invalid")
def test_whatever_is_not_exactly_one_of_ours_is_none(case: str) -> None:
    assert topics.parse(case) is None


@pytest.mark.vectors("topics.json", "filters")
def test_wildcards_stand_where_the_standard_lets_them(case: Any) -> None:
    assert topics.valid_filter(case["filter"]) is case["valid"]


@pytest.mark.vectors("topics.json", "matches")
def test_a_filter_matches_as_the_standard_says(case: Any) -> None:
    assert topics.matches(case["filter"], case["topic"]) is case["matches"]


@pytest.mark.vectors("topics.json", "covers")
def test_a_filter_covers_another_when_it_matches_all_that_the_other_does(case: Any) -> None:
    assert topics.covers(case["outer"], case["inner"]) is case["covers"]


@given(outer=FILTERS, inner=FILTERS, topic=TOPICS)
def test_what_a_covered_filter_matches_its_cover_matches_too(outer: str, inner: str, topic: str) -> None:
    if topics.covers(outer, inner) and topics.matches(inner, topic):
        assert topics.matches(outer, topic)


@given(topic=TOPICS)
def test_a_topic_is_a_filter_that_matches_itself(topic: str) -> None:
    assert topics.valid_topic(topic)
    assert topics.valid_filter(topic)
    assert topics.matches(topic, topic)
    assert topics.covers(topic, topic)


@given(st.text())
def test_no_text_whatever_makes_it_raise(text: str) -> None:
    parsed = topics.parse(text)
    assert parsed is None or parsed.text() == text
    topics.valid_filter(text)
    topics.valid_topic(text)


def test_the_builders_make_what_parse_takes_apart() -> None:
    peer, seat = "p" * 22, "s" * 56
    built = {
        topics.presence(peer): Topic(Kind.PRESENCE, peer),
        topics.lobby(peer): Topic(Kind.LOBBY, peer),
        topics.inbox(peer): Topic(Kind.INBOX, peer),
        topics.session(seat): Topic(Kind.SESSION, seat),
        topics.PULSE: Topic(Kind.PULSE),
        topics.gate("g1"): Topic(Kind.GATE, "g1"),
        topics.desk_ask("anna"): Topic(Kind.ASK, "anna"),
        topics.desk_answer("anna"): Topic(Kind.ANSWER, "anna"),
    }
    assert {text: topics.parse(text) for text in built} == built


@pytest.mark.parametrize(
    ("filter_", "wild"), [("a/b", False), ("a/+", True), ("#", True), ("$share/g/a", True), ("$shared", False)]
)
def test_shares_count_as_wildcards(filter_: str, *, wild: bool) -> None:
    assert topics.has_wildcard(filter_) is wild
