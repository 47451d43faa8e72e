"""Addresses without addresses: a keyed hash stands for an IPv4 address or an IPv6 /64 (DESIGN.md §7).

    address ─► prefix (IPv4, or the first 64 bits of IPv6) ─► HMAC-SHA-256(salt of the day, prefix)[:16] ─► address key

The salts are drawn by the gates and never leave them, so nobody who sees a key can look the address up, and nobody can
follow it for longer than two days: today's salt and yesterday's live, older ones are gone.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from broker.identity import b64url

SALT_BYTES: Final = 32
DAY_S: Final = 86_400
KEY_BYTES: Final = 16
_LABEL = b"passerby/v1/address\0"


class AddressKey(NamedTuple):
    """What stands for an address: 22 characters of base64url, under the salt of `day` (days since the Unix epoch)."""

    day: int
    key: str


def prefix(address: str) -> bytes:
    """Cut an address to what one subscriber has: 4 bytes of IPv4, or the first 8 bytes of IPv6.

    An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) counts as IPv4; a zone (`%eth0`) is ignored.

    Raises:
        ValueError: when this is not an address.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return parsed.packed[:8] if mapped is None else mapped.packed
    return parsed.packed


class Salts:
    """The salt of today and that of yesterday. `draw` gives 32 fresh random bytes for a day."""

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self._salts: dict[int, bytes] = {}

    def take(self, salts: Mapping[int, bytes]) -> None:
        """Take up these, by day, in place of those there are: another gate's."""
        self._salts = dict(salts)

    def today(self, address: str, now: float) -> AddressKey:
        """Make the address key under today's salt; `now` in seconds since the Unix epoch.

        Raises:
            ValueError: when this is not an address.
        """
        return self._key(self._turn(now), prefix(address))

    def living(self, address: str, now: float) -> list[AddressKey]:
        """Make every key that the address has now: today's first, then yesterday's if that salt was drawn.

        Raises:
            ValueError: when this is not an address.
        """
        today, cut = self._turn(now), prefix(address)
        return [self._key(day, cut) for day in (today, today - 1) if day in self._salts]

    def spread(self, addresses: Iterable[str], now: float) -> list[AddressKey]:
        """Make every key that each of these addresses has now, as `living`."""
        return [key for address in addresses for key in self.living(address, now)]

    def _turn(self, now: float) -> int:
        """Draw today's salt when it is missing, and erase those before yesterday's. A clock set back is no new day."""
        today = max(int(now // DAY_S), *self._salts) if self._salts else int(now // DAY_S)
        if today not in self._salts:
            self._salts[today] = self._draw(today)
            for old in [day for day in self._salts if day < today - 1]:
                del self._salts[old]
        return today

    def _key(self, day: int, cut: bytes) -> AddressKey:
        digest = hmac.digest(self._salts[day], _LABEL + cut, hashlib.sha256)
        return AddressKey(day, b64url(digest[:KEY_BYTES]))
