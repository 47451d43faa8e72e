"""A connection for crowds: speaks as `stranger.wire` does, with an eighth of its cost, and can do nothing else.

One protocol object on the event loop, no thread, no queue. It serves what a peer says and hears; what a broker might
send beside that is not looked at. Everywhere but in a crowd `stranger.wire` is the one to take.
"""

import asyncio
import base64
import contextlib
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from stranger.client import Login, Unreachable
from stranger.crowd import packets
from stranger.place import Door, Place
from stranger.wire import REFUSED, TurnedAway, WirePorts

KEEP_ALIVE_S: Final = 60
"""A peer says something every 20 s, so this needs no PINGREQ."""

TIMEOUT_S: Final = 15.0
_CLOSE, _PING, _PONG = 8, 9, 10


class Closed(Unreachable):
    """The door is shut in HTTP; `status` is its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the door answered {status} instead of opening a WebSocket")
        self.status = status


@dataclass(frozen=True, slots=True)
class Dialer:
    """Opens lines to one address, whatever the place's name would lead to by then."""

    address: str

    async def __call__(
        self, place: Place, login: Login, ports: WirePorts, *, tls: ssl.SSLContext | None = None, source: str = ""
    ) -> "Line":
        """Connect, and wait for the broker's answer.

        Raises:
            Unreachable: when there is nothing that answers, or not with a WebSocket.
            TurnedAway: when the broker refuses.
        """
        loop = asyncio.get_running_loop()
        line = Line(place, login, ports)
        context = (tls or ssl.create_default_context()) if place.tls else None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await loop.create_connection(
                    lambda: line,
                    self.address,
                    place.port,
                    ssl=context,
                    server_hostname=place.host if context is not None else None,
                    local_addr=(source, 0) if source else None,
                )
                code = await line.connack
        except TimeoutError:
            line.drop()
            raise Unreachable(f"nothing answered for {TIMEOUT_S:g} s") from None
        except OSError as error:
            raise Unreachable(str(error) or type(error).__name__) from None
        except BaseException:
            line.drop()
            raise
        if code:
            line.drop()
            raise TurnedAway(code)
        return line


class Line(asyncio.Protocol):
    """A connection. Made by a `Dialer`."""

    def __init__(self, place: Place, login: Login, ports: WirePorts) -> None:
        self.connack: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._place, self._ports = place, ports
        self._login: Login | None = login
        self._transport: asyncio.Transport | None = None
        self._framed = place.door is not Door.TCP
        self._open = not self._framed
        self._frames, self._packets = bytearray(), bytearray()
        self._acks: dict[int, Callable[[], None]] = {}
        self._granted: dict[int, asyncio.Future[bool]] = {}
        self._id = 0
        self._over = False

    # ── what it can say ──────────────────────────────────────────────────────────────────────────────────────────────

    async def subscribe(self, *filters: str, within_s: float = 10.0) -> bool:
        """Subscribe with one packet; tells whether all of it was granted."""
        number = self._next_id()
        granted = self._granted[number] = asyncio.get_running_loop().create_future()
        self._send(packets.subscribe(filters, number))
        try:
            return await asyncio.wait_for(granted, within_s)
        except TimeoutError:
            return False
        finally:
            self._granted.pop(number, None)

    def listen(self, *filters: str) -> None:
        """Subscribe, without waiting to hear whether it was granted."""
        self._send(packets.subscribe(filters, self._next_id()))

    def unsubscribe(self, *filters: str) -> None:
        """Hear of these no longer."""
        self._send(packets.unsubscribe(filters, self._next_id()))

    def say(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0."""
        self._send(packets.publish(topic, payload))

    def sign(self, topic: str, payload: bytes, taken: Callable[[], None]) -> None:
        """Publish at QoS 1, and call back when the broker has it."""
        number = self._next_id()
        self._acks[number] = taken
        self._send(packets.publish(topic, payload, number))

    async def flush(self, topic: str, payload: bytes, within_s: float = 1.0) -> None:
        """Publish a last thing at QoS 1, and wait for the broker to have it, or no longer than that."""
        taken = asyncio.Event()
        self.sign(topic, payload, taken.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await taken.wait()

    def close(self) -> None:
        """Leave in good order: nobody says the Will."""
        self._send(packets.DISCONNECT)
        self._end()

    def drop(self) -> None:
        """Break the connection without a word, so that the Will is said."""
        if self._transport is not None:
            self._transport.abort()
        self._end()

    def lose(self) -> None:
        """Give the connection up, as if it had ended by itself."""
        if not self._over:
            self.drop()
            self._ports.closed()

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packets.frame(data) if self._framed else data)

    def _next_id(self) -> int:
        self._id = self._id % 0xFFFF + 1
        return self._id

    def _end(self) -> None:
        self._over = True
        for granted in self._granted.values():
            if not granted.done():
                granted.set_result(False)
        self._acks.clear()
        if self._transport is not None:
            self._transport.close()

    # ── what comes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the WebSocket, or say CONNECT at once."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        if not self._framed:
            self._enter()
            return
        key = base64.b64encode(os.urandom(16)).decode()
        origin = f"Origin: {self._place.origin}\r\n" if self._place.door is Door.PAGE else ""
        self._transport.write(
            f"GET {self._place.path} HTTP/1.1\r\nHost: {self._place.authority}\r\n{origin}Upgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: mqtt\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why does not matter
        """Tell, unless it was asked for."""
        self._transport = None
        if not self.connack.done():
            self.connack.set_exception(Unreachable("it hung up"))
            self.connack.exception()  # somebody may have stopped waiting for it
        over = self._over
        self._end()
        if not over:
            self._ports.closed()

    def data_received(self, data: bytes) -> None:
        """Unpack HTTP once, then frames, then packets."""
        if not self._framed:
            self._packets += data
        else:
            self._frames += data
            if not self._open and not self._upgraded():
                return
            while (taken := packets.take_frame(self._frames)) is not None:
                self._framed_in(*taken)
        while not self._over and (packet := packets.take_packet(self._packets)) is not None:
            self._heard(*packet)

    def _upgraded(self) -> bool:
        head, end, rest = self._frames.partition(b"\r\n\r\n")
        if not end:
            return False
        status = head.split(b" ", 2)[1:2]
        if status != [b"101"]:
            if not self.connack.done():
                self.connack.set_exception(Closed(int(status[0]) if status and status[0].isdigit() else 0))
            self.drop()
            return False
        self._frames, self._open = rest, True
        self._enter()
        return True

    def _enter(self) -> None:
        login, self._login = self._login, None
        if login is not None:
            self._send(packets.connect(login, KEEP_ALIVE_S))

    def _framed_in(self, opcode: int, content: bytes) -> None:
        if opcode == _CLOSE:
            if self._transport is not None:
                self._transport.close()
        elif opcode == _PING:
            if self._transport is not None:
                self._transport.write(packets.frame(content, _PONG))
        elif opcode != _PONG:
            self._packets += content

    def _heard(self, first: int, body: bytes) -> None:
        match first >> 4:
            case packets.PUBLISH:
                topic, payload, number = packets.take_message(first, body)
                if number:
                    self._send(packets.packet(0x40, number.to_bytes(2, "big")))
                self._ports.message(topic, payload)
            case packets.PUBACK:
                if (taken := self._acks.pop(int.from_bytes(body[:2], "big"), None)) is not None:
                    taken()
            case packets.SUBACK:
                granted = self._granted.get(int.from_bytes(body[:2], "big"))
                if granted is not None and not granted.done():
                    granted.set_result(all(code < REFUSED for code in body[2:]))
            case packets.CONNACK:
                if not self.connack.done():
                    self.connack.set_result(body[1])
            case _:
                pass
