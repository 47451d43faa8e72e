"""Calls between two talks in one process, on a real connection: what one sends is decoded by the other, or nothing is.

What the two say goes by a way in memory that keeps the order and can be held up, so that things cross when they should.
"""

import array
import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from aiortc.rtcrtpreceiver import RemoteStreamTrack
from aiortc.rtp import RtcpByePacket
from av import AudioFrame, VideoFrame

from broker.conversation import Answer, Hello, Offer, Said, channel
from broker.messages import Matched, Role, parse
from stranger import events
from stranger.channels import MESSAGE_BYTES
from stranger.description import check_talk_description
from stranger.events import AlarmReason
from stranger.media import Colour, Colours, Echo, Silence, Tone, colour
from stranger.peer import Peer
from stranger.talk import Talk, TalkPorts
from stranger.tracks import KEPT, Incoming, Outgoing
from tests.polling import until

WITHIN_S: Final = 20.0
RED: Final[Colour] = (200, 40, 40)
BLUE: Final[Colour] = (50, 80, 200)


@dataclass
class Side:
    """One of two who talk."""

    role: Role
    peer: Peer
    told: list[object] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    alarms: list[AlarmReason] = field(default_factory=list)
    held: list[Said] | None = None
    other: "Side | None" = None

    def __post_init__(self) -> None:
        ports = TalkPorts(self.say, nothing, nothing, self.alarms.append, no, no)
        self.talk = Talk(matched(self.role), ports)

    def say(self, message: Said) -> None:
        self.said.append(message)
        if self.held is not None:
            self.held.append(message)
        else:
            self.let_go(message)

    def let_go(self, message: Said) -> None:
        assert self.other is not None
        self.other.talk.heard(parse(channel, message.wire(), MESSAGE_BYTES))

    def flow(self) -> None:
        """Hold nothing up any longer."""
        held, self.held = self.held or [], None
        for message in held:
            self.let_go(message)

    async def listen(self) -> None:
        async for event in self.talk:
            self.told.append(event)

    async def hears(self, what: object) -> None:
        with contextlib.suppress(TimeoutError):
            await until(lambda: what in self.told, within_s=WITHIN_S)
        assert what in self.told
        self.told.clear()

    async def sent(self, kind: str) -> int:
        """How many packets of a voice or a picture have left."""
        stats = await self.peer.pc.getStats()
        return sum(each.packetsSent for each in stats.values() if each.type == "outbound-rtp" and each.kind == kind)

    async def taken(self, kind: str) -> int:
        """How many have come, and were looked at."""
        stats = await self.peer.pc.getStats()
        return sum(each.packetsReceived for each in stats.values() if each.type == "inbound-rtp" and each.kind == kind)

    @property
    def directions(self) -> list[str | None]:
        return [each.currentDirection for each in self.peer.media]


WORD: Final = "A" * 22
KEY: Final = "B" + "A" * 86


def matched(role: Role) -> Matched:
    return Matched(
        life="A" * 11,
        epoch=1,
        ticket=WORD,
        session=WORD,
        to="A" * 56,
        key=KEY,
        role=role,
        handshake="offer",
        tags=[],
        ice=[],
        seat="A" * 56,
        ttl=600,
    )


def hello(role: Role) -> Hello:
    return Hello(
        version=1,
        session=WORD,
        role=role,
        key=KEY,
        peer_key=KEY,
        nickname="Somebody",
        commitment="A" * 43,
        relay=False,
    )


def nothing(*_: object) -> None: ...


def no(*_: object) -> bool:
    return False


@pytest.fixture
async def two() -> AsyncIterator[tuple[Side, Side]]:
    """Give role a and role b, in a talk."""
    a, b = Side("a", Peer([], relay=False)), Side("b", Peer([], relay=False))
    a.other, b.other = b, a
    await a.peer.take(await b.peer.answer(await a.peer.offer()))
    await until(lambda: a.peer.words.ready and b.peer.words.ready)
    for one, other in ((a, b), (b, a)):
        checked = check_talk_description(other.peer.described)
        assert checked is not None
        one.talk.opened(hello(other.role), one.peer, checked.fingerprint, "")
    tasks = [asyncio.ensure_future(side.listen()) for side in (a, b)]
    yield a, b
    for side in (a, b):
        side.talk.finish("left")
    await asyncio.gather(*tasks, a.peer.close(), b.peer.close())


async def call(one: Side, other: Side, *, video: bool, mine: Colour = RED, theirs: Colour = BLUE) -> None:
    """One rings and the other says yes, each with a sound, and with a colour if `video`."""
    await one.talk.ring(video=video, audio=Tone(), picture=Colours((mine,)) if video else None)
    await other.hears(events.Rang(video))
    await other.talk.accept(audio=Tone(), picture=Colours((theirs,)) if video else None)
    await asyncio.gather(one.hears(events.Called(video)), other.hears(events.Called(video)))


async def sound(side: Side) -> None:
    """Wait until a sound comes that is no silence."""
    track = side.talk.audio
    assert track is not None
    async with asyncio.timeout(WITHIN_S):
        while loudest(await track.recv()) < 1_000:
            pass


def loudest(frame: object) -> int:
    assert isinstance(frame, AudioFrame)
    return max(map(abs, array.array("h", bytes(frame.planes[0]))))


async def picture(side: Side, wanted: Colour) -> VideoFrame:
    """Wait until a picture of this colour comes."""
    track = side.talk.video
    assert track is not None
    async with asyncio.timeout(WITHIN_S):
        while True:
            frame = await track.recv()
            assert isinstance(frame, VideoFrame)
            if all(abs(one - other) < 40 for one, other in zip(colour(frame), wanted, strict=True)):
                return frame


@pytest.mark.parametrize("who", ["a", "b"])
async def test_two_hear_and_see_each_other_again_and_again_by_the_same_two_lines(
    two: tuple[Side, Side], who: str
) -> None:
    a, b = two
    one, other = (a, b) if who == "a" else (b, a)
    for video, parts in ((True, one), (False, other), (True, other)):
        await call(one, other, video=video)
        await asyncio.gather(sound(one), sound(other))
        if video:
            await asyncio.gather(picture(one, BLUE), picture(other, RED))
        else:
            assert one.talk.video is other.talk.video is None
        await parts.talk.hang_up()
        await asyncio.gather(one.hears(events.HungUp("ended")), other.hears(events.HungUp("ended")))
        assert (one.talk.audio, one.talk.video, other.talk.audio, other.talk.video) == (None, None, None, None)
        await until(lambda: set(a.directions + b.directions) == {"inactive"})
    assert len(a.peer.media) == len(b.peer.media) == 2
    assert a.alarms == b.alarms == []


async def test_a_call_by_voice_has_no_line_for_a_picture(two: tuple[Side, Side]) -> None:
    a, b = two
    await a.talk.ring(audio=Tone(), picture=Colours())
    await b.hears(events.Rang(video=False))
    await b.talk.accept(audio=Silence(), picture=Colours())
    await asyncio.gather(a.hears(events.Sending(audio=True, video=False)), b.hears(events.Called(video=False)))
    await sound(b)
    assert [each.kind for each in b.peer.media] == ["audio"]
    assert b.talk.video is None


async def test_rings_that_cross_are_one_call(two: tuple[Side, Side]) -> None:
    a, b = two
    for side in two:
        side.held = []
        await side.talk.ring(video=True, audio=Tone(), picture=Colours((RED,)))
    for side in two:
        side.flow()
    await asyncio.gather(a.hears(events.Called(video=True)), b.hears(events.Called(video=True)))
    await asyncio.gather(sound(a), sound(b), picture(a, RED), picture(b, RED))


async def test_who_declines_sends_nothing_and_the_tracks_of_who_rang_are_stopped(two: tuple[Side, Side]) -> None:
    a, b = two
    tone, colours = Tone(), Colours()
    await b.talk.ring(video=True, audio=tone, picture=colours)
    await a.hears(events.Rang(video=True))
    assert tone.readyState == "live"
    await a.talk.hang_up()
    await b.hears(events.HungUp("declined"))
    assert tone.readyState == colours.readyState == "ended"
    assert a.peer.media == b.peer.media == []


async def begin_late(a: Side, b: Side) -> None:
    """Begin a call that b hangs up before it hears a's offer of it, and then rings for the next."""
    a.held = []
    await a.talk.ring(video=True, audio=Tone(), picture=Colours((RED,)))
    a.flow()
    await b.hears(events.Rang(video=True))
    a.held = []
    await b.talk.accept(audio=Tone(), picture=Colours((BLUE,)))
    await until(lambda: any(isinstance(each, Offer) for each in a.held or ()))
    await b.talk.hang_up()
    await a.hears(events.HungUp("ended"))
    await b.talk.ring(video=True, audio=Tone(), picture=Colours((BLUE,)))
    await a.hears(events.Rang(video=True))


async def test_a_new_call_stands_though_the_offer_of_the_last_one_was_still_on_its_way(two: tuple[Side, Side]) -> None:
    a, b = two
    await begin_late(a, b)
    await a.talk.accept(audio=Tone(), picture=Colours((RED,)))
    a.flow()
    await asyncio.gather(picture(a, BLUE), picture(b, RED), sound(a), sound(b))
    await until(lambda: not a.peer.offering and not b.peer.offering)


async def test_role_b_offers_where_it_answered_less_than_was_offered_and_wants_it_now(
    two: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser of role a sees no reason to: what it offered is what it wants (W3C WebRTC §4.7.3)."""
    a, b = two
    await begin_late(a, b)
    monkeypatch.setattr(a.peer, "due", lambda _: False)
    offer = next(each for each in a.held or () if isinstance(each, Offer))
    a.let_go(offer)
    await until(lambda: b.directions == ["inactive", "inactive"])
    await a.talk.accept(audio=Tone(), picture=Colours((RED,)))
    a.flow()
    await asyncio.gather(picture(a, BLUE), picture(b, RED), sound(a), sound(b))
    assert len([each for each in b.said if isinstance(each, Offer)]) == 1
    assert b.directions == a.directions == ["sendrecv", "sendrecv"]


async def test_offers_that_cross_are_repaired_by_who_is_polite(two: tuple[Side, Side]) -> None:
    a, b = two
    await call(a, b, video=True)
    await until(lambda: b.directions == a.directions == ["sendrecv", "sendrecv"])
    await a.talk.hang_up()
    await until(lambda: b.directions == a.directions == ["inactive", "inactive"])
    await a.talk.ring(video=True, audio=Tone(), picture=Colours((RED,)))
    await b.hears(events.Rang(video=True))
    a.held, a.said, b.said = [], [], []
    await b.talk.accept(audio=Tone(), picture=Colours((BLUE,)))
    await until(lambda: a.peer.offering)
    b.say(Offer(sdp=await b.peer.offer(), nth=1))  # for no reason
    await until(lambda: len([each for each in a.said if isinstance(each, Offer)]) == 2)
    assert b.peer.offering
    a.flow()
    await asyncio.gather(picture(a, BLUE), picture(b, RED))
    await until(lambda: not a.peer.offering and not b.peer.offering)
    assert [each.nth for each in a.said if isinstance(each, Offer)] == [3, 3]
    assert not any(isinstance(each, Answer) for each in a.said)
    assert len([each for each in b.said if isinstance(each, Answer)]) == 1


async def test_outside_a_call_nothing_leaves_and_nothing_that_comes_is_taken(two: tuple[Side, Side]) -> None:
    a, b = two
    await call(a, b, video=True)
    await asyncio.gather(picture(a, BLUE), picture(b, RED))
    b.held = []
    await b.talk.hang_up()  # which a does not hear yet
    await more_leaves(a, b)
    b.flow()
    await a.hears(events.HungUp("ended"))
    await until(lambda: b.directions == a.directions == ["inactive", "inactive"])
    silent = await b.sent("video")
    # A stranger who goes on sending all the same, past what is agreed on.
    line = next(each for each in a.peer.media if each.kind == "video")
    assert isinstance(line.sender.track, Outgoing)
    line.sender.track.read(Colours())
    line.sender._enabled = True  # noqa: SLF001  which no program of ours does
    await more_leaves(a, b)
    assert await b.sent("video") == silent


async def more_leaves(a: Side, b: Side) -> None:
    """Wait until a has sent more pictures, and see that b has taken none of them."""
    before, taken = await a.sent("video"), await b.taken("video")
    async with asyncio.timeout(WITHIN_S):
        while await a.sent("video") < before + 20:
            await asyncio.sleep(0.02)
    assert await b.taken("video") == taken
    assert b.talk.video is None


async def test_of_the_last_call_no_picture_is_left_for_the_next(two: tuple[Side, Side]) -> None:
    """A picture is whole for aiortc when the next one begins, so the last of a call waits for one of another call."""
    a, b = two
    for wanted, last in ((RED, BLUE), (BLUE, RED), (RED, BLUE)):
        await call(a, b, video=True, mine=wanted)
        assert b.talk.video is not None
        async with asyncio.timeout(WITHIN_S):
            frames = [await b.talk.video.recv() for _ in range(3)]
        for frame in frames:
            assert isinstance(frame, VideoFrame)
            assert any(abs(one - other) > 80 for one, other in zip(colour(frame), last, strict=True))
        await a.talk.hang_up()
        await b.hears(events.HungUp("ended"))
        await until(lambda: set(a.directions + b.directions) == {"inactive"})


async def test_who_adds_lines_without_a_call_is_answered_with_no(two: tuple[Side, Side]) -> None:
    a, b = two
    for track in (Tone(), Tone()):
        a.peer.pc.addTransceiver(track)
    a.say(Offer(sdp=await a.peer.offer(), nth=1))
    await until(lambda: len(b.directions) == 2)
    await until(lambda: b.directions == ["inactive", "inactive"])
    assert await b.taken("audio") == 0


async def test_a_track_that_ends_is_told_and_another_takes_its_place(two: tuple[Side, Side]) -> None:
    a, b = two
    tone = Tone()
    await a.talk.ring(audio=tone)
    await b.hears(events.Rang(video=False))
    await b.talk.accept(audio=Silence())
    await b.hears(events.Sending(audio=True, video=False))
    await sound(b)
    tone.stop()
    await b.hears(events.Sending(audio=False, video=False))
    await a.talk.replace("audio", Tone(880))
    await b.hears(events.Sending(audio=True, video=False))
    await sound(b)


class Broken(MediaStreamTrack):
    """A track with a mistake in it."""

    kind = "audio"

    async def recv(self) -> AudioFrame:
        raise KeyError


async def test_sounds_of_any_form_can_be_sent_one_after_the_other(two: tuple[Side, Side]) -> None:
    a, b = two
    await a.talk.ring(audio=Broken())
    await b.hears(events.Rang(video=False))
    await b.talk.accept(audio=Tone())
    await b.hears(events.Sending(audio=False, video=False))
    await a.talk.replace("audio", AudioStreamTrack())  # 8 kHz
    await b.hears(events.Sending(audio=True, video=False))
    assert b.talk.audio is not None
    await b.talk.audio.recv()
    await a.talk.replace("audio", Tone())
    await sound(b)


async def test_what_comes_can_be_sent_back(two: tuple[Side, Side]) -> None:
    a, b = two
    await a.talk.ring(video=True, audio=Tone(), picture=Colours((RED,)))
    await b.hears(events.Rang(video=True))
    await b.talk.accept()
    await b.hears(events.Called(video=True))
    assert b.talk.audio is not None
    assert b.talk.video is not None
    await b.talk.replace("audio", Echo(b.talk.audio))
    await b.talk.replace("video", Echo(b.talk.video))
    await asyncio.gather(sound(a), picture(a, RED))


async def test_a_word_that_a_source_has_ended_ends_nothing(two: tuple[Side, Side]) -> None:
    """Browsers may say so at the end of a call (RTCP BYE, RFC 3550 §6.6); for aiortc it is the end of the track."""
    a, b = two
    await call(a, b, video=False)
    await sound(b)
    receiver = b.peer.media[0].receiver
    await receiver._handle_rtcp_packet(RtcpByePacket(sources=[1]))  # noqa: SLF001  as aiortc calls it
    await sound(b)
    assert receiver.track.readyState == "live"


async def test_what_nobody_reads_is_not_kept(two: tuple[Side, Side]) -> None:
    a, b = two
    await call(a, b, video=True)
    before = await b.taken("audio")
    async with asyncio.timeout(WITHIN_S):
        while await b.taken("audio") < before + 80:
            await asyncio.sleep(0.05)
    track = b.talk.audio
    assert isinstance(track, Incoming)
    assert track.waiting == KEPT["audio"]
    theirs = b.peer.media[0].receiver.track
    assert isinstance(theirs, RemoteStreamTrack)
    assert theirs._queue.qsize() <= 1  # noqa: SLF001  where it would pile up
    await a.talk.hang_up()
    await b.hears(events.HungUp("ended"))
    with pytest.raises(MediaStreamError):
        await read_to_its_end(track)


async def read_to_its_end(track: MediaStreamTrack) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            await track.recv()


async def test_another_certificate_in_a_call_is_an_alarm(two: tuple[Side, Side]) -> None:
    a, b = two
    sdp = a.peer.described
    checked = check_talk_description(sdp)
    assert checked is not None
    foreign = ":".join(["AB"] * 32)
    b.talk.heard(Offer(sdp=checked.sdp.replace(checked.fingerprint, foreign), nth=1))
    await until(lambda: b.alarms == ["fingerprint"])


async def test_descriptions_that_are_none_or_too_much_change_nothing(two: tuple[Side, Side]) -> None:
    a, b = two
    checked = check_talk_description(a.peer.described)
    assert checked is not None
    section = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:9\r\n"
    for nth, sdp in enumerate(("nonsense", checked.sdp + section, checked.sdp + 3 * section), start=-3):
        b.talk.heard(Offer.model_construct(sdp=sdp, nth=nth))
    await call(a, b, video=True)
    await asyncio.gather(picture(a, BLUE), picture(b, RED))


async def test_the_end_of_the_talk_stops_every_track(two: tuple[Side, Side]) -> None:
    a, b = two
    tone, colours = Tone(), Colours()
    await a.talk.ring(video=True, audio=tone, picture=colours)
    await b.hears(events.Rang(video=True))
    await b.talk.accept(audio=Tone())
    await a.hears(events.Called(video=True))
    await sound(a)
    theirs = a.talk.audio
    assert theirs is not None
    a.talk.finish("left")
    assert tone.readyState == colours.readyState == theirs.readyState == "ended"
    assert a.talk.audio is None
