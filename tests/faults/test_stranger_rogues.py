"""What a rogue does once there is a channel costs the one it meets a clear event, and nothing else."""

import asyncio
import json
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aioice import stun
from aiortc.rtcsctptransport import (
    DataChunk,
    InitChunk,
    ReconfigChunk,
    RTCSctpTransport,
    SackChunk,
    ShutdownChunk,
    ShutdownCompleteChunk,
)

from broker.conversation import PARCEL_BYTES, Typing
from broker.identity import b64url
from broker.messages import Role
from stranger import errors, events, meeting
from stranger.events import AlarmReason
from stranger.unread import UNREAD_MOST
from tests.faults.rogue import BINARY, DCEP, STRING, Rogue, Scene, flipped, key_of_nobody
from tests.polling import until


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let patience end sooner."""
    for name in ("HELLO_WITHIN_S", "NONCE_WITHIN_S"):
        monkeypatch.setattr(meeting, name, 0.3)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Scene.open() as scene:
        yield scene


@pytest.fixture
async def talking(scene: Scene) -> Scene:
    await scene.rogue.talk()
    return scene


# ── hello ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_silence_before_hello_is_a_meeting_that_failed(brief: None, scene: Scene) -> None:
    await scene.rogue.connect()
    await scene.comes_to("failed", "failed")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (lambda _: {"session": "session2aaaaaaaaaaaaaa"}, "session"),
        (lambda _: {"role": "a"}, "role"),
        (lambda _: {"key": key_of_nobody()}, "key"),
        (lambda _: {"peerKey": key_of_nobody()}, "peerKey"),
    ],
    ids=["session", "role", "key", "peerKey"],
)
async def test_a_hello_that_does_not_fit_is_an_alarm(
    scene: Scene, other: Callable[[Scene], dict[str, object]], reason: AlarmReason
) -> None:
    await scene.rogue.connect()
    scene.rogue.say(scene.rogue.hello(**other(scene)))
    await scene.comes_to(events.Alarm(reason), "failed")
    assert scene.talk is None


async def test_my_own_commitment_sent_back_is_an_alarm(scene: Scene) -> None:
    await scene.rogue.connect()
    mine = await scene.rogue.victim_said("hello")
    scene.rogue.say(scene.rogue.hello(commitment=mine["commitment"]))
    await scene.comes_to(events.Alarm("commitment"), "failed")


async def test_another_version_is_a_meeting_that_failed(scene: Scene) -> None:
    await scene.rogue.connect()
    scene.rogue.say(scene.rogue.hello().model_copy(update={"version": 2}))
    await scene.comes_to("failed", "failed")


@pytest.mark.parametrize(
    "first",
    [
        {"kind": "text", "id": 0, "text": "hi"},
        {"kind": "nonce", "nonce": b64url(bytes(32))},
        {"kind": "got", "id": 0},
        {"kind": "hello"},
        {"kind": "what"},
        "",
        "{",
        b"\0",
        b"",
    ],
    ids=str,
)
async def test_anything_before_hello_is_an_alarm(scene: Scene, first: dict[str, object] | str | bytes) -> None:
    await scene.rogue.connect()
    scene.rogue.say(first)
    await scene.comes_to(events.Alarm("early"), "failed")


async def test_a_bye_before_hello_is_a_meeting_that_failed(scene: Scene) -> None:
    await scene.rogue.connect()
    scene.rogue.say({"kind": "bye"})
    await scene.comes_to("failed", "failed")


async def test_a_second_hello_changes_nothing(talking: Scene) -> None:
    talking.rogue.say(talking.rogue.hello(nickname="Other", key=key_of_nobody()))
    await talking.goes_on()
    assert talking.talk
    assert talking.talk.nickname == "Rogue"


@pytest.mark.parametrize("nonce", [flipped(b64url(bytes(32))), b64url(b"\xff" * 32)], ids=["one bit", "another"])
async def test_a_nonce_that_is_not_the_one_committed_to_is_an_alarm(scene: Scene, nonce: str) -> None:
    await scene.rogue.connect()
    scene.rogue.say(scene.rogue.hello())
    scene.rogue.say({"kind": "nonce", "nonce": nonce})
    await scene.comes_to(events.Alarm("commitment"), "failed")
    await scene.hears(events.Alarm("commitment"))


async def test_no_nonce_is_a_talk_without_words(brief: None, scene: Scene) -> None:
    await scene.rogue.connect()
    scene.rogue.say(scene.rogue.hello())
    await scene.hears(events.Words((), ()))
    scene.rogue.say({"kind": "nonce", "nonce": b64url(bytes(32))})
    await scene.goes_on()
    assert [event for event in scene.told if isinstance(event, events.Words)] == [events.Words((), ())]


async def test_the_first_nonce_counts(talking: Scene) -> None:
    talking.rogue.say({"kind": "nonce", "nonce": b64url(b"\xff" * 32)})
    await talking.goes_on()


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said",
    [
        "null",
        "{}",
        "[]",
        '{"kind":"text"}',
        '{"kind":"text","id":0,"text":""}',
        '{"kind":"text","id":-1,"text":"x"}',
        '{"kind":"text","id":0.5,"text":"x"}',
        '{"kind":"text","id":1e999,"text":"x"}',
        '{"kind":"text","id":' + "9" * 10_000 + ',"text":"x"}',
        '{"kind":"text","id":NaN,"text":"x"}',
        '{"kind":"text","id":true,"text":"x"}',
        '{"kind":"text","id":0,"text":7}',
        json.dumps({"kind": "text", "id": 0, "text": "x" * 4_001}),
        '{"kind":"text","id":0,"text":"\\ud800"}',
        '{"kind":"text","id":0,"text":"x","more":1}',
        '{"kind":"text","kind":"bye","id":0}',
        '{"kind":["bye"]}',
        '{"kind":"got","id":-1}',
        '{"kind":"typing","on":"yes"}',
        '{"kind":"seat","seat":"x","ttl":1}',
        '{"kind":"seat","seat":"' + "x" * 56 + '","ttl":-1}',
        '{"kind":"parcel","id":0,"what":"image","type":"image/svg+xml","size":1}',
        json.dumps({"kind": "parcel", "id": 0, "what": "image", "type": "image/png", "size": PARCEL_BYTES + 1}),
        '{"kind":"parcel","id":0,"what":"voice","type":"audio/ogg","size":1,"ms":-1}',
        json.dumps({"kind": "parcel", "id": 0, "what": "voice", "type": "audio/ogg", "size": 1, "wave": [1] * 65}),
        '{"kind":"ring","call":0,"video":true}',
        '{"kind":"offer","sdp":"x","nth":0}',
        "[" * 16_000,
        '{"a":' * 2_500 + "1" + "}" * 2_500,
        "\ud7ff\0\u2028",
        b"",
        b"\0" * 16_384,
        b'{"kind":"bye"}',
    ],
    ids=lambda said: str(said)[:32],
)
async def test_what_is_no_message_is_one_notice(talking: Scene, said: str | bytes) -> None:
    talking.rogue.say(said)
    talking.rogue.say(said)
    await talking.hears(events.Notice("malformed"))
    await talking.goes_on()
    assert talking.told.count(events.Notice("malformed")) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "got", "id": 0},
        {"kind": "got", "id": 4_000},
        {"kind": "taken", "id": 5},
        {"kind": "drop", "id": 5},
        {"kind": "refuse", "id": 5, "why": "size"},
        {"kind": "accept", "call": 3},
        {"kind": "hangup", "call": 3},
        {"kind": "sending", "audio": True, "video": True},
        {"kind": "answer", "sdp": "v=0", "nth": 3},
        {"kind": "answer", "sdp": "v=0"},
        {"kind": "offer", "sdp": "v=0"},
        {"kind": "candidates", "candidates": [{"candidate": "x"}] * 20},
        {"kind": "seat", "seat": "t" * 56, "ttl": 0},
    ],
    ids=lambda said: str(said)[:40],
)
async def test_what_is_of_nothing_is_nothing(talking: Scene, said: dict[str, object]) -> None:
    before = list(talking.told)
    for _ in range(10):
        talking.rogue.say(said)
    await talking.goes_on()
    assert talking.told[len(before) : -1] == []


@pytest.mark.parametrize("said", ["x" * 16_385, b"x" * 200_000, "é" * 9_000], ids=["letters", "bytes", "in UTF-8"])
async def test_what_is_too_big_is_one_notice(talking: Scene, said: str | bytes) -> None:
    talking.rogue.say(said)
    talking.rogue.say(said)
    await talking.hears(events.Notice("oversize" if isinstance(said, str) else "malformed"))
    await talking.goes_on()


async def test_a_flood_is_one_notice_and_passes(talking: Scene) -> None:
    for number in range(600):
        talking.rogue.say({"kind": "typing", "on": number % 2 == 0})
    await until(lambda: events.Notice("flood") in talking.told, within_s=30)
    await until(lambda: talking.rogue.peer.words.buffered == 0, within_s=30)
    assert len(talking.told) < 600
    async with asyncio.timeout(30):
        while events.Heard(1, "later") not in talking.told:
            talking.rogue.say({"kind": "text", "id": 1, "text": "later"})
            await asyncio.sleep(0.1)
    assert talking.told.count(events.Notice("flood")) == 1


async def test_a_reader_who_does_not_read_keeps_a_bounded_number(scene: Scene) -> None:
    await scene.rogue.talk()
    talk = scene.talk
    assert talk
    scene.reading = False
    scene.rogue.say({"kind": "typing", "on": True})
    await until(lambda: not scene._tasks)  # noqa: SLF001
    for number in range(3 * UNREAD_MOST):
        talk.heard(Typing(on=number % 2 == 0))
    scene.rogue.say({"kind": "bye"})
    await scene.comes_to("over", None)
    told = [event async for event in talk]
    assert told[-2:] == [events.Notice("unread"), events.Over("left")]
    assert len(told) == UNREAD_MOST + 2


# ── parting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_bye_ends_the_talk_as_left(talking: Scene) -> None:
    talking.rogue.say({"kind": "bye"})
    talking.rogue.say({"kind": "text", "id": 0, "text": "and one more thing"})
    await talking.comes_to("over", None)
    await talking.hears(events.Over("left"))
    assert talking.talk
    with pytest.raises(errors.Ended):
        await talking.talk.say("wait")
    assert not any(isinstance(event, events.Heard) for event in talking.told)


async def close_the_channel(rogue: Rogue) -> None:
    rogue.peer.words.close()


async def abort(rogue: Rogue) -> None:
    await rogue.sctp._abort()  # noqa: SLF001


async def shut_down(rogue: Rogue) -> None:
    await rogue.chunk(ShutdownChunk())
    await rogue.chunk(ShutdownCompleteChunk())


async def close_dtls(rogue: Rogue) -> None:
    await rogue.dtls.stop()


@pytest.mark.parametrize("part", [close_the_channel, abort, close_dtls])
async def test_what_closes_without_a_word_is_lost(talking: Scene, part: Callable[[Rogue], Awaitable[None]]) -> None:
    await part(talking.rogue)
    await talking.comes_to("over", "lost")
    await talking.hears(events.Over("lost"))


async def test_one_that_vanishes_is_lost_after_a_while(talking: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "LOST_AFTER_S", 1.5)
    talking.rogue.vanish()
    await talking.comes_to("over", "lost")


@pytest.mark.parametrize("role", ["a", "b"])
async def test_no_offer_in_a_talk_adds_what_nobody_asked_for(role: Role) -> None:
    async with Scene.open(role) as scene:
        await scene.rogue.talk()
        sdp = scene.rogue.peer.described
        extra = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\na=sendrecv\r\na=rtpmap:0 PCMU/8000\r\n"
        for nth, text in enumerate([sdp + extra, sdp + extra * 2, sdp + extra * 9, sdp, "v=0"], 1):
            scene.rogue.say({"kind": "offer", "nth": nth, "sdp": text})
            scene.rogue.post(json.dumps({"kind": "offer", "nth": nth + 10, "sdp": text}).encode())
        await scene.goes_on()
        assert all(
            transceiver.direction == "inactive" for transceiver in scene.encounter.meeting.peer.pc.getTransceivers()
        )


# ── below the channel ────────────────────────────────────────────────────────────────────────────────────────────────


async def bad_text(rogue: Rogue) -> None:
    await rogue.message(0, STRING, b"\xff\xfe")


async def bytes_among_words(rogue: Rogue) -> None:
    await rogue.message(0, BINARY, b"\0" * 100)


@pytest.mark.parametrize("send", [bad_text, bytes_among_words])
async def test_what_is_no_text_is_a_notice(talking: Scene, send: Callable[[Rogue], Awaitable[None]]) -> None:
    await send(talking.rogue)
    await talking.hears(events.Notice("malformed"))
    await talking.goes_on()


async def open_channels(rogue: Rogue) -> None:
    for stream in (0, 1, 2, 3, 4):
        await rogue.message(stream, DCEP, struct.pack("!BBHLHH", 3, 0, 0, 0, 1, 0) + b"\xff")
        await rogue.message(stream, DCEP, struct.pack("!BBHLHH", 3, 0, 0, 0, 1, 0) + b"x")


async def acknowledge_channels(rogue: Rogue) -> None:
    for stream in (0, 1, 2):
        await rogue.message(stream, DCEP, b"\x02")


async def speak_on_another(rogue: Rogue) -> None:
    await rogue.message(7, STRING, b"hello")


async def speak_of_nothing(rogue: Rogue) -> None:
    await rogue.message(0, 99, b"hello")


async def empty_datagrams(rogue: Rogue) -> None:
    """From anybody: none is proven."""
    victim = next(iter(rogue.ice._nominated.values())).remote_addr  # noqa: SLF001
    with socket.socket(socket.AF_INET6 if ":" in victim[0] else socket.AF_INET, socket.SOCK_DGRAM) as anybody:
        for _ in range(10):
            anybody.sendto(b"", victim)


async def noise(rogue: Rogue) -> None:
    for first in range(256):
        await rogue.datagram(bytes([first]) * 30)


async def bad_stun(rogue: Rogue) -> None:
    for kind in (0x0006, 0x0020, 0x0024, 0x8029, 0x0009, 0x0008, 0x8028):
        for size in (0, 1, 4, 9):
            body = struct.pack("!HH", kind, size) + b"\xff" * (size + -size % 4)
            await rogue.datagram(struct.pack("!HHI12s", 1, len(body), 0x2112A442, bytes(12)) + body)


async def checks_without_a_priority(rogue: Rogue) -> None:
    """A check that is proven, from a new port, and lacks what each has."""
    loop = asyncio.get_running_loop()
    victim = next(iter(rogue.ice._nominated.values())).remote_addr  # noqa: SLF001
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{rogue.ice.remote_username}:{rogue.ice.local_username}"
    message.add_message_integrity(rogue.ice.remote_password.encode())
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=victim)
    transport.sendto(bytes(message))
    await asyncio.sleep(0.05)
    transport.close()


@pytest.mark.parametrize(
    "send",
    [
        open_channels,
        acknowledge_channels,
        speak_on_another,
        speak_of_nothing,
        empty_datagrams,
        noise,
        bad_stun,
        checks_without_a_priority,
    ],
)
async def test_what_is_beside_the_channel_changes_nothing(
    talking: Scene, send: Callable[[Rogue], Awaitable[None]]
) -> None:
    await send(talking.rogue)
    await talking.goes_on()
    assert len(talking.encounter.meeting.peer.pc.sctp._data_channels) == 2  # type: ignore[union-attr]  # noqa: SLF001


async def an_init_among_others(rogue: Rogue) -> None:
    init = InitChunk()
    init.initiate_tag, init.advertised_rwnd, init.initial_tsn = 1, 1, 1
    init.outbound_streams = init.inbound_streams = 1
    await rogue.packet(bytes(init), bytes(ShutdownChunk()))


async def a_reset_that_is_none(rogue: Rogue) -> None:
    chunk = ReconfigChunk()
    chunk.params = [(13, b"\0")]
    await rogue.chunk(chunk)


async def a_message_without_an_end(rogue: Rogue) -> None:
    """Whoever heeds the window stops at its end; this one does not."""
    sctp = rogue.sctp
    for number in range(6_000):
        chunk = DataChunk(flags=2 if number == 0 else 0)
        chunk.tsn, sctp._local_tsn = sctp._local_tsn, sctp._local_tsn + 1  # noqa: SLF001
        chunk.stream_id, chunk.stream_seq, chunk.protocol = 1, 0, BINARY
        chunk.user_data = bytes(1_000)
        await rogue.chunk(chunk)
        await asyncio.sleep(0)


async def crumbs_without_an_end(rogue: Rogue) -> None:
    sctp = rogue.sctp
    for number in range(6_000):
        chunk = DataChunk(flags=2 if number == 0 else 0)
        chunk.tsn, sctp._local_tsn = sctp._local_tsn, sctp._local_tsn + 1  # noqa: SLF001
        chunk.stream_id, chunk.stream_seq, chunk.protocol = 1, 0, BINARY
        chunk.user_data = b"x"
        await rogue.chunk(chunk)
        await asyncio.sleep(0)


async def streams_without_an_end(rogue: Rogue) -> None:
    sctp = rogue.sctp
    for number in range(100):
        chunk = DataChunk(flags=3)
        chunk.tsn, sctp._local_tsn = sctp._local_tsn, sctp._local_tsn + 1  # noqa: SLF001
        chunk.stream_id, chunk.stream_seq, chunk.protocol = 100 + number, 0, BINARY
        chunk.user_data = b"x"
        await rogue.chunk(chunk)


@pytest.mark.parametrize(
    "send",
    [
        an_init_among_others,
        a_reset_that_is_none,
        a_message_without_an_end,
        crumbs_without_an_end,
        streams_without_an_end,
        shut_down,
    ],
)
async def test_what_breaks_the_connection_ends_the_talk_as_lost(
    talking: Scene, send: Callable[[Rogue], Awaitable[None]]
) -> None:
    await send(talking.rogue)
    await until(lambda: talking.ended, within_s=30)
    await talking.comes_to("over", "lost")


async def test_gaps_that_cannot_be_are_not_counted_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """One packet can name sixteen million missing pieces, and aiortc would go through them one by one: for seconds."""
    counted: list[int] = []
    receive = RTCSctpTransport._receive_sack_chunk  # noqa: SLF001

    async def counting(self: RTCSctpTransport, chunk: SackChunk) -> None:
        counted.extend(last - first + 1 for first, last in chunk.gaps)
        await receive(self, chunk)

    monkeypatch.setattr(RTCSctpTransport, "_receive_sack_chunk", counting)
    async with Scene.open() as scene:
        await scene.rogue.talk()
        chunk = SackChunk()
        chunk.cumulative_tsn = scene.rogue.sctp._last_received_tsn  # noqa: SLF001
        chunk.gaps = [(1, 65_535)] * 250
        await scene.rogue.chunk(chunk)
        await scene.goes_on()
    assert sum(counted) < 10_000


async def test_checks_from_ever_new_ports_are_not_all_answered(talking: Scene) -> None:
    ice = talking.rogue.ice
    victim = next(iter(ice._nominated.values())).remote_addr  # noqa: SLF001
    loop = asyncio.get_running_loop()
    for _ in range(150):
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{ice.remote_username}:{ice.local_username}"
        message.attributes["PRIORITY"] = 1
        message.add_message_integrity(ice.remote_password.encode())
        transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=victim)
        transport.sendto(bytes(message))
        await asyncio.sleep(0)
        transport.close()
    await talking.goes_on()
    known = talking.encounter.meeting.peer.pc.sctp.transport.transport.getRemoteCandidates()  # type: ignore[union-attr]
    assert len(known) <= 100


# ── what is told of it ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_of_it_is_logged_or_printed(
    scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        await scene.rogue.talk()
        await bad_text(scene.rogue)
        await noise(scene.rogue)
        await scene.goes_on()
        await a_reset_that_is_none(scene.rogue)
        await scene.comes_to("over", "lost")
    assert [record for record in caplog.records if record.name != "asyncio"] == []
    assert capfd.readouterr() == ("", "")
