"""What a gate tells a firewall on its own machine: whom it has just refused as banned, and for how long that stays so.

    {"drop": "192.0.2.7/32", "seconds": 60}    one datagram for each refused connect, to a socket among the files

Pure, standard library only. A gate keeps no address: this is said within the call that refused it, and forgotten. Only
what stands for one subscriber is told, and only if the operator wants it (decision 44).
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from broker import networks
from broker.networks import Network

SECONDS_MAX: Final = 60
"""For longer nothing is told at once: so long a ban that was lifted may still hold there."""

DATAGRAM_BYTES: Final = 128
"""More is nothing of ours."""

Teller: TypeAlias = Callable[[str, float], object]
"""Told the address of each connect that is refused as banned, and for how many seconds more it is."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A subscriber (IPv4 address, or IPv6 /64) whose packets are of no use for some seconds."""

    network: Network
    seconds: int


def write(address: str, seconds: float) -> bytes:
    """Write the datagram about an address that is banned for so long.

    Raises:
        ValueError: when this is not an address.
    """
    network = networks.read(address.partition("%")[0])
    told = {"drop": str(network), "seconds": max(1, math.ceil(min(seconds, SECONDS_MAX)))}
    return json.dumps(told, separators=(",", ":")).encode()


def read(datagram: bytes) -> Drop:
    """Read a datagram, and trust nothing in it.

    Raises:
        ValueError: when it is none of ours, or names what nobody comes from over the internet: this machine itself, a
            group, a neighbour on the wire.
    """
    if len(datagram) > DATAGRAM_BYTES:
        raise ValueError("too long")
    match json.loads(datagram):
        case {"drop": str(named), "seconds": int(seconds), **others} if not others and not isinstance(seconds, bool):
            network = networks.read(named)
        case _:
            raise ValueError("not as we write it")
    first = network.network_address
    if first.is_loopback or first.is_multicast or first.is_unspecified or first.is_link_local or first.is_reserved:
        raise ValueError("nobody comes from there")
    if networks.size(network) > 1 or not 1 <= seconds <= SECONDS_MAX:
        raise ValueError("too many, or for too long")
    return Drop(network, seconds)
