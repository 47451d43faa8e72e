"""The seam to gmqtt: what goes around it is what it would say and hear; a gmqtt that is another is refused."""

import asyncio
import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gmqtt
import pytest
from gmqtt.mqtt.connection import MQTTConnection
from gmqtt.mqtt.constants import MQTTv311
from gmqtt.mqtt.package import PublishPacket
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from matcher.gmqtt_seam import Lane
from tests.engines.mqtt_probe import packet, publish

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)
PAYLOADS = st.binary(max_size=300) | st.integers(16_370, 16_400).map(bytes)
SAID = st.lists(st.tuples(WORDS, PAYLOADS, st.sampled_from([0, 7])), max_size=5)


class Socket(asyncio.Transport):
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.aborted = False

    @override
    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    @override
    def is_closing(self) -> bool:
        return self.aborted

    @override
    def abort(self) -> None:
        self.aborted = True

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        pass


class Desk:
    """A lane on a socket that is none, and what came of it."""

    def __init__(self) -> None:
        self.socket = Socket()
        self.heard: list[tuple[str, bytes]] = []
        self.passed_on: list[tuple[int, bytes]] = []
        connection = object.__new__(MQTTConnection)
        vars(connection).update(_transport=self.socket, _protocol=None, _last_data_in=0.0, _last_data_out=0.0)
        vars(connection)["put_package"] = lambda package: self.passed_on.append((package.cmd, package.data))
        self.lane = Lane(client(connection), lambda *message: self.heard.append(message))


def client(connection: object) -> gmqtt.Client:
    made = object.__new__(gmqtt.Client)
    vars(made)["_connection"] = connection
    return made


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with asyncio.Runner() as runner:
        yield runner.get_loop()


def on(loop: asyncio.AbstractEventLoop) -> Desk:
    async def make() -> Desk:
        return Desk()

    return loop.run_until_complete(make())


@given(st.lists(st.tuples(WORDS, PAYLOADS, st.booleans()), min_size=1, max_size=5))
def test_all_of_a_turn_leaves_in_one_write_as_gmqtt_would_write_it(
    loop: asyncio.AbstractEventLoop, said: list[tuple[str, bytes, bool]]
) -> None:
    desk = on(loop)

    async def say() -> None:
        for topic, payload, retain in said:
            desk.lane.publish(topic, payload, retain=retain)
        assert desk.socket.written == []

    loop.run_until_complete(say())
    loop.run_until_complete(asyncio.sleep(0))
    wanted = b"".join(_by_gmqtt(topic, payload, retain=retain) for topic, payload, retain in said)
    assert desk.socket.written == [wanted]


def _by_gmqtt(topic: str, payload: bytes, *, retain: bool) -> bytes:
    message = gmqtt.Message(topic.encode(), payload, retain=retain)  # of a str it counts characters, not bytes
    return bytes(PublishPacket.build_package(message, SimpleNamespace(proto_ver=MQTTv311))[1])


@given(SAID, st.lists(st.integers(0, 20_000), max_size=6))
def test_however_the_bytes_come_in_every_message_is_heard_once_and_in_order(
    loop: asyncio.AbstractEventLoop, said: list[tuple[str, bytes, int]], cuts: list[int]
) -> None:
    desk, stream = on(loop), b""
    for topic, payload, packet_id in said:
        stream += publish(topic, payload, packet_id=packet_id) + packet(0xD0)
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for begin, end in itertools.pairwise(places):
        desk.lane.data_received(stream[begin:end])
    loop.run_until_complete(asyncio.sleep(0))
    assert desk.heard == [(topic, payload) for topic, payload, _ in said]
    assert desk.passed_on == [(0xD0, b"")] * len(said)
    assert b"".join(desk.socket.written) == b"\x40\x02\x00\x07" * sum(packet_id == 7 for *_, packet_id in said)


def test_a_length_that_is_none_ends_the_connection(loop: asyncio.AbstractEventLoop) -> None:
    desk = on(loop)
    desk.lane.data_received(b"\x30\xff\xff\xff\xff\x01")
    assert desk.socket.aborted


async def test_another_gmqtt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match=r"^gmqtt 0\.8\.0 lacks _connection: reinstall it$"):
        Lane(client(None), lambda *_: None)
    with pytest.raises(
        RuntimeError, match=r"^gmqtt 0\.8\.0 lacks _last_data_in, _last_data_out, _protocol, _transport"
    ):
        Lane(client(object.__new__(MQTTConnection)), lambda *_: None)
    monkeypatch.setattr("matcher.gmqtt_seam.metadata.version", lambda _: "0.9.0")
    with pytest.raises(RuntimeError, match=r"^the matcher needs gmqtt 0\.8\.0, here is 0\.9\.0: run `make setup`$"):
        Lane(client(None), lambda *_: None)
