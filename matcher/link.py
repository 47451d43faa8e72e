"""One connection of the service to its broker, by gmqtt, and never a second.

What gmqtt 0.8 does that we do not want: it reconnects into the old session and subscribes to nothing; it logs topics
and payloads; it speaks MQTT 5 unless told otherwise. So a link is used once and thrown away, and its loggers are
silenced. Messages go around it, by `gmqtt_seam`.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

import gmqtt
from gmqtt.mqtt.constants import MQTTv311

from broker.cells import NAMELESS, Cell
from matcher.gmqtt_seam import Lane

KEEPALIVE_S: Final = 20
"""Half as long again, and the broker gives us up: we may be busy, or stand still, for a while."""

SILENCE_S: Final = 10.0
"""So long a broker may say nothing, and a quarter longer. It is asked before; then it is hung, or out of reach."""

CONNECT_S: Final = 10.0
"""Time for TCP, TLS and CONNACK, and again for each SUBACK."""

GOODBYE_S: Final = 2.0

_NEVER: Final = -2  # reconnect while failures <= this; gmqtt takes 0 for one attempt and -1 for any number
_REFUSED: Final = 0x80
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the broker listens."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        """Read a URL, `mqtt://host:port` or `mqtts://host:port`.

        Raises:
            ValueError: when it is of another kind.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.path.strip("/"):
            raise ValueError("the broker's URL must be mqtt://host:port or mqtts://host:port")
        tls = ssl.create_default_context() if parts.scheme == "mqtts" else None
        return cls(parts.hostname, parts.port or _PORTS[parts.scheme], tls)


class Link:
    """A connection as `name`, with a Will that is retained, or none.

    Args:
        name: ClientID and user name.
        password: the password.
        will: topic and payload; None is none.
        on_message: is called with topic and payload of every message, in order.
        cell: what all topics are in; nobody outside of here hears of it.
    """

    def __init__(
        self,
        name: str,
        password: str,
        will: tuple[str, bytes] | None,
        on_message: Callable[[str, bytes], None],
        cell: Cell = NAMELESS,
    ) -> None:
        silence_gmqtt()
        self._cell = cell
        self.lost = asyncio.Event()
        self._acks: dict[int, asyncio.Future[tuple[int, ...]]] = {}
        named = bool(cell.name)  # without a name there is nothing to take off, from tens of thousands a second
        self._on_message = (lambda topic, payload: on_message(cell.inner(topic), payload)) if named else on_message
        self._lane: Lane | None = None
        said = None if will is None else gmqtt.Message(cell.outer(will[0]), will[1], qos=1, retain=True)
        self._client = gmqtt.Client(name, clean_session=True, will_message=said)
        self._client.set_config({"reconnect_retries": _NEVER})
        self._client.set_auth_credentials(name, password)
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected

    async def open(self, address: Address) -> None:
        """Connect.

        Raises:
            OSError: when the broker is not there or refuses us.
            TimeoutError: when it does not answer.
        """
        async with asyncio.timeout(CONNECT_S):
            try:
                await self._client.connect(
                    address.host, address.port, ssl=address.tls or False, keepalive=KEEPALIVE_S, version=MQTTv311
                )
            except gmqtt.MQTTConnectError as error:
                raise ConnectionRefusedError("the broker refuses the connection") from error
        self._lane = Lane(self._client, self._on_message)
        self._lane.hurry(SILENCE_S)

    async def subscribe(self, *filters: str, qos: int = 1) -> None:
        """Subscribe and wait for the answer.

        Raises:
            OSError: when the broker refuses, or the connection is lost meanwhile.
            TimeoutError: when no answer comes.
        """
        ack: asyncio.Future[tuple[int, ...]] = asyncio.get_running_loop().create_future()
        asked = self._client.subscribe([gmqtt.Subscription(self._cell.outer(name), qos=qos) for name in filters])
        self._acks[asked] = ack
        async with asyncio.timeout(CONNECT_S):
            granted = await ack
        if any(code >= _REFUSED for code in granted):
            raise ConnectionRefusedError("the broker refuses a subscription")

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish at QoS 0; tell whether there was a connection to do it on."""
        return self._lane is not None and self._lane.publish(self._cell.outer(topic), payload, retain=retain)

    async def close(self) -> None:
        """Disconnect in good order, so that the Will is discarded; do not wait long for who does not answer."""
        if self._lane is not None:
            self._lane.flush()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._client.disconnect()
        except OSError:  # also TimeoutError: it is gone either way
            pass

    def _subscribed(
        self, _client: gmqtt.Client, mid: int, granted: tuple[int, ...], _properties: dict[str, Any]
    ) -> None:
        if (ack := self._acks.pop(mid, None)) is not None and not ack.done():
            ack.set_result(granted)

    def _disconnected(self, _client: gmqtt.Client, _packet: bytes, _error: Exception | None = None) -> None:
        self.lost.set()
        for ack in self._acks.values():
            if not ack.done():
                ack.set_exception(ConnectionResetError())


def silence_gmqtt() -> None:
    """Let gmqtt log nothing, at any level: it would log topics and payloads."""
    logger = logging.getLogger("gmqtt")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
