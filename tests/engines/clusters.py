"""Three nodes of RabbitMQ in containers, and a gate for each, for every test that wants a cluster.

    deploy/rabbitmq/Dockerfile ── built once a session ──► image ── not root · only memory writable ──► rb1 rb2 rb3
    rb1 ── asks ──► gate 1 ┐
    rb2 ── asks ──► gate 2 ├ in this process, in a thread with a loop of its own: a test's own loop ends with it
    rb3 ── asks ──► gate 3 ┘

A node that is ended forgets everything; begun again, it is given what the others know.
"""

import asyncio
import contextlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from docker.types import LogConfig
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from broker.engines.rabbitmq_gate.server import GateServer, Pace
from broker.keys import Keys
from broker.policy import STANDBY
from passerby import cluster
from passerby.settings import Settings
from tests.engines.containers import client, image
from tests.engines.mqtt_probe import connect
from tests.ports import free_ports

NODES: Final = ("rb1", "rb2", "rb3")
FORMED_WITHIN_S: Final = 120.0
QUICK: Final = Pace(siblings_s=0.2, connections_s=0.5, young_s=0.5)
"""How often a gate looks around in a test, which does not wait for what a minute is long enough for."""

INTERNAL: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Where containers are; peers of tests come from loopback."""

_DOCKERFILE = "deploy/rabbitmq/Dockerfile"
_TAG = "passerby-rabbitmq:test"
_LABELS = {"passerby.tests": "rabbitmq"}
_PEERS, _SERVICE, _MANAGEMENT = "8083/tcp", "1883/tcp", "15672/tcp"

T = TypeVar("T")


class Node:
    """One container. `port` is for peers, `service_port` for the service, `management` the URL of that interface."""

    def __init__(self, name: str, container: DockerContainer) -> None:
        self.name = name
        self._container = container
        self.port, self.service_port, management = free_ports(3)
        self.management = f"http://127.0.0.1:{management}"
        for room, port in (_PEERS, self.port), (_SERVICE, self.service_port), (_MANAGEMENT, management):
            container.ports[room] = ("127.0.0.1", port)  # type: ignore[assignment]  # as docker has it

    def start(self) -> None:
        self._container.start()

    def stop(self) -> None:
        self._wrapped.stop(timeout=10)

    def resume(self) -> None:
        self._wrapped.start()

    def kill(self) -> None:
        self._wrapped.kill()
        self._wrapped.wait()

    def ends(self) -> int:
        """Wait until it has ended by itself, and give its exit code."""
        return int(self._wrapped.wait(timeout=FORMED_WITHIN_S)["StatusCode"])

    def cut_off(self) -> None:
        """Let nothing in or out, as when its cable is pulled: nobody is told. Needs root."""
        self._within("nft", "add table inet cut")
        for way in ("input", "output"):
            chain = f"type filter hook {way} priority 0; policy drop;"
            self._within("nft", f"add chain inet cut {way} {{ {chain} }}")
            self._within("nft", f"add rule inet cut {way} meta {way[0]}if lo accept")

    def mend(self) -> None:
        self._within("nft", "delete table inet cut")

    def remove(self) -> None:
        self._container.stop()

    def _within(self, *words: str) -> None:
        """Run a program in its network."""
        self._wrapped.reload()
        pid = self._wrapped.attrs["State"]["Pid"]
        subprocess.run(["nsenter", "-t", str(pid), "-n", *words], check=True, timeout=30)

    def logs(self) -> str:
        return str(self._wrapped.logs().decode())

    def evaluated(self, expression: str) -> str:
        """Give what an expression of Erlang's is there."""
        code, said = self._wrapped.exec_run(["rabbitmqctl", "eval", f"{expression}."])
        assert code == 0, said
        return str(said.decode().strip())

    def await_ready(self, password: str) -> None:
        """Wait until it lets one in who stands by, which it does as a part of the cluster only."""
        deadline = time.monotonic() + FORMED_WITHIN_S
        while not self._answers(password):
            self._wrapped.reload()
            assert self._wrapped.status != "exited", self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.2)

    def _answers(self, password: str) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.service_port), 1) as line:
            line.settimeout(5)
            line.sendall(connect(f"{STANDBY}{secrets.token_hex(4)}", password))  # the service would be put out
            return line.recv(4) == b"\x20\x02\0\0"
        return False

    @property
    def _wrapped(self) -> Any:
        return self._container.get_wrapped_container()


class Gates:
    """The gates of a cluster, by the number of their node. All that is asked of one is done in its own thread."""

    def __init__(self, host: str, keys: Keys, pace: Pace = QUICK) -> None:
        self.keys = keys
        self._host = host
        self._pace = pace
        self._ports = free_ports(len(NODES), host)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gates", daemon=True)
        self._running: dict[int, tuple[GateServer, contextlib.AsyncExitStack]] = {}

    @property
    def urls(self) -> list[str]:
        return [f"http://{self._host}:{port}" for port in self._ports]

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        self._thread.start()
        try:
            yield self
        finally:
            for number in list(self._running):
                self.stop(number)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def start(self, number: int, management: list[str]) -> None:
        """Start one, and wait until it is settled."""
        self._do(self._start(number, management)).result(30)

    def stop(self, number: int) -> None:
        self._do(self._stop(number)).result(30)

    def of(self, number: int) -> GateServer:
        """Give one that is running."""
        return self._running[number][0]

    async def _start(self, number: int, management: list[str]) -> None:
        others = [url for place, url in enumerate(self.urls) if place != number]
        settings = Settings(
            gate_host=self._host,
            gate_port=self._ports[number],
            siblings=others,
            management=management,
            internal_networks=list(INTERNAL),
        )
        stack = contextlib.AsyncExitStack()
        server = await stack.enter_async_context(cluster.gate(settings, self.keys, pace=self._pace))
        self._running[number] = server, stack

    async def _stop(self, number: int) -> None:
        _, stack = self._running.pop(number)
        await stack.aclose()

    def _do(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


class Cluster:
    """Nodes and gates. Both are known by number, from 0."""

    def __init__(self, nodes: list[Node], gates: Gates) -> None:
        self.nodes = nodes
        self.gates = gates

    @classmethod
    @contextlib.contextmanager
    def formed(cls, keys: Keys) -> Iterator[Self]:
        built = image(_DOCKERFILE, _TAG)
        folder = Path(tempfile.mkdtemp(prefix="passerby-rabbitmq-"))
        folder.chmod(0o755)
        cookie = folder / "cookie"
        cookie.write_text(secrets.token_hex(32), encoding="ascii")
        cookie.chmod(0o644)  # whoever the container runs as
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            network = stack.enter_context(Network())
            gates = stack.enter_context(Gates(_gateway(network), keys).running())
            nodes = [
                Node(name, _container(built, name, network, url, folder))
                for name, url in zip(NODES, gates.urls, strict=True)
            ]
            for number, node in enumerate(nodes):
                stack.callback(node.remove)
                node.start()
                gates.start(number, [])
            for node in nodes:
                node.await_ready(keys.service)
            whole = cls(nodes, gates)
            for number in range(len(nodes)):  # which interface is where is known only now
                whole.restart_gate(number)
            yield whole

    def restart_gate(self, number: int) -> None:
        self.gates.stop(number)
        self.start_gate(number)

    def start_gate(self, number: int) -> None:
        own, *others = (self.nodes[place].management for place in (number, *_but(number)))
        self.gates.start(number, [own, *others])

    def kill_node(self, number: int) -> None:
        """Let it end at once, without a word to anybody."""
        self.nodes[number].kill()

    def resume_node(self, number: int) -> None:
        """Begin it anew, and wait until it is one of the cluster."""
        self.nodes[number].resume()
        self.nodes[number].await_ready(self.gates.keys.service)

    def cut_off_node(self, number: int) -> None:
        self.nodes[number].cut_off()

    def mend_node(self, number: int) -> None:
        self.nodes[number].mend()

    def restart_node(self, number: int) -> None:
        """End it, like a machine that fails, and begin it anew."""
        self.nodes[number].stop()
        self.nodes[number].resume()
        self.nodes[number].await_ready(self.gates.keys.service)


def _but(number: int) -> list[int]:
    return [place for place in range(len(NODES)) if place != number]


def _container(built: str, name: str, network: Network, gate: str, folder: Path) -> DockerContainer:
    container = DockerContainer(built).with_network(network).with_network_aliases(name)
    container.with_volume_mapping(folder, "/etc/passerby", "ro")
    container.tmpfs = {"/var/lib/rabbitmq": ""}
    container.with_env("PASSERBY_GATE", gate).with_env("PASSERBY_NODES", " ".join(NODES))
    return container.with_kwargs(
        hostname=name,
        user="1000:1000",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        log_config=LogConfig(type="json-file", config={"max-size": "1m", "max-file": "1"}),
        labels=_LABELS,
    )


def _gateway(network: Network) -> str:
    """Give the address of this machine in a network of containers."""
    engine = client()
    try:
        [pool] = engine.networks.get(network.id).attrs["IPAM"]["Config"]
        return str(pool["Gateway"])
    finally:
        engine.close()
