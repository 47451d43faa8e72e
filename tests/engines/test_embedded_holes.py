"""The six holes of stock amqtt 0.12.1, each as one scenario, played on our engine and on the stock broker.

A scenario tells whether the promise holds. On ours it must; on stock it must not: the day amqtt mends one of them, a
test here fails and says so, and a part of the guard may go.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from broker.engines.mqtt.bounds import Bounds
from tests.engines.conftest import Build
from tests.engines.embedded_house import EmbeddedHouse
from tests.engines.houses import Person
from tests.engines.mqtt_probe import Message, Probe, connect, publish
from tests.engines.stock import StockHouse, stock_house

ADA, BOB, EVE = (Person(bytes([number]) * 32) for number in (1, 2, 3))
PATIENCE_S = 3.0  # longer than one and a half times a keep-alive of one second

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what stock leaves behind

Scenario = Callable[[EmbeddedHouse | StockHouse], Awaitable[bool]]


async def seen(probe: Probe, message: Message) -> bool:
    """Tell whether a message comes before the connection closes, or soon."""
    try:
        await probe.until(lambda: message in probe.seen or probe.closed)
    except TimeoutError:
        return False
    return message in probe.seen


async def what_is_retained_comes_to_who_subscribed_only(house: EmbeddedHouse | StockHouse) -> bool:
    service, ada = await house.service(), await house.peer(ADA, "v1/pulse")
    await service.send(publish("v1/pulse", b"1 here", retain=True))
    await ada.hears("v1/pulse", b"1 here")
    bob = await house.peer(BOB)
    await service.send(publish(BOB.inbox, b"the last"))
    await bob.hears(BOB.inbox, b"the last")
    return all(message.topic != "v1/pulse" for message in bob.seen)


async def a_refused_login_leaves_its_victim_alone(house: EmbeddedHouse | StockHouse) -> bool:
    service, victim, witness = await house.service(), await house.peer(ADA), await house.peer(BOB)
    intruder = await house.socket()
    await intruder.send(connect(ADA.peer, EVE.password))
    await intruder.until(lambda: intruder.closed)
    await service.send(publish(ADA.inbox, b"still there?"), publish(BOB.inbox, b"the last"))
    await witness.hears(BOB.inbox, b"the last")
    await victim.echo()
    return Message(ADA.inbox, b"still there?") in victim.seen


async def a_take_over_ends_the_older_connection(house: EmbeddedHouse | StockHouse) -> bool:
    service, old = await house.service(), await house.peer(ADA)
    new = await house.peer(ADA)
    await old.send(publish(ADA.lobby, b"from the old one"))
    await old.echo()
    await new.send(publish(ADA.lobby, b"from the new one"))
    await service.hears(ADA.lobby, b"from the new one")
    return old.closed and Message(ADA.lobby, b"from the old one") not in service.seen


async def a_will_keeps_to_the_rules(house: EmbeddedHouse | StockHouse) -> bool:
    bob, eve = await house.peer(BOB), await house.socket()
    await eve.send(connect(EVE.peer, EVE.password, will=(BOB.inbox, b"boo")))
    await eve.until(lambda: eve.connack is not None)
    if eve.connack:
        return True
    await eve.cut()
    return not await seen(bob, Message(BOB.inbox, b"boo"))


async def silence_is_not_waited_for(house: EmbeddedHouse | StockHouse) -> bool:
    """Neither before CONNECT nor, for longer than was agreed, after it."""
    unspoken, quiet = await house.socket(), await house.socket()
    await quiet.send(connect(ADA.peer, ADA.password, keep_alive_s=1))
    try:
        await unspoken.until(lambda: unspoken.closed, within_s=PATIENCE_S)
        await quiet.until(lambda: quiet.closed, within_s=PATIENCE_S)
    except TimeoutError:
        return False
    return True


async def a_packet_has_a_limit(house: EmbeddedHouse | StockHouse) -> bool:
    service, eve = await house.service(), await house.peer(EVE)
    huge = publish(EVE.lobby, bytes(5_000_000))
    for start in range(0, len(huge), 500_000):
        await eve.send(huge[start : start + 500_000])
    await service.until(lambda: service.seen or eve.closed)
    return not any(len(message.payload) == 5_000_000 for message in service.seen)


SCENARIOS = [
    what_is_retained_comes_to_who_subscribed_only,
    a_refused_login_leaves_its_victim_alone,
    a_take_over_ends_the_older_connection,
    a_will_keeps_to_the_rules,
    silence_is_not_waited_for,
    a_packet_has_a_limit,
]
by_name = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)


@pytest.fixture
async def ours(build: Build) -> EmbeddedHouse:
    house: EmbeddedHouse = await build(bounds=Bounds(connect_s=0.5))
    return house


@pytest.fixture
async def stock(house: EmbeddedHouse) -> AsyncIterator[StockHouse]:
    async with stock_house(house.gate) as running:
        yield running


@by_name
async def test_the_promise_holds_on_our_engine(ours: EmbeddedHouse, scenario: Scenario) -> None:
    assert await scenario(ours)


@by_name
async def test_stock_amqtt_has_the_hole(stock: StockHouse, scenario: Scenario) -> None:
    assert not await scenario(stock), "amqtt has mended this: look what of the guard may go"
