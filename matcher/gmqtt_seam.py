"""The seam to gmqtt: the way of the messages around it, and every private name of it that we touch.

gmqtt connects, proves who we are, subscribes, keeps the connection alive and takes leave. Messages, of which there are
five in and three out for each match, go around it: of what it spends on one, most is for logs that nobody may read, for
properties that MQTT 3.1.1 does not have, and for the question whether our callback is a coroutine.

    socket ── PUBLISH of QoS 0 and 1 ──► heard, and its PUBACK        publish ── all of a turn, in one write ──► socket
           ── any other packet ────────► gmqtt                          gmqtt ── what it says by itself ───────► socket
"""

import asyncio
import time
from collections.abc import Callable
from importlib import metadata
from typing import Final

import gmqtt
from gmqtt.mqtt.connection import MQTTConnection
from gmqtt.mqtt.package import Package
from typing_extensions import override

VERSION: Final = "0.8.0"
_OF_CONNECTION: Final = ("_last_data_in", "_last_data_out", "_protocol", "_transport")
_PUBLISH: Final = 0x30
_KIND: Final = 0xF0
_QOS: Final = 0x06
_QOS_1: Final = 0x02
_RETAIN: Final = 0x01
_PUBACK: Final = b"\x40\x02"
_MORE: Final = 0x80
_REST: Final = 0x7F
_LENGTH_BYTES: Final = 4  # at most, MQTT 3.1.1 §2.2.3


class Lane(asyncio.Protocol):
    """Stands between the socket and gmqtt, from when the connection is made until it is lost.

    Args:
        client: of gmqtt, connected, by MQTT 3.1.1.
        heard: is called with topic and payload of every message, in order.

    Raises:
        RuntimeError: when it is not the gmqtt that we know.
    """

    def __init__(self, client: gmqtt.Client, heard: Callable[[str, bytes], None]) -> None:
        if (found := metadata.version("gmqtt")) != VERSION:
            raise RuntimeError(f"the matcher needs gmqtt {VERSION}, here is {found}: run `make setup`")
        connection = getattr(client, "_connection", None)
        if not isinstance(connection, MQTTConnection):
            raise RuntimeError(f"gmqtt {VERSION} lacks _connection: reinstall it")  # noqa: TRY004  nobody gave a type
        missing = [name for name in _OF_CONNECTION if not hasattr(connection, name)]
        if missing:
            raise RuntimeError(f"gmqtt {VERSION} lacks {', '.join(missing)}: reinstall it")
        self._heard = heard
        self._connection = connection
        self._transport: asyncio.Transport = connection._transport
        self._inner: asyncio.StreamReaderProtocol = connection._protocol
        self._loop = asyncio.get_running_loop()
        self._rest = b""
        self._out: list[bytes] = []
        self._transport.set_protocol(self)

    def hurry(self, silence_s: float) -> None:
        """Give the connection up after so long without a word, asked for or not; gmqtt would wait two keep-alives."""
        self._connection.keepalive = silence_s / 2

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish at QoS 0, unless the connection is closing; it leaves with all of this turn of the loop."""
        if self._transport.is_closing():
            return False
        name = topic.encode()
        length = 2 + len(name) + len(payload)
        head = bytes((_PUBLISH | retain, *_spelled(length), *len(name).to_bytes(2, "big")))
        self._put(head + name + payload)
        return True

    def flush(self) -> None:
        """Write what was published; to be called before gmqtt is asked to write."""
        if self._out and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
            self._connection._last_data_out = time.monotonic()
        self._out.clear()

    def _put(self, packet: bytes) -> None:
        if not self._out:
            self._loop.call_soon(self.flush)
        self._out.append(packet)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    @override
    def data_received(self, data: bytes) -> None:
        self._connection._last_data_in = time.monotonic()
        data = self._rest + data if self._rest else data
        place, ends = 0, len(data)
        while ends - place > 1:
            start, length, factor = place + 1, 0, 1
            while True:
                if start == ends:
                    length = ends  # more than there is
                    break
                digit = data[start]
                start += 1
                length += (digit & _REST) * factor
                factor *= _MORE
                if digit < _MORE:
                    break
                if start - place > _LENGTH_BYTES:
                    self._transport.abort()  # no MQTT: nothing that comes after it can be read
                    return
            if start + length > ends:
                break
            self._take(data[place], data[start : start + length])
            place = start + length
        self._rest = data[place:]

    def _take(self, head: int, body: bytes) -> None:
        qos = head & _QOS
        if head & _KIND != _PUBLISH or qos > _QOS_1:
            self._connection.put_package(Package(head, body))
            return
        end = 2 + int.from_bytes(body[:2], "big")
        topic = body[2:end].decode("utf-8", "replace")
        if qos:
            self._put(_PUBACK + body[end : end + 2])
            end += 2
        self._heard(topic, body[end:])

    @override
    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        self._inner.pause_writing()

    @override
    def resume_writing(self) -> None:
        self._inner.resume_writing()


def _spelled(length: int) -> bytes:
    """Spell a remaining length, seven bits a byte (MQTT 3.1.1 §2.2.3)."""
    spelled = bytearray()
    while length >= _MORE:
        spelled.append(length & _REST | _MORE)
        length //= _MORE
    spelled.append(length)
    return bytes(spelled)
