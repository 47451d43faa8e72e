"""A deployment as `passerby init --local` lays it out, run by Docker Compose on this machine, for a test to look at.

    passerby init ──► folder ── image/ ── built here ──► images
                         └───── compose.yaml ── docker-compose, in a container with the engine's socket ──► up … down

Compose comes from the distribution of our images, so that a machine needs no more than the engine. It builds nothing
here: what other tests have built is there already, but not for its own builder. What was started is removed, whatever
becomes of the test.
"""

import contextlib
import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from docker.errors import ContainerError

from tests.command.running import Running
from tests.engines.containers import client as container_engine
from tests.engines.containers import need_base_image
from tests.ports import free_ports

WITHIN_S: Final = 180.0

_ADDRESS: Final = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|\[[0-9a-f:]*::[0-9a-f:]*\]")
_COMPOSE: Final = "passerby-compose:test"
_SOCKET: Final = "/var/run/docker.sock"
_FILES: Final = 4096
"""How many a container may open: engines in a container of their own cannot give as many as a machine can."""


@dataclass(frozen=True)
class Kind:
    """What is laid out: how `init` is called, which services run, from which images, what else `.env` says."""

    options: tuple[str, ...]
    services: tuple[str, ...]
    images: tuple[str, ...]
    authority: str
    more: str = ""


ONE: Final = Kind(
    options=("--relay",),
    services=("mosquitto", "service", "page", "caddy", "relay", "prometheus"),
    images=("mosquitto", "service", "caddy", "coturn", "prometheus"),
    authority="certificates/caddy/pki/authorities/local/root.crt",
)
"""All but Grafana, which the distribution does not have."""

CLUSTER: Final = Kind(
    options=("--cluster",),
    services=("rb1", "rb2", "rb3", "gate1", "gate2", "gate3", "service1", "service2", "page", "caddy", "haproxy"),
    images=("rabbitmq", "service", "caddy", "haproxy"),
    authority="authority.pem",
    more="PASSERBY_CONNECTIONS=500\n",
)


@dataclass(frozen=True)
class Machine:
    """A deployment that is up."""

    kind: Kind
    folder: Path
    port: int
    engine: Any

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that was made for it."""
        return self.folder / self.kind.authority

    def compose(self, *arguments: str) -> str:
        """Run Docker Compose in the folder; gives what it said."""
        mounted = {_SOCKET: {"bind": _SOCKET}, str(self.folder): {"bind": str(self.folder)}}
        command = ["docker-compose", *arguments]
        said = self.engine.containers.run(
            _COMPOSE, command, volumes=mounted, working_dir=str(self.folder), remove=True, stdout=True, stderr=True
        )
        return str(said.decode())

    def containers(self) -> dict[str, Any]:
        """Give those that there are, by the name of their service."""
        found = self.engine.containers.list(
            all=True, filters={"label": f"com.docker.compose.project={self.folder.name}"}
        )
        return {container.labels["com.docker.compose.service"]: container for container in found}

    def reaches(self, service: str, place: str) -> bool:
        """Tell whether a container gets a connection to `host/port`."""
        command = ["timeout", "3", "bash", "-c", f"exec 3<>/dev/tcp/{place}"]
        return bool(self.containers()[service].exec_run(command).exit_code == 0)

    def start(self) -> None:
        """Bring it up, and wait until each container says that it is well."""
        self.compose("up", "--detach", "--no-build", *self.kind.services)
        self.await_well()

    def await_well(self) -> None:
        deadline = time.monotonic() + WITHIN_S
        while ill := [name for name, container in self.containers().items() if not _is_well(container)]:
            assert time.monotonic() < deadline, "\n".join([f"not well: {ill}", *self.logs().values()])
            time.sleep(0.2)

    def is_confined(self) -> None:
        """As the engine sees it: nobody is root, nothing is writable, no capability, and a bound to everything."""
        for name, container in self.containers().items():
            host, config = container.attrs["HostConfig"], container.attrs["Config"]
            assert not config["User"].startswith(("0", "root")), name
            assert config["User"], name
            assert host["ReadonlyRootfs"], name
            assert (host["CapDrop"], host["CapAdd"]) == (["ALL"], None), name
            assert "no-new-privileges:true" in host["SecurityOpt"], name
            assert min(host["Memory"], host["NanoCpus"], host["PidsLimit"]) > 0, name
            assert host["LogConfig"]["Config"]["max-size"] == "1m", name
            assert not host["Privileged"], name

    def names_nobody(self) -> None:
        """No log holds an address."""
        for service, log in self.logs().items():
            assert not _ADDRESS.search(log), f"{service} writes down an address: {log}"

    def logs(self) -> dict[str, str]:
        """Give all that was written."""
        return {name: container.logs().decode() for name, container in self.containers().items()}


@contextlib.asynccontextmanager
async def machine(place: Path, kind: Kind = ONE) -> AsyncIterator[Machine]:
    """Lay out a trial, build what it needs, and bring it up."""
    need_base_image()
    name = f"passerby-machine-{secrets.token_hex(4)}"
    folder, (port, turn_port) = place / name, free_ports(2)
    options = ("--local", *kind.options, "--port", str(port), "--turn-port", str(turn_port))
    async with Running.start("init", folder, *options) as init:
        assert await init.ends() == 0, init.said
    with (folder / ".env").open("a") as env:
        env.write(f"PASSERBY_IMAGES={name}\nPASSERBY_FILES={_FILES}\n{kind.more}")
    checked = {name: {"healthcheck": {"interval": "2s"}} for name in kind.services if name != "page"}
    (folder / "compose.override.yaml").write_text(json.dumps({"services": checked}))  # YAML holds JSON
    engine = container_engine()
    one = Machine(kind, folder, port, engine)
    try:
        _build(engine, folder / "image", name, kind.images)
        one.start()
        yield one
    finally:
        with contextlib.suppress(ContainerError):
            one.compose("--profile", "*", "down", "--timeout", "3")
        for image in engine.images.list(filters={"reference": f"{name}-*"}):
            for tag in image.tags:
                if tag.startswith(name):
                    engine.images.remove(tag)
        engine.close()


def _build(engine: Any, context: Path, name: str, images: tuple[str, ...]) -> None:
    """Build from what `init` wrote, and nothing else."""
    engine.images.build(path=str(Path(__file__).parent / "compose"), tag=_COMPOSE, rm=True, forcerm=True)
    for image in images:
        built, _ = engine.images.build(
            path=str(context),
            dockerfile=f"deploy/{image}/Dockerfile",
            buildargs={"INNER": "broker-inner"} if image == "mosquitto" else {},
            tag=f"passerby-machine-{image}:test",  # it stays, and with it what the next time need not be built
            rm=True,
            forcerm=True,
        )
        built.tag(f"{name}-{image}")


def _is_well(container: Any) -> bool:
    state = container.attrs["State"]
    return bool(state["Health"]["Status"] == "healthy" if "Health" in state else state["Status"] == "exited")
