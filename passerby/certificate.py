"""A certificate for an afternoon: lets a phone in the same network try Passerby over https. And who trusts which.

Browsers give cameras, cryptography and so on to secure pages only, and plain http is secure on this machine alone.
The certificate and its authority live in memory, are made anew for each run, and nobody vouches for them: the browser
asks once. For the public, put a real certificate in front.
"""

import ipaddress
import socket
import ssl
from typing import Final

import trustme

_ORGANIZATION: Final = "Passerby, for trying only"


def local_addresses() -> list[str]:
    """Find this machine's own addresses in its networks, the likeliest first. Sends nothing."""
    found: dict[str, None] = {}
    for family, nowhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((nowhere, 9))  # UDP: chooses a route, sends no packet
                found[probe.getsockname()[0]] = None
        except OSError:
            continue
    return [text for text in found if not ipaddress.ip_address(text).is_loopback]


def temporary_tls(names: list[str]) -> ssl.SSLContext:
    """Make a server context for these host names and addresses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    trustme.CA(organization_name=_ORGANIZATION).issue_cert(*names).configure_cert(context)
    return context


def issued(names: list[str]) -> tuple[bytes, bytes]:
    """Make a certificate for these host names and addresses; gives its authority, and chain and key as one text."""
    authority = trustme.CA(organization_name=_ORGANIZATION)
    made = authority.issue_cert(*names)
    return authority.cert_pem.bytes(), b"".join(each.bytes() for each in (*made.cert_chain_pems, made.private_key_pem))


def trust(*, insecure: bool) -> ssl.SSLContext:
    """Make a client context as a browser's; `insecure` takes any certificate, that of an afternoon among them."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
