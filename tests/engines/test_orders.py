"""Orders of the service: kicks, bans, lifts. Nobody else gives any."""

import pytest

from broker.orders import CONTROL, Ban, Kick, Lift, write
from tests.engines.houses import SERVICE_PASSWORD, House, address_of, canary, elsewhere, facts_about, people, tally
from tests.engines.mqtt_probe import Message, connect, publish, subscribe


async def test_a_kick_comes_after_what_was_said_before_and_lets_the_will_be_said(house: House) -> None:
    """`banned` has to arrive: MQTT 3.1.1 cannot say why a connection ends."""
    ada, bob = people(2)
    service, notice, lost = await house.service(), canary(), canary()
    kicked, other = await house.peer(ada, will=(ada.presence, lost)), await house.peer(bob)
    await service.send(*(publish(bob.inbox, b"%d" % number) for number in range(20)), publish(ada.inbox, notice))
    await house.obey(Kick(ada.peer))
    await kicked.until(lambda: kicked.closed)
    assert Message(ada.inbox, notice) in kicked.seen
    await service.hears(ada.presence, lost)
    await service.until(lambda: facts_about(ada, service)[-1:] == [{"kind": "off", "peer": ada.peer}])
    await other.hears(bob.inbox, b"19")
    await other.echo()
    assert not other.closed


async def test_who_was_kicked_may_come_back(house: House) -> None:
    [ada] = people(1)
    for _ in range(3):
        probe = await house.peer(ada)
        await house.obey(Kick(ada.peer))
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
    probe = await house.peer(ada)
    await probe.echo()
    assert not probe.closed


async def test_a_ban_disconnects_all_at_that_address_and_keeps_them_out_until_it_is_lifted(house: House) -> None:
    ada, bob, eve, new = people(4)
    here, service, notice = elsewhere(), await house.service(), canary()
    inside = [await house.peer(ada, source=here), await house.peer(bob, source=here)]
    other = await house.peer(eve)
    address = await address_of(ada, service)
    assert address == await address_of(bob, service)
    assert address != await address_of(eve, service)

    await service.send(publish(ada.inbox, notice))
    await house.obey(Ban(address, 60))
    for probe in inside:
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
    assert Message(ada.inbox, notice) in inside[0].seen
    for person in (ada, new):
        await house.refuses(connect(person.peer, person.password), source=here)
    await tally(service, "banned", at_least=2)
    await other.echo()
    assert not other.closed
    await house.peer(new)  # from elsewhere

    await house.obey(Lift(address))
    await house.peer(ada, source=here)


async def test_a_ban_ends_by_itself(house: House) -> None:
    [ada] = people(1)
    here, service = elsewhere(), await house.service()
    probe = await house.peer(ada, source=here)
    await house.obey(Ban(await address_of(ada, service), 1))
    over = house.now() + 1
    await probe.until(lambda: probe.closed)
    await house.refuses(connect(ada.peer, ada.password), source=here)
    await house.reach(over)
    await house.peer(ada, source=here)


async def test_an_order_about_nobody_changes_nothing(house: House) -> None:
    ada, nobody = people(2)
    service, probe = await house.service(), await house.peer(ada)
    address = await address_of(ada, service)
    for order in (Kick(nobody.peer), Lift(address), Ban(type(address)(address.day, "A" * 22), 60)):
        await house.obey(order)
    await probe.echo()
    assert not probe.closed
    assert not service.closed


@pytest.mark.parametrize("who", ["a peer", "a peer's Will", "the service's Will", "the service, retained"])
async def test_an_order_by_anybody_else_or_in_another_way_does_nothing(house: House, who: str) -> None:
    ada, eve = people(2)
    here, service = elsewhere(), await house.service()
    victim = await house.peer(ada, source=here)
    orders = [write(order) for order in (Ban(await address_of(ada, service), 60), Kick(ada.peer))]
    for order in orders:
        if who == "the service, retained":
            await service.send(publish(CONTROL, order, retain=True))
            await service.echo()
        elif who == "a peer":
            probe = await house.peer(eve)
            await probe.send(publish(CONTROL, order), publish(CONTROL, order, packet_id=1))
            await probe.until(lambda probe=probe: probe.pubacks == [1])  # type: ignore[misc]
        elif who == "a peer's Will":
            probe = await house.socket()
            await probe.send(connect(eve.peer, eve.password, will=(CONTROL, order)))
            await probe.until(lambda probe=probe: probe.connack is not None or probe.closed)  # type: ignore[misc]
            await probe.cut()
        else:
            probe = await house.tcp()
            await probe.send(connect("service", SERVICE_PASSWORD, will=(CONTROL, order)), subscribe("v1/gate/+"))
            await probe.until(lambda probe=probe: probe.connack is not None or probe.closed)  # type: ignore[misc]
            await probe.cut()
    await house.service()
    await victim.echo()
    assert not victim.closed
    await house.peer(eve, source=here)
    await victim.echo()
    assert not victim.closed
