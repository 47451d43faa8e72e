"""Tells a broker behind us who is speaking: the header of the PROXY protocol, version 2. Pure.

    12 bytes signature │ 0x21 version 2, PROXY │ 0x11 TCP over IPv4, 0x21 over IPv6 │ length │ addresses, ports

From https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt, §2.2.
"""

import ipaddress
from typing import Final

_SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
_PROXY: Final = b"\x21"
_TCP4: Final = b"\x11"
_TCP6: Final = b"\x21"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def proxy_header(source: object, destination: object) -> bytes:
    """Make the header for a connection between these two, as the socket module names them: address, port, and more.

    An IPv4 address mapped into IPv6, as a listener for both sees it, is written as IPv4: it is one and the same host.

    Raises:
        ValueError: when one of them is not known, or they are of two families.
    """
    (near, near_port), (far, far_port) = _read(source), _read(destination)
    if near.version != far.version:
        raise ValueError("a connection has one family")
    addresses = near.packed + far.packed + near_port.to_bytes(2, "big") + far_port.to_bytes(2, "big")
    family = _TCP4 if near.version == 4 else _TCP6  # noqa: PLR2004  IPv4
    return _SIGNATURE + _PROXY + family + len(addresses).to_bytes(2, "big") + addresses


def _read(name: object) -> tuple[Address, int]:
    match name:
        case (str(host), int(port), *_):
            address = ipaddress.ip_address(host.partition("%")[0])
        case _:
            raise ValueError("not known")
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped, port
    return address, port
