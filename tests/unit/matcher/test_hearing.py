"""From bytes to events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import topics
from broker.desk import Look
from broker.identity import PeerId
from broker.messages import Facts, Here, Malformed, Ping, Pulse
from matcher.events import Asked, GateFacts, Heard, Nonsense, PulseHeard, WrongVersion
from matcher.hearing import hear

PEER = PeerId("p" * 22)
LIFE = "l" * 11


def test_the_topic_proves_who_speaks() -> None:
    """A message carries no sender."""
    assert hear(topics.presence(PEER), Ping(life=LIFE).wire()) == Heard(PEER, Ping(life=LIFE))


def test_a_gate_speaks_only_for_itself() -> None:
    """Facts in another gate's name do not count."""
    facts = Facts(gate="one", facts=[])
    assert hear(topics.gate("one"), facts.wire()) == GateFacts(facts)
    assert hear(topics.gate("two"), facts.wire()) is None


def test_the_pulse_is_heard() -> None:
    """Our own echo, or a rival."""
    pulse = Pulse(epoch=1, here=0, waiting=0, talking=0, spread=1)
    assert hear(topics.PULSE, pulse.wire()) == PulseHeard(pulse)


@pytest.mark.parametrize(
    "payload",
    [
        Here(life=LIFE, version=2).wire(),
        b'{"kind":"here","life":"lllllllllll","version":2,"news":true}',
    ],
)
def test_another_version_is_told_apart_from_nonsense(payload: bytes) -> None:
    """Whether or not we would have understood it."""
    assert hear(topics.presence(PEER), payload) == WrongVersion(PEER, LIFE, 2)


@pytest.mark.parametrize("topic", [topics.inbox(PEER), topics.session("s" * 56), "v1/presence/x", "$SYS/x", ""])
def test_other_topics_are_not_ours(topic: str) -> None:
    """Whatever they carry."""
    assert hear(topic, b"{}") is None


def test_what_is_too_long_is_not_parsed() -> None:
    """4 KiB, counted before anything else."""
    with pytest.raises(Malformed, match="more than"):
        hear(topics.gate("gate"), b" " * 4097)
    assert hear(topics.lobby(PEER), b" " * 4097) == Nonsense(PEER)


@given(st.sampled_from(["gate/gate", "desk/operator/ask"]), st.binary(max_size=300))
def test_nonsense_is_malformed_and_nothing_else(topic: str, payload: bytes) -> None:
    """No other exception escapes, whatever the bytes."""
    with pytest.raises(Malformed):
        hear(f"v1/{topic}", payload)


@given(st.sampled_from(["presence", "lobby"]), st.binary(max_size=300))
def test_nonsense_of_a_peer_is_its_own_fault(level: str, payload: bytes) -> None:
    """The topic proves whose it is, so the radar hears of it."""
    assert hear(f"v1/{level}/{PEER}", payload) == Nonsense(PEER)


def test_an_operator_is_known_by_the_topic() -> None:
    """And by nothing in the payload."""
    ask = Look(id="i" * 11)
    assert hear(topics.desk_ask("operator"), ask.wire()) == Asked("operator", ask)
