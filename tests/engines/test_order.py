"""Packets that come together are dealt with in their order."""

import asyncio
import contextlib

from tests.engines.houses import SERVICE_PASSWORD, House, Person, elsewhere
from tests.engines.mqtt_probe import DISCONNECT, WITHIN_S, Message, Probe, connect, publish, subscribe

ROUNDS = 1000
AT_ONCE = 20


async def welcome(service: Probe) -> None:
    """Answer each `here` on the inbox of its peer, as the service does, as soon as it comes."""
    answered: list[Message] = []
    while True:
        await service.until(lambda: len(service.seen) > len(answered))
        fresh = service.seen[len(answered) :]
        answered.extend(fresh)
        peers = [each.topic.removeprefix("v1/presence/") for each in fresh if each.payload == b"here"]
        await service.send(*(publish(f"v1/inbox/{peer}", b"welcome") for peer in peers))


async def test_connect_subscribe_publish_in_one_frame_work_every_time(house: House) -> None:
    """The answer to the PUBLISH comes on the topic of the SUBSCRIBE, so a race between the two would lose it."""
    rounds = ROUNDS // 5 if house.engine_name == "rabbitmq" else ROUNDS  # each is put to the vote of its nodes
    service, everybody = await house.service("v1/presence/+"), [Person() for _ in range(rounds)]
    answering = asyncio.create_task(welcome(service))

    async def arrive(people: list[Person]) -> None:
        for person in people:
            probe = await house.socket(elsewhere())
            await probe.send(
                connect(person.peer, person.password),
                subscribe(person.inbox),
                publish(person.presence, b"here", packet_id=1),
            )
            await probe.hears(person.inbox, b"welcome")
            await probe.cut()

    await asyncio.gather(*(arrive(everybody[start::AT_ONCE]) for start in range(AT_ONCE)))
    answering.cancel()
    assert {each.topic for each in service.seen} >= {person.presence for person in everybody}


async def test_many_subscribes_before_a_publish_are_all_in_force(house: House) -> None:
    """Stock amqtt hands the PUBLISH on before the later SUBSCRIBEs (on Python 3.12 and later)."""
    ada, bob, probe = Person(), Person(), await house.socket()
    seats = [f"v1/session/{house.seat(ada)}" for _ in range(5)]
    others = await house.peer(bob)
    await probe.send(
        connect(ada.peer, ada.password),
        *(subscribe(seat, packet_id=number) for number, seat in enumerate(seats, 1)),
        *(publish(seat, b"to myself") for seat in reversed(seats)),
    )
    for seat in seats:
        await probe.hears(seat, b"to myself")
    assert others.seen == []


async def test_what_is_said_right_before_disconnect_arrives(house: House) -> None:
    """Stock amqtt loses it (on Python 3.12 and later), and with it the `gone` of who closes the page."""
    service = await house.service()
    for _ in range(50):
        ada, probe = Person(), await house.socket()
        sayings = [publish(ada.lobby, b"leave"), publish(ada.presence, b"gone", packet_id=3), DISCONNECT]
        await probe.send(connect(ada.peer, ada.password, will=(ada.presence, b"lost")), *sayings)
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
        await service.hears(ada.presence, b"gone")
        mine = [each for each in service.seen if each.topic in (ada.lobby, ada.presence)]
        assert mine == [Message(ada.lobby, b"leave"), Message(ada.presence, b"gone")]


async def test_packets_may_be_cut_anywhere(house: House) -> None:
    """Frames of a WebSocket and packets need not end together (MQTT 3.1.1 §6)."""
    service, ada, probe = await house.service(), Person(), await house.socket()
    for byte in connect(ada.peer, ada.password) + subscribe(ada.inbox) + publish(ada.lobby, b"in pieces"):
        await probe.send(bytes([byte]))
    await service.hears(ada.lobby, b"in pieces")


async def test_messages_of_one_peer_keep_their_order(house: House) -> None:
    """A hundred at once, which is within the limits of one peer; and all of its crowd's, to one service."""
    service, crowd = await house.service("v1/lobby/+"), [Person() for _ in range(5)]
    numbers = [b"%d" % number for number in range(100)]
    for person in crowd:
        probe = await house.peer(person)
        await probe.send(*(publish(person.lobby, number) for number in numbers))
    for person in crowd:
        await service.hears(person.lobby, numbers[-1])
        assert [each.payload for each in service.seen if each.topic == person.lobby] == numbers


async def test_the_service_may_reconnect_at_once(house: House) -> None:
    """Other nodes of a cluster learn of its subscription a moment after the SUBACK: it is said again, as peers do."""
    ada, chances = Person(), 5 if house.engine_name == "rabbitmq" else 1
    probe = await house.peer(ada)
    for number in range(20):
        service = await house.tcp()
        await service.send(connect("service", SERVICE_PASSWORD), subscribe("v1/lobby/+"))
        await service.until(lambda service=service: service.subacks)  # type: ignore[misc]
        for left in reversed(range(chances)):
            await probe.send(publish(ada.lobby, b"%d" % number))
            with contextlib.suppress(*[TimeoutError] if left else []):
                await service.hears(ada.lobby, b"%d" % number, within_s=1.0 if left else WITHIN_S)
                break
