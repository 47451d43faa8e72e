"""Whom a crowd may load: what answers on loopback or in a private network, and what its operator says is theirs."""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Final

from passerby.trouble import Trouble
from stranger.place import Place

_OURS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",  # RFC 1918
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",  # RFC 3927, and its like for IPv6
        "fe80::/10",
        "fc00::/7",  # RFC 4193
    )
)


class Refused(Trouble):
    """A crowd is no weapon."""

    exit_code = 2


def is_ours(address: str) -> bool:
    """Tell whether an address can only be of this machine or of a private network. Pure."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in _OURS if network.version == found.version)


def choose(host: str, addresses: Sequence[str], *, owned: bool) -> str:
    """Choose the one address that all of a crowd will go to; IPv4 first, where loopback has many addresses. Pure.

    Raises:
        Refused: when one of them is elsewhere, and nobody said that it is theirs.
    """
    elsewhere = [address for address in addresses if not is_ours(address)]
    if elsewhere and not owned:
        raise Refused(
            f"{host} leads to {elsewhere[0]}, which is neither loopback nor a private network: a crowd is for a "
            "deployment of your own. If this one is, say so with --i-own-this."
        )
    return min(addresses, key=lambda address: ":" in address)


def resolve(place: Place) -> tuple[str, ...]:
    """Give every address that a place leads to.

    Raises:
        Trouble: when it leads nowhere.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Trouble(f"{place.host} leads nowhere: {error.strerror or error}") from None
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
