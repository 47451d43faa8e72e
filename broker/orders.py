"""Orders: what the service tells a gate to do, as JSON on `$CONTROL/passerby/v1`, one order a message.

    {"kind": "kick", "peer": …}
    {"kind": "ban", "address": …, "day": …, "seconds": …, "reason": …}      or "network": … for address and day
    {"kind": "lift", "address": …, "day": …}                                likewise
    {"kind": "networks", "banned": […], "never": […], "more": …}
    {"kind": "tell"}

Pure, standard library only: a gate reads them inside a broker's own Python.
"""

import json
import re
import sys
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from broker import networks
from broker.addresses import AddressKey
from broker.networks import Network

CONTROL: Final = "$CONTROL/passerby/v1"
"""Where the service orders. A broker hands it to its gate, and to nobody else."""

ORDER_BYTES: Final = 4096
"""The most that one order has."""

NETWORKS_PER_ORDER: Final = 80
"""So that an order with networks stays below that."""

UNKNOWN: Final = "unknown"
"""The reason of a ban for which none was given."""

_WORD = re.compile(r"[A-Za-z0-9_-]{22}")
_REASON = re.compile(r"[a-z-]{1,32}")
_NETWORK_CHARS = 64


@dataclass(frozen=True, slots=True)
class Kick:
    """Disconnect this peer now."""

    peer: str


@dataclass(frozen=True, slots=True)
class Ban:
    """Let nobody in from this address for `seconds`, and disconnect who is."""

    address: AddressKey
    seconds: float
    reason: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Lift:
    """Forget the ban of this address."""

    address: AddressKey


@dataclass(frozen=True, slots=True)
class BanNetwork:
    """Ban every address key that this network stands for, and tell them: an operator knows addresses, the service keys.

    Nobody is disconnected by it; that is for the service to order, when it knows whom.
    """

    network: Network
    seconds: float
    reason: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class LiftNetwork:
    """Forget the bans of every address key that this network stands for."""

    network: Network


@dataclass(frozen=True, slots=True)
class Networks:
    """Let nobody in from the banned networks, and do not hold to any ban who comes from one that is never banned.

    These take the place of those before, unless they are only `more` of them.
    """

    banned: tuple[Network, ...]
    never: tuple[Network, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell again who is here, and who is banned: a service that has just begun knows nothing of those before it."""


Order: TypeAlias = Kick | Ban | Lift | BanNetwork | LiftNetwork | Networks | Tell


def write(order: Order) -> bytes:
    """Write an order."""
    match order:
        case Kick(peer):
            fields: dict[str, object] = {"kind": "kick", "peer": peer}
        case Ban(address, seconds, reason):
            fields = {"kind": "ban", "address": address.key, "day": address.day, "seconds": seconds, "reason": reason}
        case Lift(address):
            fields = {"kind": "lift", "address": address.key, "day": address.day}
        case BanNetwork(network, seconds, reason):
            fields = {"kind": "ban", "network": str(network), "seconds": seconds, "reason": reason}
        case LiftNetwork(network):
            fields = {"kind": "lift", "network": str(network)}
        case Networks(banned, never, more):
            fields = {
                "kind": "networks",
                "banned": list(map(str, banned)),
                "never": list(map(str, never)),
                "more": more,
            }
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
        case {"kind": "ban", "seconds": int() | float() as seconds, "reason": str(reason), **whom} if _is_duration(
            seconds
        ) and _REASON.fullmatch(reason):
            found = _whom(whom)
            if isinstance(found, AddressKey):
                return Ban(found, float(seconds), reason)
            return BanNetwork(found, float(seconds), reason)
        case {"kind": "lift", **whom}:
            found = _whom(whom)
            return Lift(found) if isinstance(found, AddressKey) else LiftNetwork(found)
        case {"kind": "networks", "banned": list(banned), "never": list(never), "more": bool(more), **others} if (
            not others
        ):
            return Networks(_networks(banned), _networks(never), more)
        case {"kind": "tell", **others} if not others:
            return Tell()
        case _:
            raise _none()


def _none() -> ValueError:
    return ValueError("it is none of the orders")


def _whom(fields: dict[Any, Any]) -> AddressKey | Network:
    match fields:
        case {"address": str(key), "day": int(day), **others} if not others and _is_address(key, day):
            return AddressKey(day, key)
        case {"network": str(network), **others} if not others:
            (found,) = _networks([network])
            if networks.size(found) <= networks.PREFIXES_MAX:
                return found
    raise _none()


def _networks(raw: list[Any]) -> tuple[Network, ...]:
    if not all(isinstance(each, str) and len(each) <= _NETWORK_CHARS for each in raw):
        raise _none()
    try:
        return tuple(networks.read(each) for each in raw)
    except ValueError:
        raise _none() from None


def _is_duration(seconds: float) -> bool:
    # An integer of JSON may be larger than any float, and a truth is an integer.
    return type(seconds) is not bool and 0 < seconds <= sys.float_info.max


def _is_address(key: str, day: int) -> bool:
    return type(day) is int and day >= 0 and _WORD.fullmatch(key) is not None
