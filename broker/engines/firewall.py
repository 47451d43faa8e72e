"""Tells the firewall of this machine whom the gate has refused as banned: one datagram each, and never waits for it.

    gate ── address, seconds ──► datagram ──► /run/passerby/firewall.sock ──► `passerby firewall`

Standard library only: it runs inside Mosquitto, too. Whether anybody listens is no matter of the gate's.
"""

import contextlib
import socket
from pathlib import Path
from typing import Final

from broker import firewall
from broker.firewall import Teller

PATH_BYTES: Final = 107
"""What unix(7) has room for."""


def teller(path: Path) -> Teller:
    """Give what tells the one that listens there, now or later.

    Raises:
        ValueError: when this system has no such sockets, or the path is too long for one.
    """
    if len(bytes(path)) > PATH_BYTES:
        raise ValueError(f"{path} is too long for a socket")
    try:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    except (AttributeError, OSError):
        raise ValueError("this system has no sockets among its files") from None
    wire.settimeout(0)

    def tell(address: str, seconds: float) -> None:
        # Nobody there, or more than it can take in: a flood goes on, and is told again.
        with contextlib.suppress(OSError):
            wire.sendto(firewall.write(address, seconds), bytes(path))

    return tell
