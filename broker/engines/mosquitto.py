"""The gate inside Mosquitto: what the broker asks and tells, one method each. Runs in the broker's own process.

Mosquitto calls C (`mosquitto_plugin/plugin.c`), C calls Python through cffi (`mosquitto_plugin/boot.py`), and that
calls here. No I/O, no clock of its own, standard library only; whatever fails out there is a refusal.

    CONNECT ──► admits ─► the gate's knows, admits        close ──► gone ─► departs
    SUBSCRIBE ► grants ─► subscribe                       $CONTROL/passerby/v1 ──► control ─► obey
    PUBLISH ──► passes ─► publish; over a limit (of both): last words at once, the kick when it is quiet
    a Will ───► passes ─► may, spend; of connections only that had been let in
    tick, some times a second ──► tick ─► who is to go is kicked; facts to v1/gate/{name} while the service listens

A connection is known by its number, the address of the broker's record of it, and never by a name: also who was refused
has a name, and may have taken another's.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NewType, Protocol

from broker import topics
from broker.cells import NAMELESS, Cell
from broker.facts import FACTS_PER_BATCH
from broker.gate import Gate, Internal, Verdict
from broker.orders import CONTROL, read
from broker.policy import SERVICE, Action, Who, who_is
from broker.seats import SeatKeys

BATCHES_PER_TICK: Final = 8
"""Facts that have piled up leave bit by bit, so that nobody waits for them."""

PATIENCE: Final = 240
"""How many packets of a peer that is being cut off are still read and dropped; see `_Cut`."""

Connection = NewType("Connection", int)

_EVERY_GATE = f"{topics.ROOT}/gate/+"


@dataclass(slots=True)
class _Cut:
    """A peer that has heard its last words, and is disconnected as soon as it is quiet, or goes on for too long.

    A connection that is closed with something unread is reset, and the last words might be lost with it.
    """

    name: str
    dropped: int = 0
    seen: int = -1  # dropped, when it was looked at last


class Port(Protocol):
    """What the gate asks of its broker."""

    def send(self, topic: str, payload: bytes, *, to: str | None = None) -> None:
        """Publish, QoS 0, to who listens; or hand it to one client. It leaves in the broker's next turn."""

    def kick(self, name: str) -> None:
        """Disconnect a client, and let its Will be said."""

    def stir(self) -> None:
        """Ask for a tick soon."""


class Attendant:
    """Stands at the broker's side and puts its questions to the gate.

    Args:
        gate: decides everything.
        port: the broker.
        clock: seconds since the Unix epoch.
        cell: what all topics of this broker are in.
    """

    def __init__(self, gate: Gate, port: Port, clock: Callable[[], float], cell: Cell = NAMELESS) -> None:
        self._gate = gate
        self._cell = cell
        self._port = port
        self._clock = clock
        self._names: dict[Connection, str] = {}
        self._here: dict[str, Connection] = {}
        self._just_gone: tuple[Connection, str] | None = None
        self._kicks: dict[Connection, str] = {}
        self._cuts: dict[Connection, _Cut] = {}
        self._listening = False

    def admits(
        self,
        connection: Connection,
        client_id: str,
        name: str,
        password: str,
        address: str,
        *,
        internal: bool,
        clean: bool,
    ) -> bool:
        """Let a client in, or not. ClientID and user name are one, and no session outlives its connection."""
        gate = self._gate
        self._just_gone = None  # its Will would have come before anybody else is asked about
        if client_id != name or not clean or not gate.knows(name, password, internal=internal):
            return False
        if self._names.get(connection) == name:
            return True  # a reload asks again for everybody who is here: nobody has come
        if not internal and not gate.admits(name, address, self._clock()):
            return False
        self._names[connection] = name
        self._here[name] = connection
        self._stir_for_facts()
        return True

    def grants(self, connection: Connection, filter_: str) -> bool:
        """Answer one filter of a SUBSCRIBE."""
        name = self._names.get(connection)
        if name is None or self._drops(connection):
            return False
        filter_ = self._cell.inner(filter_)
        verdict = self._gate.subscribe(name, filter_, self._clock())
        if verdict is Verdict.CUT:
            self._cut(name)
        if name == SERVICE and filter_ == _EVERY_GATE:
            self._listening = verdict is Verdict.PASS
        return verdict is Verdict.PASS

    def passes(self, connection: Connection, topic: str, size: int, *, retain: bool) -> bool:
        """Let a publish through, or drop it; or a Will, which comes when its connection is no longer its client's."""
        name = self._names.get(connection)
        if name is None or self._here.get(name) != connection:
            return self._passes_will(connection, topic, size, retain=retain)
        if self._drops(connection):
            return False
        if topic == CONTROL and name == SERVICE:
            return not retain
        verdict = self._gate.publish(name, self._cell.inner(topic), size, self._clock(), retain=retain)
        if verdict is Verdict.CUT:
            self._cut(name)
        return verdict is Verdict.PASS

    def gone(self, connection: Connection) -> None:
        """Note that a connection has closed. Those that were never let in are told here, too."""
        name = self._names.pop(connection, None)
        self._kicks.pop(connection, None)
        self._cuts.pop(connection, None)
        self._just_gone = None if name is None else (connection, name)
        if name is None:
            return
        if self._here.get(name) != connection:
            return  # taken over: the name is here still
        del self._here[name]
        if name == SERVICE:
            self._listening = False
        elif who_is(name) is Who.PEER:
            self._gate.departs(name, self._clock())
            self._stir_for_facts()

    def control(self, connection: Connection, payload: bytes) -> None:
        """Obey an order of the service; what is none is counted, and changes nothing."""
        if self._names.get(connection) != SERVICE:
            return
        try:
            order = read(payload)
        except ValueError:
            self._gate.malformed(SERVICE)
            return
        for name in self._gate.obey(order, self._clock()):
            self._kick(name)
        self._stir_for_facts()

    def tick(self) -> None:
        """Do what had to wait until the broker is done with what it was doing."""
        self._look_at_cuts()
        kicks, self._kicks = self._kicks, {}
        for connection, name in kicks.items():
            if self._here.get(name) == connection:
                self._port.kick(name)
        for _ in range(BATCHES_PER_TICK):
            if not self._listening or not (batch := self._gate.facts()):
                return
            message = {"kind": "facts", "gate": self._gate.name, "facts": batch}
            topic = self._cell.outer(topics.gate(self._gate.name))
            self._port.send(topic, json.dumps(message, separators=(",", ":")).encode())
        self._stir_for_facts()

    def turn(self, keys: SeatKeys, internal: Internal) -> None:
        """Take up other secrets."""
        self._gate.turn(keys, internal)

    def _passes_will(self, connection: Connection, topic: str, size: int, *, retain: bool) -> bool:
        gone, self._just_gone = self._just_gone, None
        name = self._names.get(connection)
        if name is None and gone is not None and gone[0] == connection:
            name = gone[1]
        if name is None:
            return False  # it had never proven its name
        action, topic = Action.WILL_RETAINED if retain else Action.WILL, self._cell.inner(topic)
        return self._gate.may(name, action, topic, self._clock()) and self._gate.spend(name, topic, size, self._clock())

    def _cut(self, name: str) -> None:
        topic, last_words = self._gate.last_words(name)
        self._port.send(self._cell.outer(topic), last_words, to=name)
        self._cuts[self._here[name]] = _Cut(name)
        self._port.stir()

    def _drops(self, connection: Connection) -> bool:
        """Tell whether this is of a peer that is being cut off; the gate is not asked about it any more."""
        cut = self._cuts.get(connection)
        if cut is not None:
            cut.dropped += 1
        return cut is not None

    def _look_at_cuts(self) -> None:
        for connection, cut in self._cuts.items():
            if cut.dropped == cut.seen or cut.dropped >= PATIENCE:
                self._kicks[connection] = cut.name
            else:
                cut.seen = cut.dropped
                self._port.stir()

    def _kick(self, name: str) -> None:
        connection = self._here.get(name)
        if connection is not None:
            self._kicks[connection] = name
            self._port.stir()

    def _stir_for_facts(self) -> None:
        if self._listening and self._gate.pending >= FACTS_PER_BATCH:
            self._port.stir()
