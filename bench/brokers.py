"""The brokers that are measured beside each other, each a process of its own: Mosquitto in a container, or embedded.

A container uses the machine's network, so that no translation of addresses is measured with it, and each broker has
ports of its own. All of them are given the same keys.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.containers import FILES, built, docker, process, user
from bench.processes import Process
from broker.keys import Keys
from passerby.keys import draw, write

BARE: Final = "mosquitto, no gate"
GATED: Final = "mosquitto, gate"
EMBEDDED: Final = "embedded"
ENGINES: Final = (BARE, GATED, EMBEDDED)

_TOP: Final = Path(__file__).parent.parent
_COMMAND: Final = _TOP / ".venv" / "bin" / "passerby"
_MANY: Final = 100_000
_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Running(Process):
    """A broker that runs. Its process, its ports, and the keys that it was given."""

    port: int
    service_port: int
    keys: Keys
    keys_file: Path


@contextmanager
def running(engine: str, folder: Path | None = None, *, proxied: bool = False) -> Iterator[Running]:
    """Run a broker; one that is proxied takes nobody without a PROXY header, as behind a proxy (Mosquitto only)."""
    with tempfile.TemporaryDirectory() as own:
        folder = folder or Path(own)
        keys = draw()
        file = folder / "passerby.keys"
        write(file, keys)
        with _embedded(file, keys) if engine == EMBEDDED else _mosquitto(engine, file, keys, proxied=proxied) as broker:
            yield broker


@contextmanager
def _embedded(file: Path, keys: Keys) -> Iterator[Running]:
    options = ("--keys", str(file), "--port", "0", "--service-port", "0")
    environment = {**os.environ, "PASSERBY_CONNECTIONS_PER_ADDRESS": str(_MANY), "PASSERBY_CONNECTIONS": str(_MANY)}
    command = (str(_COMMAND), "broker", "embedded", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            found = re.search(r":(\d+)/, the matcher at port (\d+)", said)
            if found is None:
                raise RuntimeError(f"the embedded broker did not start: {said}")
            yield Running(process.pid, int(found[1]), int(found[2]), keys, file)
        finally:
            process.terminate()


@contextmanager
def _mosquitto(engine: str, file: Path, keys: Keys, *, proxied: bool) -> Iterator[Running]:
    image = built("mosquitto")
    port, service_port = free(), free()
    config = file.with_name("mosquitto.conf")
    config.write_text(_config(engine, port, service_port, proxied=proxied))
    config.chmod(0o644)
    file.parent.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(file, user(), user())
    mounts = ["-v", f"{file.parent}:/etc/passerby:ro"]
    limits = ["--read-only", "--cap-drop", "ALL", "--network", "host", "--ulimit", f"nofile={FILES}:{FILES}"]
    command = [*limits, *mounts, "--user", f"{user()}:{user()}", "--entrypoint", "mosquitto", image]
    name = docker("run", "-d", *command, "-c", "/etc/passerby/mosquitto.conf")
    try:
        _await(service_port, name)
        yield Running(process(name).pid, port, service_port, keys, file)
    finally:
        docker("rm", "-f", name)


def _config(engine: str, port: int, service_port: int, *, proxied: bool) -> str:
    changes = {
        "plugin_opt_keys /etc/passerby/keys": "plugin_opt_keys /etc/passerby/passerby.keys",
        "plugin_opt_connections_per_address 64": f"plugin_opt_connections_per_address {_MANY}",
        "listener 1883 127.0.0.1": f"listener {service_port} 127.0.0.1",
        "listener 8083 127.0.0.1": f"listener {port} 127.0.0.1",
        **({} if proxied else {"enable_proxy_protocol 2": ""}),
    }
    lines = [changes.get(line, line) for line in (_TOP / "mosquitto.conf").read_text().splitlines()]
    if engine == BARE:
        lines = [line for line in lines if not line.startswith("plugin")]
        lines[lines.index("allow_anonymous false")] = "allow_anonymous true"
    return "\n".join(lines) + "\n"


def free() -> int:
    """Give a port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, name: str) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"bench: Mosquitto did not start: {docker('logs', name)}")
