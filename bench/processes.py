"""The processes that are measured, from outside: what they have used of the CPU, and what they hold of the memory.

Read from /proc, so on Linux only. Knows how the matcher and a server of Node's are started, and no broker.
"""

import asyncio
import contextlib
import os
import re
import resource
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WITHIN_S: Final = 60.0

_TOP: Final = Path(__file__).parent.parent
_PLAIN: Final = ("-m", "passerby", "matcher")
_PATIENT: Final = ("-m", "bench.patient")


@dataclass(frozen=True, slots=True)
class Process:
    """A process that runs."""

    pid: int

    def cpu_s(self) -> float:
        """Give the CPU time that its threads have used, in seconds."""
        used = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it may end while we look
                used += int((thread / "schedstat").read_text().split()[0])
        return used / 1e9

    def memory_kib(self) -> int:
        """Give the memory that it holds (resident set), in KiB."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) if found else 0


@contextlib.asynccontextmanager
async def matcher(
    keys_file: Path, service_port: int, *options: str, patient: bool, host: str = "127.0.0.1"
) -> AsyncIterator[Process]:
    """Run the matcher on a broker, with these options more; a patient one never widens a wish."""
    told = ("--keys", str(keys_file), "--broker", f"mqtt://{host}:{service_port}", "--log-level", "info")
    # The radar judges as ever, and limits nobody: who comes and goes so fast is no person.
    more = {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PASSERBY_DRY_RUN": "1"}
    command = (sys.executable, *(_PATIENT if patient else _PLAIN), *told, *options)
    async with _started(command, "connected to the broker", more) as (process, _):
        yield process


@contextlib.asynccontextmanager
async def gate(keys_file: Path, *options: str) -> AsyncIterator[tuple[Process, int]]:
    """Run a gate of a cluster, at any port or as these options say; gives its port, too."""
    command = (sys.executable, "-m", "passerby", "gate", "serve", "--keys", str(keys_file), "--port", "0", *options)
    async with _started(command, "The gate is open at http://", {"NO_COLOR": "1"}) as (process, said):
        yield process, int(said.rsplit(":", 1)[1].partition(".")[0])


@contextlib.asynccontextmanager
async def edge(websocket_port: int) -> AsyncIterator[int]:
    """Run the edge, with the page, before a broker's WebSocket listener; gives its port."""
    command = (sys.executable, "-m", "bench.edge", str(websocket_port))
    async with _started(command, "port ", {"NO_COLOR": "1"}) as (_, said):
        yield int(said.rsplit("port ", 1)[1])


@contextlib.asynccontextmanager
async def node(script: Path) -> AsyncIterator[tuple[Process, int]]:
    """Run a server of Node's that tells its port in a line `port N`."""
    async with _started((str(_TOP / "tools" / "node"), "node", str(script)), "port ", {}) as (process, said):
        yield process, int(said.rsplit("port ", 1)[1])


def allow_files(wanted: int) -> None:
    """Let this process, and those that it starts, have so many files open.

    Raises:
        SystemExit: when the system does not let it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise SystemExit(f"bench: {wanted} open files are needed, and {hard} allowed: `ulimit -Hn`")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.asynccontextmanager
async def _started(command: tuple[str, ...], sign: str, more: Mapping[str, str]) -> AsyncIterator[tuple[Process, str]]:
    """Start a process and wait for the line in which a sign of it stands; end it at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PASSERBY_")}
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**environment, **more},
    )
    reading: asyncio.Task[tuple[bytes, bytes]] | None = None
    try:
        said = ""
        async with asyncio.timeout(WITHIN_S):
            while process.stdout is not None and sign not in said:
                line = (await process.stdout.readline()).decode()
                if not line:
                    raise RuntimeError(f"{' '.join(command[:3])} did not start: {said}")
                said += line
        reading = asyncio.create_task(process.communicate())  # a full pipe would stop it
        yield Process(process.pid), said
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await (process.wait() if reading is None else reading)
