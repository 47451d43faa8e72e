"""Addresses, made up, each but once: of homes, of one carrier and one campus that many share, of whole /64s."""

from collections.abc import Iterator
from itertools import count
from typing import Final

CARRIER: Final = "100.64.0.1"
CAMPUS: Final = "192.0.2.1"


class Addresses:
    """Where somebody may come from."""

    def __init__(self) -> None:
        self._homes = count(1)
        self._networks = count(1)

    def home(self) -> str:
        """Give an IPv4 address that nobody has."""
        number = next(self._homes)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def network(self) -> Iterator[str]:
        """Give the addresses of a /64 that nobody has, one after the other."""
        number = next(self._networks)
        return (f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::{host:x}" for host in count(1))
