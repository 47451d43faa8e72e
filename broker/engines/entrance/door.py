"""The door, before any MQTT: how many sockets may be open, and from which page a browser may come.

Pure. Counts what has not proven anything yet, so that nobody fills the house by standing in the hall; how many *peers*
an address may have is the gate's question. Keeps an address only while a socket from there is open.
"""

from collections import Counter
from typing import Final

from broker.addresses import prefix

PER_PEER: Final = 4
"""Sockets for each peer that an address may have: its WebSocket, and those with which its browser fetched the page."""


class Door:
    """Counts open sockets, all together and for each network (an IPv4 address, or an IPv6 /64)."""

    def __init__(self, total: int, per_network: int) -> None:
        self._total = total
        self._per_network = per_network
        self._inside: Counter[bytes] = Counter()
        self._count = 0

    def enter(self, address: str) -> bool:
        """Let a socket in, or not. What is let in must `leave`."""
        network = _network(address)
        if self._count >= self._total or self._inside.get(network, 0) >= self._per_network:
            return False
        self._count += 1
        self._inside[network] += 1
        return True

    def leave(self, address: str) -> None:
        """Note that a socket which was let in has closed."""
        network = _network(address)
        self._count -= 1
        self._inside[network] -= 1
        if not self._inside[network]:
            del self._inside[network]


def welcome(origin: str | None, *, secure: bool, host: str, listed: frozenset[str]) -> bool:
    """Tell whether a WebSocket may be opened from a page of this origin (RFC 6455 §10.2).

    Compared by equality: with this server's own origin, and with those listed. A request without an Origin is none of a
    browser's, and could say whatever it likes; so this is manners towards browsers, and no boundary.
    """
    if origin is None or origin in listed:
        return True
    return bool(host) and origin == f"{'https' if secure else 'http'}://{host}"


def _network(address: str) -> bytes:
    try:
        return prefix(address)
    except ValueError:
        return b""  # unknown: they share one count, and the gate refuses them later
