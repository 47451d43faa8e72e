"""Mosquitto with our gate in a container, run as an operator would run it, for every test that wants one.

    deploy/mosquitto/Dockerfile ── built once a session, in seconds when nothing has changed ──► image
    image ── not root · nothing writable · no capability · keys mounted read-only · ports on loopback ──► Mosquitto

The image's own configuration is used as it is, unless a test asks for other lines. What was started is removed,
whatever becomes of the test.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import signal
import socket
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import docker
import pytest
from docker.errors import APIError, BuildError, DockerException, ImageNotFound
from docker.types import LogConfig
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from broker.keys import Keys
from broker.policy import SERVICE
from passerby.keys import draw
from tests.engines.mqtt_probe import connect
from tests.ports import free_ports

HOW: Final = "no container engine here: `apt install docker.io`, and start it so that `docker info` works for you"
BASE: Final = "debian:forky-slim"
MISSING: Final = f"no base image here: `docker pull {BASE}`, or import one made by `debootstrap`"

ROOT: Final = Path(__file__).resolve().parents[2]
WITHIN_S: Final = 20.0

_DOCKERFILE = "deploy/mosquitto/Dockerfile"
_TAG = "passerby-mosquitto:test"
_ATTENDANT = "/opt/passerby/lib/python3.14/site-packages/broker/engines/mosquitto.py"  # the Python of the base image
_ROOMS = {"port": "8083/tcp", "service_port": "1883/tcp"}
_USER = 1000
_ATTEMPTS = 3

# Its clean-up container is one more image to get; we remove what we start, and label it, should we be killed.
testcontainers_config.ryuk_disabled = True
_LABELS = {"passerby.tests": "mosquitto"}

Lines = Mapping[str, str | None]
"""Changes to `mosquitto.conf`: the beginning of its line, and what stands there instead; None takes it out."""


class NotReady(Exception):
    """The broker did not come up. The text is its log."""


def client() -> Any:
    """Give the engine of containers; without one, skip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            engine = docker.from_env()
            engine.ping()
        except DockerException:
            pass
        else:
            return engine
        gc.collect()  # the library leaves a socket open when nobody answers
    pytest.skip(HOW)


def need_base_image() -> None:
    """Skip where there is no engine, or not the image that all of ours begin with."""
    engine = client()
    try:
        engine.images.get(BASE)
    except ImageNotFound:
        pytest.skip(MISSING)
    finally:
        engine.close()


@cache
def image(dockerfile: str = _DOCKERFILE, tag: str = _TAG) -> str:
    """Build an image, once a session; gives its id, which another worktree's tests cannot replace meanwhile."""
    need_base_image()
    engine = client()
    try:
        built, _ = engine.images.build(path=str(ROOT), dockerfile=dockerfile, tag=tag, rm=True, forcerm=True)
    except BuildError as error:
        said = "".join(str(line.get("stream") or line.get("error") or "") for line in error.build_log)
        raise RuntimeError(f"{dockerfile} cannot be built:\n{said[-2000:]}") from None
    finally:
        engine.close()
    return str(built.id)


def configuration(lines: Lines) -> str:
    """Give `mosquitto.conf` with these changes, listening where a container listens."""
    kept: list[str] = []
    left = dict(lines)
    for line in (ROOT / "mosquitto.conf").read_text(encoding="utf-8").splitlines():
        start = next((start for start in left if line.startswith(start)), None)
        new = line if start is None else left.pop(start)
        if new is not None:
            kept.append(new.replace(" 127.0.0.1", " 0.0.0.0") if new.startswith("listener ") else new)
    assert not left, f"mosquitto.conf has no such line: {left}"
    return "\n".join(kept) + "\n"


class Mosquitto:
    """One container. `port` is for peers, `service_port` for the service; both on loopback, and kept over a restart.

    Used with `async with`, or, where there is no loop, `with mosquitto.running():`.

    Args:
        lines: what differs from `mosquitto.conf`.
        keys: what stands in the keys file; by default, fresh ones.
        code: Python to be added to what runs inside the broker, to break it.
        cell: told to the broker in its environment.
    """

    def __init__(
        self, lines: Lines | None = None, keys: Keys | None = None, code: str = "", cell: str | None = None
    ) -> None:
        self.port = 0
        self.service_port = 0
        self.keys = keys or draw()
        self._lines = lines or {}
        self._code = code
        self._cell = cell
        self._folder: Path | None = None
        self._container: DockerContainer | None = None

    @property
    def folder(self) -> Path:
        """What the container sees as /etc/passerby: the keys file, `keys`."""
        assert self._folder is not None, "it was not started"
        return self._folder / "passerby"

    @property
    def keys_file(self) -> Path:
        return self.folder / "keys"

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        try:
            self._start()
            self._await_ready()
            yield self
        finally:
            self._stop()

    async def start(self) -> None:
        """Start it, and wait until it lets the service in.

        Raises:
            NotReady: when it does not.
        """
        await asyncio.to_thread(self._start)
        await asyncio.to_thread(self._await_ready)

    async def restart(self) -> None:
        """End it like an operator does, and start it again on the same ports."""
        await asyncio.to_thread(self._wrapped.restart, timeout=5)
        await asyncio.to_thread(self._await_ready)

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Stop its process meanwhile: what is sent to it waits in the system for its next turn."""
        await asyncio.to_thread(self._wrapped.pause)
        try:
            yield
        finally:
            await asyncio.to_thread(self._wrapped.unpause)

    async def halt(self) -> None:
        """End it, to go on later; what it held is gone."""
        await asyncio.to_thread(self._wrapped.stop, timeout=5)

    async def resume(self) -> None:
        """Start it again on the same ports."""
        await asyncio.to_thread(self._wrapped.start)
        await asyncio.to_thread(self._await_ready)

    async def stop(self) -> None:
        """Remove it; may be called at any time, and twice."""
        await asyncio.to_thread(self._stop)

    async def fails(self, prepare: Callable[[Path], object] = lambda _: None) -> tuple[int, list[str]]:
        """Start what is not to come up; gives its exit code and the lines of its log.

        Args:
            prepare: is given the folder of the keys file before the start, to break something in it.
        """
        try:
            await asyncio.to_thread(self._start, prepare)
            ended = await asyncio.to_thread(self._wrapped.wait, timeout=WITHIN_S)
            return int(ended["StatusCode"]), (await self.logs()).splitlines()
        finally:
            await self.stop()

    async def end(self, number: signal.Signals) -> dict[str, bytes]:
        """End it with this signal. Gives what it leaves behind, by name: nothing is removed yet."""
        await asyncio.to_thread(self._wrapped.kill, number.name)
        await asyncio.to_thread(self._wrapped.wait, timeout=WITHIN_S)
        return await asyncio.to_thread(self._left)

    def _left(self) -> dict[str, bytes]:
        self._wrapped.reload()
        kept = Path(self._wrapped.attrs["LogPath"])  # the engine's own copy: only root may read it
        mounted = ("/etc", "/etc/passerby")  # made by the engine, for the mount
        changed = [change["Path"] for change in self._wrapped.diff() or [] if change["Path"] not in mounted]
        return {
            "log": self._logs().encode(),
            "the engine's copy of the log": kept.read_bytes() if os.access(kept, os.R_OK) else b"",
            "files": "\n".join(changed).encode(),
            "the folder of the keys": b"".join(path.read_bytes() for path in self.folder.iterdir()),
        }

    async def reload(self) -> None:
        """Send it SIGHUP."""
        await asyncio.to_thread(self._wrapped.kill, "SIGHUP")

    async def pid(self) -> int:
        """Give the number of its process on this machine."""
        await asyncio.to_thread(self._wrapped.reload)
        return int(self._wrapped.attrs["State"]["Pid"])

    async def logs(self) -> str:
        """Give all that it wrote."""
        return await asyncio.to_thread(self._logs)

    @property
    def container_id(self) -> str:
        """What the engine calls it."""
        return str(self._wrapped.id)

    @property
    def _wrapped(self) -> Any:
        assert self._container is not None, "it was not started"
        return self._container.get_wrapped_container()

    def _logs(self) -> str:
        return str(self._wrapped.logs().decode())

    def _start(self, prepare: Callable[[Path], object] = lambda _: None) -> None:
        built = image()
        self._folder = Path(tempfile.mkdtemp(prefix="passerby-mosquitto-"))
        self.folder.mkdir()
        self.keys_file.write_text(self.keys.text(), encoding="utf-8")
        self.keys_file.chmod(0o600)
        if self._lines:
            (self._folder / "conf").write_text(configuration(self._lines), encoding="utf-8")
        if self._code:
            whole = (ROOT / "broker/engines/mosquitto.py").read_text(encoding="utf-8")
            (self._folder / "code").write_text(whole + self._code, encoding="utf-8")
        prepare(self.folder)
        user = _give(self.folder)
        for attempt in range(1, _ATTEMPTS + 1):
            self.port, self.service_port = free_ports(2)
            self._container = self._make(built, user)
            try:
                self._container.start()
            except APIError as error:  # somebody else took a port in between
                if attempt == _ATTEMPTS or "address already in use" not in str(error):
                    raise
                self._remove()
            else:
                return

    def _make(self, built: str, user: str) -> DockerContainer:
        container = DockerContainer(built)
        if self._cell is not None:
            container.with_env("PASSERBY_CELL", self._cell)
        for name, room in _ROOMS.items():
            container.ports[room] = ("127.0.0.1", getattr(self, name))  # type: ignore[assignment]  # as docker has it
        container.with_volume_mapping(self.folder, "/etc/passerby", "ro")
        if self._lines:
            assert self._folder is not None
            container.with_volume_mapping(self._folder / "conf", "/etc/mosquitto/passerby.conf", "ro")
        if self._code:
            assert self._folder is not None
            container.with_volume_mapping(self._folder / "code", _ATTENDANT, "ro")
        return container.with_kwargs(
            user=user,
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            log_config=LogConfig(type="json-file", config={"max-size": "1m", "max-file": "1"}),
            labels=_LABELS,
        )

    def _await_ready(self) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not self._answers():
            self._wrapped.reload()
            if self._wrapped.status == "exited" or time.monotonic() > deadline:
                raise NotReady(self._logs())
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Tell whether the service may come in. An open port says nothing: the engine's own proxy holds it."""
        hello = connect(SERVICE, self.keys.password(time.time()))
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.service_port), 1) as line:
            line.sendall(hello)
            return line.recv(4) == b"\x20\x02\0\0"
        return False

    def _stop(self) -> None:
        self._remove()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _remove(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            container.stop()


def _give(folder: Path) -> str:
    """Make the container's user the owner, who alone may read keys; gives that user, never root."""
    if os.getuid() != 0:
        return f"{os.getuid()}:{os.getgid()}"
    for path in (folder, *folder.rglob("*")):
        os.chown(path, _USER, _USER)
    return f"{_USER}:{_USER}"
