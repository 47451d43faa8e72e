"""Patience, which the embedded engine can be told how much of to have: who says nothing is not waited for."""

import asyncio

import pytest

from broker.engines.mqtt.bounds import Bounds
from tests.engines.conftest import Build
from tests.engines.houses import people
from tests.engines.mqtt_probe import connect

[EVE] = people(1)


async def test_whoever_says_nothing_is_closed(build: Build) -> None:
    """Before the upgrade is over there is nobody to say anything; afterwards, CONNECT is awaited for a while only."""
    house = await build(bounds=Bounds(connect_s=0.2))
    silent = [await house.socket(), await house.tcp()]
    halting = [await house.socket(), await house.tcp()]
    for probe in halting:
        await probe.send(connect(EVE.peer, EVE.password)[:5])
    for probe in silent + halting:
        await probe.until(lambda probe=probe: probe.closed)
        assert probe.connack is None


@pytest.mark.parametrize("said", [b"", b"GET", b"GET /mqtt HTTP/1.1\r\nHost: x\r\n"])
async def test_a_connection_without_a_whole_request_is_closed(build: Build, said: bytes) -> None:
    house = await build(bounds=Bounds(connect_s=0.2))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.engine.port)
    writer.write(said)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_a_peer_without_a_keep_alive_is_not_kept_for_ever(build: Build) -> None:
    house = await build(bounds=Bounds(idle_s=0.2))
    eve = await house.socket()
    await eve.send(connect(EVE.peer, EVE.password, keep_alive_s=0))
    await eve.until(lambda: eve.closed)
