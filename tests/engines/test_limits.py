"""Limits: who is over one hears why, is cut off and counted, and nobody else notices."""

import json
from collections.abc import AsyncIterator

import pytest

from broker.gate import RETRY_S
from broker.limits import Limits
from tests.engines.conftest import Build
from tests.engines.houses import House, Person, canary, elsewhere, facts_about, heard_by, people, tally
from tests.engines.mqtt_probe import DISCONNECT, Probe, connect, publish, subscribe

pytestmark = pytest.mark.exempt(rabbitmq="it asks its gate nothing of rates, sizes and closing: HAProxy limits these")

LIMITS = Limits()
BURST = int(LIMITS.messages.burst)
KIB_16 = bytes(16 * 1024)
SYSTEM = "the broker itself drops what is said on $SYS, before it asks any plugin (src/plugin_acl_check.c)"


@pytest.fixture
async def bystanders(house: House) -> AsyncIterator[tuple[Person, Probe]]:
    """Somebody who talks while others misbehave, and must not notice."""
    [bob] = people(1)
    seat = f"v1/session/{house.seat(bob)}"
    probe = await house.peer(bob, seat)
    await probe.send(publish(seat, b"before"))
    await probe.hears(seat, b"before")
    yield bob, probe
    await probe.send(publish(seat, b"after"))
    await probe.hears(seat, b"after")
    assert [each.payload for each in probe.seen] == [b"before", b"after"]


async def cut_off(probe: Probe, person: Person, reason: str) -> None:
    """Wait for the last words, and for the end."""
    await probe.until(lambda: probe.closed)
    [notice] = [json.loads(each.payload) for each in probe.seen if each.topic == person.inbox]
    assert notice == {"kind": "limited", "reason": reason, "retry": RETRY_S}
    assert probe.seen[-1].topic == person.inbox


@pytest.mark.usefixtures("bystanders")
async def test_who_says_too_much_at_once_hears_it_is_cut_off_and_counted(house: House) -> None:
    [eve] = people(1)
    service, lost = await house.service(), canary()
    probe = await house.peer(eve, will=(eve.presence, lost))
    await probe.send(*(publish(eve.lobby, b"%d" % number) for number in range(2 * BURST)))
    await cut_off(probe, eve, "messages")
    assert await tally(service, "cut-messages", eve) == 1
    await service.hears(eve.presence, lost)
    said = [each.payload for each in service.seen if each.topic == eve.lobby]
    assert said == [b"%d" % number for number in range(len(said))]
    assert BURST - 1 <= len(said) < BURST + 20  # its SUBSCRIBE counts, too; a few are earned meanwhile


@pytest.mark.usefixtures("bystanders")
async def test_who_asks_for_too_many_filters_is_cut_off_too(house: House) -> None:
    """Each costs the gate as much as a message."""
    [eve] = people(1)
    service, probe = await house.service(), await house.peer(eve)
    await probe.send(*(subscribe(f"v1/inbox/{number}", packet_id=number) for number in range(2, 2 * BURST)))
    await cut_off(probe, eve, "messages")
    assert await tally(service, "cut-messages", eve) == 1


@pytest.mark.usefixtures("bystanders")
async def test_who_says_too_much_in_bytes_is_cut_off_too(house: House) -> None:
    """Though its seat is used up after half of them: what is dropped counts."""
    ada, eve = people(2)
    service, seat = await house.service(), f"v1/session/{house.seat(ada)}"
    owner, probe = await house.peer(ada, seat), await house.peer(eve)
    for _ in range(40):
        await probe.send(publish(seat, KIB_16))
        await probe.echo()  # who goes on sending at that moment may miss the last words: TCP resets both ways
    await cut_off(probe, eve, "bytes")
    assert await tally(service, "cut-bytes", eve) == 1
    assert len(await heard_by(owner, ada, service)) == LIMITS.seat_bytes // len(KIB_16)
    assert not owner.closed


@pytest.mark.usefixtures("bystanders")
@pytest.mark.parametrize(
    ("topic", "retain"),
    [
        ("elsewhere", False),
        ("v1/pulse", True),
        ("v1/inbox/{other}", False),
        ("v1/session/" + "A" * 56, False),
        ("$CONTROL/passerby/v1", False),
        pytest.param("$SYS/x", False, marks=pytest.mark.exempt(mosquitto=SYSTEM)),
    ],
)
async def test_what_is_refused_counts_as_much(
    house: House,
    topic: str,
    retain: bool,  # noqa: FBT001  a case
) -> None:
    eve, other = people(2)
    service, probe = await house.service(), await house.peer(eve)
    message = publish(topic.format(other=other.peer), b"x", retain=retain)
    await probe.send(*([message] * 2 * BURST))
    await cut_off(probe, eve, "messages")
    assert await tally(service, "cut-messages", eve) == 1
    await tally(service, f"denied-publish{'-retained' * retain}", eve, at_least=BURST - 1)


async def test_what_keeps_to_the_rate_is_never_cut_off(house: House) -> None:
    """One that says all it may and no more, QoS 1, each acknowledged. To ask for its inbox was one of them."""
    [ada] = people(1)
    service, probe = await house.service(), await house.peer(ada)
    may = BURST - 1
    await probe.send(*(publish(ada.presence, b"ping", packet_id=number) for number in range(1, may + 1)))
    await probe.until(lambda: len(probe.pubacks) == may)
    await probe.echo()
    assert not probe.closed
    await service.until(lambda: len([each for each in service.seen if each.topic == ada.presence]) == may)


async def test_who_was_cut_off_may_come_back(house: House) -> None:
    [eve] = people(1)
    service, probe, source = await house.service(), None, elsewhere()
    for _ in range(2):
        probe = await house.peer(eve, source=source)
        await probe.send(*([publish("elsewhere", b"x")] * 2 * BURST))
        await cut_off(probe, eve, "messages")
    back, join = await house.peer(eve, source=source), canary()
    await back.send(publish(eve.lobby, join))
    await service.hears(eve.lobby, join)


async def test_a_seat_carries_64_messages_and_not_one_more(house: House) -> None:
    """Whoever says them: it is a place to meet, and no relay."""
    ada, bob, eve = people(3)
    service, seat = await house.service(), f"v1/session/{house.seat(ada)}"
    owner = await house.peer(ada, seat)
    for person, start in ((bob, 0), (eve, 50)):
        speaker = await house.peer(person)
        await speaker.send(*(publish(seat, b"%d" % number) for number in range(start, start + 50)))
        await speaker.echo()
    heard = [payload for _, payload in await heard_by(owner, ada, service)]
    assert heard == [b"%d" % number for number in range(LIMITS.seat_messages)]


async def test_a_seat_carries_256_kib_and_its_neighbour_as_much(house: House) -> None:
    [ada] = people(1)
    service, seats = await house.service(), [f"v1/session/{house.seat(ada)}" for _ in range(2)]
    owner = await house.peer(ada, *seats)
    for seat in seats:
        [bob] = people(1)
        speaker = await house.peer(bob)
        for _ in range(20):
            await speaker.send(publish(seat, KIB_16))
        await speaker.echo()
    heard = [topic for topic, _ in await heard_by(owner, ada, service)]
    assert [heard.count(seat) for seat in seats] == [16, 16]


async def test_an_address_has_so_many_connections_and_no_more_until_one_leaves(house: House) -> None:
    service, source, limit = await house.service(), elsewhere(), LIMITS.connections_per_address
    inside = [await house.peer(person, source=source) for person in people(limit)]
    late, first = people(2)
    await house.refuses(connect(late.peer, late.password), source=source)
    await tally(service, "crowded", at_least=1)
    await house.peer(late)  # from elsewhere
    await inside[0].send(DISCONNECT)
    await inside[0].until(lambda: inside[0].closed)
    await house.peer(first, source=source)
    for probe in inside[1:]:
        await probe.echo()
        assert not probe.closed


async def test_an_address_that_connects_too_often_is_refused_and_counted(house: House) -> None:
    service, source, burst = await house.service(), elsewhere(), int(LIMITS.connects.burst)
    let_in = 0
    for person in people(burst + 20):
        probe = await house.socket(source)
        await probe.send(connect(person.peer, person.password), subscribe(person.inbox), DISCONNECT)
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
        if probe.connack:
            assert probe.connack == 5
            break
        let_in += 1
    assert burst <= let_in < burst + 20
    await tally(service, "hurried", at_least=1)
    await house.peer(Person())  # from elsewhere


async def test_a_smaller_limit_can_be_set(build: Build) -> None:
    """As an operator sets it."""
    house: House = await build(connections_per_address=2)
    source, (ada, bob, eve) = elsewhere(), people(3)
    service = await house.service()
    for person in (ada, bob):
        await house.peer(person, source=source)
    await house.refuses(connect(eve.peer, eve.password), source=source)
    await service.until(lambda: facts_about(bob, service))
