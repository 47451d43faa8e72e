"""Words and parcels over two real connections in this process: the pipe is what the pure parts take it for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO

import pytest
from PIL import Image

from broker.conversation import PARCEL_BYTES, Bye, Drop, Parcel, Refuse, Said, Taken, Text, Typing
from stranger import events
from stranger.channels import Channel
from stranger.events import Arrived, Missed
from stranger.parcels.goods import Goods
from stranger.parcels.parcels import Parcels, Told
from stranger.parcels.picture import prepare
from stranger.peer import Peer
from stranger.voice import tone

WITHIN_S = 60.0
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"


class Side:
    """A peer with both channels, and what came of them."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.peer = Peer([], relay=False)
        self.heard: list[Said | None] = []
        self.told: list[Told] = []
        self.notices: list[str] = []
        self.closed = asyncio.Event()
        self.words = Channel(
            self.peer.words,
            opened=lambda: None,
            heard=self._hear,
            closed=self.closed.set,
            notice=self.notices.append,
            now=loop.time,
        )
        self.parcels = Parcels(
            self.peer.parcels, say=self.words.send, tell=self.told.append, now=loop.time, later=loop.call_later
        )
        self.peer.parcels.on_message, self.peer.parcels.on_drain = self.parcels.hear_bytes, self.parcels.drained

    def _hear(self, message: Said | None) -> None:
        if isinstance(message, (Parcel, Drop, Refuse, Taken)):
            self.parcels.hear(message)
        else:
            self.heard.append(message)


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not seen():
            await asyncio.sleep(0.005)


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Side, Side]]:
    one, other = Side(), Side()
    await one.peer.take(await other.peer.answer(await one.peer.offer()))
    await until(lambda: all(side.words.open and side.peer.parcels.ready for side in (one, other)))
    yield one, other
    for side in (one, other):
        side.parcels.close()
        await side.peer.close()


async def test_words_a_picture_and_a_note_cross(pair: tuple[Side, Side]) -> None:
    one, other = pair
    out = BytesIO()
    Image.effect_noise((1_600, 1_200), 90).save(out, "PNG")
    assert one.parcels.send(prepare(out.getvalue())) == 0
    assert one.parcels.send(note := tone(1)) == 1
    one.words.send(Text(id=0, text="hello"))
    await until(lambda: len(one.told) == 2)
    assert one.told == [events.Taken(0), events.Taken(1)]
    arrived = [event for event in other.told if isinstance(event, Arrived)]
    assert [(event.nth, event.what, event.type) for event in arrived] == [
        (0, "image", "image/jpeg"),
        (1, "voice", "audio/webm"),
    ]
    assert Image.open(BytesIO(arrived[0].data)).size == (1_600, 1_200)
    assert (arrived[1].data, arrived[1].ms, arrived[1].wave) == (note.data, note.ms, note.wave)
    assert other.heard == [Text(id=0, text="hello")]


async def test_the_biggest_parcel_crosses_and_words_are_heard_in_its_midst(pair: tuple[Side, Side]) -> None:
    one, other = pair
    big = Goods("voice", "audio/webm", WEBM + bytes(PARCEL_BYTES - len(WEBM)))
    one.parcels.send(big)
    one.words.send(Text(id=0, text="meanwhile"))
    await until(lambda: len(other.heard) == 1)
    assert one.told == []
    await until(lambda: len(one.told) == 1)
    assert one.told == [events.Taken(0)]
    assert [event.data for event in other.told if isinstance(event, Arrived)] == [big.data]


async def test_what_the_receiver_does_not_want_stops_in_the_midst(pair: tuple[Side, Side]) -> None:
    one, other = pair
    one.parcels.send(Goods("voice", "audio/webm", WEBM + bytes(PARCEL_BYTES - len(WEBM))))
    await until(lambda: len(other.told) == 1)
    other.parcels.refuse(0)
    await until(lambda: len(one.told) == 1)
    assert one.told == [events.Refused(0, "unwanted")]
    assert other.told[1:] == [Missed(0, "unwanted")]


async def test_a_flood_is_told_of_once_and_the_channel_lives(pair: tuple[Side, Side]) -> None:
    one, other = pair
    for _ in range(200):
        one.peer.words.send('{"kind":"typing","on":true}')
    one.peer.words.send("x" * 20_000)
    await until(lambda: len(other.notices) == 1)
    assert 80 <= len(other.heard) < 150
    assert set(map(type, other.heard)) == {Typing}
    assert other.words.send(Text(id=0, text="still here"))
    await until(lambda: len(one.heard) == 1)


async def test_the_last_word_arrives_before_the_channel_closes(pair: tuple[Side, Side]) -> None:
    one, other = pair
    done = asyncio.Event()
    for nth in range(50):
        one.words.send(Text(id=nth, text="x" * 4_000))
    one.words.send(Bye())
    one.words.finish(done.set)
    async with asyncio.timeout(WITHIN_S):
        await other.closed.wait()
        await done.wait()
    assert len(other.heard) == 51
    assert isinstance(other.heard[-1], Bye)
