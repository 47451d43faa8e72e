"""Runs Mosquitto with our gate in it: finds it, builds the gate, writes its configuration, starts it and stops it.

    mosquitto.conf of this repository ── ports and paths of this run ──► a file for this run ── mosquitto -c ──► ready
    passerby gate build ──► gate-….so, kept, and built anew when Python or the gate's own code changes ──┘

There is one configuration: what runs here and what an operator reads are the same lines.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from passerby import __version__
from passerby.trouble import Stopped, Trouble

LEAST: Final = (2, 1)
"""The first Mosquitto that the gate runs in: its WebSockets, its PROXY protocol, its limits."""

START_S: Final = 20.0
STOP_S: Final = 5.0

_INSTALLED = Path(__file__).parent / "mosquitto.conf"
_CHECKOUT = Path(__file__).parent.parent / "mosquitto.conf"
_ADMINISTRATORS: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")  # where Debian puts it; not on everybody's PATH
_INSTALL: Final = "On Debian 14 or newer: sudo apt install mosquitto; else see https://mosquitto.org/download/"


@dataclass(frozen=True, slots=True)
class Places:
    """What is of this run, and not of the configuration."""

    gate: Path
    keys: Path
    connections_per_address: int
    service_host: str
    service_port: int
    websocket_host: str
    websocket_port: int
    proxy_protocol: bool
    user: str | None = None
    cell: str | None = None
    firewall: Path | None = None

    def lines(self) -> dict[str, str]:
        """Give each line of the configuration that is another one here."""
        user = [] if self.user is None else [f"user {self.user}"]
        cell = [] if self.cell is None else [f"plugin_opt_cell {self.cell}"]
        firewall = [] if self.firewall is None else [f"plugin_opt_firewall {self.firewall}"]
        return {
            "plugin /usr/lib/passerby/gate.so": "\n".join([*user, f"plugin {self.gate}"]),
            "plugin_opt_keys /etc/passerby/keys": "\n".join([f"plugin_opt_keys {self.keys}", *cell]),
            "plugin_opt_connections_per_address 64": "\n".join(
                [f"plugin_opt_connections_per_address {self.connections_per_address}", *firewall]
            ),
            "listener 1883 127.0.0.1": f"listener {self.service_port} {self.service_host}",
            "listener 8083 127.0.0.1": f"listener {self.websocket_port} {self.websocket_host}",
            "enable_proxy_protocol 2": "enable_proxy_protocol 2" if self.proxy_protocol else "# (no proxy in this run)",
        }


def find(chosen: Path | None = None) -> Path:
    """Find a Mosquitto that is new enough.

    Raises:
        Trouble: when there is none. One line, with what to do.
    """
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_ADMINISTRATORS])
    found = shutil.which(str(chosen or "mosquitto"), path=path)
    if found is None:
        raise Trouble(f"{chosen or 'Mosquitto'} is not here. {_INSTALL}")
    version = _version(found)
    if version is None:
        raise Trouble(f"{found} does not say that it is Mosquitto. {_INSTALL}")
    if version[:2] < LEAST:
        raise Trouble(f"{found} is {'.'.join(map(str, version))}, and the gate needs 2.1 or newer. {_INSTALL}")
    return Path(found)


def gate(out: Path | None = None) -> Path:
    """Give the gate for this Python, building it when it is not there yet, or into a file of one's own.

    Raises:
        Trouble: when it cannot be built here. The text says what is missing.
    """
    from broker.engines.mosquitto_plugin import build as builder

    try:
        target = out or _kept(builder.source())
        if out is not None or not target.exists():
            builder.build(target, __version__)
    except builder.BuildFailed as error:
        raise Trouble(f"the gate cannot be built: {error}") from None
    except OSError as error:
        reason = f"{error.filename} cannot be written: {error.strerror}"
        raise Trouble(f"{reason}. Write it elsewhere with `passerby gate build --out FILE`") from None
    return target


def render(places: Places) -> str:
    """Write the configuration of this run.

    Raises:
        Trouble: when mosquitto.conf is missing, or a line that is to be changed is not in it.
    """
    try:
        template = (_INSTALLED if _INSTALLED.exists() else _CHECKOUT).read_text(encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{_CHECKOUT} cannot be read: {error.strerror}") from None
    lines, text = places.lines(), template.splitlines()
    for missing in lines.keys() - set(text):
        raise Trouble(f"mosquitto.conf has no line `{missing}` any more")
    return "\n".join(lines.get(line, line) for line in text) + "\n"


@contextlib.asynccontextmanager
async def running(mosquitto: Path, places: Places) -> AsyncIterator[asyncio.Task[None]]:
    """Run Mosquitto; the task ends only when it stops by itself, and then raises `Stopped`.

    Raises:
        Trouble: when it does not start; what it said stands above.
    """
    with tempfile.TemporaryDirectory(prefix="passerby-") as folder:
        config = _write(Path(folder), render(places))
        _open_files()
        process = await asyncio.create_subprocess_exec(mosquitto, "-c", config, stdin=asyncio.subprocess.DEVNULL)
        try:
            await _ready(process, (places.service_host, places.service_port))
            task = asyncio.create_task(_ended(process), name="mosquitto")
            yield task
            task.cancel()
            await asyncio.wait([task])
        finally:
            await _stop(process)


def _write(folder: Path, text: str) -> Path:
    folder.chmod(0o755)  # it is read again on SIGHUP, perhaps as another user
    config = folder / "mosquitto.conf"
    config.write_text(text, encoding="utf-8")
    return config


def free_port(host: str, wanted: int, option: str) -> int:
    """Give a port that nobody listens at: the one wanted, or any for 0. Mosquitto cannot be asked which one it took.

    Raises:
        Trouble: when the one that is wanted is taken, or not to be had.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
        except OSError as error:
            variable = f"PASSERBY_{option.upper().replace('-', '_')}"
            reason = f"port {wanted} on {host} cannot be had: {error.strerror}"
            raise Trouble(f"{reason}. Choose another with --{option}, or {variable}") from None
        port: int = probe.getsockname()[1]
        return port


def owner(keys: Path) -> str | None:
    """Tell as whom Mosquitto is to run when root starts it: as who may read the keys. None for anybody else."""
    if os.geteuid() != 0:
        return None
    return keys.owner()


def _open_files() -> None:
    """Let Mosquitto, which inherits it, have as many sockets as the system allows; a shell's limit is often 1,024."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _version(path: str) -> tuple[int, ...] | None:
    import subprocess

    try:
        command = [path, "-h"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603  ours
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"mosquitto version (\d+)\.(\d+)(?:\.(\d+))?", done.stdout + done.stderr)
    return tuple(int(part) for part in found.groups() if part) if found else None


def _kept(source: str) -> Path:
    made_of = (source, sys.version, sys.executable, __version__)
    digest = hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]
    return Path(sys.prefix) / "lib" / "passerby" / f"gate-{digest}.so"


async def _ready(process: asyncio.subprocess.Process, internal: tuple[str, int]) -> None:
    """Wait until it listens."""
    host = internal[0] if internal[0] not in ("0.0.0.0", "::") else "localhost"  # noqa: S104  compared with
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_S):
            while process.returncode is None:
                try:
                    _, writer = await asyncio.open_connection(host, internal[1])
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return
    raise Trouble("Mosquitto did not start; what it said stands above")


async def _ended(process: asyncio.subprocess.Process) -> None:
    code = await process.wait()
    raise Stopped(f"Mosquitto has ended by itself (exit code {code})")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
