"""The systems that strangers are introduced by, each with its servers running, and how a person comes to it.

Passerby       Mosquitto with the gate, in a container; the matcher, a process: told apart
Socket.IO      bench/side/others/servers/busy-socketio.js, a process of Node's
bare ws        bench/side/others/servers/busy-ws.js, likewise
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.brokers import GATED, running
from bench.processes import Process, matcher, node
from bench.side.drivers import Driver, Ears, Passerby
from bench.side.queuers import BareWs, SocketIo
from bench.side.section import PASSERBY

SOCKET_IO: Final = "Socket.IO"
BARE_WS: Final = "bare ws"
SYSTEMS: Final = (PASSERBY, SOCKET_IO, BARE_WS)

BROKER: Final = "broker"
SERVICE: Final = "service"
SERVER: Final = "server"

_SERVERS: Final = Path(__file__).parent / "others" / "servers"


@dataclass(frozen=True, slots=True)
class System:
    """One system that runs. `pulse_s` is after how long what goes over an idle wire repeats."""

    name: str
    port: int
    processes: dict[str, Process]
    driver: Callable[[str, Ears], Driver]
    pulse_s: float

    def cpu_s(self) -> dict[str, float]:
        """Give the CPU time that each of its processes has used, in seconds."""
        return {part: process.cpu_s() for part, process in self.processes.items()}

    def memory_kib(self) -> dict[str, int]:
        """Give the memory that each of its processes holds, in KiB."""
        return {part: process.memory_kib() for part, process in self.processes.items()}


@contextlib.asynccontextmanager
async def started(name: str, *, patient: bool = False) -> AsyncIterator[System]:
    """Run a system; in a patient one no wish is ever widened."""
    if name == PASSERBY:
        with running(GATED) as broker:
            async with matcher(broker.keys_file, broker.service_port, patient=patient) as service:
                # The ping interval that `welcome` tells.
                yield System(name, broker.port, {BROKER: broker, SERVICE: service}, Passerby, 20.0)
        return
    script, driver, pulse_s = {
        SOCKET_IO: ("busy-socketio.js", SocketIo, 25.0),  # its default `pingInterval`
        BARE_WS: ("busy-ws.js", BareWs, 30.0),
    }[name]
    async with node(_SERVERS / script) as (server, port):
        yield System(name, port, {SERVER: server}, driver, pulse_s)
