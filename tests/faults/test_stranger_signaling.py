"""What a rogue does before there is a channel costs the one it meets this meeting, and nothing else."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from broker.conversation import Answer, Bye, Candidate, Candidates, Offer, Plain
from broker.messages import Handshake, Role
from stranger import events, meeting, post
from stranger.fence import ADDRESSES_MOST
from tests.faults.rogue import Scene
from tests.polling import until

FINGERPRINT = "a=fingerprint:sha-256 "
Make = Callable[[str], str]


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let patience end sooner."""
    for name in ("OPEN_WITHIN_S", "HELLO_WITHIN_S", "NONCE_WITHIN_S"):
        monkeypatch.setattr(meeting, name, 0.5)
    monkeypatch.setattr(post, "REPEAT_AFTER_S", 0.2)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Scene.open() as scene:
        yield scene


@pytest.mark.parametrize("mode", ["offer", "mirror"])
@pytest.mark.parametrize("role", ["a", "b"])
async def test_one_who_plays_by_the_rules_is_talked_with(role: Role, mode: Handshake) -> None:
    """So that the other tests fail for what they try, and for nothing else."""
    async with Scene.open(role, mode) as scene:
        await scene.rogue.talk()
        await scene.goes_on()
        assert scene.talk
        await scene.talk.say("hello")
        assert (await scene.rogue.victim_said("text"))["text"] == "hello"


@pytest.mark.parametrize("mode", ["offer", "mirror"])
@pytest.mark.parametrize("role", ["a", "b"])
async def test_silence_from_the_start_is_a_meeting_that_failed(brief: None, role: Role, mode: Handshake) -> None:
    async with Scene.open(role, mode) as scene:
        await scene.comes_to("failed", "failed")
        first = [scene.posted.get_nowait() for _ in range(scene.posted.qsize())]
        assert len(first) == (2 if role == "a" or mode == "mirror" else 0)  # once more, the same bytes
        assert len(set(first)) <= 1


async def test_silence_after_the_description_is_one_too(brief: None) -> None:
    async with Scene.open("b") as scene:
        scene.rogue.post(Offer(sdp=await scene.rogue.peer.offer()))
        await scene.comes_to("failed", "failed")


async def test_a_bye_before_anything_is_one_too(scene: Scene) -> None:
    scene.rogue.post(Bye())
    await scene.comes_to("failed", "failed")


async def test_garbage_on_the_seat_is_not_even_heard(scene: Scene) -> None:
    """A seat lets 64 messages through; whoever was told it can send them, and so can a gate that is broken."""
    for number in range(500):
        scene.rogue.put(secrets.token_bytes(number % 200))
        scene.rogue.put(b"")
        scene.rogue.put(bytes(4) + secrets.token_bytes(40))
        await asyncio.sleep(0)
    await scene.rogue.talk()
    await scene.goes_on()


async def test_garbage_faster_than_it_is_read_is_dropped(scene: Scene) -> None:
    for _ in range(10_000):
        scene.rogue.put(b"\0" * 16_384)
    await asyncio.sleep(0.1)
    await scene.rogue.talk()


async def test_what_another_key_sealed_does_not_open_nor_use_up_a_counter(scene: Scene) -> None:
    box = scene.rogue.seal.seal(Bye().wire())
    assert box is not None
    for at in range(4, len(box)):
        scene.rogue.put(box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :])
        await asyncio.sleep(0)
    assert scene.ended == []
    scene.rogue.put(box)
    await scene.comes_to("failed", "failed")


@pytest.mark.parametrize("counter", [256, 257, 2**31, 2**32 - 1])
async def test_counters_out_of_range_are_not_opened(scene: Scene, counter: int) -> None:
    scene.rogue.seal._sealed = 0  # noqa: SLF001
    box = scene.rogue.seal.seal(Bye().wire())
    assert box is not None
    scene.rogue.put(counter.to_bytes(4, "big") + box[4:])
    await scene.rogue.talk()


async def test_a_replay_is_opened_once(scene: Scene) -> None:
    await scene.rogue.talk()
    box = scene.rogue.post(Plain())
    for _ in range(100):
        scene.rogue.put(box)
    await scene.goes_on()


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"null",
        b"[]",
        b'"bye"',
        b"{}",
        b'{"kind":"bye","more":1}',
        b'{"kind":"Bye"}',
        b'{"kind":"offer"}',
        b'{"kind":"offer","sdp":7}',
        b'{"kind":"offer","sdp":""}',
        b'{"kind":"offer","sdp":"' + b"x" * 12_001 + b'"}',
        b'{"kind":"offer","sdp":"v=0","nth":0}',
        b'{"kind":"candidates","candidates":[' + b",".join([b'{"candidate":""}'] * 21) + b"]}",
        b"[" * 16_000,
        b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
        b'{"kind":"offer","sdp":"v=0","nth":' + b"9" * 15_000 + b"}",
        b'{"kind":"offer","sdp":"v=0","nth":1e999}',
        b'{"kind":"hello"}',
        b"\xff\xfe\x00",
        b'{"kind":"bye"}'.replace(b"bye", "by\ud800e".encode(errors="surrogatepass")),
        b"x" * 16_384,
    ],
    ids=lambda plain: plain[:24].decode(errors="replace"),
)
async def test_what_is_sealed_and_no_message_is_dropped(scene: Scene, plain: bytes) -> None:
    scene.rogue.post(plain)
    await scene.rogue.talk()


async def test_more_than_a_message_may_have_is_dropped(scene: Scene) -> None:
    scene.rogue.post(b'{"kind":"bye"}' + b" " * 16_384)
    await scene.rogue.talk()


# ── descriptions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(sdp: str, *, drop: str = "", add: str = "", swap: tuple[str, str] = ("", "")) -> str:
    lines = [line for line in sdp.split("\r\n") if line and not (drop and line.startswith(drop))]
    text = "".join(f"{line}\r\n" for line in [*lines, *([add] if add else [])])
    return text.replace(*swap) if swap[0] else text


HURTFUL: dict[str, Make] = {
    "nothing": lambda _: "v",
    "a line that is none": lambda sdp: sdp + "hello\r\n",
    "no fingerprint": lambda sdp: changed(sdp, drop=FINGERPRINT),
    "another fingerprint, too": lambda sdp: changed(sdp, add=FINGERPRINT + ":".join(["AB"] * 32)),
    "only one by another hash": lambda sdp: changed(sdp, swap=("sha-256", "sha-512")),
    "no section": lambda sdp: (
        sdp.split("m=")[0] + "\r\n".join(line for line in sdp.split("\r\n") if FINGERPRINT in line) + "\r\n"
    ),
    "a section of sound": lambda sdp: sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
    "two channels": lambda sdp: sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
    "a section that is none": lambda sdp: changed(sdp, swap=("m=application ", "m=application x ")),
    "no role in DTLS": lambda sdp: changed(sdp, drop="a=setup"),
    "a role that is none": lambda sdp: changed(sdp, drop="a=setup", add="a=setup:what"),
    "a port of SCTP that is none": lambda sdp: changed(sdp, swap=("a=sctp-port:5000", "a=sctp-port:x")),
    "an address that is none": lambda sdp: changed(sdp, swap=("c=IN IP4 ", "c=IN IP9 ")),
    "a version that is none": lambda sdp: changed(sdp, swap=("v=0", "v=x")),
    "a number of five thousand": lambda sdp: changed(sdp, swap=("a=sctp-port:5000", "a=sctp-port:" + "9" * 5000)),
    "another character": lambda sdp: changed(sdp, swap=("a=mid:0", "a=mid:\u2028")),
    "a null": lambda sdp: changed(sdp, swap=("a=mid:0", "a=mid:\0")),
    "a lone return": lambda sdp: changed(sdp, swap=("a=mid:0", "a=mid:\r0")),
}
"""What must not come to a connection: each is refused at once, by us or by aiortc."""

STRANGE: dict[str, Make] = {
    "a size that is none": lambda sdp: changed(sdp, swap=("a=max-message-size:", "a=max-message-size:-")),
    "no mid": lambda sdp: changed(sdp, drop="a=mid"),
    "a group that is none": lambda sdp: changed(sdp, swap=("a=group:BUNDLE 0", "a=group:BUNDLE 7 8 9")),
    "no name in ICE": lambda sdp: changed(sdp, drop="a=ice-ufrag"),
    "no password in ICE": lambda sdp: changed(sdp, drop="a=ice-pwd"),
    "a name of a thousand letters": lambda sdp: changed(sdp, swap=("a=ice-ufrag:", "a=ice-ufrag:" + "x" * 5_000)),
    "a letter that is none": lambda sdp: changed(sdp, swap=("a=ice-pwd:", "a=ice-pwd:\u00e9")),
    "no candidates": lambda sdp: changed(sdp, drop="a=candidate"),
    "a port of SCTP beyond the last": lambda sdp: changed(sdp, swap=("a=sctp-port:5000", "a=sctp-port:99999")),
    "a certificate that it has not": lambda sdp: changed(
        changed(sdp, drop=FINGERPRINT), add=FINGERPRINT + "0" * 2 + ":00" * 31
    ),
    "nobody who begins": lambda sdp: changed(sdp, drop="a=setup", add="a=setup:holdconn"),
}
"""What can be taken, and leads to nothing."""


@pytest.mark.parametrize("role", ["a", "b"])
@pytest.mark.parametrize("hurt", HURTFUL.values(), ids=HURTFUL)
async def test_a_description_that_is_refused_ends_the_meeting_at_once(role: Role, hurt: Make) -> None:
    async with Scene.open(role) as scene:
        await describe(scene, hurt)
        await scene.comes_to("failed", "failed")


async def describe(scene: Scene, make: Make) -> None:
    """Send the description that one should, made into another."""
    rogue = scene.rogue
    if rogue.role == "b":
        answer = await rogue.peer.answer(await rogue.offered())
        rogue.post(Answer(sdp=make(answer)))
    else:
        rogue.post(Offer(sdp=make(await rogue.peer.offer())))


@pytest.mark.parametrize("role", ["a", "b"])
@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
async def test_a_description_that_leads_nowhere_ends_it_in_time(brief: None, role: Role, make: Make) -> None:
    async with Scene.open(role) as scene:
        await describe(scene, make)
        await scene.comes_to("failed", "failed")


async def test_a_mirrored_offer_that_is_refused_is_answered_plain(brief: None) -> None:
    """Once: what is refused again is a meeting that failed."""
    async with Scene.open("a", "mirror") as scene:
        rogue = scene.rogue
        await rogue.offered()
        sdp = await rogue.peer.offer()
        rogue.post(Offer(sdp=sdp.replace("a=sctp-port:5000", "a=sctp-port:x")))
        assert (await rogue.posted())["kind"] == "plain"
        await rogue.offered()
        rogue.post(Answer(sdp=sdp.replace("a=sctp-port:5000", "a=sctp-port:x")))
        await scene.comes_to("failed", "failed")


async def test_plain_again_and_again_makes_one_new_connection(brief: None) -> None:
    async with Scene.open("a", "mirror") as scene:
        first = await scene.rogue.offered()
        for _ in range(20):
            scene.rogue.post(Plain())
        assert await scene.rogue.offered() != first
        await scene.comes_to("failed", "failed")
        assert scene.posted.qsize() <= 2  # what was said, once more
        assert len(scene.encounter.meeting._peers) == 2  # noqa: SLF001


async def test_another_certificate_before_the_channel_is_open_is_not_taken(brief: None) -> None:
    """The first counts: its connection cannot come about with another one."""
    async with Scene.open("b") as scene:
        sdp = await scene.rogue.peer.offer()
        scene.rogue.post(Offer(sdp=changed(sdp, drop=FINGERPRINT, add=FINGERPRINT + ":".join(["AB"] * 32))))
        scene.rogue.post(Offer(sdp=sdp))
        answer = await scene.rogue.posted()
        await scene.rogue.peer.take(answer["sdp"])
        await scene.comes_to("failed", "failed")


async def test_another_certificate_afterwards_is_an_alarm(scene: Scene) -> None:
    await scene.rogue.talk()
    sdp = scene.rogue.peer.described
    scene.encounter.meeting._phase = "greeting"  # noqa: SLF001  a description without a number is of the handshake
    scene.rogue.post(Answer(sdp=changed(sdp, drop=FINGERPRINT, add=FINGERPRINT + ":".join(["AB"] * 32))))
    await scene.comes_to(events.Alarm("fingerprint"), "failed")


# ── candidates ───────────────────────────────────────────────────────────────────────────────────────────────────────

BAD_CANDIDATES = [
    "",
    "candidate:",
    "what",
    "candidate:1 1 udp 1 10.0.0.1 1",
    "candidate:1 1 udp 1 10.0.0.1 99999 typ host",
    "candidate:1 1 udp 1 10.0.0.1 -1 typ host",
    "candidate:1 1 udp 1 10.0.0.1 0 typ host",
    "candidate:1 2 udp 1 10.0.0.1 9 typ host",
    "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active",
    "candidate:1 1 udp 1 example.org 9 typ host",
    "candidate:1 1 udp 1 0123456.local 9 typ host",
    "candidate:1 1 udp 1 fe80::1%evil.example.org 9 typ host",
    "candidate:1 1 udp 1 224.0.0.1 9 typ host",
    "candidate:1 1 udp 1 0.0.0.0 9 typ host",
    "candidate:1 1 udp 1 10.0.0.1 9 typ prflx",
    "candidate:1 1 udp " + "9" * 400 + " 10.0.0.1 9 typ what",
    "candidate:1 1 udp 1 10.0.0.1 9 typ host rport x",
    "candidate:1 1 udp 1 10.0.0.1 9 typ host generation \u0663x",
    "candidate:" + " 1" * 200,
]


async def test_candidates_that_are_none_cost_nothing(scene: Scene) -> None:
    for at in range(0, len(BAD_CANDIDATES), 20):
        bad = [Candidate(candidate=text, sdp_mid="0") for text in BAD_CANDIDATES[at : at + 20]]
        scene.rogue.post(Candidates(candidates=bad))
    await scene.rogue.talk()
    assert len(addresses(scene)) <= 10  # of the real one


async def test_nor_do_they_within_a_description(scene: Scene) -> None:
    rogue = scene.rogue
    sdp = await rogue.peer.answer(await rogue.offered())
    lines = "".join(f"a={text}\r\n" for text in BAD_CANDIDATES if text.startswith("candidate:"))
    rogue.post(Answer(sdp=sdp + lines))
    await until(lambda: rogue.peer.words.ready)


@pytest.mark.parametrize("role", ["a", "b"])
async def test_two_hundred_addresses_in_a_description_are_not_all_tried(role: Role) -> None:
    async with Scene.open(role) as scene:
        many = "".join(f"a=candidate:1 1 udp 1 127.9.9.{n} 9 typ host\r\n" for n in range(1, 201))
        await describe(scene, lambda sdp: changed(sdp, drop="a=candidate") + many)
        await until(lambda: addresses(scene))
        assert len(addresses(scene)) == ADDRESSES_MOST


async def test_nor_are_those_that_come_one_by_one(scene: Scene) -> None:
    await scene.rogue.connect()
    port = count(1)
    for _ in range(20):
        some = [
            Candidate(candidate=f"candidate:1 1 udp 1 127.9.9.9 {next(port)} typ host", sdp_mid="0") for _ in range(20)
        ]
        scene.rogue.post(Candidates(candidates=some))
    await asyncio.sleep(0.2)
    assert len(addresses(scene)) <= ADDRESSES_MOST


def addresses(scene: Scene) -> list[object]:
    """Name those that the victim was told of and sends checks to; where the rogue's own checks come from is another."""
    sctp = scene.encounter.meeting.peer.pc.sctp
    assert sctp
    return [each for each in sctp.transport.transport.getRemoteCandidates() if each.type != "prflx"]
