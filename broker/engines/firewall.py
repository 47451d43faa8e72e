"""Tells the firewall of this machine whom the gate has refused as banned: one datagram each, and never waits for it.

    gate ── address, seconds ──► datagram ──► /run/passerby/firewall.sock ──► `passerby firewall`

Standard library only: it runs inside Mosquitto, too. Whether anybody listens is no matter of the gate's.
"""

import contextlib
import socket
from pathlib import Path
from typing import Final

from broker import firewall

PATH_BYTES: Final = 107
"""What unix(7) has room for."""


class Messenger:
    """Tells the one that listens at a path, now or later.

    Raises:
        ValueError: when this system has no such sockets, or the path is too long for one.
    """

    def __init__(self, path: Path) -> None:
        self._to = bytes(path)
        if len(self._to) > PATH_BYTES:
            raise ValueError(f"{path} is too long for a socket")
        try:
            self._wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        except (AttributeError, OSError):
            raise ValueError("this system has no sockets among its files") from None
        self._wire.settimeout(0)

    def __call__(self, address: str, seconds: float) -> None:
        """Tell of one refused connect; when nobody is there, or has room for more, nobody is told."""
        with contextlib.suppress(OSError):
            self._wire.sendto(firewall.write(address, seconds), self._to)

    def close(self) -> None:
        """Tell no more."""
        self._wire.close()
