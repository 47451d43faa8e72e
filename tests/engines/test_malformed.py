"""Whoever sends what is no MQTT loses its own connection, and nobody else notices: not the others, not the log."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.engines.houses import SERVICE_PASSWORD, House, canary, facts_about, people
from tests.engines.mqtt_probe import (
    PINGREQ,
    FramedLine,
    Probe,
    WebSocketLine,
    connect,
    packet,
    publish,
    subscribe,
    text,
    unsubscribe,
)

ADA, BOB, EVE = people(3)
HELLO = connect(EVE.peer, EVE.password)
ROOT_HELLO = connect("service", SERVICE_PASSWORD)

BEFORE_CONNECT = {
    "a publish": publish(EVE.lobby, b"join"),
    "a ping": PINGREQ,
    "HTTP": b"GET / HTTP/1.1\r\n\r\n",
    "zeros": bytes(64),
    "ones": b"\xff" * 64,
    "a length of five bytes": b"\x10\xff\xff\xff\xff\x01",
    "a length of 256 MiB": b"\x10\xff\xff\xff\x7f",
    "another protocol": packet(0x10, text("AMQP") + b"\x04\x02\0\0" + text("x")),
    "an empty CONNECT": packet(0x10),
    "a CONNECT cut short": packet(0x10, text("MQTT") + b"\x04\xc2\0\x3c" + text(EVE.peer) + text(EVE.peer)),
    "a CONNECT with bytes left over": packet(0x10, HELLO[2:] + b"more"),
    "a reserved flag": packet(0x10, text("MQTT") + b"\x04\x03\0\0" + text("x")),
    "a Will of QoS 3": packet(0x10, text("MQTT") + b"\x04\x1e\0\0" + text("x") + text("t") + text("m")),
    "a ClientID that is not UTF-8": connect(b"\xc3\x28", "x"),
    "a ClientID with a NUL": connect("a\0b", "x"),
    "a Will topic with a wildcard": connect(EVE.peer, EVE.password, will=("v1/#", b"x")),
}
AFTER_CONNECT = {
    "a second CONNECT": HELLO,
    "a reserved packet": b"\xf0\x00",
    "a packet that only servers send": b"\x20\x02\0\0",
    "a SUBSCRIBE with wrong flags": packet(0x80, b"\0\1" + text("a") + b"\0"),
    "a SUBSCRIBE without filters": packet(0x82, b"\0\1"),
    "a SUBSCRIBE of QoS 3": packet(0x82, b"\0\1" + text("a") + b"\3"),
    "a SUBSCRIBE of 33 filters": subscribe(*(["a"] * 33)),
    "a SUBSCRIBE cut short": packet(0x82, b"\0\1" + text("abc")),
    "a filter that is not UTF-8": subscribe(b"v1/\xff"),
    "a filter with # in the middle": subscribe("v1/#/x"),
    "an UNSUBSCRIBE without filters": packet(0xA2, b"\0\1"),
    "an empty filter": unsubscribe(""),
    "a topic that is not UTF-8": publish(b"v1/\xed\xa0\x80", b""),
    "a topic with a wildcard": publish("v1/lobby/+", b""),
    "an empty topic": publish("", b""),
    "a topic longer than the packet": packet(0x30, b"\xff\xff" + b"v1"),
    "a PUBLISH of QoS 2": packet(0x34, text(EVE.lobby) + b"\0\1"),
    "a PUBLISH of QoS 3": packet(0x36, text(EVE.lobby) + b"\0\1"),
    "a PUBLISH with packet id 0": packet(0x32, text(EVE.lobby) + b"\0\0"),
    "a QoS 0 PUBLISH marked as repeated": packet(0x38, text(EVE.lobby)),
    "a PUBACK cut short": packet(0x40, b"\0"),
    "a PINGREQ with a body": packet(0xC0, b"x"),
    "a DISCONNECT with a body": packet(0xE0, b"x"),
    "a length of 256 MiB": b"\x30\xff\xff\xff\x7f",
}


LENIENT = {"rabbitmq": "it reads over it, and asks the gate about what it says as about all else"}
EXEMPT = {
    "a SUBSCRIBE of 33 filters": {
        "mosquitto": "it takes as many as fit into max_packet_size, as MQTT allows; each that is refused is counted",
        **LENIENT,
    },
    **dict.fromkeys(
        (
            "a reserved flag",
            "a Will of QoS 3",
            "a ClientID that is not UTF-8",
            "a ClientID with a NUL",
            "a Will topic with a wildcard",
            "a filter that is not UTF-8",
            "a filter with # in the middle",
            "an UNSUBSCRIBE without filters",
            "an empty filter",
            "a topic that is not UTF-8",
            "a topic with a wildcard",
            "an empty topic",
            "a PUBLISH of QoS 2",
            "a PUBLISH with packet id 0",
            "a QoS 0 PUBLISH marked as repeated",
        ),
        LENIENT,
    ),
}


def cases(table: dict[str, bytes]) -> list[object]:
    return [
        pytest.param(data, id=name, marks=pytest.mark.exempt(**EXEMPT.get(name, {}))) for name, data in table.items()
    ]


@pytest.fixture
async def bystanders(house: House) -> AsyncIterator[None]:
    """A service and a peer who were there before, and must still be served afterwards."""
    service, ada = await house.service(), await house.peer(ADA)
    yield
    if service.closed:  # the test had one of its own
        service = await house.service()
    ping, welcome = canary(), canary()
    await ada.send(publish(ADA.presence, ping, packet_id=1))
    await service.hears(ADA.presence, ping)
    await service.send(publish(ADA.inbox, welcome))
    await ada.hears(ADA.inbox, welcome)


async def closed_by(probe: Probe, *packets: bytes) -> None:
    await probe.send(*packets)
    await probe.until(lambda: probe.closed)


@pytest.mark.usefixtures("bystanders")
@pytest.mark.parametrize("data", cases(BEFORE_CONNECT))
async def test_no_connection_begins_with_anything_but_a_good_connect(
    house: House, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    public, internal = await house.socket(), await house.tcp()
    await closed_by(public, data)
    await closed_by(internal, data)
    assert (public.connack, internal.connack) == (None, None)
    assert not caplog.records


@pytest.mark.usefixtures("bystanders")
@pytest.mark.parametrize("data", cases(AFTER_CONNECT))
async def test_a_malformed_packet_ends_its_connection_only(
    house: House, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    eve = await house.socket()
    await closed_by(eve, HELLO, data)
    assert not caplog.records


@pytest.mark.exempt(rabbitmq="what it reads is read by the same code on both")
@pytest.mark.parametrize("data", cases(AFTER_CONNECT))
async def test_the_internal_listener_is_as_strict(house: House, data: bytes) -> None:
    ada = await house.peer(ADA)
    await closed_by(await house.tcp(), ROOT_HELLO, data)
    service, join = await house.service(), canary()
    await ada.send(publish(ADA.lobby, join))
    await service.hears(ADA.lobby, join)


async def test_what_came_before_a_malformed_packet_still_counts(house: House) -> None:
    service, eve, join = await house.service(), await house.socket(), canary()
    await closed_by(eve, HELLO, publish(EVE.lobby, join), b"\xf0\x00")
    await service.hears(EVE.lobby, join)


FORGETS = "a second CONNECT makes it forget the Will of the first (handle_connect_error in src/handle_connect.c)"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xf0\x00", id="a reserved packet"),
        pytest.param(HELLO, id="a second CONNECT", marks=pytest.mark.exempt(mosquitto=FORGETS)),
    ],
)
async def test_who_sends_nonsense_is_said_to_be_lost(house: House, data: bytes) -> None:
    service, eve, lost = await house.service(), await house.socket(), canary()
    await closed_by(eve, connect(EVE.peer, EVE.password, will=(EVE.presence, lost)), data)
    await service.hears(EVE.presence, lost)


@pytest.mark.parametrize("data", [b"\xf0\x00", HELLO], ids=["a reserved packet", "a second CONNECT"])
async def test_who_sends_nonsense_is_gone(house: House, data: bytes) -> None:
    service, eve = await house.service(), await house.socket()
    await closed_by(eve, HELLO, data)
    await service.until(lambda: {"kind": "off", "peer": EVE.peer} in facts_about(EVE, service))


@pytest.mark.usefixtures("bystanders")
@pytest.mark.parametrize("size", [24 * 1024 + 1, 1024 * 1024, 200 * 1024 * 1024])
async def test_a_packet_that_would_be_too_long_is_refused_from_its_first_bytes(house: House, size: int) -> None:
    """Nothing of it is waited for, nothing of it is kept."""
    eve = await house.socket()
    start = packet(0x30, b"")[:1] + _length(size) + text(EVE.lobby)
    await closed_by(eve, HELLO, start)


@pytest.mark.usefixtures("bystanders")
async def test_a_frame_that_is_too_long_closes_its_sender(house: House) -> None:
    eve = await house.socket()
    await closed_by(eve, HELLO, publish(EVE.lobby, bytes(1024 * 1024)))


@pytest.mark.usefixtures("bystanders")
async def test_a_payload_over_4_kib_is_dropped_and_the_next_one_passes(house: House) -> None:
    eve = await house.peer(EVE)
    await eve.send(publish(EVE.lobby, bytes(4097), packet_id=1), publish(EVE.lobby, bytes(4096), packet_id=2))
    await eve.until(lambda: eve.pubacks == [1, 2])
    await eve.echo()
    assert not eve.closed


@pytest.mark.usefixtures("bystanders")
async def test_a_frame_of_text_closes_its_sender(house: House) -> None:
    eve = await house.socket()
    assert isinstance(eve.line, WebSocketLine | FramedLine)
    await eve.line.write_text("CONNECT, please")
    await eve.until(lambda: eve.closed)


@pytest.mark.usefixtures("bystanders")
async def test_a_connection_cut_in_the_middle_of_a_packet_is_forgotten(house: House) -> None:
    for data in (HELLO[:9], HELLO + publish(EVE.lobby, b"join")[:7]):
        for probe in (await house.socket(), await house.tcp()):
            await probe.send(data)
            await probe.cut()


async def test_silence_for_longer_than_the_keep_alive_ends_in_the_will(house: House) -> None:
    """One and a half times the keep-alive (MQTT 3.1.1 §3.1.2.10); who pings may stay."""
    service, lost = await house.service(), canary()
    quiet, lively = await house.socket(), await house.socket()
    await quiet.send(connect(EVE.peer, EVE.password, keep_alive_s=1, will=(EVE.presence, lost)))
    await lively.send(connect(BOB.peer, BOB.password, keep_alive_s=1))
    began = time.monotonic()
    while not quiet.closed:
        await lively.echo()
        await asyncio.wait([asyncio.create_task(quiet.until(lambda: quiet.closed))], timeout=0.5)
    assert 1.0 < time.monotonic() - began < 4
    await service.hears(EVE.presence, lost)
    await lively.echo()
    assert not lively.closed


@pytest.mark.usefixtures("bystanders")
async def test_a_hundred_idle_connections_hinder_nobody(house: House) -> None:
    async with AsyncExitStack() as stack:
        house.stack, usual = stack, house.stack
        for _ in range(100):
            await house.socket()
        late = await house.peer(BOB)
        await late.echo()
        house.stack = usual


def _length(length: int) -> bytes:
    out = bytearray()
    while True:
        length, low = divmod(length, 128)
        out.append(low | (0x80 if length else 0))
        if not length:
            return bytes(out)
