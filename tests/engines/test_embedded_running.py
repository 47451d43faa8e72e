"""Starting, telling facts, obeying, stopping."""

import asyncio
import gc
import logging
import socket
import ssl

import aiohttp
import pytest
import trustme

from broker.engines import BrokerUnavailable
from broker.orders import Kick
from tests.engines.conftest import Build
from tests.engines.embedded_house import EmbeddedHouse
from tests.engines.houses import Person, facts_about, facts_in
from tests.engines.mqtt_probe import Message, Probe, WebSocketLine, connect, publish, subscribe

ADA, BOB = (Person(bytes([number]) * 32) for number in (1, 2))


async def test_a_large_batch_does_not_wait_for_the_second_to_be_over(build: Build) -> None:
    house = await build(facts_s=60)
    service = await house.service()
    people = [Person() for _ in range(40)]
    for person in people:
        await house.peer(person)
    await service.until(lambda: len([fact for fact in facts_in(service) if fact["kind"] == "on"]) >= 32)
    assert all(len(each.payload) < 4096 for each in service.seen)


async def test_a_kick_comes_after_what_was_routed_right_before(house: EmbeddedHouse) -> None:
    """Without a turn of the loop in between."""
    ada = await house.peer(ADA)
    guard = house.engine._guard  # noqa: SLF001  through the service there would be time in between
    assert guard is not None
    await guard.core.publish(ADA.inbox, b"banned")
    guard.obey(Kick(ADA.peer))
    await ada.until(lambda: ada.closed)
    assert Message(ADA.inbox, b"banned") in ada.seen


async def test_stopping_closes_all_and_leaves_no_task(build: Build) -> None:
    before = asyncio.all_tasks()
    house = await build()
    service, ada, silent = await house.service(), await house.peer(ADA), await house.socket()
    probing = [probe._task for probe in (service, ada, silent)]  # noqa: SLF001  the tests' own
    await asyncio.wait_for(house.engine.stop(), 5)
    for probe in (service, ada, silent):
        await probe.until(lambda probe=probe: probe.closed)
    await asyncio.wait(probing)
    assert asyncio.all_tasks() == before
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", house.engine.port)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", house.engine.service_port)
    await house.engine.stop()


async def test_stopping_says_wills_and_tells_of_nobody_that_it_has_gone(house: EmbeddedHouse) -> None:
    """It is the broker that goes, and for that the service must hold nothing against who comes back."""
    service = await house.service()
    await house.peer(ADA, will=(ADA.presence, b"lost"))
    await service.until(lambda: facts_about(ADA, service))
    await house.engine.stop()
    await service.until(lambda: service.closed)
    assert Message(ADA.presence, b"lost") in service.seen
    assert [fact["kind"] for fact in facts_about(ADA, service)] == ["on"]


async def test_a_browser_is_told_that_the_server_goes_away(house: EmbeddedHouse) -> None:
    ada = await house.peer(ADA)
    await house.engine.stop()
    await ada.until(lambda: ada.closed)
    assert ada.line.socket.close_code == 1001  # type: ignore[attr-defined]


async def test_stopping_does_not_wait_for_who_does_not_listen(house: EmbeddedHouse) -> None:
    """A client that reads nothing cannot hold the engine open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.engine.port)
    writer.write(
        b"GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert b"101" in await reader.readline()
    await asyncio.wait_for(house.engine.stop(), 5)
    writer.close()


async def test_it_can_start_again_on_the_same_ports(house: EmbeddedHouse) -> None:
    ports = house.engine.port, house.engine.service_port
    await house.engine.stop()
    await house.engine.start()
    assert (house.engine.port, house.engine.service_port) == ports
    await house.peer(ADA)


@pytest.mark.parametrize("which", ["port", "service_port"])
async def test_a_taken_port_is_said_in_one_sentence(build: Build, which: str) -> None:
    before = asyncio.all_tasks()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BrokerUnavailable, match=f"^port {port} on 127.0.0.1 is taken$"):
            await build(**{which: port})
    assert asyncio.all_tasks() == before


async def test_the_public_port_speaks_tls_when_told_to(build: Build) -> None:
    authority = trustme.CA()
    context, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(trust)
    house = await build(tls=context)
    async with aiohttp.ClientSession() as http:
        url = f"https://localhost:{house.engine.port}/mqtt"
        async with http.ws_connect(url, protocols=("mqtt",), ssl=trust) as line:
            probe = Probe(WebSocketLine(line))
            await probe.send(connect(ADA.peer, ADA.password), subscribe(ADA.inbox))
            await probe.until(lambda: probe.subacks == [[0]])
            await probe.cut()


async def test_nothing_that_names_anybody_is_logged_at_any_level(
    build: Build, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    house = await build()
    service, ada = await house.service(), await house.peer(ADA, will=(ADA.presence, b"canary will"))
    await ada.send(publish(ADA.lobby, b"canary payload"), b"\xf0\x00")
    await service.hears(ADA.presence, b"canary will")
    refused = await house.socket()
    await refused.send(connect(BOB.peer, ADA.password))
    await refused.until(lambda: refused.closed)
    await house.engine.stop()
    del house
    gc.collect()
    out, err = capfd.readouterr()
    said = caplog.text + out + err
    for canary in (ADA.peer, BOB.peer, ADA.password, "canary", "127.0.0.1", "v1/"):
        assert canary not in said
    assert "Traceback" not in said
