"""One MQTT 3.1.1 connection, over a WebSocket as a browser has it, or TCP, by paho-mqtt on the running event loop.

    open ─ CONNECT ─► in ── subscribe, say, sign ──►   ◄── message          … closed, once

paho decodes and keeps the connection alive; here its sockets are watched by the loop, so that there is no thread while
it lasts. It never reconnects: that is `link`'s. Whom it speaks for, and what that means, it does not know.
"""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from stranger.client import Client, Login, Unreachable, client_of, connected
from stranger.place import Place

NOT_AUTHORIZED: Final = 5
REFUSED: Final = 0x80
"""From here on the code in a SUBACK says no (MQTT 3.1.1 §3.9.3)."""

_CODES: Final = {0: 0, 132: 1, 133: 2, 136: 3, 134: 4, 135: 5}  # paho tells CONNACKs in the numbers of MQTT 5
_MISC_S: Final = 5.0


class TurnedAway(Exception):
    """The broker has refused the CONNECT; `code` is that of its CONNACK (MQTT 3.1.1 §3.2.2.3)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the broker refused with code {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class WirePorts:
    """What a connection tells: a message's topic and payload, and its end, once."""

    message: Callable[[str, bytes], None]
    closed: Callable[[], None]


class Wire:
    """A connection. Made by `open`."""

    def __init__(self, client: "Client", ports: WirePorts) -> None:
        self._client = client
        self._ports = ports
        self._loop = asyncio.get_running_loop()
        self._connack: asyncio.Future[int] = self._loop.create_future()
        self._acks: dict[int, Callable[[], None]] = {}
        self._subscribed: dict[int, asyncio.Future[bool]] = {}
        self._misc: asyncio.TimerHandle | None = None
        self._over = False
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_register_write
        client.on_socket_unregister_write = self._on_unregister_write

    @classmethod
    async def open(
        cls,
        place: Place,
        login: Login,
        ports: WirePorts,
        *,
        tls: ssl.SSLContext | None = None,
        source: str = "",
        timeout_s: float = 10.0,
    ) -> Self:
        """Connect, and wait for the broker's answer.

        Args:
            place: where to.
            login: as whom.
            ports: who hears of what comes.
            tls: how certificates are checked, where there is TLS.
            source: the address of this machine to come from; empty takes any.
            timeout_s: how long it may take.

        Raises:
            Unreachable: when there is nothing that answers.
            TurnedAway: when the broker refuses.
        """
        if tls is None and place.tls:
            tls = ssl.create_default_context()
        client = client_of(place, login, tls, timeout_s)
        wire = cls(client, ports)
        code: int | None = None  # also for who gives up in the moment in which the answer comes
        try:
            async with asyncio.timeout(timeout_s):
                await connected(client, place, source)
                wire._watch()
                code = await wire._connack
        except TimeoutError:
            raise Unreachable(f"the broker said nothing for {timeout_s:g} s") from None
        finally:
            if code != 0:
                wire.drop()
        if code:
            raise TurnedAway(code)
        return wire

    async def subscribe(self, *filters: str, within_s: float = 10.0) -> bool:
        """Subscribe with one packet; tells whether all of it was granted."""
        _, mid = self._client.subscribe([(each, 0) for each in filters])
        if mid is None or self._over:
            return False
        granted = self._subscribed[mid] = self._loop.create_future()
        try:
            return await asyncio.wait_for(granted, within_s)
        except TimeoutError:
            return False
        finally:
            self._subscribed.pop(mid, None)

    def listen(self, *filters: str) -> None:
        """Subscribe, without waiting to hear whether it was granted: what is said next is heard after it."""
        self._client.subscribe([(each, 0) for each in filters])

    def unsubscribe(self, *filters: str) -> None:
        """Hear of these no longer."""
        self._client.unsubscribe(list(filters))

    def say(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0."""
        self._client.publish(topic, payload)

    def sign(self, topic: str, payload: bytes, taken: Callable[[], None]) -> None:
        """Publish at QoS 1, and call back when the broker has it."""
        message = self._client.publish(topic, payload, qos=1)
        self._acks[message.mid] = taken

    async def flush(self, topic: str, payload: bytes, within_s: float = 1.0) -> None:
        """Publish a last thing at QoS 1, and wait for the broker to have it, or no longer than that."""
        taken = asyncio.Event()
        self.sign(topic, payload, taken.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await taken.wait()

    def close(self) -> None:
        """Leave in good order: nobody says the Will."""
        self._over = True
        self._client.disconnect()
        with contextlib.suppress(Exception):  # paho raises whatever the socket does
            self._client.loop_write()
        self._unwatch()

    def drop(self) -> None:
        """Break the connection without a word, so that the Will is said."""
        self._over = True
        line = self._client.socket()
        if line is not None and line.fileno() >= 0:
            with socket.socket(fileno=os.dup(line.fileno())) as same, contextlib.suppress(OSError):
                same.shutdown(socket.SHUT_RDWR)
        self._unwatch()

    def lose(self) -> None:
        """Give the connection up, as if it had ended by itself."""
        if not self._over:
            self.drop()
            self._ports.closed()

    # ── paho and the loop ────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        line = self._client.socket()
        if line is None:
            self._closed()
            return
        with socket.socket(fileno=os.dup(line.fileno())) as same, contextlib.suppress(OSError):
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each message is one that somebody waits for
        self._loop.add_reader(line.fileno(), self._readable)
        if _pending(line):
            self._loop.call_soon(self._readable)
        if self._client.want_write():
            self._loop.add_writer(line.fileno(), self._writable)
        self._tick()

    def _tick(self) -> None:
        self._misc = self._loop.call_later(_MISC_S, self._tick)
        self._client.loop_misc()

    def _readable(self) -> None:
        try:
            # What TLS has decrypted already, the loop does not see.
            while self._client.loop_read() == paho.MQTT_ERR_SUCCESS and _pending(self._client.socket()):
                pass
        except Exception:  # noqa: BLE001  whatever it is: paho raises what the socket does, and cannot go on
            self._closed()

    def _writable(self) -> None:
        try:
            self._client.loop_write()
        except Exception:  # noqa: BLE001  the same
            self._closed()

    def _on_register_write(self, _c: paho.Client, _u: object, line: object) -> None:
        if not self._over and (number := _fileno(line)) >= 0:
            self._loop.call_soon_threadsafe(self._add_writer, number)

    def _add_writer(self, number: int) -> None:
        if self._client.want_write() and _fileno(self._client.socket()) == number:
            self._loop.add_writer(number, self._writable)

    def _on_unregister_write(self, _c: paho.Client, _u: object, line: object) -> None:
        if (number := _fileno(line)) >= 0:
            self._loop.remove_writer(number)

    def _on_socket_close(self, _c: paho.Client, _u: object, line: object) -> None:
        if (number := _fileno(line)) >= 0:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)

    def _unwatch(self) -> None:
        if self._misc is not None:
            self._misc.cancel()
            self._misc = None
        for granted in self._subscribed.values():
            if not granted.done():
                granted.set_result(False)
        self._acks.clear()
        number = _fileno(self._client.socket())
        if number >= 0:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
            line = self._client.socket()
            if line is not None:
                line.close()

    def _closed(self) -> None:
        if not self._connack.done():
            self._connack.set_result(3)  # as one that is not available: it hung up instead of answering
        over, self._over = self._over, True
        self._unwatch()
        if not over:
            self._ports.closed()

    # ── what paho tells ──────────────────────────────────────────────────────────────────────────────────────────────

    def _on_connect(
        self, _c: paho.Client, _u: object, _f: paho.ConnectFlags, code: ReasonCode, _p: Properties | None
    ) -> None:
        if not self._connack.done():
            self._connack.set_result(_CODES.get(code.value, code.value))

    def _on_disconnect(
        self, _c: paho.Client, _u: object, _f: paho.DisconnectFlags, _r: ReasonCode, _p: Properties | None
    ) -> None:
        self._closed()

    def _on_message(self, _c: paho.Client, _u: object, message: paho.MQTTMessage) -> None:
        if not self._over:
            self._ports.message(message.topic, bytes(message.payload))

    def _on_subscribe(
        self, _c: paho.Client, _u: object, mid: int, codes: list[ReasonCode], _p: Properties | None
    ) -> None:
        granted = self._subscribed.get(mid)
        if granted is not None and not granted.done():
            granted.set_result(all(code.value < REFUSED for code in codes))

    def _on_publish(self, _c: paho.Client, _u: object, mid: int, _r: ReasonCode, _p: Properties) -> None:
        taken = self._acks.pop(mid, None)
        if taken is not None:
            taken()


def _fileno(line: object) -> int:
    number = getattr(line, "fileno", lambda: -1)()
    return number if isinstance(number, int) else -1


def _pending(line: object) -> bool:
    return bool(getattr(line, "pending", lambda: 0)())
