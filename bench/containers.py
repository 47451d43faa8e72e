"""The containers that are measured: how they are built and run, as confined as in a deployment."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.processes import Process

USER: Final = 1000
FILES: Final = 20_000

_TOP: Final = Path(__file__).parent.parent


def user() -> int:
    """Give as whom they run: as us, but never as root."""
    return USER if os.getuid() == 0 else os.getuid()


def docker(*arguments: str) -> str:
    """Run a command of the engine's; gives what it said.

    Raises:
        SystemExit: when there is no engine, or it failed.
    """
    if shutil.which("docker") is None:
        raise SystemExit("bench: this is measured in containers, and there is no Docker engine here")
    done = subprocess.run(
        ["docker", *arguments],
        cwd=_TOP,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: docker {arguments[0]} failed: {done.stderr[-1000:]}")
    return done.stdout.strip()


def built(name: str) -> str:
    """Build the image of deploy/NAME; gives what it is called."""
    tag = f"passerby-{name}:bench"
    docker("build", "-q", "-f", f"deploy/{name}/Dockerfile", "-t", tag, ".")
    return tag


@contextlib.contextmanager
def container(image: str, *options: str) -> Iterator[str]:
    """Run a container; gives its name. It is removed at the end."""
    confined = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    more = ("--user", f"{user()}:{user()}", "--ulimit", f"nofile={FILES}:{FILES}")
    name = docker("run", "-d", *confined, *more, *options, image)
    try:
        yield name
    finally:
        docker("rm", "-f", name)


def process(name: str) -> Process:
    """Give the process that a container is, on this machine."""
    return Process(int(docker("inspect", "-f", "{{.State.Pid}}", name)))


def address(name: str) -> str:
    """Give where a container is in the engine's own network."""
    return docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
