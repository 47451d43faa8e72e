"""Who gets in, and what happens to those who are already in."""

import pytest

from broker import topics
from tests.engines.houses import (
    DESK_PASSWORD,
    SERVICE_PASSWORD,
    House,
    Person,
    canary,
    elsewhere,
    facts_about,
    people,
    tally,
)
from tests.engines.mqtt_probe import DISCONNECT, Message, connect, publish, subscribe

ADA, BOB, EVE = people(3)


SLOW = pytest.mark.exempt(rabbitmq="the gate is asked as about another's secret, and each refusal takes three seconds")
KEPT = pytest.mark.exempt(rabbitmq="it does not tell its gate, and keeps no session whatever is asked for")
INSIDE = pytest.mark.exempt(rabbitmq="the address decides, so it is refused as a ban is: see below")


async def test_a_peer_with_its_own_secret_is_let_in(house: House) -> None:
    probe = await house.peer(ADA)
    assert probe.subacks == [[0]]


@pytest.mark.parametrize(
    "hello",
    [
        pytest.param(connect(ADA.peer, BOB.password), id="another's secret"),
        pytest.param(connect(ADA.peer, b"\xff\xfe"), id="a password that is no text", marks=SLOW),
        pytest.param(connect(ADA.peer, ""), id="an empty password", marks=SLOW),
        pytest.param(connect(ADA.peer), id="no password"),
        pytest.param(connect(BOB.peer, ADA.password, username=ADA.peer), id="a ClientID that is not the user name"),
        pytest.param(connect("", ADA.password, username=ADA.peer), id="no ClientID", marks=SLOW),
        pytest.param(connect(ADA.peer, ADA.password, clean=False), id="a session that is to be kept", marks=KEPT),
        pytest.param(connect("service", SERVICE_PASSWORD), id="the service, on the public port", marks=INSIDE),
        pytest.param(connect("desk-anna", DESK_PASSWORD), id="a desk, on the public port", marks=INSIDE),
    ],
)
async def test_whoever_cannot_prove_the_name_is_refused(house: House, hello: bytes) -> None:
    await house.refuses(hello, house.unproven)


@pytest.mark.parametrize(("name", "password"), [("service", SERVICE_PASSWORD), ("desk-anna", DESK_PASSWORD)])
async def test_names_of_our_own_are_refused_where_people_come_in(house: House, name: str, password: str) -> None:
    await house.refuses(connect(name, password))


@pytest.mark.exempt(rabbitmq="it does not tell its gate on which listener somebody came in")
async def test_a_peer_is_refused_on_the_internal_listener(house: House) -> None:
    probe = await house.tcp()
    await probe.send(connect(ADA.peer, ADA.password))
    await probe.until(lambda: probe.closed)
    assert probe.connack == 5


async def test_the_service_is_refused_with_a_wrong_password(house: House) -> None:
    probe = await house.tcp()
    await probe.send(connect("service", "guessed"))
    await probe.until(lambda: probe.closed)
    assert probe.connack == house.unproven


@pytest.mark.exempt(rabbitmq="it speaks all versions, and closes without a word what it cannot read")
@pytest.mark.parametrize(("level", "codes"), [(3, {1}), (5, {1, 0x84})])
async def test_other_versions_of_mqtt_are_told_so(house: House, level: int, codes: set[int]) -> None:
    """With the code of MQTT 3.1.1 for it, or with that of the client's own version."""
    probe = await house.socket()
    await probe.send(connect(ADA.peer, ADA.password, level=level))
    await probe.until(lambda: probe.closed)
    assert probe.connack in codes


async def test_a_refused_login_does_not_harm_its_victim(house: House) -> None:
    """Stock amqtt deletes the victim's subscriptions before it looks at the password."""
    service, victim = await house.service(), await house.peer(ADA)
    await house.refuses(connect(ADA.peer, EVE.password), house.unproven)
    question, answer = canary(), canary()
    await service.send(publish(ADA.inbox, question))
    await victim.hears(ADA.inbox, question)
    await victim.send(publish(ADA.lobby, answer))
    await service.hears(ADA.lobby, answer)


async def test_a_refused_login_says_no_will_and_is_no_going(house: House) -> None:
    """Or whoever knows a name could have its owner declared gone."""
    ada, words = Person(), canary()
    service, victim = await house.service(), await house.peer(ada)
    for will in (ada.presence, ada.inbox, EVE.presence):
        await house.refuses(connect(ada.peer, EVE.password, will=(will, words)), house.unproven)
    await tally(service, "unknown", at_least=3)
    await victim.echo()
    eve = await house.peer(EVE)
    await eve.cut()
    await service.until(lambda: "off" in [fact["kind"] for fact in facts_about(EVE, service)])
    assert [fact["kind"] for fact in facts_about(ada, service)] == ["on"]
    assert words not in [each.payload for probe in (service, victim, eve) for each in probe.seen]
    assert not victim.closed


@pytest.mark.exempt(rabbitmq="it lets three seconds pass before it refuses, so nothing is right after anything")
async def test_who_is_refused_right_after_somebody_left_cannot_speak_for_them(house: House) -> None:
    """A broker may use the memory of one connection for the next."""
    service, forged = await house.service(), canary()
    for ada in people(20):
        probe = await house.peer(ada)
        await probe.send(DISCONNECT)
        await probe.until(lambda probe=probe: probe.closed)  # type: ignore[misc]
        await house.refuses(connect(ada.peer, EVE.password, will=(ada.presence, forged)))
    witness, last = await house.peer(EVE), canary()
    await witness.send(publish(EVE.lobby, last))
    await service.hears(EVE.lobby, last)
    assert forged not in [each.payload for each in service.seen]


async def test_a_second_connection_of_a_peer_ends_the_first_with_its_will(house: House) -> None:
    """Stock amqtt leaves the first one open, and able to publish."""
    service, will, hello = await house.service(), canary(), canary()
    old = await house.peer(ADA, will=(ADA.presence, will))
    new = await house.peer(ADA)
    await old.until(lambda: old.closed)
    await service.hears(ADA.presence, will)
    await service.send(publish(ADA.inbox, hello))
    await new.hears(ADA.inbox, hello)
    assert Message(ADA.inbox, hello) not in old.seen


@pytest.mark.exempt(rabbitmq="a take-over at another node is told of and not waited for")
async def test_the_will_of_one_taken_over_comes_before_what_the_new_one_says(house: House) -> None:
    service, will, here = await house.service(), canary(), canary()
    await house.peer(ADA, will=(ADA.presence, will))
    new = await house.socket()
    await new.send(connect(ADA.peer, ADA.password), publish(ADA.presence, here, packet_id=1))
    await service.hears(ADA.presence, here)
    assert [each.payload for each in service.seen if each.topic == ADA.presence] == [will, here]


@pytest.mark.parametrize("last", [pytest.param(b"", id="without a word"), pytest.param(DISCONNECT, id="with one")])
async def test_who_comes_back_in_the_very_moment_of_going_is_heard_and_hears(house: House, last: bytes) -> None:
    """A broker that finds both at once may take what the old connection subscribed to for what the new one did."""
    service, bob = await house.service(), await house.peer(BOB)
    crowd = [(ada, await house.peer(ada), await house.socket(), canary()) for ada in people(3)]
    seats = [topics.session(house.seat(ada)) for ada, *_ in crowd]
    for (_, old, _, _), seat in zip(crowd, seats, strict=True):
        await old.send(subscribe("v1/pulse", seat))
        await old.until(lambda old=old: len(old.subacks) == 2)  # type: ignore[misc]
    async with house.held() as settle:
        for _, old, _, _ in crowd:
            await old.send(last)
            await old.cut()
        await settle()
        for (ada, _, new, here), seat in zip(crowd, seats, strict=True):
            hello = connect(ada.peer, ada.password) + subscribe(ada.inbox, "v1/pulse", seat)
            await new.send(hello, publish(ada.presence, here, packet_id=1))
    pulse = canary()
    for (ada, _, new, here), seat in zip(crowd, seats, strict=True):
        await service.hears(ada.presence, here)
        await new.until(lambda new=new: new.subacks == [[0, 0, 0]])  # type: ignore[misc]
        welcome, offer = canary(), canary()
        await service.send(publish(ada.inbox, welcome), publish("v1/pulse", pulse, retain=True))
        await bob.send(publish(seat, offer))
        await new.hears(ada.inbox, welcome)
        await new.hears("v1/pulse", pulse)
        await new.hears(seat, offer)


async def test_a_service_that_comes_back_in_the_very_moment_of_going_hears(house: House) -> None:
    old, ada = await house.service(), await house.peer(ADA)
    new, here = await house.tcp(), canary()
    for _ in range(2):  # what it does in one turn is done by the next: it has the new one, too
        await old.echo()
    async with house.held() as settle:
        await old.cut()
        await settle()
        await new.send(connect("service", SERVICE_PASSWORD), subscribe("v1/presence/+", "v1/gate/+", qos=1))
    await new.until(lambda: new.subacks)
    await house.listen(new)
    await ada.send(publish(ADA.presence, here))
    await new.hears(ADA.presence, here)
    bob = Person()
    await house.peer(bob)
    await new.until(lambda: facts_about(bob, new))


@pytest.mark.exempt(rabbitmq="at several nodes in the same moment they put each other out; a client comes back")
async def test_many_connections_of_one_peer_at_once_leave_exactly_one(house: House) -> None:
    probes, source = [await house.socket() for _ in range(8)], elsewhere()
    for probe in probes:
        await probe.send(connect(ADA.peer, ADA.password), subscribe(ADA.inbox))
    for probe in probes:
        await probe.until(lambda probe=probe: probe.closed or probe.subacks)  # type: ignore[misc]
    service, question = await house.service(), canary()
    await service.send(publish(ADA.inbox, question))
    await service.echo()
    last = await house.peer(BOB, source=source)
    await last.echo()
    heard = [probe for probe in probes if Message(ADA.inbox, question) in probe.seen]
    assert len(heard) == 1
    assert [probe for probe in probes if not probe.closed] == heard


AS_PUBLISH = pytest.mark.exempt(rabbitmq="of a Will it tells its gate the topic, and nothing else")
UNSEEMLY = [
    pytest.param(BOB.presence, b"boo", False, id="another's presence"),
    pytest.param(ADA.lobby, b"boo", False, id="its lobby", marks=AS_PUBLISH),
    pytest.param(ADA.inbox, b"boo", False, id="its inbox"),
    pytest.param("v1/pulse", b"boo", False, id="the pulse"),
    pytest.param("$SYS/x", b"boo", False, id="$SYS"),
    pytest.param("$CONTROL/passerby/v1", b"boo", False, id="$CONTROL"),
    pytest.param(ADA.presence, b"boo", True, id="retained", marks=AS_PUBLISH),
    pytest.param(ADA.presence, bytes(4097), False, id="too long", marks=AS_PUBLISH),
]


@pytest.mark.exempt(
    mosquitto="it asks for a Will when that is due (src/plugin_acl_check.c), not at CONNECT",
    rabbitmq="it asks for a Will when that is due",
)
@pytest.mark.parametrize(("topic", "payload", "retain"), UNSEEMLY)
async def test_a_will_that_may_not_be_is_refused_at_the_door(
    house: House,
    topic: str,
    payload: bytes,
    retain: bool,  # noqa: FBT001  a case
) -> None:
    await house.refuses(connect(ADA.peer, ADA.password, will=(topic, payload), will_retain=retain))


@pytest.mark.parametrize(("topic", "payload", "retain"), UNSEEMLY)
async def test_a_will_that_may_not_be_reaches_nobody(
    house: House,
    topic: str,
    payload: bytes,
    retain: bool,  # noqa: FBT001  a case
) -> None:
    service, bob = await house.service(), await house.peer(BOB, "v1/pulse")
    ada = await house.socket()
    await ada.send(connect(ADA.peer, ADA.password, will=(topic, payload), will_retain=retain), subscribe(ADA.inbox))
    await ada.echo()
    let_in = ada.connack == 0
    await ada.cut()
    if let_in:
        await service.until(lambda: "off" in [fact["kind"] for fact in facts_about(ADA, service)])
    again, last = await house.peer(ADA, "v1/pulse"), canary()
    await again.send(publish(ADA.lobby, last))
    await service.hears(ADA.lobby, last)
    await bob.echo()
    assert payload not in [each.payload for probe in (service, bob, again) for each in probe.seen]


async def test_a_will_is_said_for_who_vanishes_and_not_for_who_leaves(house: House) -> None:
    service = await house.service()
    left, lost = canary(), canary()
    leaves = await house.peer(ADA, will=(ADA.presence, b"ada is lost"))
    vanishes = await house.peer(BOB, will=(BOB.presence, lost))
    await leaves.send(publish(ADA.presence, left), DISCONNECT)
    await leaves.until(lambda: leaves.closed)
    await vanishes.cut()
    await service.hears(BOB.presence, lost)
    assert [each.payload for each in service.seen if each.topic == ADA.presence] == [left]
