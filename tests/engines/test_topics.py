"""What reaches whom: judged by what is delivered, never by a SUBACK alone."""

import pytest

from tests.engines.houses import SERVICE_PASSWORD, House, Person, canary, heard_by, people
from tests.engines.mqtt_probe import Message, Probe, connect, publish, subscribe, unsubscribe

ADA, BOB, EVE = people(3)


async def heard_by_service(service: Probe, witness: Probe, person: Person) -> list[Message]:
    """Give what peers said up to now, a last thing said by this witness aside."""
    last = canary()
    await witness.send(publish(person.lobby, last))
    await service.hears(person.lobby, last)
    return [each for each in service.seen if each.payload != last and not each.topic.startswith("v1/gate/")]


async def test_presence_and_lobby_reach_the_service_and_the_inbox_its_peer(house: House) -> None:
    service, ada = await house.service(), await house.peer(ADA)
    await ada.send(publish(ADA.presence, b"here", packet_id=7), publish(ADA.lobby, b"join"))
    await service.hears(ADA.presence, b"here")
    await service.hears(ADA.lobby, b"join")
    await ada.until(lambda: ada.pubacks == [7])
    await service.send(publish(ADA.inbox, b"welcome"))
    await ada.hears(ADA.inbox, b"welcome")


FOREIGN = [
    "#",
    "+/#",
    "v1/#",
    "v1/+/+",
    "v1/inbox/#",
    "v1/inbox/+",
    f"v1/+/{ADA.peer}",
    f"v1/inbox/{ADA.peer}",
    f"v1/inbox/{ADA.peer}/#",
    "v1/session/+",
    "v1/session/#",
    "v1/presence/+",
    "v1/lobby/+",
    "v1/gate/+",
    "v1/desk/+/ask",
    "$share/g/v1/inbox/+",
    "$share/g/#",
    "$SYS/#",
    "$SYS/broker/version",
    "$CONTROL/#",
    "/#",
    "+",
]


async def test_what_is_not_ones_own_delivers_nothing(house: House) -> None:
    """All filters are held at once while everything there is gets published."""
    service = await house.service()
    ada, seat = await house.peer(ADA), house.seat(ADA)
    await ada.send(subscribe(f"v1/session/{seat}"))
    eve = await house.peer(EVE)
    await eve.send(subscribe(*FOREIGN), subscribe(f"v1/session/{seat}"))
    await eve.until(lambda: len(eve.subacks) == 3)
    assert eve.subacks[1:] == [[0x80] * len(FOREIGN), [0x80]]
    bob = await house.peer(BOB)
    await bob.send(publish(BOB.presence, b"here"), publish(BOB.lobby, b"join"), publish(f"v1/session/{seat}", b"offer"))
    await ada.hears(f"v1/session/{seat}", b"offer")
    await service.send(publish(ADA.inbox, b"matched"), publish("v1/desk/anna/answer", b"yes"))
    await ada.hears(ADA.inbox, b"matched")
    assert await heard_by(eve, EVE, service) == []


@pytest.mark.parametrize(
    "topic",
    [
        "v1/presence/{ada}",
        "v1/lobby/{ada}",
        "v1/inbox/{ada}",
        "v1/inbox/{eve}",
        "v1/pulse",
        "v1/gate/{gate}",
        "v1/gate/another",
        "v1/desk/anna/ask",
        "v1/session/" + "A" * 56,
        "v1/presence",
        "v1/lobby/x",
        "$SYS/broker/version",
        "$CONTROL/passerby/v1",
        "$share/g/v1/pulse",
        "elsewhere",
    ],
)
async def test_what_a_peer_may_not_publish_reaches_nobody(house: House, topic: str) -> None:
    """It is dropped; the connection goes on, and a QoS 1 message is acknowledged as MQTT 3.1.1 wants it."""
    service, forged = await house.service(), canary()
    topic = topic.format(ada=ADA.peer, eve=EVE.peer, gate=house.gate_name)
    ada = await house.peer(ADA, "v1/pulse")
    eve = await house.peer(EVE, "v1/pulse")
    await eve.send(publish(topic, forged), publish(topic, forged, packet_id=9))
    await eve.until(lambda: eve.pubacks == [9])
    await heard_by_service(service, eve, EVE)
    await heard_by(ada, ADA, service)
    await heard_by(eve, EVE, service)
    assert forged not in [each.payload for probe in (service, ada, eve) for each in probe.seen]


@pytest.mark.exempt(rabbitmq="it does not tell its gate of the flag: it comes as any other, and nothing is kept")
async def test_nothing_of_a_peer_is_retained_and_its_retained_publish_is_dropped(house: House) -> None:
    ada, keep_me = await house.peer(ADA), canary()
    early = await house.service()
    await ada.send(publish(ADA.presence, keep_me, retain=True), publish(ADA.lobby, keep_me, retain=True))
    assert await heard_by_service(early, ada, ADA) == []
    late = await house.service()
    assert await heard_by_service(late, ada, ADA) == []


@pytest.mark.exempt(rabbitmq="it retains nothing, or one node would know what the others do not")
async def test_the_retained_pulse_comes_once_and_only_to_who_subscribed(house: House) -> None:
    """Stock amqtt sends what is retained to everybody who connects, once for each filter that anybody holds."""
    service = await house.service()
    await service.send(publish("v1/pulse", b"1 here", retain=True))
    ada = await house.peer(ADA, "v1/pulse")
    bob = await house.peer(BOB)
    await ada.hears("v1/pulse", b"1 here")
    assert await heard_by(ada, ADA, service) == [("v1/pulse", b"1 here")]
    assert Message("v1/pulse", b"1 here", retain=True) in ada.seen
    assert await heard_by(bob, BOB, service) == []
    await bob.send(subscribe("v1/pulse"))
    await bob.hears("v1/pulse", b"1 here")
    await service.send(publish("v1/pulse", b"2 here", retain=True))
    await ada.hears("v1/pulse", b"2 here")
    assert Message("v1/pulse", b"2 here", retain=False) in ada.seen


async def test_only_the_pulse_is_retained_even_by_the_service(house: House) -> None:
    service, keep_me = await house.service(), canary()
    await service.send(publish(ADA.inbox, keep_me, retain=True))
    ada = await house.peer(ADA)
    assert await heard_by(ada, ADA, service) == []


@pytest.mark.exempt(rabbitmq="it retains nothing, or one node would know what the others do not")
async def test_the_services_will_is_the_last_pulse(house: House) -> None:
    service = await house.tcp()
    await service.send(connect("service", SERVICE_PASSWORD, will=("v1/pulse", b"down"), will_retain=True))
    await service.until(lambda: service.connack == 0)
    ada = await house.peer(ADA, "v1/pulse")
    await service.cut()
    await ada.hears("v1/pulse", b"down")
    bob = await house.peer(BOB, "v1/pulse")
    await bob.hears("v1/pulse", b"down")


@pytest.mark.exempt(rabbitmq="it tells its gate no sizes: a packet over 20 KiB ends its connection")
async def test_a_seat_is_heard_by_its_owner_and_spoken_to_by_who_was_told(house: House) -> None:
    service, seat = await house.service(), f"v1/session/{house.seat(ADA)}"
    ada, bob, eve = await house.peer(ADA, seat), await house.peer(BOB, seat), await house.peer(EVE)
    assert (ada.subacks, bob.subacks) == ([[0, 0]], [[0, 0x80]])
    await bob.send(publish(seat, b"an offer"))
    await ada.hears(seat, b"an offer")
    await eve.send(publish(seat, bytes(16 * 1024 + 1)), publish(seat, bytes(16 * 1024)))
    await ada.hears(seat, bytes(16 * 1024))
    assert len(await heard_by(ada, ADA, service)) == 2
    assert await heard_by(bob, BOB, service) == []


@pytest.mark.exempt(rabbitmq="it keeps a yes as long as a connection: who used a seat in time may go on")
async def test_an_expired_seat_takes_no_subscriber_and_carries_nothing_more(house: House) -> None:
    service, brief = await house.service(), house.brief_seat(ADA)
    seat = f"v1/session/{brief}"
    ada, bob = await house.peer(ADA, seat), await house.peer(BOB)
    await bob.send(publish(seat, b"in time"))
    await ada.hears(seat, b"in time")
    await house.expire(brief)
    await bob.send(publish(seat, b"too late"))
    await bob.echo()
    assert await heard_by(ada, ADA, service) == [(seat, b"in time")]
    await ada.send(subscribe(seat))
    await ada.until(lambda: len(ada.subacks) == 2)
    assert ada.subacks[1] == [0x80]


async def test_unsubscribing_ends_delivery(house: House) -> None:
    service, seat = await house.service(), f"v1/session/{house.seat(ADA)}"
    ada, bob = await house.peer(ADA, seat), await house.peer(BOB)
    await ada.send(unsubscribe(seat))
    await ada.until(lambda: ada.unsubacks == 1)
    await bob.send(publish(seat, b"unheard"))
    await bob.echo()
    assert await heard_by(ada, ADA, service) == []


@pytest.mark.exempt(
    mosquitto="it grants a peer QoS 1 (max_qos); what one may be sent is bounded by its seat's budget",
    rabbitmq="it grants a peer QoS 1; what waits for it is bounded by mqtt.prefetch, and goes with its connection",
)
async def test_who_subscribed_at_qos_1_is_still_sent_qos_0(house: House) -> None:
    """Or a peer that acknowledges nothing would hold memory for each message."""
    ada = await house.socket()
    await ada.send(connect(ADA.peer, ADA.password), subscribe(ADA.inbox, "v1/pulse", qos=2))
    await ada.until(lambda: ada.subacks)
    assert ada.subacks == [[0, 0]]
