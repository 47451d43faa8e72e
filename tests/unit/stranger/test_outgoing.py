"""Sending parcels: one after the other, in small pieces, and never in the way of words."""

from typing import Any

import pytest

from broker.conversation import Drop, Parcel
from stranger.events import Refused, Taken
from stranger.parcels.goods import Goods
from stranger.parcels.outgoing import CHUNK_BYTES, WAITING_LIMIT, Outgoing
from tests.unit.stranger.clock import Clock
from tests.unit.stranger.pipes import FakePipe


class Sender:
    """Outgoing, and what it said, told and sent."""

    def __init__(self, **pipe: Any) -> None:
        self.clock = Clock()
        self.pipe = FakePipe(**pipe)
        self.said: list[Parcel | Drop] = []
        self.told: list[Taken | Refused] = []
        self.out = Outgoing(self.pipe, say=self.said.append, tell=self.told.append, later=self.clock.later)
        self.pipe.on_drain = self.out.pump

    def give(self, size: int) -> int | None:
        return self.out.give(Goods("image", "image/jpeg", b"\x07" * size))

    @property
    def messages(self) -> list[bytes]:
        return [message for message in self.pipe.sent if isinstance(message, bytes)]

    @property
    def ids(self) -> list[int]:
        return [int.from_bytes(message[:4], "big") for message in self.messages]


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_it_announces_and_sends_in_order_in_small_pieces_with_the_number_before_each(sender: Sender) -> None:
    data = bytes(nth % 251 for nth in range(3 * CHUNK_BYTES + 5))
    sender.out.give(Goods("voice", "audio/webm", data, 900, (1, 2)))
    sender.pipe.drain()
    assert sender.said == [Parcel(id=0, what="voice", type="audio/webm", ms=900, wave=[1, 2], size=len(data))]
    assert sender.ids == [0, 0, 0, 0]
    assert max(map(len, sender.messages)) == CHUNK_BYTES + 4
    assert b"".join(message[4:] for message in sender.messages) == data


def test_it_puts_only_a_little_into_the_pipe_and_goes_on_when_that_has_drained(sender: Sender) -> None:
    sender.give(40 * CHUNK_BYTES)
    sender.out.pump()
    assert len(sender.messages) == 2
    assert sender.pipe.threshold == 16 * 1024
    sender.pipe.buffered = sender.pipe.threshold
    sender.out.pump()
    assert len(sender.messages) > 2
    assert sender.pipe.buffered < 4 * CHUNK_BYTES
    sender.pipe.drain()
    assert len(sender.messages) == 40


def test_the_next_begins_only_when_the_stranger_has_spoken_about_the_one_before(sender: Sender) -> None:
    for _ in range(3):
        sender.give(10)
    assert sender.ids == [0]
    sender.out.taken(0)
    assert sender.ids == [0, 1]
    sender.out.refused(1, "size")
    assert sender.ids == [0, 1, 2]
    assert sender.told == [Taken(0), Refused(1, "size")]


def test_who_says_nothing_does_not_hold_it_up_for_ever_and_is_heard_later_all_the_same(sender: Sender) -> None:
    sender.give(10)
    sender.give(10)
    sender.clock.advance(29.9)
    assert sender.ids == [0]
    sender.clock.advance(0.1)
    assert sender.ids == [0, 1]
    sender.out.taken(0)
    assert sender.told == [Taken(0)]


def test_it_takes_only_so_many_none_empty_or_too_big_and_none_without_a_way(sender: Sender) -> None:
    assert [sender.give(1) for _ in range(WAITING_LIMIT + 1)] == list(range(WAITING_LIMIT + 1))
    assert sender.give(1) is None
    sender.out.taken(0)
    assert sender.give(0) is None
    assert sender.give(8 * 1024 * 1024 + 1) is None
    assert sender.give(1) == WAITING_LIMIT + 1
    sender.out.taken(1)
    sender.pipe.ready = False
    assert sender.give(1) is None


def test_what_cannot_be_announced_is_an_error_of_whoever_gives_it(sender: Sender) -> None:
    with pytest.raises(ValueError, match="wave"):
        sender.out.give(Goods("voice", "audio/webm", b"x", 1, tuple([0] * 65)))
    assert sender.give(1) == 0


def test_a_stranger_who_takes_less_than_a_piece_gets_none_and_is_told(sender: Sender) -> None:
    """What they say that they take is in their description. The next one may be smaller."""
    small = Sender(takes=100)
    small.give(1_000)
    small.give(10)
    assert [message.kind for message in small.said] == ["parcel", "drop", "parcel"]
    assert small.told == [Refused(0, "lost")]
    assert small.ids == [1]


# ── changing one's mind ──────────────────────────────────────────────────────────────────────────────────────────────


def test_it_stops_at_once_says_so_and_goes_on_with_the_next(sender: Sender) -> None:
    sender.give(100 * CHUNK_BYTES)
    sender.give(10)
    sender.out.drop(0)
    sender.pipe.drain()
    assert [message.kind for message in sender.said] == ["parcel", "drop", "parcel"]
    assert sender.ids == [0, 0, 1]
    assert sender.told == [Refused(0, "stopped")]


def test_it_says_nothing_of_what_was_never_announced(sender: Sender) -> None:
    sender.give(100 * CHUNK_BYTES)
    sender.give(10)
    sender.out.drop(1)
    sender.out.drop(7)
    assert len(sender.said) == 1
    assert sender.told == [Refused(1, "stopped")]


def test_the_stranger_may_refuse_it_in_the_middle(sender: Sender) -> None:
    sender.give(100 * CHUNK_BYTES)
    sender.out.refused(0, "unwanted")
    sender.pipe.drain()
    assert len(sender.messages) == 2
    assert sender.told == [Refused(0, "unwanted")]


def test_a_strangers_word_counts_for_nothing_where_there_is_nothing_to_speak_about(sender: Sender) -> None:
    sender.give(100 * CHUNK_BYTES)
    sender.out.taken(0)  # before it can have arrived
    sender.out.taken(5)
    sender.out.refused(5, "size")
    assert sender.told == []
    sender.pipe.drain()
    sender.out.taken(0)
    sender.out.refused(0, "size")
    sender.out.taken(0)
    assert sender.told == [Taken(0)]


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_end_tells_what_was_under_way_as_lost_and_leaves_no_timer(sender: Sender) -> None:
    sender.give(10)
    sender.clock.advance(30)
    sender.give(100 * CHUNK_BYTES)
    sender.give(10)
    sender.pipe.drain()
    sender.give(10)
    sender.out.close()
    sender.out.close()
    assert sender.told == [Refused(nth, "lost") for nth in range(4)]
    assert sender.give(1) is None
    assert sender.clock.timers == []
