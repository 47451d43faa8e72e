"""The exchange between the service and a gate that is a process of its own: orders there, facts back (decision 42).

    POST /exchange?epoch=…   Basic, as the service           one order a line, as `orders` writes them
    ◄─ 200   Gate-Life: …, Gate-More: 0 | 1                  one batch of facts a line, as on v1/gate/{gate}
    ◄─ 401 not the service   409 a service with a higher epoch has been here   503 not open yet

    GET /exchange   Basic, as the service ◄─ 200 which epoch was here, and how long ago: for who stands by

Pure, standard library only: both sides read and write by it.
"""

import base64
import binascii
import json
import math
from collections.abc import Iterable, Iterator
from typing import Final

from broker import orders
from broker.facts import Fact
from broker.orders import Order

PATH: Final = "/exchange"

LIFE: Final = "Gate-Life"
"""The header that tells one run of a gate from the next, which knows nothing of what the one before was told."""

MORE: Final = "Gate-More"
"""The header that tells whether facts are left, for which to come back at once."""

ORDERS_MAX: Final = 500
"""In one exchange, at most."""

BATCHES_MAX: Final = 64
"""Of facts in one exchange, at most."""

BODY_BYTES: Final = ORDERS_MAX * (orders.ORDER_BYTES + 1)


def ordered(given: Iterable[Order]) -> bytes:
    """Write orders."""
    return b"\n".join(map(orders.write, given))


def batch(gate: str, facts: list[Fact]) -> bytes:
    """Write one batch of facts."""
    return json.dumps({"kind": "facts", "gate": gate, "facts": facts}, separators=(",", ":")).encode()


def lines(body: bytes) -> Iterator[bytes]:
    """Give what stands in a body: JSON as we write it holds no line break."""
    return filter(None, body.split(b"\n"))


def visited(epoch: int, ago_s: float) -> bytes:
    """Write which epoch was here last, 0 is none, and how long ago that was, or since the gate began."""
    return json.dumps({"epoch": epoch, "ago": ago_s}, separators=(",", ":")).encode()


def read_visited(body: bytes) -> tuple[int, float]:
    """Read it.

    Raises:
        ValueError: when it is something else.
    """
    told = json.loads(body)
    match told:
        case {"epoch": int(epoch), "ago": int() | float() as ago} if epoch >= 0 and ago >= 0 and math.isfinite(ago):
            return epoch, float(ago)
    raise ValueError("not what a gate says of who was there")


def proof(name: str, password: str) -> str:
    """Write who one is, as a header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def proven(header: str) -> tuple[str, str]:
    """Read name and password from such a header; both are empty when it is none."""
    kind, _, told = header.partition(" ")
    try:
        text = base64.b64decode(told, validate=True).decode() if kind == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    name, _, password = text.partition(":")
    return name, password
