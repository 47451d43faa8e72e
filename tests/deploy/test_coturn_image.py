"""coturn in a container, built from our Dockerfile and run as it says there."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from matcher.turn import Turn
from tests.deploy.allocations import FORBIDDEN, UNAUTHORIZED, client
from tests.engines.containers import client as container_engine
from tests.engines.containers import image as built
from tests.ports import free_port
from tests.relays import answers

SECRET: Final = "a-secret-of-this-test-alone"
WITHIN_S: Final = 20.0
_LABELS = {"passerby.tests": "coturn"}


def image() -> str:
    """Build the image, once a session."""
    return built("deploy/coturn/Dockerfile", "passerby-coturn:test")


@contextlib.contextmanager
def running(folder: Path, *options: str, **environment: str) -> Iterator[Any]:
    """Run it as the Dockerfile says, with these options; it is removed whatever becomes of the test."""
    user = "1000:1000" if os.getuid() == 0 else f"{os.getuid()}:{os.getgid()}"
    name = image()
    engine = container_engine()
    container = None
    try:
        container = engine.containers.run(
            name,
            list(options),
            detach=True,
            network_mode="host",
            read_only=True,
            tmpfs={"/run/coturn": ""},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            user=user,
            volumes={str(folder): {"bind": "/etc/passerby", "mode": "ro"}},
            environment=environment,
            labels=_LABELS,
        )
        yield container
    finally:
        if container is not None:
            container.remove(force=True)
        engine.close()


@dataclass
class Boxed:
    """A TURN server in a container."""

    port: int

    def turn(self, *, ttl_s: int) -> Turn:
        return Turn((f"turn:127.0.0.1:{self.port}",), SECRET, ttl_s)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is mounted: the secret, which only the container's user may read."""
    file = tmp_path / "turn.secret"
    file.touch(mode=0o600)
    file.write_text(f"{SECRET}\n")
    if os.getuid() == 0:
        for path in (tmp_path, file):
            os.chown(path, 1000, 1000)
    return tmp_path


async def test_it_relays_to_the_internet_only_and_writes_nothing_down(folder: Path) -> None:
    """Nothing in its log, nothing on its disk, and its secret in no list of processes."""
    port = free_port()
    here = ("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}")
    with running(folder, *here) as container:
        deadline = time.monotonic() + WITHIN_S
        while not answers(port):
            container.reload()
            assert container.status != "exited", container.logs().decode()
            assert time.monotonic() < deadline, container.logs().decode()
        async with client(Boxed(port)) as one, client(Boxed(port), ttl_s=-60) as late:
            assert await one.allocate() == 0
            assert await late.allocate() == UNAUTHORIZED
            for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "100.100.100.200"):
                assert await one.permit(address) == FORBIDDEN
            assert await one.permit("8.8.8.8") == 0
        assert container.logs() == b""
        assert {change["Path"] for change in container.diff()} <= {"/run", "/run/coturn", "/etc", "/etc/passerby"}
        assert SECRET not in str(container.top())


def test_its_log_can_be_had_on_request(folder: Path) -> None:
    """To find out why it does not work."""
    with running(folder, "--listening-ip=127.0.0.1", f"--listening-port={free_port()}", SHOW_LOG="1") as container:
        deadline = time.monotonic() + WITHIN_S
        while "Relay ports initialization done" not in container.logs().decode():
            assert time.monotonic() < deadline, container.logs().decode()


def test_without_a_secret_it_says_so_and_ends(tmp_path: Path) -> None:
    with running(tmp_path) as container:
        assert container.wait(timeout=WITHIN_S)["StatusCode"] == 1
        assert "turn.secret is not there" in container.logs().decode()
