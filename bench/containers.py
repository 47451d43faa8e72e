"""The containers that are measured: how they are built and run, as confined as in a deployment."""

import contextlib
import os
import shutil
import subprocess
import tempfile
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
def folder_for_all() -> Iterator[Path]:
    """Give a folder that others may enter, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def own(*places: Path) -> None:
    """Let what runs in a container have these folders, and what is in them."""
    if os.getuid() == 0:
        for path in (path for place in places for path in (place, *place.rglob("*"))):
            os.chown(path, user(), user())


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


def process(name: str, command: str = "") -> Process:
    """Give the process that a container is, on this machine; or the one that runs this command in it."""
    if not command:
        return Process(int(docker("inspect", "-f", "{{.State.Pid}}", name)))
    rows = (line.split() for line in docker("top", name, "-eo", "pid,comm").splitlines()[1:])
    [pid] = [int(pid) for pid, runs in rows if runs == command]
    return Process(pid)


def address(name: str) -> str:
    """Give where a container is in the engine's own network."""
    return docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
