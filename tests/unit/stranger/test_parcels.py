"""Parcels of one talk: two sides with each other, and a stranger who sends rubbish."""

import asyncio
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from broker.conversation import Drop, Parcel, Refuse, Taken
from stranger import events
from stranger.events import Arrived, Coming, Missed, Refused
from stranger.parcels.goods import Goods, Made
from stranger.parcels.parcels import About, Parcels, Told
from stranger.parcels.picture import prepare
from tests.unit.stranger.clock import Clock
from tests.unit.stranger.pipes import FakePipe

WITHIN_S = 20.0
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(100)
NOTE = Goods("voice", "audio/webm", WEBM, 900, (0, 31))


class Side:
    """Parcels, and what they told."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.pipe = FakePipe()
        self.said: list[About] = []
        self.told: list[Told] = []
        self.parcels = Parcels(
            self.pipe, say=self._say, tell=self.told.append, now=self.clock.now, later=self.clock.later
        )
        self.pipe.on_drain = self.parcels.drained
        self.other: Side | None = None

    def _say(self, message: About) -> None:
        self.said.append(message)
        if self.other:
            self.other.parcels.hear(message)

    def carry(self) -> None:
        """Carry to the other what has been sent, and what is sent when there is room again."""
        assert self.other is not None
        while self.pipe.sent:
            sent, self.pipe.sent, self.pipe.buffered = self.pipe.sent, [], 0
            for message in sent:
                self.other.parcels.hear_bytes(message)
            self.parcels.drained()

    async def until(self, found: Callable[[Told], bool]) -> Told:
        """Wait for an event."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for event in self.told:
                    if found(event):
                        return event
                await asyncio.sleep(0.005)


@pytest.fixture
def pair() -> tuple[Side, Side]:
    one, other = Side(), Side()
    one.other, other.other = other, one
    return one, other


def picture(width: int = 40, height: int = 20, name: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, name)
    return out.getvalue()


def of(kind: type) -> Callable[[Told], bool]:
    return lambda event: isinstance(event, kind)


async def test_a_picture_arrives_drawn_anew_and_its_sender_learns_of_it(pair: tuple[Side, Side]) -> None:
    one, other = pair
    goods = prepare(picture(2_000, 1_000))
    assert len(goods.data) > 10 * 16_384
    assert one.parcels.send(goods) == 0
    one.carry()
    arrived = await other.until(of(Arrived))
    assert isinstance(arrived, Arrived)
    assert other.told == [Coming(0, "image", len(goods.data)), arrived]
    assert (arrived.nth, arrived.what, arrived.type, arrived.ms, arrived.wave) == (0, "image", "image/jpeg", None, ())
    assert Image.open(BytesIO(arrived.data)).size == (1_600, 800)
    assert arrived.data != goods.data
    assert one.told == [events.Taken(0)]


async def test_a_voice_note_arrives_as_it_is(pair: tuple[Side, Side]) -> None:
    one, other = pair
    one.parcels.send(NOTE)
    one.carry()
    assert await other.until(of(Arrived)) == Arrived(0, "voice", "audio/webm", WEBM, 900, (0, 31))
    assert one.told == [events.Taken(0)]


@pytest.mark.parametrize(
    ("about", "data", "why"),
    [
        ({"what": "image", "type": "image/jpeg"}, WEBM, "type"),
        ({"what": "image", "type": "image/png"}, picture(name="PNG")[:-20], "unreadable"),
        ({"what": "image", "type": "image/jpeg"}, b"\xff\xd8\xff" + bytes(90), "unreadable"),
        ({"what": "voice", "type": "audio/ogg"}, WEBM, "type"),
        ({"what": "voice", "type": "audio/webm"}, b"<html>", "type"),
    ],
)
async def test_what_is_not_what_it_says_is_refused_and_the_talk_goes_on(about: Any, data: bytes, why: Any) -> None:
    side = Side()
    side.parcels.hear(Parcel(id=0, size=len(data), **about))
    side.parcels.hear_bytes(bytes(4) + data)
    assert await side.until(of(Missed)) == Missed(0, why)
    assert side.said == [Refuse(id=0, why=why)]
    side.parcels.hear(Parcel(id=1, what="voice", type="audio/webm", size=len(WEBM)))
    side.parcels.hear_bytes(b"\0\0\0\x01" + WEBM)
    await side.until(of(Arrived))
    assert side.said[1:] == [Taken(id=1)]


async def test_both_may_change_their_minds(pair: tuple[Side, Side]) -> None:
    one, other = pair
    for _ in range(2):
        one.parcels.send(Goods("image", "image/jpeg", bytes(100_000)))
    one.parcels.drop(0)
    other.parcels.refuse(1)
    assert [type(message) for message in one.said] == [Parcel, Drop, Parcel]
    assert one.told == [Refused(0, "stopped"), Refused(1, "unwanted")]
    assert [event for event in other.told if isinstance(event, Missed)] == [Missed(0, "stopped"), Missed(1, "unwanted")]


async def test_a_fault_of_ours_costs_the_picture_and_not_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stranger.parcels.parcels.receive", failing)
    side = Side()
    for nth, what, kind in ((0, "image", "image/jpeg"), (1, "voice", "audio/webm")):
        side.parcels.hear(Parcel.model_validate({"id": nth, "what": what, "type": kind, "size": len(WEBM)}))
        side.parcels.hear_bytes(nth.to_bytes(4, "big") + WEBM)
    await side.until(of(Arrived))
    assert side.said == [Refuse(id=0, why="unreadable"), Taken(id=1)]


def failing(*_: object) -> None:
    raise MemoryError


async def test_the_end_of_a_talk_ends_what_is_looked_at(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is told any more once it has been drawn."""
    one, other = pair
    begun, over, seen = threading.Event(), threading.Event(), threading.Event()

    def look(parcel: Parcel, data: bytearray) -> Made:
        begun.set()
        assert over.wait(WITHIN_S)
        seen.set()
        return Made(parcel.type, bytes(data))

    monkeypatch.setattr("stranger.parcels.parcels.look", look)
    one.parcels.send(NOTE)
    one.carry()
    assert await asyncio.to_thread(begun.wait, WITHIN_S)
    for side in pair:
        side.parcels.close()
    over.set()
    assert await asyncio.to_thread(seen.wait, WITHIN_S)
    assert other.told == [Coming(0, "voice", len(WEBM)), Missed(0, "lost")]
    assert one.told == [Refused(0, "lost")]
    assert one.parcels.send(NOTE) is None
    assert one.clock.timers == other.clock.timers == []
