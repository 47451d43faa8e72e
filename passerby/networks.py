"""Networks as an operator writes them: an address, or a network in CIDR notation. Pure."""

import ipaddress
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")


def read(text: str) -> str:
    """Write a network as everybody does: `203.0.113.9` is `203.0.113.9/32`, and bits beyond the prefix are cut.

    IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2) is IPv4, as it is for the gate.

    Raises:
        ValueError: when it is none. The text does not repeat it, as it may go to a log.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError("it is no address and no network: 203.0.113.9, 203.0.113.0/24 and 2001:db8::/48 are") from None
    if isinstance(network, ipaddress.IPv6Network) and "%" in str(network):
        raise ValueError("a network has no zone: leave out what follows the %")
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return f"{mapped}/{network.prefixlen - _MAPPED.prefixlen}"
    return str(network)


def _checked(text: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise PydanticCustomError("network", "{why}", {"why": str(error)}) from None


Network = Annotated[str, AfterValidator(_checked)]
