"""Where a crowd comes in: the place, the address that it was checked to be, and from where each peer comes.

All of 127/8 is this machine (Linux), so a crowd on loopback can have as many addresses as it has peers. On any other
network it has one, and the gate counts it so.
"""

import socket
import ssl
from dataclasses import dataclass

from stranger.place import Place


@dataclass(frozen=True, slots=True)
class Ground:
    """A deployment. `spread` tells whether each peer has an address of its own."""

    place: Place
    address: str
    insecure: bool = False
    spread: bool = False

    def source(self, number: int) -> str:
        """Give the address that a peer comes from; empty is any."""
        if not self.spread:
            return ""
        return f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"

    def tls(self) -> ssl.SSLContext | None:
        """Tell how certificates are checked; None where there are none."""
        if not self.place.tls:
            return None
        context = ssl.create_default_context()
        if self.insecure:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


def can_spread(address: str) -> bool:
    """Tell whether peers can come from many addresses: the target is IPv4 loopback, and so is all of 127/8."""
    if not address.startswith("127."):
        return False
    with socket.socket() as probe:
        try:
            probe.bind(("127.1.2.3", 0))
        except OSError:
            return False
    return True
