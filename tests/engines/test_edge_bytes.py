"""What passes through the edge once a WebSocket is open: bytes as they are, little of them at a time, and the end."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator

import pytest

from broker.engines.entrance import splice
from tests.engines.edges import Place, head_of, placed, until
from tests.engines.mqtt_probe import UPGRADE, WITHIN_S, deaf, frame

MUCH = 32 * 1024 * 1024  # more than the kernel takes of what nobody reads


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with placed() as place:
        yield place


async def test_what_comes_behind_the_request_waits_for_the_101_and_then_arrives_first(place: Place) -> None:
    """Mosquitto refuses what comes together with a request."""
    place.broker.answers = False
    reader, writer = await place.browser(UPGRADE, frame(b"first"))
    caller = await place.broker.caller()
    writer.write(frame(b"second"))
    other, _ = await place.browser(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await head_of(other)  # so the edge has had its turn
    assert caller.said == b""
    caller.answer(b"with the 101")
    await head_of(reader)
    assert await asyncio.wait_for(reader.readexactly(12), WITHIN_S) == b"with the 101"
    writer.write(frame(b"third"))
    await until(lambda: caller.said == frame(b"first") + frame(b"second") + frame(b"third"))


async def test_a_101_may_come_in_pieces(place: Place) -> None:
    place.broker.answers = False
    reader, _ = await place.browser(UPGRADE)
    caller = await place.broker.caller()
    caller.transport.write(
        b"HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    )
    other, _ = await place.browser(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await head_of(other)
    caller.transport.write(b"\r\nand on")
    assert "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in await head_of(reader)
    assert await asyncio.wait_for(reader.readexactly(6), WITHIN_S) == b"and on"


async def test_bytes_pass_as_they_are_both_ways(place: Place) -> None:
    reader, writer, caller = await place.spliced(UPGRADE)
    up, down = random.Random(1).randbytes(3_000_001), random.Random(2).randbytes(3_000_001)
    writer.write(up)
    caller.transport.write(down)
    assert await asyncio.wait_for(reader.readexactly(len(down)), WITHIN_S) == down
    await until(lambda: len(caller.said) >= len(up))
    assert caller.said == up


def inside(place: Place) -> list[asyncio.Transport]:
    """Look at the edge's own two transports of its only splice."""
    (only,) = place.edge._splices  # noqa: SLF001  no other way to see what it holds
    return [half.near for half in only._halves]  # noqa: SLF001


async def test_a_browser_that_does_not_read_stops_the_broker_and_little_is_kept_for_it(place: Place) -> None:
    with deaf(place.edge.port, UPGRADE) as wire:
        caller = await place.broker.caller()
        caller.transport.write(bytes(MUCH))
        await until(lambda: place.edge._splices)  # noqa: SLF001
        browser, upstream = inside(place)
        await until(lambda: not upstream.is_reading())
        assert browser.get_write_buffer_size() < 512 * 1024
        assert caller.transport.get_write_buffer_size() > 0
        wire.settimeout(0)
        loop, read = asyncio.get_running_loop(), 0
        async with asyncio.timeout(30):
            while caller.transport.get_write_buffer_size() or browser.get_write_buffer_size():
                assert browser.get_write_buffer_size() < 512 * 1024
                read += len(await loop.sock_recv(wire, 1024 * 1024))
            caller.transport.close()
            while data := await loop.sock_recv(wire, 1024 * 1024):
                read += len(data)
        assert read > MUCH


async def test_a_broker_that_does_not_read_stops_the_browser(place: Place) -> None:
    _, writer, caller = await place.spliced(UPGRADE)
    caller.transport.pause_reading()
    writer.write(bytes(MUCH))
    browser, upstream = inside(place)
    await until(lambda: not browser.is_reading())
    assert upstream.get_write_buffer_size() < 512 * 1024
    caller.transport.resume_reading()
    await until(lambda: len(caller.heard) > MUCH)
    assert len(caller.said) == MUCH


async def test_who_takes_nothing_for_too_long_is_cut_off(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splice, "STALL_S", 0.1)
    with deaf(place.edge.port, UPGRADE):
        caller = await place.broker.caller()
        caller.transport.write(bytes(MUCH))
        await until(lambda: caller.ended or caller.closed)


async def test_the_browsers_end_comes_behind_its_last_byte_and_what_is_said_then_still_arrives(place: Place) -> None:
    reader, writer, caller = await place.spliced(UPGRADE)
    writer.write(bytes(1_000_000))
    writer.write_eof()
    await until(lambda: caller.ended)
    assert len(caller.said) == 1_000_000
    caller.transport.write(b"goodbye")
    caller.transport.close()
    assert await asyncio.wait_for(reader.read(), WITHIN_S) == b"goodbye"


async def test_the_brokers_end_comes_behind_its_last_byte(place: Place) -> None:
    reader, writer, caller = await place.spliced(UPGRADE)
    caller.transport.write(bytes(1_000_000))
    caller.transport.write_eof()
    writer.write(b"not known yet")
    assert len(await asyncio.wait_for(reader.read(), WITHIN_S)) == 1_000_000
    writer.close()
    await until(lambda: caller.ended and not place.edge._splices)  # noqa: SLF001
    assert caller.said == b"not known yet"


def reset(transport: asyncio.WriteTransport) -> None:
    """End a connection like a process that was killed with something unread."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def test_a_browser_that_vanishes_ends_it_for_the_broker(place: Place) -> None:
    _, writer, caller = await place.spliced(UPGRADE)
    reset(writer.transport)
    await until(lambda: caller.ended)


async def test_a_broker_that_dies_ends_it_for_the_browser(place: Place) -> None:
    reader, _, caller = await place.spliced(UPGRADE)
    reset(caller.transport)
    assert await asyncio.wait_for(reader.read(), WITHIN_S) == b""


async def test_a_browser_that_vanishes_during_the_call_ends_the_call(place: Place) -> None:
    place.broker.answers = False
    _, writer = await place.browser(UPGRADE)
    caller = await place.broker.caller()
    reset(writer.transport)
    caller.answer()
    await until(lambda: caller.ended or caller.closed)


@pytest.mark.parametrize("full", [False, True])
async def test_after_one_end_the_other_side_cannot_stay_for_long(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, full: bool
) -> None:
    """Nor when there is something that it does not take."""
    monkeypatch.setattr(splice, "DRAIN_S", 0.1)
    with deaf(place.edge.port, UPGRADE):
        caller = await place.broker.caller()
        caller.transport.write(bytes(MUCH if full else 1))
        await until(lambda: place.edge._splices)  # noqa: SLF001
        if full:
            _, upstream = inside(place)
            await until(lambda: not upstream.is_reading())
            reset(caller.transport)
            await place.edge.stop()
        else:
            caller.transport.close()
        await until(lambda: not place.edge._splices)  # noqa: SLF001


async def there_and_back() -> None:
    async with placed() as place:
        reader, writer, caller = await place.spliced(UPGRADE, frame(b"first"))
        caller.transport.write(bytes(3_000_000))
        writer.write(bytes(3_000_000))
        await asyncio.wait_for(reader.readexactly(3_000_000), WITHIN_S)
        writer.write_eof()
        await until(lambda: caller.ended)
        assert caller.said == frame(b"first") + bytes(3_000_000)
    async with placed(sockets=0) as place:
        reader, _ = await place.browser()
        assert (await asyncio.wait_for(reader.read(), WITHIN_S)).startswith(b"HTTP/1.1 503 ")


def test_all_of_it_on_uvloop_as_the_command_runs_it() -> None:
    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(there_and_back())
