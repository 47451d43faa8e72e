"""The gate inside Mosquitto: how it opens or refuses to, and what a reload and a turn of the keys do to it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from broker.orders import Ban
from broker.seats import SeatKeys
from passerby.keys import KeysError, read
from tests.command.running import Running
from tests.engines.conftest import Build
from tests.engines.containers import Lines, Mosquitto
from tests.engines.houses import House, address_of, canary, elsewhere, facts_about, heard_by, people
from tests.engines.mosquitto_house import MosquittoHouse
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe
from tests.polling import until

RELOADS = 50
PER_ADDRESS = "plugin_opt_connections_per_address"

pytestmark = pytest.mark.usefixtures("engine")  # where there are no containers, it says so, once


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda folder: (folder / "keys").unlink(), "/etc/passerby/keys is not there: `passerby keys new "),
        (lambda folder: (folder / "keys").chmod(0o640), "/etc/passerby/keys can be read by others: `chmod 600 "),
        (lambda folder: (folder / "keys").chmod(0o604), "/etc/passerby/keys can be read by others: `chmod 600 "),
        (lambda folder: (folder / "keys").chmod(0), "cannot be read by the user that the broker runs as"),
        (lambda folder: (folder / "keys").write_text("{"), "is not a keys file: it is not JSON"),
        (lambda folder: (folder / "keys").write_text("[" * 100_000), "is not a keys file: it is not JSON"),
        (lambda folder: (folder / "keys").write_text("{}"), "is not a keys file: it has other fields"),
        (lambda folder: (folder / "keys").write_bytes(b"\xff\xfe"), "is not a keys file: "),
        (lambda folder: ((folder / "keys").unlink(), (folder / "keys").mkdir(0o700)), "cannot be read"),
    ],
    ids=["missing", "read by a group", "read by others", "unreadable", "cut", "deep", "empty", "no text", "a folder"],
)
async def test_without_good_keys_the_gate_stays_shut_and_says_why(
    prepare: Callable[[Path], object], reason: str
) -> None:
    await ends_with(Mosquitto(), reason, prepare)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ({"plugin_opt_name": "plugin_opt_nonsense 1"}, "there is no plugin_opt_nonsense"),
        ({"plugin_opt_keys": None}, "plugin_opt_keys must name the keys file"),
        ({"plugin_opt_name": "plugin_opt_name a/b"}, "plugin_opt_name is no word"),
        ({"plugin_opt_name": "plugin_opt_name +"}, "plugin_opt_name is no word"),
        ({PER_ADDRESS: f"{PER_ADDRESS} many"}, f"{PER_ADDRESS} is no number"),
        ({PER_ADDRESS: f"{PER_ADDRESS} 0"}, f"{PER_ADDRESS} is no number"),
        ({PER_ADDRESS: f"{PER_ADDRESS} -1"}, f"{PER_ADDRESS} is no number"),
    ],
    ids=["unknown", "no keys", "a name with a slash", "a wildcard", "no number", "nobody", "less than nobody"],
)
async def test_with_an_option_that_is_none_the_gate_stays_shut_and_says_why(lines: Lines, reason: str) -> None:
    await ends_with(Mosquitto(lines), reason)


async def ends_with(mosquitto: Mosquitto, reason: str, prepare: Callable[[Path], object] = lambda _: None) -> None:
    """Start what does not come up: one line of ours in its log, and nothing of what the keys file holds."""
    code, log = await mosquitto.fails(prepare)
    assert code != 0
    [line] = [line for line in log if "passerby: " in line]
    assert reason in line
    assert "Traceback" not in "\n".join(log)
    assert mosquitto.keys.service not in "\n".join(log)


async def holds(house: House, ada: Probe, service: Probe) -> None:
    """Spot-check the policy with somebody who has been here all the time, and somebody who comes."""
    me, eve, other = people(3)
    seat, forged = f"v1/session/{house.seat(me)}", canary()
    probe = await house.peer(me, seat, "v1/gate/+", "#", other.inbox)
    assert probe.subacks == [[0, 0, 0x80, 0x80, 0x80]]
    await house.refuses(connect(me.peer, eve.password))
    await probe.send(publish(other.presence, forged), publish("v1/pulse", forged, retain=True), publish(seat, b"offer"))
    await probe.hears(seat, b"offer")
    await ada.echo()
    assert await heard_by(probe, me, service) == [(seat, b"offer")]
    assert forged not in [each.payload for each in (*service.seen, *ada.seen)]


async def test_fifty_reloads_leave_everything_in_force_and_everybody_connected(build: Build) -> None:
    house: MosquittoHouse = await build(lines={PER_ADDRESS: f"{PER_ADDRESS} 2"})
    [one, two, banned, late] = people(4)
    here, there, service = elsewhere(), elsewhere(), await house.service()
    ada, bob = await house.peer(one, source=here), await house.peer(two, source=here)
    await house.peer(banned, source=there)
    await house.obey(Ban(await address_of(banned, service), 3600))
    await service.send(publish("v1/pulse", b"3 here", retain=True))
    for _ in range(RELOADS):
        await house.mosquitto.reload()
        await ada.echo()
    await holds(house, ada, service)
    await house.refuses(connect(banned.peer, banned.password), source=there)
    await house.refuses(connect(late.peer, late.password), source=here)
    newcomer = await house.peer(late, "v1/pulse")
    await newcomer.hears("v1/pulse", b"3 here")
    await service.until(lambda: facts_about(late, service))
    for probe in (ada, bob, service):
        await probe.echo()
        assert not probe.closed
    assert [fact["kind"] for person in (one, two) for fact in facts_about(person, service)] == ["on", "on"]


async def turn(file: Path) -> None:
    async with Running.start("keys", "turn", file, "--after", "5") as turning:
        assert await turning.ends() == 0


async def lets_in(house: House, password: str, name: str = "service") -> bool:
    probe = await house.tcp()
    await probe.send(connect(name, password))
    await probe.until(lambda: probe.connack is not None or probe.closed)
    return probe.connack == 0


async def until_let_in(house: House, password: str, name: str = "service") -> None:
    async with asyncio.timeout(10):
        while not await lets_in(house, password, name):
            await asyncio.sleep(0.1)


async def test_keys_that_turn_are_taken_up_without_a_restart(build: Build) -> None:
    """With the folder mounted: a file that is mounted by itself stays the one it was."""
    house: MosquittoHouse = await build(lines={})
    [me] = people(1)
    before = house.seat(me)
    ada = await house.peer(me, f"v1/session/{before}")
    await turn(house.mosquitto.keys_file)
    after = read(house.mosquitto.keys_file)
    assert not await lets_in(house, "no password of the service's")
    await until_let_in(house, after.service)
    house.keys = SeatKeys(after.seat_keys().keys, after.current)
    young = f"v1/session/{house.seat(me)}"
    await ada.send(
        subscribe(young), publish(f"v1/session/{before}", b"of the key before"), publish(young, b"of the new")
    )
    await ada.hears(f"v1/session/{before}", b"of the key before")
    await ada.hears(young, b"of the new")
    service = await house.service()  # with the password before, which is good until the next turn
    await holds(house, ada, service)
    assert not ada.closed


async def test_desks_that_are_added_and_turn_are_let_in_without_a_restart(build: Build) -> None:
    house: MosquittoHouse = await build(lines={})
    file = house.mosquitto.keys_file
    async with Running.start("keys", "desk", file, "bob") as adding:
        assert await adding.ends() == 0
    before = read(file).desks
    assert before.keys() == {"anna", "bob"}
    await until_let_in(house, before["bob"], "desk-bob")
    assert not await lets_in(house, before["bob"], "desk-anna")
    await turn(file)
    await until_let_in(house, read(file).desks["bob"], "desk-bob")
    for name, password in before.items():
        assert await lets_in(house, password, f"desk-{name}")


async def test_a_sighup_makes_it_look_at_once_and_a_broken_file_changes_nothing(build: Build) -> None:
    house: MosquittoHouse = await build(lines={})
    service, (me,) = await house.service(), people(1)
    ada = await house.peer(me)
    house.mosquitto.keys_file.write_text("{")
    await house.mosquitto.reload()
    log = [""]

    async def look() -> None:
        log[0] = await house.mosquitto.logs()

    async with asyncio.timeout(5):
        while "the keys stay as they are" not in log[0]:
            await look()
    assert log[0].count("the keys stay as they are") == 1
    assert "is not a keys file" in log[0]
    with pytest.raises(KeysError):
        read(house.mosquitto.keys_file)
    await holds(house, ada, service)


async def test_it_comes_back_after_a_restart_with_nothing_remembered(build: Build) -> None:
    house: MosquittoHouse = await build(lines={})
    service, (me,) = await house.service(), people(1)
    here = elsewhere()
    ada = await house.peer(me, source=here)
    await service.send(publish("v1/pulse", b"1 here", retain=True))
    await house.obey(Ban(await address_of(me, service), 3600))
    await until(lambda: ada.closed)
    await house.mosquitto.restart()
    assert service.closed
    back, again = await house.peer(me, "v1/pulse", source=here), await house.service()
    assert await heard_by(back, me, again) == []
