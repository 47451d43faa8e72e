"""What Mosquitto's own configuration keeps: addresses from the proxy only, patience, and a log that names nobody."""

import asyncio

import pytest

from broker.orders import Ban, Kick
from tests.engines.conftest import Build
from tests.engines.houses import House, Person, address_of, canary, elsewhere, facts_about, people, tally
from tests.engines.mosquitto_house import MosquittoHouse
from tests.engines.mqtt_probe import (
    DISCONNECT,
    UPGRADE,
    SocketLine,
    connect,
    frame,
    over_websocket,
    proxied,
    publish,
    subscribe,
)

LOCAL = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="no header"),
        pytest.param(b"PROXY TCP4 192.0.2.1 192.0.2.2 50000 443\r\n", id="version 1"),
        pytest.param(LOCAL, id="a connection of the proxy's own"),
        pytest.param(proxied("192.0.2.1")[:-1], id="a header cut short"),
        pytest.param(b"X-Forwarded-For: 192.0.2.1\r\n" + proxied("192.0.2.1"), id="something before it"),
    ],
)
async def test_nobody_comes_in_around_the_proxy(house: MosquittoHouse, first: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.mosquitto.port)
    line = SocketLine(reader, writer)
    await line.write(first + UPGRADE)
    assert b" 101 " not in await asyncio.wait_for(line.read(), 5)
    await line.close()


async def test_an_address_is_that_of_the_header_and_an_ipv6_64_is_one(build: Build) -> None:
    house: House = await build(connections_per_address=1)
    ada, bob, eve, me = people(4)
    service = await house.service()
    await house.peer(ada, source="2001:db8:1:2::1")
    await house.refuses(connect(bob.peer, bob.password), source="2001:db8:1:2:ffff::2")
    await house.peer(bob, source="2001:db8:1:3::1")
    await house.peer(eve, source="192.0.2.1")
    await house.refuses(connect(me.peer, me.password), source="::ffff:192.0.2.1")
    assert await tally(service, "crowded", at_least=2) == 2
    assert await address_of(ada, service) != await address_of(bob, service)


async def test_a_header_somebody_sends_through_the_proxy_means_nothing(house: MosquittoHouse) -> None:
    """Only the first one is the proxy's; a second one is no WebSocket."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.mosquitto.port)
    line = SocketLine(reader, writer)
    await line.write(proxied("192.0.2.1") + proxied("192.0.2.2") + UPGRADE)
    assert b" 101 " not in await asyncio.wait_for(line.read(), 5)
    await line.close()


async def test_x_forwarded_for_means_nothing(house: MosquittoHouse) -> None:
    """Also when it is in the request of a browser: who wants another's ban may write what it likes there."""
    ada, bob = people(2)
    here, service = elsewhere(), await house.service()
    await house.peer(ada, source=here)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.mosquitto.port)
    forwarded = UPGRADE.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n\r\n")
    writer.write(proxied(here) + forwarded)
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    writer.write(frame(connect(bob.peer, bob.password)))
    assert await address_of(bob, service) == await address_of(ada, service)
    writer.close()


async def test_without_a_proxy_browsers_come_in_directly(build: Build) -> None:
    """As the configuration says: without that one line."""
    house: MosquittoHouse = await build(lines={"enable_proxy_protocol 2": None})
    service, (me,) = await house.service(), people(1)
    probe = await house.stack.enter_async_context(over_websocket(house.mosquitto.port))
    await probe.send(connect(me.peer, me.password), subscribe(me.inbox))
    await probe.until(lambda: probe.subacks == [[0]])
    await address_of(me, service)


@pytest.mark.parametrize("keep_alive_s", [0, 601, 65_535])
async def test_a_keep_alive_of_none_or_too_long_is_refused_and_its_owner_is_gone(
    house: House, keep_alive_s: int
) -> None:
    """With code 2, as the broker has it; also the connection before ends, which it takes over first."""
    [me] = people(1)
    service, old = await house.service(), await house.peer(me)
    await house.refuses(connect(me.peer, me.password, keep_alive_s=keep_alive_s), 2)
    await old.until(lambda: old.closed)
    await service.until(lambda: facts_about(me, service)[-1:] == [{"kind": "off", "peer": me.peer}])


async def test_the_log_names_nobody(build: Build) -> None:
    """Whatever happens to them."""
    house: MosquittoHouse = await build(lines={})
    everybody = ada, bob, eve = people(3)
    here, service, words = elsewhere(), await house.service(), canary()
    probe = await house.peer(ada, will=(ada.presence, words), source=here)
    await probe.send(publish(ada.lobby, words), publish("elsewhere", words), b"\xf0\x00")
    await probe.until(lambda: probe.closed)
    await house.refuses(connect(bob.peer, ada.password), source=here)
    await house.refuses(connect(bob.peer, bob.password, keep_alive_s=0), 2, source=here)
    left = await house.peer(bob, "#", source=here)
    await left.send(DISCONNECT)
    kicked = await house.peer(eve, source=here)
    await kicked.send(*([publish("elsewhere", words)] * 300))
    await kicked.until(lambda: kicked.closed)
    await house.obey(Kick(Person().peer))
    await house.obey(Ban(await address_of(ada, service), 60))
    await house.mosquitto.restart()
    log = await house.mosquitto.logs()
    names = [each for person in everybody for each in (person.peer, person.password)]
    for name in (here, "127.0.0.1", words.decode(), "v1/", *names):
        assert name not in log
    assert "Traceback" not in log
