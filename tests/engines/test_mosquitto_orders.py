"""Orders as they come over MQTT: what is none changes nothing, and costs nobody anything."""

import json

import pytest

from broker.orders import CONTROL, ORDER_BYTES, Kick, write
from tests.engines.houses import House, address_of, elsewhere, people, tally
from tests.engines.mqtt_probe import publish, subscribe

MALFORMED = [
    b"",
    b"\0",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"[" * ORDER_BYTES,
    b'{"kind":"kick"}',
    b'{"kind":"kick","peer":"{ada}","now":true}',
    b'{"kind":"kick","peer":["{ada}"]}',
    b'{"kind":"kick","peer":"{ada}"} ' + b" " * ORDER_BYTES,
    b'{"kind":"ban","address":"{address}","day":{day},"seconds":-1}',
    b'{"kind":"ban","address":"{address}","day":{day},"seconds":NaN}',
    b'{"kind":"ban","address":"{address}","day":{day},"seconds":1e999}',
    b'{"kind":"ban","address":"{address}","day":true,"seconds":60}',
    b'{"kind":"ban","address":"127.0.0.1","day":{day},"seconds":60}',
    b'{"kind":"exit"}',
]


async def test_what_is_no_order_is_counted_and_changes_nothing(house: House) -> None:
    [ada] = people(1)
    here, service = elsewhere(), await house.service()
    probe = await house.peer(ada, source=here)
    address = await address_of(ada, service)
    fill = {b"{ada}": ada.peer.encode(), b"{address}": address.key.encode(), b"{day}": b"%d" % address.day}
    for payload in MALFORMED:
        for name, value in fill.items():
            payload = payload.replace(name, value)  # noqa: PLW2901  filled in, one after the other
        await service.send(publish(CONTROL, payload))
    await service.echo()
    assert await tally(service, "malformed", at_least=len(MALFORMED)) == len(MALFORMED)
    await probe.echo()
    assert not probe.closed
    [new] = people(1)
    await house.peer(new, source=here)


@pytest.mark.parametrize("control", ["$CONTROL/passerby/v2", "$CONTROL/broker/v1", "$CONTROL/dynamic-security/v1"])
async def test_no_other_control_topic_is_open_to_anybody(house: House, control: str) -> None:
    [ada] = people(1)
    service, probe = await house.service(), await house.peer(ada)
    command = json.dumps({"commands": [{"command": "listPlugins"}]}).encode()
    for each in (service, probe):
        await each.send(
            subscribe(f"{control}/response"), publish(control, write(Kick(ada.peer))), publish(control, command)
        )
        await each.echo()
        assert not each.closed
        assert each.subacks[-1] == [0x80]
        assert [message for message in each.seen if message.topic.startswith("$")] == []


async def test_an_order_of_qos_1_is_acknowledged(house: House) -> None:
    [ada] = people(1)
    service, probe = await house.service(), await house.peer(ada)
    await service.send(publish(CONTROL, write(Kick(ada.peer)), packet_id=5))
    await service.until(lambda: service.pubacks == [5])
    await probe.until(lambda: probe.closed)


async def test_hundreds_of_orders_at_once_are_all_obeyed(house: House) -> None:
    """As after a restart of this gate, when the service tells it all bans again."""
    crowd = people(50)
    service = await house.service()
    probes = [await house.peer(person) for person in crowd]
    await service.send(*(publish(CONTROL, write(Kick(person.peer))) for person in crowd for _ in range(4)))
    for probe in probes:
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
