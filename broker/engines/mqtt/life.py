"""One connection of a client, from its first byte to its last: the place where an embedded gate is asked.

    client                              life                                  gate          amqtt
      │ CONNECT, within 5 s ────────────► ├─ who are you, may you come in ─────► knows, admits, may(Will)
      │ ◄──────────────── CONNACK 5, end  ┤ no: amqtt never hears of it
      │                                   ├─ yes: a bare CONNECT ───────────────────────────► CONNACK ─► client
      │ SUBSCRIBE ──────────────────────► ├─ whole and well-formed? ────────────────────────► asks the gate per filter
      │                                   │  nothing more is read until the SUBACK has left
      │ PUBLISH ────────────────────────► ├─────────────────────────────────────► publish      Core routes, or dropped
      │ ◄──────────────────────── PUBLISH ┤ ◄── every delivery ───────────────── may(RECEIVE) ◄ Core
      │ DISCONNECT, or silence ─────────► ├─ the Will, if any, departs ─────────► departs    ► forgets the session

Whatever is malformed ends this connection, and so does not reading what comes; nobody else notices.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode

from broker.cells import Cell
from broker.engines.mqtt.amqtt_seam import Core, Inlet, Outlet
from broker.engines.mqtt.bounds import Bounds
from broker.engines.mqtt.deliveries import Deliveries, Slow
from broker.engines.mqtt.framing import Framer, Malformed, Packet, Type
from broker.engines.mqtt.packets import (
    PINGREQ,
    PINGRESP,
    Connect,
    ConnectCode,
    Publish,
    Will,
    answer,
    connack,
    plain_connect,
    puback,
    read_connect,
    read_empty,
    read_puback,
    read_publish,
    read_subscribe,
    read_unsubscribe,
)
from broker.engines.mqtt.wires import Hangup, Wire
from broker.gate import Gate, Verdict
from broker.orders import CONTROL
from broker.policy import SERVICE, Action

_LEVEL = 4
_ASKED = frozenset({Type.SUBACK, Type.UNSUBACK, Type.PINGRESP})
_PART_S = 2.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all lives at one broker share.

    `here` holds those that were let in, by name; `stir` says that facts are new; `order` carries out an order's bytes;
    `cell` is what all topics are in.
    """

    gate: Gate
    core: Core
    clock: Callable[[], float]
    bounds: Bounds
    here: dict[str, "Life"]
    stir: Callable[[], None]
    order: Callable[[bytes], None]
    cell: Cell


class Life:
    """One connection. `internal` is true on the listener for service and desks."""

    def __init__(self, wire: Wire, around: Surroundings, *, internal: bool) -> None:
        bounds = around.bounds
        self.internal = internal
        self._wire = wire
        self._around = around
        self._framer = Framer(bounds.internal_bytes if internal else bounds.peer_bytes)
        self._name = ""
        self._will: Will | None = None
        self._inlet = Inlet()
        self._outlet = Outlet(self._pass_on, wire.drain)
        self._out = Deliveries(wire, bounds.internal_unread_bytes if internal else bounds.peer_unread_bytes)
        self._slow = False
        self._answered = asyncio.Event()
        self._hosting: asyncio.Task[None] | None = None
        self._hosted = False
        self._task: asyncio.Task[None] | None = None
        self._ending = False
        self._gone = asyncio.Event()
        self._code = WSCloseCode.OK

    def start(self) -> asyncio.Task[None]:
        """Begin; the task ends when the connection is closed, and never fails."""
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._gone.set())
        return self._task

    async def end(self, code: WSCloseCode) -> None:
        """End it from outside; returns when the broker has forgotten it. The goodbye on the wire may take longer."""
        self._cancel(code)
        await self._gone.wait()

    def deliver(self, topic: str, payload: bytes, qos: int, *, retain: bool) -> None:
        """Send a message that this client listens to, when the gate lets it; cuts it off when it does not read."""
        around = self._around
        if self._ending or not around.gate.may(self._name, Action.RECEIVE, around.cell.inner(topic), around.clock()):
            return
        try:
            self._out.publish(topic, payload, qos, retain=retain)
        except Slow:
            self._cut_off()

    def say_last_words(self) -> None:
        """Tell why, and end it: this peer is over a limit of the gate's."""
        topic, last_words = self._around.gate.last_words(self._name)
        with contextlib.suppress(Slow):
            self._out.publish(self._around.cell.outer(topic), last_words, 0)
        self._cancel(WSCloseCode.POLICY_VIOLATION)

    def _cut_off(self) -> None:
        self._slow = True
        self._cancel(WSCloseCode.POLICY_VIOLATION)

    def _cancel(self, code: WSCloseCode) -> None:
        if self._task is not None and not self._ending:
            self._ending, self._code = True, code
            self._task.cancel()

    async def _run(self) -> None:
        try:
            connect = read_connect(await self._next(self._around.bounds.connect_s))
            answer = await self._enter(connect)
            if answer is ConnectCode.ACCEPTED:
                await self._converse(connect)
            else:
                self._code = WSCloseCode.POLICY_VIOLATION
                await self._reply(connack(answer))
        except Malformed:
            self._code = WSCloseCode.PROTOCOL_ERROR
            self._around.gate.malformed(self._name)
        except (Hangup, TimeoutError, asyncio.CancelledError):
            pass  # cancelled by `end`: taken over, kicked, or the engine stops; it has set the code
        finally:
            self._ending = True
            await self._depart()
            self._gone.set()
            await self._wire.close(self._code, drain=not self._slow)

    async def _next(self, patience_s: float | None) -> Packet:
        async with asyncio.timeout(patience_s):
            while (packet := self._framer.next()) is None:
                self._framer.feed(await self._wire.read())
        return packet

    async def _enter(self, connect: Connect) -> ConnectCode:
        """Ask the gate; registers the life and takes over from an older one, when it may come in."""
        if connect.level != _LEVEL:
            return ConnectCode.WRONG_LEVEL
        if not self._proven(connect):
            return ConnectCode.REFUSED
        name, around = connect.username, self._around
        while (older := around.here.get(name)) is not None:
            await older.end(WSCloseCode.POLICY_VIOLATION)
        # No await from here to the registration: of two that come at once, one takes over from the other.
        if not self.internal:
            if not around.gate.admits(name, self._wire.address, around.clock()):
                return ConnectCode.REFUSED
            around.stir()
        self._name, self._will = name, connect.will
        around.here[name] = self
        return ConnectCode.ACCEPTED

    def _proven(self, connect: Connect) -> bool:
        gate, name, will = self._around.gate, connect.username, connect.will
        if connect.client_id != name or not (connect.clean or self.internal):
            return False
        if not gate.knows(name, connect.password, internal=self.internal):
            return False
        if will is None:
            return True
        now = self._around.clock()
        action, topic = Action.WILL_RETAINED if will.retain else Action.WILL, self._around.cell.inner(will.topic)
        return gate.may(name, action, topic, now) and gate.spend(name, topic, len(will.payload), now)

    async def _converse(self, connect: Connect) -> None:
        self._hosting = asyncio.create_task(self._around.core.host(self._name, self._inlet, self._outlet))
        self._hosting.add_done_callback(self._broker_ended)
        # amqtt that meets the end of a stream before it has begun to listen waits for ever: the ping says that it has.
        await self._ask(plain_connect(self._name) + PINGREQ)
        self._hosted = True
        patience_s = self._patience_s(connect.keep_alive_s)
        while await self._take(await self._next(patience_s)):
            pass

    def _patience_s(self, keep_alive_s: int) -> float | None:
        """How long a client may be silent: one and a half times its keep-alive (MQTT 3.1.1 §3.1.2.10)."""
        longest = None if self.internal else self._around.bounds.idle_s
        wanted = 1.5 * keep_alive_s if keep_alive_s else longest
        return wanted if longest is None or wanted is None else min(wanted, longest)

    def _broker_ended(self, hosting: asyncio.Task[None]) -> None:
        if not hosting.cancelled():
            hosting.exception()  # looked at, so that asyncio does not print it: it names the client
        self._cancel(WSCloseCode.INTERNAL_ERROR)

    async def _take(self, packet: Packet) -> bool:
        """Do what a packet wants; false when it was the last."""
        match packet.type:
            case Type.PUBLISH:
                await self._publish(packet)
            case Type.SUBSCRIBE:
                read_subscribe(packet)
                await self._ask(packet.raw)
            case Type.UNSUBSCRIBE:
                read_unsubscribe(packet)
                await self._ask(packet.raw)
            case Type.PUBACK:
                self._out.acknowledged(read_puback(packet))
            case Type.PINGREQ:
                read_empty(packet)
                await self._reply(PINGRESP)
            case Type.DISCONNECT:
                read_empty(packet)
                self._will = None
                return False
            case _:
                raise Malformed("a second CONNECT")
        return True

    async def _publish(self, packet: Packet) -> None:
        message = read_publish(packet)
        if message.topic == CONTROL and self._name == SERVICE:
            await self._ordered(message)
            return
        gate, now, size = self._around.gate, self._around.clock(), len(message.payload)
        verdict = gate.publish(self._name, self._around.cell.inner(message.topic), size, now, retain=message.retain)
        if verdict is Verdict.CUT:
            self.say_last_words()
            return
        if verdict is Verdict.PASS:
            qos = 0 if message.packet_id is None else 1
            await self._around.core.publish(message.topic, message.payload, qos, retain=message.retain)
        if message.packet_id is not None:
            await self._reply(puback(message.packet_id))  # also when dropped: MQTT 3.1.1 has no other answer (§3.3.5)
        await asyncio.sleep(0)  # many in one frame: let the others have their turn

    async def _ordered(self, message: Publish) -> None:
        """Carry out an order: it comes behind what the service has said before, and so does what follows from it."""
        if not message.retain:
            self._around.order(message.payload)
        if message.packet_id is not None:
            await self._reply(puback(message.packet_id))

    async def _ask(self, packet: bytes) -> None:
        """Hand a packet to amqtt and wait until its answer has left, so that nothing overtakes a SUBSCRIBE."""
        self._answered.clear()
        self._inlet.feed(packet)
        async with asyncio.timeout(self._around.bounds.connect_s):
            await self._answered.wait()

    async def _reply(self, packet: bytes) -> None:
        self._send(packet)
        async with asyncio.timeout(self._around.bounds.connect_s):
            await self._wire.drain()

    def _send(self, packet: bytes) -> None:
        try:
            self._out.send(packet)
        except Slow:
            self._cut_off()

    def _pass_on(self, packet: bytes) -> None:
        """Send what amqtt answers. Messages do not come this way, so none can get around `deliver`."""
        try:
            kind = answer(packet)
        except Malformed:
            return
        if kind is not Type.PINGRESP:  # the client's own pings are answered here
            self._send(packet)
        if kind in _ASKED:
            self._answered.set()

    async def _depart(self) -> None:
        """Have the broker forget this client, then say its Will: all of it before a successor is let in."""
        around = self._around
        if self._hosting is not None:
            await self._outlet.close()
            self._inlet.feed_eof()
            if not self._hosted:
                self._hosting.cancel()
            _, still = await asyncio.wait([self._hosting], timeout=_PART_S)
            for task in still:
                task.cancel()
                await asyncio.wait([task], timeout=_PART_S)
        if around.here.get(self._name) is not self:
            return
        del around.here[self._name]
        if not self.internal:
            around.gate.departs(self._name, around.clock())
            around.stir()
        if self._will is not None:
            await around.core.publish(self._will.topic, self._will.payload, self._will.qos, retain=self._will.retain)
