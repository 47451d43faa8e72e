"""Networks that an operator named: lists of them, and the prefixes of one. Pure, standard library only.

An address is looked up once per length of prefix that the list has, however long the list is.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

PREFIXES_MAX: Final = 4096
"""The most address keys that one network may stand for: an IPv4 /20, or an IPv6 /52."""

KEY_BITS: Final = {4: 32, 6: 64}  # what an address key stands for, see `addresses.prefix`


def read(text: str) -> Network:
    """Read an address or a network in CIDR notation; bits beyond its length are ignored, and IPv6 is cut to a /64.

    Raises:
        ValueError: when this is neither.
    """
    network = ipaddress.ip_network(text.strip(), strict=False)
    if isinstance(network, ipaddress.IPv6Network) and (mapped := network.network_address.ipv4_mapped) is not None:
        return ipaddress.IPv4Network((mapped, max(0, network.prefixlen - 96)), strict=False)
    most = KEY_BITS[network.version]
    return network if network.prefixlen <= most else network.supernet(new_prefix=most)


def size(network: Network) -> int:
    """Tell how many address keys a network stands for."""
    return 1 << (KEY_BITS[network.version] - network.prefixlen)


def addresses(network: Network) -> Iterator[str]:
    """Give one address for each address key of a network.

    Raises:
        ValueError: when they are more than `PREFIXES_MAX`.
    """
    if size(network) > PREFIXES_MAX:
        raise ValueError(f"a network of more than {PREFIXES_MAX} addresses")
    return (str(part.network_address) for part in network.subnets(new_prefix=KEY_BITS[network.version]))


class Networks:
    """A list of networks."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._bits: dict[tuple[int, int], set[int]] = {}
        for network in networks:
            shift = network.max_prefixlen - network.prefixlen
            self._bits.setdefault((network.version, shift), set()).add(int(network.network_address) >> shift)

    def __contains__(self, address: str) -> bool:
        """Tell whether an address is in one of them.

        Raises:
            ValueError: when this is not an address.
        """
        if not self._bits:
            return False
        network = read(address.partition("%")[0])
        number = int(network.network_address)
        return any(
            version == network.version and number >> shift in heads for (version, shift), heads in self._bits.items()
        )
