"""The matcher as a process of its own, on a broker that runs."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bench.brokers import Running

_WITHIN_S: Final = 20.0


@asynccontextmanager
async def matching(broker: Running, *, patient: bool = False) -> AsyncIterator[int]:
    """Run it, as it is or with wishes that never widen. Gives the id of its process."""
    command = ("-m", "bench.patient") if patient else ("-m", "passerby", "matcher")
    url = f"mqtt://127.0.0.1:{broker.service_port}"
    process = await _start(*command, "--keys", str(broker.keys_file), "--broker", url, "--log-level", "info")
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.communicate()


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PASSERBY_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stderr=asyncio.subprocess.STDOUT,
        stdout=asyncio.subprocess.PIPE,
        # The radar judges as ever, and limits nobody: who comes and goes so fast is no person.
        env={**environment, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PASSERBY_DRY_RUN": "1"},
    )
    said = ""
    async with asyncio.timeout(_WITHIN_S):
        while process.stdout is not None and "connected to the broker" not in said:
            line = (await process.stdout.readline()).decode()
            if not line:
                raise RuntimeError(f"the matcher did not start: {said}")
            said += line
    return process
