"""A broker of the cell `berlin`: who is in it is served as ever, and who is elsewhere is heard by nobody."""

import pytest

from broker.cells import Cell
from tests.engines.conftest import Build
from tests.engines.houses import SERVICE_PASSWORD, House, Person, canary, people
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe

pytestmark = pytest.mark.exempt(rabbitmq="a cell has a broker of its own; a cluster is one lobby")

BERLIN = Cell("berlin")
WIDE = ("v1/presence/+", "v1/lobby/+", "v1/gate/+")
ELSEWHERE = [pytest.param(Cell(), id="in none"), pytest.param(Cell("hamburg"), id="in another")]


@pytest.fixture
async def house(build: Build) -> House:
    house: House = await build(cell="berlin")
    return house


async def service_of(house: House, cell: Cell) -> Probe:
    probe = await house.tcp()
    await probe.send(connect("service", SERVICE_PASSWORD), subscribe(*map(cell.outer, WIDE), qos=1))
    await probe.until(lambda: probe.subacks or probe.closed)
    return probe


async def comes(house: House, person: Person, cell: Cell) -> Probe:
    """Come in as a page of this cell does, but for a Will, for which the door may be shut at once."""
    probe = await house.socket()
    await probe.send(connect(person.peer, person.password), subscribe(*map(cell.outer, (person.inbox, "v1/pulse"))))
    await probe.until(lambda: probe.subacks or probe.closed)
    return probe


async def test_in_its_cell_all_is_as_ever(house: House) -> None:
    [ada] = people(1)
    service, probe = await service_of(house, BERLIN), await comes(house, ada, BERLIN)
    seat = BERLIN.outer(f"v1/session/{house.seat(ada)}")
    await probe.send(subscribe(seat), publish(seat, b"to myself"), publish(BERLIN.outer(ada.lobby), b"a wish"))
    await service.hears(BERLIN.outer(ada.lobby), b"a wish")
    await service.hears_on(BERLIN.outer("v1/gate/"))
    await service.send(
        publish(BERLIN.outer("v1/pulse"), b"a pulse", retain=True), publish(BERLIN.outer(ada.inbox), b"x")
    )
    await probe.hears(BERLIN.outer(ada.inbox), b"x")
    assert {each.payload for each in probe.seen} == {b"to myself", b"a pulse", b"x"}


@pytest.mark.parametrize("cell", ELSEWHERE)
async def test_who_is_elsewhere_is_heard_by_nobody_and_hears_nothing(house: House, cell: Cell) -> None:
    ada, bob = people(2)
    service, inside = await service_of(house, BERLIN), await comes(house, ada, BERLIN)
    outside, last = await comes(house, bob, cell), canary()
    for topic in (bob.lobby, bob.presence, f"v1/session/{house.seat(ada)}"):
        await outside.send(publish(cell.outer(topic), b"from elsewhere"))
    await outside.echo()
    await service.send(
        publish(cell.outer(bob.inbox), b"to elsewhere"), publish(cell.outer("v1/pulse"), b"x", retain=True)
    )
    await inside.send(publish(BERLIN.outer(ada.lobby), last))
    await service.hears(BERLIN.outer(ada.lobby), last)
    await service.echo()
    await outside.echo()
    assert b"from elsewhere" not in [each.payload for probe in (service, inside) for each in probe.seen]
    assert outside.seen == []
