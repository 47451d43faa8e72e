"""Who gets in, and what happens to those who are already in."""

import pytest

from tests.engines.conftest import DESK_PASSWORD, SERVICE_PASSWORD, House, Person
from tests.engines.mqtt_probe import Message, connect, publish, subscribe

ADA, BOB, EVE = (Person(bytes([number]) * 32) for number in (1, 2, 3))


async def refused(probe_bytes: bytes, house: House, code: int | None = 5) -> None:
    probe = await house.socket()
    await probe.send(probe_bytes)
    await probe.until(lambda: probe.closed)
    assert probe.connack == code


async def test_a_peer_with_its_own_secret_is_let_in(house: House) -> None:
    probe = await house.peer(ADA)
    assert probe.subacks == [[0]]


@pytest.mark.parametrize(
    "hello",
    [
        pytest.param(connect(ADA.peer, BOB.password), id="another's secret"),
        pytest.param(connect(ADA.peer, b"\xff\xfe"), id="a password that is no text"),
        pytest.param(connect(ADA.peer, ""), id="an empty password"),
        pytest.param(connect(ADA.peer), id="no password"),
        pytest.param(connect("", ADA.password), id="no name"),
        pytest.param(connect(BOB.peer, ADA.password, username=ADA.peer), id="a ClientID that is not the user name"),
        pytest.param(connect(ADA.peer, ADA.password, clean=False), id="a session that is to be kept"),
        pytest.param(connect("service", SERVICE_PASSWORD), id="the service, on the public port"),
        pytest.param(connect("desk-anna", DESK_PASSWORD), id="a desk, on the public port"),
    ],
)
async def test_whoever_cannot_prove_the_name_is_refused_with_code_5(house: House, hello: bytes) -> None:
    await refused(hello, house)


async def test_a_peer_is_refused_on_the_internal_listener(house: House) -> None:
    probe = await house.tcp()
    await probe.send(connect(ADA.peer, ADA.password))
    await probe.until(lambda: probe.closed)
    assert probe.connack == 5


async def test_the_service_is_refused_with_a_wrong_password(house: House) -> None:
    probe = await house.tcp()
    await probe.send(connect("service", "guessed"))
    await probe.until(lambda: probe.closed)
    assert probe.connack == 5


@pytest.mark.parametrize("level", [3, 5])
async def test_other_versions_of_mqtt_are_told_so(house: House, level: int) -> None:
    await refused(connect(ADA.peer, ADA.password, level=level), house, 1)


async def test_a_refused_login_does_not_harm_its_victim(house: House) -> None:
    """Stock amqtt deletes the victim's subscriptions before it looks at the password."""
    service, victim = await house.service(), await house.peer(ADA)
    await refused(connect(ADA.peer, EVE.password), house)
    await service.send(publish(ADA.inbox, b"still there?"))
    await victim.hears(ADA.inbox, b"still there?")
    await victim.send(publish(ADA.lobby, b"yes"))
    await service.hears(ADA.lobby, b"yes")


async def test_a_second_connection_of_a_peer_ends_the_first(house: House) -> None:
    """Stock amqtt leaves the first one open, and able to publish."""
    service = await house.service()
    old = await house.peer(ADA, will=(ADA.presence, b"gone"))
    new = await house.peer(ADA)
    await old.until(lambda: old.closed)
    await service.hears(ADA.presence, b"gone")
    await service.send(publish(ADA.inbox, b"hello"))
    await new.hears(ADA.inbox, b"hello")
    assert Message(ADA.inbox, b"hello") not in old.seen


async def test_many_connections_of_one_peer_at_once_leave_exactly_one(house: House) -> None:
    probes = [await house.socket() for _ in range(8)]
    for probe in probes:
        await probe.send(connect(ADA.peer, ADA.password), subscribe(ADA.inbox))
    for probe in probes:
        await probe.until(lambda probe=probe: probe.closed or probe.subacks)  # type: ignore[misc]
    service = await house.service()
    await service.send(publish(ADA.inbox, b"who is it?"))
    await service.echo()
    last = await house.peer(BOB)
    await last.echo()
    heard = [probe for probe in probes if Message(ADA.inbox, b"who is it?") in probe.seen]
    assert len(heard) == 1
    assert [probe for probe in probes if not probe.closed] == heard


@pytest.mark.parametrize("topic", [BOB.presence, ADA.lobby, ADA.inbox, "v1/pulse", "$SYS/x"])
async def test_a_will_on_a_foreign_topic_is_refused(house: House, topic: str) -> None:
    await refused(connect(ADA.peer, ADA.password, will=(topic, b"boo")), house)


async def test_a_retained_will_of_a_peer_is_refused(house: House) -> None:
    await refused(connect(ADA.peer, ADA.password, will=(ADA.presence, b"boo"), will_retain=True), house)


async def test_a_will_that_is_too_long_is_refused(house: House) -> None:
    await refused(connect(ADA.peer, ADA.password, will=(ADA.presence, bytes(4097))), house)


async def test_a_will_is_said_for_who_vanishes_and_not_for_who_leaves(house: House) -> None:
    service = await house.service()
    leaves = await house.peer(ADA, will=(ADA.presence, b"ada is lost"))
    vanishes = await house.peer(BOB, will=(BOB.presence, b"bob is lost"))
    await leaves.send(publish(ADA.presence, b"ada left"), b"\xe0\x00")
    await leaves.until(lambda: leaves.closed)
    await vanishes.cut()
    await service.hears(BOB.presence, b"bob is lost")
    assert [each.payload for each in service.seen if each.topic == ADA.presence] == [b"ada left"]
