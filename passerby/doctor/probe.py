"""One MQTT 3.1.1 connection of the doctor, over TCP or WebSocket, by paho-mqtt.

paho works in a thread of its own; here its news is brought into the event loop, and can be waited for. It never
reconnects by itself. Whom it speaks for, and what that means, it does not know. The cell is put on and taken off here.
"""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from broker.cells import NAMELESS, Cell
from stranger.client import Login, client_of, connected
from stranger.place import Place
from stranger.wire import REFUSED

ACCEPTED: Final = 0
_CODES: Final = {0: 0, 132: 1, 133: 2, 136: 3, 134: 4, 135: 5}  # paho tells CONNACKs in the numbers of MQTT 5


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that came."""

    topic: str
    payload: bytes
    retained: bool


class Probe:
    """A connection. `code` is that of the CONNACK, `seen` is what was delivered, `closed` that it is over."""

    def __init__(self, client: paho.Client, timeout_s: float, cell: Cell = NAMELESS) -> None:
        self.code: int | None = None
        self.seen: list[Delivery] = []
        self.closed = False
        self._client = client
        self._timeout_s = timeout_s
        self._cell = cell
        self._granted: dict[int, list[int]] = {}
        self._taken: set[int] = set()
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish

    @property
    def is_in(self) -> bool:
        """Whether it was let in, and is still there."""
        return self.code == ACCEPTED and not self.closed

    async def until(self, reached: Callable[[], object], within_s: float | None = None) -> bool:
        """Wait for something to have come; tells whether it has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timeout_s if within_s is None else within_s):
                while not reached() and not self.closed:
                    self._news.clear()
                    await self._news.wait()
        return bool(reached())

    async def subscribe(self, *filters: str) -> list[int]:
        """Subscribe with one packet; gives a code for each filter, all of them refusals when no answer comes."""
        _, mid = self._client.subscribe([(self._cell.outer(each), 0) for each in filters])
        if mid is None or not await self.until(lambda: mid in self._granted):
            return [REFUSED] * len(filters)
        return self._granted[mid]

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish at QoS 1; tells whether the broker has taken it, which it also says of what it drops."""
        message = self._client.publish(self._cell.outer(topic), payload, qos=1, retain=retain)
        return await self.until(lambda: message.mid in self._taken)

    def say(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0, and forget it."""
        self._client.publish(self._cell.outer(topic), payload)

    async def cut(self) -> None:
        """Break the connection without a word, so that the Will is said."""
        line = self._client.socket()
        if line is not None and line.fileno() >= 0:
            # Not closed but shut down: while paho's thread waits on it, the system would keep it open.
            with socket.socket(fileno=os.dup(line.fileno())) as same, contextlib.suppress(OSError):
                same.shutdown(socket.SHUT_RDWR)

    # ── in the thread of paho ────────────────────────────────────────────────────────────────────────────────────────

    def _on_connect(
        self, _c: paho.Client, _u: object, _f: paho.ConnectFlags, code: ReasonCode, _p: Properties | None
    ) -> None:
        self._tell(lambda: setattr(self, "code", _CODES.get(code.value, code.value)))

    def _on_disconnect(
        self, _c: paho.Client, _u: object, _f: paho.DisconnectFlags, _r: ReasonCode, _p: Properties | None
    ) -> None:
        self._tell(lambda: setattr(self, "closed", True))

    def _on_message(self, _c: paho.Client, _u: object, message: paho.MQTTMessage) -> None:
        topic = self._cell.inner(message.topic)
        self._tell(lambda: self.seen.append(Delivery(topic, bytes(message.payload), message.retain)))

    def _on_subscribe(
        self, _c: paho.Client, _u: object, mid: int, codes: list[ReasonCode], _p: Properties | None
    ) -> None:
        self._tell(lambda: self._granted.update({mid: [code.value for code in codes]}))

    def _on_publish(self, _c: paho.Client, _u: object, mid: int, _r: ReasonCode, _p: Properties) -> None:
        self._tell(lambda: self._taken.add(mid))

    def _tell(self, note: Callable[[], object]) -> None:
        def noted() -> None:
            note()
            self._news.set()

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(noted)


@contextlib.asynccontextmanager
async def knock(place: Place, login: Login, tls: ssl.SSLContext, timeout_s: float) -> AsyncIterator[Probe]:
    """Open a connection, send CONNECT and wait for the answer, which may be none; leave in good order.

    Raises:
        Unreachable: when there is nothing to send a CONNECT to.
    """
    client = client_of(place, login.within(place.cell), tls, timeout_s)
    probe = Probe(client, timeout_s, place.cell)
    await connected(client, place, "")
    client.loop_start()
    try:
        await probe.until(lambda: probe.code is not None)
        yield probe
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
