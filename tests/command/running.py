"""Starts the command as a user does, and reads what it says."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Self

COMMAND = Path(sys.executable).with_name("passerby")
WITHIN_S = 60.0


class Running:
    """A started command."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    @classmethod
    def start(cls, *arguments: str | Path, **environment: str) -> contextlib.AbstractAsyncContextManager[Self]:
        """Start the command."""
        return cls.run((COMMAND, *arguments), environment)

    @classmethod
    @contextlib.asynccontextmanager
    async def run(cls, command: tuple[str | Path, ...], environment: Mapping[str, str]) -> AsyncIterator[Self]:
        """Start whatever it is."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PASSERBY_")}
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**inherited, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **environment},
        )
        running = cls(process)
        try:
            yield running
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait for a line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            while not (found := re.search(pattern, self.said)):
                data = await self.process.stdout.readline()
                assert data, f"it ended without saying {pattern!r}, but: {self.said}"
                self.said += data.decode()
        return found

    async def so_far(self) -> str:
        """Give all that it has said by now, without waiting for more."""
        assert self.process.stdout is not None
        with contextlib.suppress(TimeoutError):
            while data := await asyncio.wait_for(self.process.stdout.read(1 << 16), 0.1):
                self.said += data.decode()
        return self.said

    async def types(self, *lines: str) -> None:
        """Type lines."""
        assert self.process.stdin is not None
        for line in lines:
            self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def ends(self, number: signal.Signals | None = None) -> int:
        """Wait for the end, after a signal if one is given; gives the exit code."""
        assert self.process.stdout is not None
        if number is not None:
            self.process.send_signal(number)
        async with asyncio.timeout(WITHIN_S):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()
