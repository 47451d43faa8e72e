"""Storms against the whole product: whoever behaves still meets somebody meanwhile, and the memory comes back.

The command runs as a process of its own, so that its memory can be read from outside. All on loopback, all bounded.
"""

import asyncio
import contextlib
import json
import os
import random
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.messages import VERSION
from tests.command.running import Running
from tests.engines.mqtt_probe import UPGRADE, connect, deaf, frame, packet, publish, subscribe, text
from tests.faults.walkers import Walker, meet

IDLE = 5_000
ADDRESSES = 25  # so each has fewer than one address may have
CONNECT_S = 5.0
MEETS_S = 2.0
# What the allocator may keep for itself: after 5,000 sockets it was 78 MB, and after 5,000 more it was still 78 MB.
KEPT_BYTES = 120 * 1024 * 1024
SLACK_BYTES = 16 * 1024 * 1024

pytestmark = pytest.mark.timeout(120)


class Storm:
    """The running command, seen from outside."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self._statm = Path(f"/proc/{pid}/statm")
        self.calm = self.memory()

    def memory(self) -> int:
        """How many bytes of memory the process has resident."""
        return int(self._statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def two_meet(self) -> None:
        """Two who behave come, and meet within two seconds; a busy machine gets three chances."""
        for chance in range(3):
            async with Walker.walk(self.port) as ana, Walker.walk(self.port) as bo:
                try:
                    async with asyncio.timeout(MEETS_S):
                        await meet(ana, bo)
                except TimeoutError:
                    if chance == 2:
                        raise
                else:
                    return

    async def memory_returns(self, level: int | None = None, kept: int = KEPT_BYTES) -> None:
        """Wait until the memory is back at a level (that of the calm), but for what the allocator keeps."""
        async with asyncio.timeout(15):
            while self.memory() > (self.calm if level is None else level) + kept:
                await asyncio.sleep(0.1)


@pytest.fixture
async def storm() -> AsyncIterator[Storm]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= 2 * IDLE, "this machine allows too few open files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * IDLE) if hard > 0 else 4 * IDLE, hard))
    async with Running.start("up", "--port", "0", PASSERBY_CONNECTIONS=str(2 * IDLE)) as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        await up.says("Ctrl-C")
        async with Walker.walk(port) as ana, Walker.walk(port) as bo:
            await meet(ana, bo)
        yield Storm(port, up.process.pid)


async def swallow(reader: asyncio.StreamReader) -> None:
    """Read until the other side closes or cuts."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(65536):
            pass


async def test_two_hundred_connections_that_talk_garbage(storm: Storm) -> None:
    over = asyncio.Event()

    async def babble(number: int) -> None:
        chance = random.Random(number)
        while not over.is_set():
            reader, writer = await asyncio.open_connection("127.0.0.1", storm.port, local_addr=(_address(number), 0))
            noise = chance.randbytes(chance.randint(1, 3000))
            first = chance.choice([b"", UPGRADE, UPGRADE, b"GET / HTTP/1.1\r\n"])
            with contextlib.suppress(ConnectionError):
                writer.write(first + chance.choice([noise, frame(noise), frame(packet(0x10, noise))]))
                writer.write_eof()
                await swallow(reader)
            writer.close()

    babbling = [asyncio.create_task(babble(number)) for number in range(200)]
    for _ in range(3):
        await storm.two_meet()
    over.set()
    await asyncio.gather(*babbling)
    await storm.memory_returns()


async def test_five_thousand_connections_that_never_say_connect(storm: Storm) -> None:
    """Half say nothing at all, half ask for a WebSocket and no more. A second such crowd costs no more memory."""
    await stand_idle(storm)
    await storm.memory_returns()
    level = storm.memory()
    await stand_idle(storm)
    await storm.memory_returns(level, kept=SLACK_BYTES)


async def stand_idle(storm: Storm) -> None:
    async def stand(number: int) -> asyncio.StreamReader:
        address = _address(number)
        reader, writer = await asyncio.open_connection("127.0.0.1", storm.port, limit=1024, local_addr=(address, 0))
        if number % 2:
            writer.write(UPGRADE)
        writers.append(writer)
        return reader

    writers: list[asyncio.StreamWriter] = []
    readers: list[asyncio.StreamReader] = []
    for start in range(0, IDLE, 250):
        readers += await asyncio.gather(*(stand(start + number) for number in range(250)))
    await storm.two_meet()
    async with asyncio.timeout(CONNECT_S + 15):
        await asyncio.gather(*map(swallow, readers))
    for writer in writers:
        writer.close()
    await storm.two_meet()


async def test_five_megabytes_in_one_packet_however_they_are_cut(storm: Storm) -> None:
    """In one frame, in the many fragments of one message, or in many messages."""
    secret = bytes(SECRET_BYTES)
    name = peer_of(secret)
    hello = frame(connect(name, b64url(secret)))
    huge = packet(0x30, text(topics.lobby(name)) + bytes(5_000_000))
    pieces = [huge[start : start + 30_000] for start in range(0, len(huge), 30_000)]
    one = b"\x82\xff" + len(huge).to_bytes(8, "big") + bytes(4) + huge
    fragments = b"".join(
        bytes([(0x02 if index == 0 else 0) | (0x80 if index == len(pieces) - 1 else 0)]) + frame(piece)[1:]
        for index, piece in enumerate(pieces)
    )
    for attempt in [one, fragments, b"".join(map(frame, pieces))] * 4:
        reader, writer = await asyncio.open_connection("127.0.0.1", storm.port)
        with contextlib.suppress(ConnectionError):
            writer.write(UPGRADE + hello + attempt)
            async with asyncio.timeout(10):
                await swallow(reader)
        writer.close()
        await storm.two_meet()
    await storm.memory_returns()


async def test_a_peer_that_never_reads_what_it_is_sent(storm: Storm) -> None:
    """It says `here` without end, and each is answered; it is cut off, and a slow reader beside it is not."""
    secret, loop = bytes(SECRET_BYTES), asyncio.get_running_loop()
    name = peer_of(secret)
    here = json.dumps({"kind": "here", "life": "L" * 11, "version": VERSION}).encode()
    many = b"".join(frame(publish(topics.presence(name), here)) for _ in range(50))
    hello = connect(name, b64url(secret)) + subscribe(topics.inbox(name))
    async with Walker.walk(storm.port) as patient:
        with deaf(storm.port, UPGRADE, hello) as wire:
            wire.settimeout(0)
            async with asyncio.timeout(30):
                with contextlib.suppress(ConnectionError):  # that is how it learns that it was cut off
                    while True:
                        await loop.sock_sendall(wire, many)
        await storm.two_meet()
        await patient.probe.echo()
        assert not patient.probe.closed
    await storm.memory_returns()


def _address(number: int) -> str:
    return f"127.0.0.{2 + number % ADDRESSES}"
