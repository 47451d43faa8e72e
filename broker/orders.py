"""Orders: what the service tells a gate to do, as JSON on `$CONTROL/passerby/v1`, one order a message.

    {"kind": "kick", "peer": …}
    {"kind": "ban", "address": …, "day": …, "seconds": …}
    {"kind": "lift", "address": …, "day": …}
    {"kind": "tell"}

Pure, standard library only: a gate reads them inside a broker's own Python.
"""

import json
import re
import sys
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from broker.addresses import AddressKey

CONTROL: Final = "$CONTROL/passerby/v1"
"""Where the service orders. A broker hands it to its gate, and to nobody else."""

ORDER_BYTES: Final = 512
"""The most that one order has."""

_WORD = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Kick:
    """Disconnect this peer now."""

    peer: str


@dataclass(frozen=True, slots=True)
class Ban:
    """Let nobody in from this address for `seconds`, and disconnect who is."""

    address: AddressKey
    seconds: float


@dataclass(frozen=True, slots=True)
class Lift:
    """Forget the ban of this address."""

    address: AddressKey


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell again who is here: a service that has just begun knows no address key of those who came before."""


Order: TypeAlias = Kick | Ban | Lift | Tell


def write(order: Order) -> bytes:
    """Write an order."""
    match order:
        case Kick(peer):
            fields: dict[str, object] = {"kind": "kick", "peer": peer}
        case Ban(address, seconds):
            fields = {"kind": "ban", "address": address.key, "day": address.day, "seconds": seconds}
        case Lift(address):
            fields = {"kind": "lift", "address": address.key, "day": address.day}
        case Tell():
            fields = {"kind": "tell"}
        case _:
            assert_never(order)
    return json.dumps(fields, separators=(",", ":")).encode()


def read(payload: bytes) -> Order:
    """Read an order.

    Raises:
        ValueError: when this is none. The text never holds any of it.
    """
    if len(payload) > ORDER_BYTES:
        raise ValueError("an order is shorter")
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError):
        raise ValueError("an order is JSON") from None
    match raw:
        case {"kind": "kick", "peer": str(peer), **others} if not others and _WORD.fullmatch(peer):
            return Kick(peer)
        case {"kind": "ban", "address": str(key), "day": int(day), "seconds": int() | float() as seconds, **others} if (
            not others and _is_address(key, day) and _is_duration(seconds)
        ):
            return Ban(AddressKey(day, key), float(seconds))
        case {"kind": "lift", "address": str(key), "day": int(day), **others} if not others and _is_address(key, day):
            return Lift(AddressKey(day, key))
        case {"kind": "tell", **others} if not others:
            return Tell()
        case _:
            raise ValueError("it is none of the orders")


def _is_duration(seconds: float) -> bool:
    # An integer of JSON may be larger than any float, and a truth is an integer.
    return type(seconds) is not bool and 0 < seconds <= sys.float_info.max


def _is_address(key: str, day: int) -> bool:
    return type(day) is int and day >= 0 and _WORD.fullmatch(key) is not None
