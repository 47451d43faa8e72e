"""The channel of words: what is heard, what is dropped, and what is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.conversation import Bye, Got, Said, Text
from stranger.channels import Channel
from tests.unit.stranger.pipes import FakePipe
from tests.vectors.read import vectors

TYPING = '{"kind":"typing","on":true}'
BYE = '{"kind":"bye"}'


class Side:
    """A channel, what it told, and a clock to turn."""

    def __init__(self, *, takes: int = 1 << 30) -> None:
        self.pipe = FakePipe(takes=takes)
        self.told: list[str] = []
        self.now = 0.0
        self.channel = Channel(
            self.pipe,
            opened=lambda: self.told.append("opened"),
            heard=self._heard,
            closed=lambda: self.told.append("closed"),
            notice=self.told.append,
            now=lambda: self.now,
        )

    def _heard(self, message: Said | None) -> None:
        self.told.append(message.kind if message else "nothing")

    def hear(self, *data: object) -> None:
        for each in data:
            self.pipe.on_message(each)


def text(length: int) -> str:
    return json.dumps({"kind": "text", "id": 0, "text": "x" * length})


# ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_reads_messages_and_knows_what_is_none() -> None:
    side = Side()
    side.hear(text(4000), TYPING)
    nothings = [text(4001), "", "{", '{"kind":"plain"}', '{"kind":"bye","extra":1}', b"abc", BYE.encode(), "[" * 9_000]
    side.hear(*nothings)
    assert side.told == ["text", "typing", *["nothing"] * len(nothings)]


def test_it_hears_what_the_vectors_accept_on_a_channel_and_takes_nothing_else_for_a_message() -> None:
    cases = vectors("messages.json")
    accepted = [case["message"] for case in cases["accepted"] if case["direction"] == "channel"]
    refused = [case for case in cases["refused"] if case["direction"] == "channel" and "message" in case]
    side = Side()
    for case in refused:
        side.now += 1
        grown = {field: case["message"][field] * times for field, times in case.get("grow", {}).items()}
        side.hear(json.dumps({**case["message"], **grown}))
    assert len(refused) > 10
    assert set(side.told) <= {"nothing", "oversize"}
    side.told.clear()
    for message in accepted:
        side.now += 1
        side.hear(json.dumps(message))
    assert side.told == [message["kind"] for message in accepted]


@given(st.text(max_size=200) | st.binary(max_size=200) | st.none())
def test_whatever_comes_it_does_not_raise(data: object) -> None:
    side = Side()
    side.hear(data, "\ud800", '{"kind":"text","id":0,"text":"\ud800"}')
    assert len(side.told) == 3


@pytest.mark.parametrize("data", ["x" * 16_385, "ü" * 8_193], ids=["letters", "bytes"])
def test_what_is_too_long_is_dropped_and_told_of_once(data: str) -> None:
    side = Side()
    side.hear(data, data, BYE)
    assert side.told == ["oversize", "bye"]


def test_80_messages_come_through_at_once_then_40_a_second_and_the_rest_is_told_of_once() -> None:
    side = Side()
    side.hear(*[TYPING] * 100)
    assert side.told == [*["typing"] * 80, "flood"]
    for later, through in ((0.5, 20), (3_600, 80)):
        side.now += later
        side.told.clear()
        side.hear(*[TYPING] * 100)
        assert side.told == ["typing"] * through


def test_who_types_very_fast_is_no_flood() -> None:
    """Ten lines a second for two minutes, typing in between, and a sign for each that arrives."""
    side = Side()
    for second in range(120):
        side.hear(TYPING)
        for line in range(10):
            side.now += 0.1
            side.hear(text(20), json.dumps({"kind": "got", "id": second * 10 + line}))
    assert "flood" not in side.told
    assert side.told.count("text") == 1_200


def test_twenty_lines_may_come_at_once_after_the_way_was_blocked() -> None:
    side = Side()
    for line in range(20):
        side.hear(text(4_000), json.dumps({"kind": "got", "id": line}))
    assert set(side.told) == {"text", "got"}


# ── saying ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_sent_that_the_other_side_would_refuse() -> None:
    side = Side()
    refused = [
        Text.model_construct(kind="text", id=0, text=""),
        Text.model_construct(kind="text", id=0, text="x" * 4001),
        Text(id=0, text="\x01" * 4000),
    ]
    assert [side.channel.send(message) for message in refused] == [False] * 3
    assert side.channel.send(Text(id=0, text="hi"))
    assert side.pipe.sent == ['{"kind":"text","id":0,"text":"hi"}']


def test_it_waits_while_the_pipe_is_full_and_keeps_the_order() -> None:
    side = Side()
    side.pipe.buffered = 256 * 1024
    side.channel.send(Text(id=0, text="one"))
    side.channel.send(Text(id=1, text="two"))
    assert side.pipe.sent == []
    assert side.pipe.threshold == 128 * 1024
    side.pipe.drain()
    assert [json.loads(sent)["text"] for sent in side.pipe.sent] == ["one", "two"]


def test_what_waits_for_a_stranger_who_takes_nothing_has_a_bound() -> None:
    side = Side()
    side.pipe.buffered = 256 * 1024
    kept = [side.channel.send(Text(id=number, text="x")) for number in range(1_200)]
    assert kept == [True] * 1_000 + [False] * 200
    side.pipe.drain()
    assert len(side.pipe.sent) == 1_000
    assert side.channel.send(Bye())


def test_it_is_silent_once_the_pipe_has_closed() -> None:
    side = Side()
    side.pipe.close()
    assert not side.channel.send(Bye())
    assert not side.channel.open
    assert side.pipe.sent == []


def test_a_stranger_who_takes_little_gets_what_is_small() -> None:
    """What they say that they take is in their description; nothing is held up by it, and nothing raises."""
    side = Side(takes=40)
    side.channel.send(Text(id=0, text="long " * 20))
    side.channel.send(Bye())
    assert side.pipe.sent == [BYE]


def test_what_is_said_while_it_is_held_goes_out_afterwards_in_its_order() -> None:
    side = Side()
    side.channel.hold(on=True)
    for nth in (0, 1):
        side.channel.send(Got(id=nth))
    assert side.pipe.sent == []
    side.channel.hold(on=False)
    assert side.pipe.sent == ['{"kind":"got","id":0}', '{"kind":"got","id":1}']


# ── beginning and ending ─────────────────────────────────────────────────────────────────────────────────────────────


def test_it_tells_of_a_pipe_that_opens_and_closes() -> None:
    side = Side()
    side.pipe.on_open()
    side.pipe.close()
    assert side.told == ["opened", "closed"]


def test_it_finishes_with_the_pipe_closed_and_hears_nothing_more() -> None:
    side, done = Side(), []
    side.channel.finish(lambda: done.append(side.pipe.ready))
    side.hear(TYPING)
    assert done == [False]
    assert side.told == []


def test_it_finishes_at_once_when_the_pipe_is_closed_already() -> None:
    side, done = Side(), []
    side.pipe.close()
    side.channel.finish(lambda: done.append(True))
    assert done == [True]


def test_what_was_released_calls_nobody_and_sends_nothing_kept() -> None:
    side = Side()
    side.channel.hold(on=True)
    side.channel.send(Bye())
    side.channel.release()
    side.channel.hold(on=False)
    side.hear(TYPING)
    side.pipe.close()
    assert (side.told, side.pipe.sent) == ([], [])
