"""Finds ports for what is started later, or in a container.

They are below those that the system gives to whoever asks for any (Linux: 32768 and up), and to every connection that
goes out: another test may open thousands of these before the port is taken.
"""

import contextlib
import random
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"

_AMONG: Final = range(20_000, 32_000)


def free_port(host: str = LOOPBACK) -> int:
    """Give one that nobody has, neither for TCP nor for UDP."""
    [port] = free_ports(1, host)
    return port


def free_row(count: int) -> range:
    """Give so many in a row, for UDP."""
    while True:
        first = random.choice(_AMONG[:-count])
        row = range(first, first + count)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in row:
                held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((LOOPBACK, port))
            return row


def free_ports(count: int, host: str = LOOPBACK) -> list[int]:
    """Give several, each another."""
    found: list[int] = []
    with contextlib.ExitStack() as held:
        while len(found) < count:
            with contextlib.suppress(OSError):  # somebody has it
                line = held.enter_context(socket.create_server((host, random.choice(_AMONG))))
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                    datagrams.bind(line.getsockname())
                found.append(line.getsockname()[1])
    return found
