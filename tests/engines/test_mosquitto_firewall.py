"""The gate inside Mosquitto tells the firewall of its machine whom it refused as banned, if it is told to."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker import firewall
from broker.firewall import DATAGRAM_BYTES
from broker.orders import Ban, Kick
from tests.engines.conftest import Build
from tests.engines.houses import address_of, elsewhere, people
from tests.engines.mosquitto_house import MosquittoHouse
from tests.engines.mqtt_probe import connect

OPTION = "plugin_opt_connections_per_address"


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """Listen where the gate is to tell."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.settimeout(0)
        wire.bind(bytes(folder / "firewall.sock"))
        (folder / "firewall.sock").chmod(0o666)
        yield wire


def heard(wire: socket.socket) -> list[bytes]:
    """Give what has been told since."""
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(wire.recv(DATAGRAM_BYTES))
    return found


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
async def test_it_tells_whom_it_refused_as_banned_and_nobody_else(build: Build, *, told: bool) -> None:
    more = "\nplugin_opt_firewall /etc/passerby/firewall.sock" if told else ""
    house: MosquittoHouse = await build(lines={OPTION: f"{OPTION} 64{more}"})
    ana, bob = people(2)
    here, there, service = elsewhere(), elsewhere(), await house.service()
    with listening(house.mosquitto.folder) as wire:
        await house.peer(ana, source=here)
        await house.peer(bob, source=there)
        await house.refuses(connect(bob.peer, ana.password), source=there)
        await house.obey(Kick(bob.peer))
        await house.obey(Ban(await address_of(ana, service), 600))
        await house.refuses(connect(ana.peer, ana.password), source=here)
        await house.refuses(connect(ana.peer, ana.password), source=here)
        await house.peer(bob, source=there)
        assert heard(wire) == ([firewall.write(here, 60)] * 2 if told else [])
    await house.refuses(connect(ana.peer, ana.password), source=here)
    assert here not in await house.mosquitto.logs()
