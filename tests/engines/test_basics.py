"""What of MQTT 3.1.1 our clients rely on."""

from tests.engines.houses import SERVICE_PASSWORD, House, canary, heard_by, people
from tests.engines.mqtt_probe import DISCONNECT, Message, connect, publish, subscribe


async def test_nothing_of_a_session_outlives_its_connection(house: House) -> None:
    """Neither a subscription nor a message that came in between."""
    [ada] = people(1)
    service, seat = await house.service(), f"v1/session/{house.seat(ada)}"
    old = await house.peer(ada, seat)
    await old.send(DISCONNECT)
    await old.until(lambda: old.closed)
    await service.send(publish(ada.inbox, b"in between"))
    await service.echo()
    new = await house.socket()
    await new.send(connect(ada.peer, ada.password))
    await new.until(lambda: new.connack == 0)
    await service.send(publish(ada.inbox, b"and after"))
    await service.echo()
    await new.send(subscribe(ada.inbox))
    await new.until(lambda: new.subacks)
    assert await heard_by(new, ada, service) == []


async def test_what_was_said_while_no_service_listened_is_not_kept(house: House) -> None:
    [ada] = people(1)
    early, probe = await house.service(), await house.peer(ada)
    await early.send(DISCONNECT)
    await early.until(lambda: early.closed)
    await probe.send(publish(ada.presence, b"unheard", packet_id=1))
    await probe.until(lambda: probe.pubacks == [1])
    late, last = await house.service(), canary()
    await probe.send(publish(ada.lobby, last))
    await late.hears(ada.lobby, last)
    assert b"unheard" not in [each.payload for each in late.seen]


async def test_qos_1_is_acknowledged_with_its_own_number(house: House) -> None:
    """The PUBACK of a ping is a client's sign of life."""
    [ada] = people(1)
    probe = await house.peer(ada)
    numbers = [7, 1, 65_535, 7]
    await probe.send(*(publish(ada.presence, b"ping", packet_id=number) for number in numbers))
    await probe.until(lambda: len(probe.pubacks) == len(numbers))
    assert probe.pubacks == numbers


async def test_qos_1_is_acknowledged_though_nobody_listens(house: House) -> None:
    [ada] = people(1)
    probe = await house.peer(ada)
    await probe.send(publish(ada.presence, b"ping", packet_id=9))
    await probe.until(lambda: probe.pubacks == [9])


async def test_a_message_comes_once_to_who_holds_its_filter_twice(house: House) -> None:
    [ada] = people(1)
    service, probe = await house.service(), await house.peer(ada)
    await probe.send(subscribe(ada.inbox), subscribe(ada.inbox))
    await probe.until(lambda: len(probe.subacks) == 3)
    await service.send(publish(ada.inbox, b"once"))
    assert await heard_by(probe, ada, service) == [(ada.inbox, b"once")]


async def test_an_empty_payload_and_any_bytes_arrive_as_they_are(house: House) -> None:
    [ada] = people(1)
    service, probe = await house.service(), await house.peer(ada)
    for payload in (b"", bytes(range(256)), b"\0", "ü €".encode()):
        await probe.send(publish(ada.lobby, payload))
        await service.hears(ada.lobby, payload)


async def test_a_pulse_that_is_cleared_comes_to_nobody(house: House) -> None:
    [ada] = people(1)
    service = await house.service()
    await service.send(publish("v1/pulse", b"1 here", retain=True), publish("v1/pulse", b"", retain=True))
    await service.echo()
    probe = await house.peer(ada, "v1/pulse")
    assert await heard_by(probe, ada, service) == []


async def test_the_services_will_is_not_said_when_it_leaves(house: House) -> None:
    [ada] = people(1)
    probe, service = await house.peer(ada, "v1/pulse"), await house.tcp()
    hello = connect("service", SERVICE_PASSWORD, will=("v1/pulse", b"down"), will_retain=True)
    await service.send(hello, publish("v1/pulse", b"1 here", retain=True), DISCONNECT)
    await service.until(lambda: service.closed)
    again = await house.service()
    assert await heard_by(probe, ada, again) == [("v1/pulse", b"1 here")]


async def test_a_service_that_is_taken_over_says_its_will(house: House) -> None:
    """So a second service by mistake shows as `down`, and then as a higher epoch."""
    [ada] = people(1)
    probe, service = await house.peer(ada, "v1/pulse"), await house.tcp()
    await service.send(connect("service", SERVICE_PASSWORD, will=("v1/pulse", b"down"), will_retain=True))
    await service.until(lambda: service.connack == 0)
    other = await house.service()
    await service.until(lambda: service.closed)
    await probe.hears("v1/pulse", b"down")
    await other.send(publish("v1/pulse", b"1 here", retain=True))
    await probe.hears("v1/pulse", b"1 here")
    assert Message("v1/pulse", b"1 here") in probe.seen
