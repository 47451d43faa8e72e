"""Brokers that are none, or die, cost a stranger a clear word and another try, and leave neither socket nor task."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import trustme

from stranger import Stranger, errors, link, news
from stranger import stranger as face
from stranger.client import Login, Unreachable
from stranger.identity import Identity
from stranger.link import Link, LinkPorts
from stranger.place import read
from stranger.wire import TurnedAway, Wire, WirePorts
from tests.engines.mqtt_probe import packet, publish
from tests.faults import scripted
from tests.faults.rogue import open_files, others
from tests.faults.scripted import CONNACK, Line, Scripted
from tests.journeys.house import House
from tests.polling import until

LOGIN = Login("probe")


@pytest.fixture(autouse=True)
async def nothing_is_left() -> AsyncIterator[None]:
    """See that every socket and task of a test is gone after it, and that nothing has failed unheard."""
    troubles: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: troubles.append(str(context)))
    await asyncio.to_thread(lambda: None)  # its threads come first
    tasks, files = others(), open_files()
    yield
    await until(lambda: others() <= tasks)
    await until(lambda: open_files() <= files)
    gc.collect()
    assert troubles == []


class Told:
    """What a wire, or a link, tells."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.closed = 0
        self.lives: list[str] = []
        self.lost = 0
        self.away: list[tuple[str, float]] = []

    @property
    def wire(self) -> WirePorts:
        return WirePorts(lambda topic, payload: self.messages.append((topic, payload)), self._close)

    @property
    def link(self) -> LinkPorts:
        return LinkPorts(
            up=lambda life, _: self.lives.append(life),
            message=lambda topic, payload: self.messages.append((topic, payload)),
            lost=self._lose,
            away=lambda why, seconds: self.away.append((why, seconds)),
            session=lambda: None,
        )

    def _close(self) -> None:
        self.closed += 1

    def _lose(self) -> None:
        self.lost += 1


async def reach(url: str, told: Told, timeout_s: float = 5.0, tls: ssl.SSLContext | None = None) -> Wire:
    return await Wire.open(read(url), LOGIN, told.wire, timeout_s=timeout_s, tls=tls)


# ── nobody there ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (scripted.silent, "for 0.3 s"),
        (scripted.silent_after_the_upgrade, "for 0.3 s"),
        (scripted.hang_up, ""),
        (scripted.not_found, ""),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "mqtt"])
async def test_what_does_not_answer_as_a_broker_is_unreachable_and_says_why(
    script: scripted.Script, why: str, scheme: str
) -> None:
    async with Scripted.open(script) as server:
        with pytest.raises((Unreachable, TurnedAway)) as raised:
            await reach(f"{scheme}://127.0.0.1:{server.port}", Told(), 0.3)
        assert str(raised.value)
        assert scheme == "mqtt" or why in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "mqtt://127.0.0.1:9", "http://nobody.invalid"])
async def test_a_wrong_address_is_unreachable_and_says_why(url: str) -> None:
    with pytest.raises(Unreachable, match=r"\w+"):
        await reach(url, Told())


async def test_a_refusal_tells_its_code() -> None:
    async with Scripted.open(scripted.refuse(5)) as server:
        with pytest.raises(TurnedAway) as raised:
            await reach(f"http://127.0.0.1:{server.port}", Told())
        assert raised.value.code == 5


def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a server's certificate, and what trusts it."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("scheme", ["https", "mqtts"])
async def test_a_certificate_that_is_not_known_says_what_to_do(scheme: str) -> None:
    server_side, _ = certified()
    async with Scripted.open(scripted.silent, server_side) as server:
        with pytest.raises(Unreachable, match="SSL_CERT_FILE"):
            await reach(f"{scheme}://127.0.0.1:{server.port}", Told())


async def one_who_is_no_broker(line: Line) -> None:
    await line.say(b"SSH-2.0-what\r\n")
    await line.until_gone()


async def test_another_protocol_where_tls_should_be_is_unreachable() -> None:
    async with Scripted.open(one_who_is_no_broker) as server:
        with pytest.raises(Unreachable, match=r"\w+"):
            await reach(f"https://127.0.0.1:{server.port}", Told())


# ── packets and frames ───────────────────────────────────────────────────────────────────────────────────────────────


async def many_in_one_frame(line: Line) -> None:
    await line.upgrade()
    await line.hear()
    await line.say(CONNACK + b"".join(publish("t", str(number).encode()) for number in range(50)))
    await line.until_gone()


async def one_in_many_frames(line: Line) -> None:
    await line.upgrade()
    await line.hear()
    for byte in CONNACK + b"".join(publish("t", str(number).encode()) for number in range(50)):
        await line.say(bytes([byte]))
        await asyncio.sleep(0)
    await line.until_gone()


async def plainly(line: Line) -> None:
    await line.hear()
    await line.say(CONNACK + b"".join(publish("t", str(number).encode()) for number in range(50)))
    await line.until_gone()


@pytest.mark.parametrize(
    ("script", "scheme"),
    [
        (many_in_one_frame, "http"),
        (many_in_one_frame, "https"),
        (one_in_many_frames, "http"),
        (one_in_many_frames, "https"),
        (plainly, "mqtt"),
        (plainly, "mqtts"),
    ],
)
async def test_packets_come_whole_however_frames_cut_them(script: scripted.Script, scheme: str) -> None:
    server_side, client_side = certified()
    tls = scheme in ("https", "mqtts")
    async with Scripted.open(script, server_side if tls else None) as server:
        told = Told()
        wire = await reach(f"{scheme}://127.0.0.1:{server.port}", told, tls=client_side)
        await until(lambda: len(told.messages) == 50)
        assert told.messages == [("t", str(number).encode()) for number in range(50)]
        wire.say("t", b"x")
        wire.close()
    assert told.closed == 0  # who closes it is not told that it has closed


@pytest.mark.parametrize(
    "said",
    [
        b"\xff" * 40,
        packet(0x90, b"\0\1\0"),
        packet(0x40, b"\0\x07"),
        packet(0x30, b"\0\xff"),
        packet(0xF0, b""),
        b"\x30\xff\xff\xff\xff\xff",
    ],
)
async def test_what_is_no_packet_ends_the_connection_or_is_nothing(said: bytes) -> None:
    async def script(line: Line) -> None:
        await line.upgrade()
        await line.hear()
        await line.say(CONNACK)
        await line.say(said)

    async with Scripted.open(script) as server:
        told = Told()
        await reach(f"http://127.0.0.1:{server.port}", told)
        await until(lambda: told.closed)
        assert told.closed == 1


async def dies(line: Line) -> None:
    await line.upgrade()
    await line.hear()
    await line.say(CONNACK)
    await line.hear()
    line.writer.transport.abort()


async def test_a_broker_that_dies_is_told_of_once() -> None:
    async with Scripted.open(dies) as server:
        told = Told()
        wire = await reach(f"http://127.0.0.1:{server.port}", told)
        wire.say("t", b"x")
        await until(lambda: told.closed)
        wire.say("t", b"x")
        wire.listen("t")
        wire.lose()
        wire.close()
        assert told.closed == 1
        assert not await wire.subscribe("t")


# ── lives ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RETRY_FIRST_S", "SIGN_WITHIN_S"):
        monkeypatch.setattr(link, name, 0.2)


def broker(*, pubacks: bool = True, then: bytes = b"", lives_s: float = 60.0) -> scripted.Script:
    """Grant everything, and live so long."""

    async def script(line: Line) -> None:
        await line.upgrade()
        await line.hear()
        await line.say(CONNACK)
        async with asyncio.timeout(lives_s):
            while True:
                data = await line.hear()
                while data:
                    size = 2 + data[1] if data[1] < 128 else 3 + (data[1] & 127) + 128 * data[2]
                    first, data = data[:size], data[size:]
                    at = 2 if first[1] < 128 else 3
                    if first[0] == 0x82:
                        await line.say(packet(0x90, first[at : at + 2] + b"\0\0"), *([then] if then else []))
                    elif first[0] & 0xF6 == 0x32 and pubacks:
                        topic = int.from_bytes(first[at : at + 2], "big")
                        await line.say(packet(0x40, first[at + 2 + topic : at + 4 + topic]))

    async def ended(line: Line) -> None:
        try:
            await script(line)
        except TimeoutError:
            line.writer.transport.abort()

    return ended


async def lived(server: Scripted, told: Told) -> tuple[Link, "asyncio.Task[None]"]:
    kept = Link(read(f"http://127.0.0.1:{server.port}"), Identity(), told.link)
    return kept, asyncio.ensure_future(kept.run())


async def parted(kept: Link, running: "asyncio.Task[None]") -> None:
    await kept.leave()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_each_connection_is_a_life_of_its_own(hasty: None) -> None:
    async with Scripted.open(broker(lives_s=0.3)) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: len(told.lives) >= 3)
        assert len(set(told.lives)) == len(told.lives)
        assert told.lost >= 2
        assert {why for why, _ in told.away} == {"the connection broke"}
        await parted(kept, running)


async def test_a_broker_that_acknowledges_nothing_is_not_there_any_more(hasty: None) -> None:
    async with Scripted.open(broker(pubacks=False)) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: told.lives)
        kept.sign("t", b"x")
        await until(lambda: len(told.lives) >= 2)
        await parted(kept, running)


async def test_a_broker_that_does_acknowledge_stays(hasty: None) -> None:
    async with Scripted.open(broker()) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: told.lives)
        for _ in range(10):
            kept.sign("t", b"x")
            await asyncio.sleep(0.05)
        assert len(told.lives) == 1
        await parted(kept, running)


async def test_who_is_turned_away_waits_longer_and_longer_and_knows_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "REFUSAL_FIRST_S", 0.05)
    async with Scripted.open(scripted.refuse(5)) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: len(told.away) >= 4)
        for nth, (why, seconds) in enumerate(told.away):
            assert why == "the broker refused with code 5"
            assert 0.05 * 2**nth <= seconds <= 0.05 * 2**nth * 1.5
        await parted(kept, running)


async def test_who_is_limited_stays_away_as_long_as_it_was_told(hasty: None) -> None:
    async with Scripted.open(broker(lives_s=0.3)) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: told.lives)
        kept.limit(30)
        await until(lambda: told.away)
        assert 29 < told.away[0][1] <= 45
        assert len(server.lines) == 1
        await parted(kept, running)


async def test_one_whose_inbox_is_refused_does_not_live(hasty: None) -> None:
    async def script(line: Line) -> None:
        await line.upgrade()
        await line.hear()
        await line.say(CONNACK)
        data = await line.hear()
        await line.say(packet(0x90, data[2:4] + b"\x80\x80"))
        await line.until_gone()

    async with Scripted.open(script) as server:
        told = Told()
        kept, running = await lived(server, told)
        await until(lambda: len(told.away) >= 2)
        assert told.lives == []
        await parted(kept, running)


# ── taking it back ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("script", [scripted.silent, scripted.silent_after_the_upgrade, scripted.refuse(5)])
@pytest.mark.parametrize("turns", [0, 1, 5, 20])
async def test_opening_can_be_cancelled_at_any_moment(script: scripted.Script, turns: int) -> None:
    async with Scripted.open(script) as server:
        opening = asyncio.ensure_future(reach(f"http://127.0.0.1:{server.port}", Told()))
        for _ in range(turns):
            await asyncio.sleep(0.001)
        opening.cancel()
        with pytest.raises((asyncio.CancelledError, TurnedAway)):
            await opening
        # Its thread ends, too, and not only when its patience does: else its socket would live as long.
        await until(lambda: all(line.reader.at_eof() for line in server.lines), within_s=3)


async def test_who_gives_up_in_the_moment_in_which_the_broker_lets_in_leaves_no_connection() -> None:
    gone = asyncio.Event()

    async def lets_in(line: Line) -> None:
        await line.upgrade()
        await line.hear()
        await line.say(CONNACK)
        await line.until_gone()
        gone.set()

    class Hasty(Wire):
        def _on_connect(self, *told: Any) -> None:
            super()._on_connect(*told)
            opening.cancel()

    async with Scripted.open(lets_in) as server:
        url = f"http://127.0.0.1:{server.port}"
        opening = asyncio.ensure_future(Hasty.open(read(url), LOGIN, Told().wire))
        with pytest.raises(asyncio.CancelledError):
            await opening
        await asyncio.wait_for(gone.wait(), 5)


async def test_coming_in_can_be_cancelled_at_any_moment(house: House) -> None:
    async def come() -> None:
        async with Stranger(house.url) as me, me.meet():
            pass

    files = open_files()
    for turns in [*range(12), 15, 20, 30, 50, 80, 120]:
        coming = asyncio.ensure_future(come())
        for _ in range(turns):
            await asyncio.sleep(0.001)
        coming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await coming
        await until(lambda: open_files() <= files, within_s=5)


async def test_who_is_let_in_nowhere_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "WELCOME_WITHIN_S", 0.5)
    heard: list[news.News] = []
    async with Scripted.open(scripted.refuse(5)) as server:
        with pytest.raises(errors.Away, match="code 5"):
            async with Stranger(f"http://127.0.0.1:{server.port}", watch=heard.append):
                pass
    assert any(isinstance(each, news.Away) for each in heard)
