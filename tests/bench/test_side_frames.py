"""Frames of a WebSocket, and events of Socket.IO in them, as their specifications write them."""

import json
from typing import Any

import pytest

from bench.frames import BINARY, PING, TEXT, Frames, frame, take
from bench.side.drivers import Driver
from bench.side.queuers import SocketIo, event, read_event


@pytest.mark.parametrize(
    ("sent", "kind", "data"),
    [
        (b"\x81\x05Hello", TEXT, b"Hello"),  # RFC 6455 §5.7, unmasked, as servers send
        (b"\x89\x05Hello", PING, b"Hello"),
        (b"\x82\x7e\x01\x00" + b"x" * 256, BINARY, b"x" * 256),
        (b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + b"x" * 65_536, BINARY, b"x" * 65_536),
    ],
)
def test_a_frame_is_taken_when_it_is_whole_and_not_before(sent: bytes, kind: int, data: bytes) -> None:
    buffer = bytearray(sent[:-1])
    assert take(buffer) is None
    buffer += sent[-1:] + b"\x81"
    assert take(buffer) == (kind, data)
    assert buffer == b"\x81"


@pytest.mark.parametrize("size", [0, 125, 126, 65_535])
def test_a_frame_that_we_send_is_masked_and_tells_its_length(size: int) -> None:
    made = frame(TEXT, b"x" * size)
    head, length = made[0], made[1]
    assert (head, length & 0x80) == (0x81, 0x80)
    start = 2 if size <= 125 else 4
    assert size == (length & 0x7F if size <= 125 else int.from_bytes(made[2:4], "big"))
    assert made[start:] == b"\0\0\0\0" + b"x" * size


@pytest.mark.parametrize(
    ("kind", "what", "written"),
    [  # socket.io-protocol, "Exchange protocol"; engine.io's `4` is a message
        ("foo", None, b'42["foo"]'),
        ("ask", {"tags": ["music"]}, b'42["ask",{"tags":["music"]}]'),
    ],
)
def test_events_are_written_and_read_as_the_protocol_has_them(
    kind: str, what: dict[str, Any] | None, written: bytes
) -> None:
    assert event(kind, what) == written
    assert read_event(written) == (kind, what or {})


@pytest.mark.parametrize("other", [b"2", b"40", b'44{"message":"no"}', b'43["1"]', b"41"])
def test_what_is_no_event_is_not_read_as_one(other: bytes) -> None:
    assert read_event(other) is None


class Heard:
    """Ears that note."""

    def __init__(self) -> None:
        self.all: list[tuple[str, ...]] = []

    def here(self, _: Driver) -> None:
        self.all.append(("here",))

    def met(self, _: Driver, session: str, *, first: bool) -> None:
        self.all.append(("met", session, str(first)))

    def signal(self, _: Driver) -> None:
        self.all.append(("signal",))

    def over(self, _: Driver) -> None:
        self.all.append(("over",))

    def odd(self, _: Driver, what: str) -> None:
        self.all.append(("odd", what))


def test_a_driver_of_socket_io_follows_its_handshake_answers_its_ping_and_hears_its_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[bytes] = []
    monkeypatch.setattr(Frames, "send", lambda _, kind, data: said.append(bytes([kind]) + data))
    heard = Heard()
    driver = SocketIo("here", heard)
    for told in (
        b'0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
        b'40{"sid":"b"}',
        b"2",
        b'42["matched",{"session":"s","first":true}]',
        b'42["candidate",{}]',
        b'42["over"]',
        b'42["else"]',
        b"1",
    ):
        driver.line.heard(told)
    assert said == [b"\x0140", b"\x013"]
    assert heard.all == [
        ("here",),
        ("met", "s", "True"),
        ("signal",),
        ("over",),
        ("odd", "told: else"),
        ("odd", "told: 1"),
    ]


def test_a_description_has_as_many_parts_as_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[bytes] = []
    monkeypatch.setattr(Frames, "send", lambda _, __, data: said.append(data))
    driver = SocketIo("here", Heard())
    driver.describe(first=True)
    kinds = [json.loads(each[2:])[0] for each in said]
    assert kinds == ["offer", "candidate", "candidate"]
    assert len(kinds) == driver.parts
