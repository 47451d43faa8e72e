"""Opening ports, saying why one cannot be had, and how many sockets this process can hold at all."""

import asyncio
import errno
import sys
from collections.abc import Awaitable
from typing import Final

from broker.engines import PortUnavailable

SPARE_FILES: Final = 64
"""Open files that are none of the sockets of peers."""


async def opened(server: Awaitable[asyncio.Server], host: str, port: int) -> asyncio.Server:
    """Open a port.

    Raises:
        PortUnavailable: when it is taken, or not ours to take.
    """
    try:
        return await server
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {port} on {host} is taken"
        elif error.errno == errno.EACCES:
            reason = f"port {port} on {host} needs more rights than this process has"
        else:
            reason = f"port {port} on {host} cannot be opened: {error.strerror or error}"
        raise PortUnavailable(reason, port) from None


def port_of(server: asyncio.Server) -> int:
    """Tell which port was taken."""
    port: int = server.sockets[0].getsockname()[1]
    return port


def open_files() -> int:
    """Tell how many files, sockets among them, this process may have open."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return sys.maxsize
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft
