"""How the public port treats those who come: from which page, how many, how fast; and how it says goodbye."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from broker.engines.entrance.page import Page
from broker.engines.mqtt.bounds import Bounds
from tests.engines.conftest import Build
from tests.engines.embedded_house import EmbeddedHouse
from tests.engines.houses import SERVICE_PASSWORD, Person, elsewhere
from tests.engines.mqtt_probe import UPGRADE, Message, connect, deaf, frame, publish, subscribe

ADA, BOB, EVE = (Person(bytes([number]) * 32) for number in (1, 2, 3))
LISTED = frozenset({"https://good.example"})


async def status_of(house: EmbeddedHouse, origin: str | None) -> int:
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{house.engine.port}/mqtt"
        try:
            async with http.ws_connect(url, protocols=("mqtt",), origin=origin):
                return 101
        except aiohttp.WSServerHandshakeError as refusal:
            return refusal.status


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "https://good.example", None])
async def test_a_page_of_this_server_or_of_a_listed_one_may_open_a_websocket(build: Build, origin: str | None) -> None:
    """So may a program, which sends no Origin: it could as well send a false one."""
    house = await build(origins=LISTED)
    assert await status_of(house, origin and origin.format(port=house.engine.port)) == 101


@pytest.mark.parametrize(
    "origin",
    [
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}/",
        "http://evil.example:{port}",
        "https://good.exampl",
        "https://good.example.evil",
        "HTTPS://good.example",
        "null",
        "",
    ],
)
async def test_no_other_page_may(build: Build, origin: str) -> None:
    house = await build(origins=LISTED)
    assert await status_of(house, origin.format(port=house.engine.port)) == 403


async def http_status(port: int) -> int:
    """Ask for the page on a connection of its own; 0 when it was cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    try:
        line = await asyncio.wait_for(reader.readline(), 5)
    except ConnectionError:
        line = b""
    writer.close()
    return int(line.split()[1]) if line else 0


async def until_served(port: int) -> None:
    async with asyncio.timeout(5):
        while await http_status(port) != 200:
            await asyncio.sleep(0.01)


async def test_when_the_house_is_full_who_comes_is_told_so_and_those_inside_stay(build: Build) -> None:
    house = await build(sockets=2)
    ada, bob = await house.peer(ADA), await house.peer(BOB)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.engine.port)
    answer = (await asyncio.wait_for(reader.read(), 5)).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 503 ")
    assert "Retry-After: " in answer
    assert "Content-Security-Policy: " in answer
    assert answer.endswith("Try again in a moment.\n")
    await ada.echo()
    await bob.cut()
    await until_served(house.engine.port)
    assert not ada.closed


async def test_one_address_cannot_fill_the_house(build: Build) -> None:
    house = await build(connections_per_address=1)  # so four sockets
    reserved = [await asyncio.open_connection("127.0.0.1", house.engine.port) for _ in range(4)]
    assert await http_status(house.engine.port) in (503, 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.engine.port, local_addr=("127.0.0.9", 0))
    writer.write(UPGRADE)
    assert b" 101 " in await asyncio.wait_for(reader.readline(), 5)
    for _, each in [*reserved, (reader, writer)]:
        each.close()


@pytest.mark.parametrize("start", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_the_second_request_of_a_connection_may_not_trickle_either(build: Build, start: bytes) -> None:
    house = await build(bounds=Bounds(connect_s=0.2))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.engine.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    await asyncio.wait_for(reader.readline(), 5)
    writer.write(start)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_who_asks_for_a_file_and_does_not_read_it_is_cut_off(build: Build, tmp_path: Path) -> None:
    with (tmp_path / "index.html").open("wb") as file:
        file.truncate(50_000_000)
    house = await build(page=Page(tmp_path), sockets=1, bounds=Bounds(answer_s=0.2))
    with deaf(house.engine.port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
        async with asyncio.timeout(5):
            while await http_status(house.engine.port) == 200:  # before it was let in
                await asyncio.sleep(0.01)
        await until_served(house.engine.port)


async def test_a_peer_that_does_not_read_is_cut_off_and_hinders_nobody(house: EmbeddedHouse) -> None:
    service, bob = await house.service(), await house.peer(BOB)
    hello = connect(EVE.peer, EVE.password, will=(EVE.presence, b"lost"))
    with deaf(house.engine.port, UPGRADE, hello + subscribe(EVE.inbox), frame(publish(EVE.lobby, b"join"))[6:]):
        await service.hears(EVE.lobby, b"join")
        async with asyncio.timeout(20):
            while Message(EVE.presence, b"lost") not in service.seen:
                await service.send(*(publish(EVE.inbox, bytes(4096)) for _ in range(32)), publish(BOB.inbox, b"hello"))
                await service.echo()
    assert not service.closed
    await bob.echo()
    assert bob.seen.count(Message(BOB.inbox, b"hello")) >= 2
    assert not bob.closed


async def test_a_service_that_does_not_read_is_cut_off_and_another_may_come(build: Build) -> None:
    house = await build(bounds=Bounds(internal_unread_bytes=64 * 1024))
    hello = connect("service", SERVICE_PASSWORD, will=("v1/pulse", b"down"), will_retain=True)
    witness = await house.peer(BOB, "v1/pulse")
    with deaf(house.engine.service_port, hello + subscribe("v1/lobby/+", qos=1)):
        async with asyncio.timeout(20):
            while Message("v1/pulse", b"down") not in witness.seen:  # one alone would be cut off first
                talker = Person()
                probe = await house.peer(talker, source=elsewhere())
                for _ in range(10):
                    await probe.send(*(publish(talker.lobby, bytes(4096), packet_id=1) for _ in range(10)))
                    await probe.echo()
    service, ada = await house.service(), await house.peer(ADA)
    await ada.send(publish(ADA.lobby, b"join"))
    await service.hears(ADA.lobby, b"join")


async def test_at_the_end_what_was_queued_arrives_wills_are_said_and_the_code_is_1001(house: EmbeddedHouse) -> None:
    service, ada = await house.service(), await house.peer(ADA, will=(ADA.presence, b"lost"))
    letters = [Message(ADA.inbox, b"%d " % number + bytes(4000)) for number in range(50)]
    await service.send(*(publish(letter.topic, letter.payload) for letter in letters))
    await ada.until(lambda: ada.seen)
    await service.echo()
    await house.engine.stop()
    await ada.until(lambda: ada.closed)
    await service.until(lambda: service.closed)
    assert ada.seen == letters
    assert ada.line.socket.close_code == 1001  # type: ignore[attr-defined]
    assert Message(ADA.presence, b"lost") in service.seen
    # Not that they went: the service would hold it against who comes and goes so soon, and it is the broker that goes.
    assert not any(b'"kind":"off"' in message.payload for message in service.seen)
