"""Where a deployment is to be found, read from a URL. Pure.

https://HOST[:PORT]/     http://…     page, and WebSocket at /mqtt: what a browser sees
wss://HOST[:PORT]/mqtt   ws://…       the broker's WebSocket alone
mqtts://HOST[:PORT]      mqtt://…     a TCP listener

Behind any of them, #CELL names the cell there, if it has one.
"""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final
from urllib.parse import urlsplit

from broker.cells import NAMELESS, Cell

WEBSOCKET_PATH: Final = "/mqtt"


class Door(StrEnum):
    """What stands at the address."""

    PAGE = auto()
    WEBSOCKET = auto()
    TCP = auto()


_SCHEMES: Final = {
    "https": (Door.PAGE, True, 443),
    "http": (Door.PAGE, False, 80),
    "wss": (Door.WEBSOCKET, True, 443),
    "ws": (Door.WEBSOCKET, False, 80),
    "mqtts": (Door.TCP, True, 8883),
    "mqtt": (Door.TCP, False, 1883),
}


@dataclass(frozen=True, slots=True)
class Place:
    """An address, taken apart. `path` is that of the WebSocket, `cell` what all topics there are in."""

    door: Door
    tls: bool
    host: str
    port: int
    path: str = WEBSOCKET_PATH
    cell: Cell = NAMELESS

    @property
    def authority(self) -> str:
        """Host and port as a browser writes them: without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The origin of a page that is served here (RFC 6454)."""
        return f"{'https' if self.tls else 'http'}://{self.authority}"

    @property
    def websocket(self) -> str:
        """Where browsers open their WebSocket."""
        return f"{self.origin}{self.path}"

    @property
    def is_this_machine(self) -> bool:
        """Whether browsers take it for secure without TLS (Secure Contexts §3.1)."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read(url: str) -> Place:
    """Read a URL.

    Raises:
        ValueError: when it is not one of those above. The text says why.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError(f"it starts with none of {', '.join(f'{scheme}://' for scheme in _SCHEMES)}")
    door, tls, usual = _SCHEMES[parts.scheme]
    if not parts.hostname or parts.username or parts.query:
        raise ValueError(f"it is to be {parts.scheme}://HOST or {parts.scheme}://HOST:PORT, and nothing else")
    if parts.path not in ("", "/") and door is not Door.WEBSOCKET:
        raise ValueError("it is to have no path: the page is at /, its WebSocket at /mqtt")
    try:
        port = usual if parts.port is None else parts.port
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None
    try:
        cell = Cell(parts.fragment)
    except ValueError as error:
        raise ValueError(f"what stands behind its # is no cell: {error}") from None
    path = parts.path if door is Door.WEBSOCKET and parts.path else WEBSOCKET_PATH
    return Place(door, tls, parts.hostname, port, path, cell)
