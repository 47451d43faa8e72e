"""`passerby firewall`: packets of who is banned and keeps coming end in the kernel, and nothing of it stays behind.

Between two network namespaces, as root: what is dropped is judged by who still gets a connection.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

import pytest

from broker import firewall
from broker.engines.firewall import Messenger
from broker.firewall import DATAGRAM_BYTES
from passerby.firewall import rules
from passerby.firewall.floods import PATIENCE
from tests.command.running import COMMAND, Running
from tests.engines.houses import Person
from tests.engines.mqtt_probe import connect, over_websocket
from tests.namespaces import inside, ip, need_namespaces

NO_NFT: Final = "the firewall needs nftables: `apt install nftables`"
OPEN, OTHER = 8443, 2222
BAD, GOOD = "10.218.0.2", "10.218.0.3"
BAD6, NEIGHBOUR6, GOOD6 = "2001:db8:1:2::2", "2001:db8:1:2::3", "2001:db8:1:3::2"
SURE_S: Final = 0.5


def nft() -> str:
    """Find it; where it is not, or cannot be used, skip."""
    found = shutil.which("nft", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if found is None:
        pytest.skip(NO_NFT)
    need_namespaces()
    return found


@dataclass(frozen=True)
class Wire:
    """Two machines: a house where people come in, and one with several addresses, from which they come."""

    house: str
    street: str

    @classmethod
    @contextlib.asynccontextmanager
    async def laid(cls) -> AsyncIterator[Self]:
        name = f"pb{secrets.token_hex(2)}"
        wire = cls(f"{name}h", f"{name}s")
        try:
            for each in (wire.house, wire.street):
                await ip("netns", "add", each)
            await ip("-n", wire.house, "link", "add", "in", "type", "veth", "peer", "name", "out", "netns", wire.street)
            for space, device, addresses in (
                (wire.house, "in", ("10.218.0.1/24", "2001:db8:1:1::1/48")),
                (wire.street, "out", (f"{BAD}/24", f"{GOOD}/24", f"{BAD6}/48", f"{NEIGHBOUR6}/48", f"{GOOD6}/48")),
            ):
                for address in addresses:
                    late = ["nodad"] if ":" in address else []
                    await ip("-n", space, "address", "add", address, "dev", device, *late)
                await ip("-n", space, "link", "set", device, "up")
            yield wire
        finally:
            for each in (wire.house, wire.street):
                with contextlib.suppress(OSError):
                    await ip("netns", "delete", each)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let people in, at two ports."""
        servers = []
        for port in (OPEN, OTHER):
            made = await inside(self.house, partial(_listen, port))
            servers.append(await asyncio.start_server(lambda _, writer: writer.close(), sock=made))
        try:
            yield
        finally:
            for server in servers:
                server.close()

    async def lets_in(self, source: str, port: int = OPEN) -> bool:
        """Tell whether somebody who comes from this address gets a connection."""
        house = "2001:db8:1:1::1" if ":" in source else "10.218.0.1"

        def call() -> bool:
            try:
                socket.create_connection((house, port), SURE_S, (source, 0)).close()
            except TimeoutError:
                return False
            return True

        return await inside(self.street, call)

    async def run(self, *words: str) -> str:
        """Run nft in the house; gives what it says."""
        command = ("ip", "netns", "exec", self.house, nft(), *words)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode()

    async def rules(self) -> str:
        """List what the kernel has in the house."""
        return await self.run("list", "ruleset")


def _listen(port: int) -> socket.socket:
    return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)


@dataclass
class House:
    """A house with the firewall at its door."""

    wire: Wire
    socket: Path
    running: Running

    def tell(self, address: str, seconds: float = 60, *, times: int = 1) -> None:
        """Tell what a gate tells of each connect that it refuses; none is lost for want of room."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as gate:
            for _ in range(times):
                gate.sendto(firewall.write(address, seconds), bytes(self.socket))

    async def becomes(self, *, let_in: bool, source: str) -> None:
        """Wait until this address is let in, or is not."""
        async with asyncio.timeout(30):
            while await self.wire.lets_in(source) != let_in:
                await asyncio.sleep(0.05)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    nft()
    path = tmp_path / "firewall.sock"
    async with Wire.laid() as wire, wire.open():
        command = ("ip", "netns", "exec", wire.house, COMMAND, "firewall", "--socket", path, "--port", str(OPEN))
        async with Running.run(command, {}) as running:
            await running.says("Ctrl-C stops it")
            yield House(wire, path, running)
            running.process.send_signal(signal.SIGTERM)
            assert await running.ends() == 0
            assert "passerby" not in await wire.rules(), "its rules are gone"
            assert not path.exists()
            assert not any(address in running.said for address in (BAD, BAD6, "2001:db8:1:2"))


FLOOD: Final = int(PATIENCE.burst) + 1


async def test_a_flood_of_a_banned_address_ends_in_the_kernel_until_its_time_is_over(house: House) -> None:
    house.tell(BAD, times=FLOOD - 1)
    assert await house.wire.lets_in(BAD), "who only looks whether it is still banned may look"
    house.tell(BAD, seconds=3, times=2)
    await house.becomes(let_in=False, source=BAD)
    assert await house.wire.lets_in(GOOD)
    assert await house.wire.lets_in(BAD, OTHER), "at other ports it is as before"
    await house.becomes(let_in=True, source=BAD)
    house.tell(BAD, times=FLOOD)
    await house.becomes(let_in=False, source=BAD)


async def test_an_ipv6_64_is_one(house: House) -> None:
    house.tell(BAD6, times=FLOOD)
    await house.becomes(let_in=False, source=BAD6)
    assert not await house.wire.lets_in(NEIGHBOUR6)
    assert await house.wire.lets_in(GOOD6)


async def test_nonsense_changes_nothing_and_rules_that_somebody_removed_are_laid_again(house: House) -> None:
    before = await house.wire.rules()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        for said in (b"", b"flush ruleset", b'{"drop":"0.0.0.0/0","seconds":60}', b"x" * 4000):
            for _ in range(FLOOD):
                stranger.sendto(said, bytes(house.socket))
    house.tell("127.0.0.1", times=FLOOD)
    assert before == await house.wire.rules()
    await house.wire.run("flush", "ruleset")
    house.tell(BAD, times=FLOOD)
    await house.becomes(let_in=False, source=BAD)


async def test_a_gate_tells_what_it_is_to_and_waits_for_nobody(house: House) -> None:
    with contextlib.closing(Messenger(house.socket)) as tell:
        tell(BAD, 60)
    house.tell(BAD, times=FLOOD - 1)
    await house.becomes(let_in=False, source=BAD)
    assert house.socket.stat().st_mode & 0o777 == 0o600, "nobody else may tell"
    with contextlib.closing(Messenger(house.socket.with_name("nobody"))) as tell:
        tell(GOOD, 60)


async def test_our_own_broker_tells_as_the_settings_say(tmp_path: Path) -> None:
    person, path = Person(), tmp_path / "told.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(bytes(path))
        wire.settimeout(0)
        here = {"BANNED_NETWORKS": '["127.0.0.1"]', "NEVER_BAN": "[]", "FIREWALL": str(path), "PORT": "0"}
        async with Running.start("up", **{f"PASSERBY_{name}": value for name, value in here.items()}) as up:
            port = int((await up.says(r"http://localhost:(\d+)/"))[1])
            await up.says("Ctrl-C")
            async with over_websocket(port) as probe:
                await probe.send(connect(person.peer, person.password))
                await probe.until(lambda: probe.closed)
                assert probe.connack == 5
            assert wire.recv(DATAGRAM_BYTES) == firewall.write("127.0.0.1", 60)


async def test_what_it_would_do_can_be_read_first() -> None:
    async with Running.start("firewall", "--print", "--port", "8443") as shown:
        assert await shown.ends() == 0
    assert shown.said == rules.laid([8443])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--user", "nobody-by-this-name"], "no user is called nobody-by-this-name here"),
        (["--socket", "taken"], "another one listens at"),
        (["--socket", "file"], "is there, and no socket"),
        (["--socket", "file/x"], "cannot be listened at"),
    ],
)
async def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, arguments: list[str], reason: str) -> None:
    nft()
    (tmp_path / "file").touch()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(bytes(tmp_path / "taken"))
        places = [each if each[0] == "-" or "nobody" in each else tmp_path / each for each in arguments]
        async with Running.start("firewall", *places) as refused:
            assert await refused.ends() == 1
    assert reason in refused.said
    assert refused.said.count("\n") == 1
