"""Facts: what a gate tells the service about coming and going."""

import json

from broker.orders import Tell
from tests.engines.houses import House, Person, address_of, canary, elsewhere, facts_about, facts_in, people
from tests.engines.mqtt_probe import DISCONNECT, Probe, connect, publish


def kinds(person: Person, service: Probe) -> list[str]:
    return [fact["kind"] for fact in facts_about(person, service)]


async def test_coming_and_going_are_told_in_their_order(house: House) -> None:
    ada, bob = people(2)
    service = await house.service()
    leaves, vanishes = await house.peer(ada), await house.peer(bob)
    await leaves.send(DISCONNECT)
    await leaves.until(lambda: leaves.closed)
    await vanishes.cut()
    await service.until(lambda: [kinds(each, service) for each in (ada, bob)] == [["on", "off"]] * 2)


async def test_a_fact_holds_no_address(house: House) -> None:
    [ada] = people(1)
    source, service = elsewhere(), await house.service()
    await house.peer(ada, source=source)
    key = await address_of(ada, service)
    assert len(key.key) == 22
    assert source.encode() not in b"".join(each.payload for each in service.seen)


async def test_one_address_has_one_key_and_another_has_another(house: House) -> None:
    service, (here, there) = await house.service(), (elsewhere(), elsewhere())
    persons = people(3)
    for person, source in zip(persons, (here, here, there), strict=True):
        await house.peer(person, source=source)
    one, two, three = [await address_of(person, service) for person in persons]
    assert one == two != three


async def test_who_is_taken_over_is_here_until_the_last_connection_goes(house: House) -> None:
    """Whether a gate tells that the old one went is its own affair: the last fact is right at any time."""
    [ada] = people(1)
    service, old = await house.service(), await house.peer(ada)
    new = await house.peer(ada)
    await old.until(lambda: old.closed)
    await service.until(lambda: kinds(ada, service).count("on") == 2)
    assert kinds(ada, service)[-1] == "on"
    await new.cut()
    await service.until(lambda: kinds(ada, service)[-1] == "off")
    assert kinds(ada, service) in (["on", "on", "off"], ["on", "off", "on", "off"])


async def test_facts_wait_for_a_service_that_comes_late(house: House) -> None:
    """Whoever was here before the service must still be known to it, with its address key."""
    crowd = people(40)  # enough to have facts published at once, if anybody listened
    probes = [await house.peer(person) for person in crowd]
    await probes[0].send(DISCONNECT)
    await probes[0].until(lambda: probes[0].closed)
    service = await house.service()
    await service.until(lambda: all(facts_about(person, service) for person in crowd))
    await service.until(lambda: kinds(crowd[0], service) == ["on", "off"])
    assert all(kinds(person, service) == ["on"] for person in crowd[1:])


async def test_a_service_that_asks_is_told_again_who_is_here_and_nobody_else(house: House) -> None:
    """One that has just begun knows no address key of who came before it."""
    crowd = people(40)
    first = await house.service()
    probes = [await house.peer(person) for person in crowd]
    await first.until(lambda: all(kinds(person, first) == ["on"] for person in crowd))
    await probes[0].cut()
    await first.until(lambda: kinds(crowd[0], first) == ["on", "off"])
    keys = [await address_of(person, first) for person in crowd]
    second = await house.service()
    await house.obey(Tell())
    await second.until(lambda: all(kinds(person, second) == ["on"] for person in crowd[1:]))
    assert kinds(crowd[0], second) == []
    assert [await address_of(person, second) for person in crowd[1:]] == keys[1:]


async def test_facts_wait_between_two_services(house: House) -> None:
    ada, bob = people(2)
    first = await house.service()
    await house.peer(ada)
    await first.until(lambda: kinds(ada, first) == ["on"])
    await first.send(DISCONNECT)
    await first.until(lambda: first.closed)
    await house.peer(bob)
    second = await house.service()
    await second.until(lambda: kinds(bob, second) == ["on"])
    assert kinds(ada, second) == []


async def test_batches_are_messages_within_bounds_from_this_gate(house: House) -> None:
    crowd = people(100)
    for person in crowd:
        await house.peer(person, source=elsewhere())
    service = await house.service()
    await service.until(lambda: all(facts_about(person, service) for person in crowd))
    batches = [each for each in service.seen if each.topic == f"v1/gate/{house.gate_name}"]
    for batch in batches:
        assert len(batch.payload) <= 4096
        assert json.loads(batch.payload).keys() == {"kind", "gate", "facts"}
        assert json.loads(batch.payload)["gate"] == house.gate_name
        assert not batch.retain


async def test_nobody_else_hears_them(house: House) -> None:
    ada, bob = people(2)
    eve = await house.peer(ada, "v1/gate/+", f"v1/gate/{house.gate_name}")
    assert eve.subacks == [[0, 0x80, 0x80]]
    service, last = await house.service(), canary()
    await house.peer(bob)
    await service.until(lambda: facts_about(bob, service))
    await service.send(publish(ada.inbox, last))
    await eve.hears(ada.inbox, last)
    assert [each.topic for each in eve.seen] == [ada.inbox]


async def test_a_knock_that_is_refused_is_counted_and_not_named(house: House) -> None:
    ada, eve = people(2)
    service = await house.service()
    await house.refuses(connect(ada.peer, eve.password), house.unproven)
    await service.until(lambda: [fact for fact in facts_in(service) if fact.get("what") == "unknown"])
    assert ada.peer.encode() not in b"".join(each.payload for each in service.seen)
