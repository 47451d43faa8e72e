"""The gate beside RabbitMQ: what its HTTP auth backend asks, one method each. Runs in a process of its own.

No I/O, no clock of its own: `rabbitmq_gate` holds the sockets. RabbitMQ asks in this order, and keeps a yes for as long
as the connection lasts:

    CONNECT ───► user ─► the gate's knows        vhost (only here it tells the address) ─► admits
    SUBSCRIBE ─► resource: the client's own queue, amq.topic        topic, read ─► may
    PUBLISH ───► resource: amq.topic                                topic, write ─► writes
    nothing ───► when a connection closes: its list of connections is looked at now and then ─► missing, departs
    orders ────► obey ─► whom to kick

It does not say on which listener somebody came in. So the names of service and desks are good from internal networks
only: others come through a proxy, which tells their own address.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from broker.gate import Gate, Internal
from broker.networks import Networks
from broker.orders import Order
from broker.policy import Action, Who, who_is
from broker.seats import SeatKeys

MANAGER: Final = "passerby-gate"
"""The name by which a gate comes to the management interface."""

VHOST: Final = "/"
EXCHANGE: Final = "amq.topic"
ALLOW: Final = "allow"
DENY: Final = "deny"
ADMINISTRATOR: Final = "allow administrator"

SKEW_S: Final = 5.0
"""How far the clock of a node may be from ours."""

_QUEUES: Final = ("mqtt-subscription-{}qos0", "mqtt-subscription-{}qos1")
_LEVELS: Final = str.maketrans(".*", "/+")  # RabbitMQ folds these, and no word of ours holds any of them

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A connection in RabbitMQ's list. `since` is in seconds since the Unix epoch, by the clock of its node."""

    name: str
    address: str
    since: float


class Attendant:
    """Puts RabbitMQ's questions to the gate.

    Args:
        gate: decides everything.
        internal: the networks that service and desks come from.
        managers: the passwords with which gates come to the management interface.
        clock: seconds since the Unix epoch.
    """

    def __init__(self, gate: Gate, internal: Networks, managers: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._gate = gate
        self._internal = internal
        self._managers = managers
        self._clock = clock
        self._admitted: dict[str, float] = {}

    def turn(self, keys: SeatKeys, internal: Internal, managers: tuple[str, ...]) -> None:
        """Take up other secrets."""
        self._gate.turn(keys, internal)
        self._managers = managers

    def answer(self, question: str, form: Form) -> str:
        """Answer one question; what is none is denied."""
        match question:
            case "user":
                return self._user(form)
            case "vhost":
                allowed = _is_one(form) and self._vhost(form)
            case "resource":
                allowed = _is_one(form) and _resource(form)
            case "topic":
                allowed = form.get("variable_map.client_id") == form.get("username") and self._topic(form)
            case _:
                allowed = False
        return ALLOW if allowed else DENY

    def obey(self, order: Order) -> list[str]:
        """Carry out an order; gives whom to kick."""
        return self._gate.obey(order, self._clock())

    def missing(self, found: Iterable[Found], before: float) -> list[str]:
        """Give who is here and not in RabbitMQ's list, which may be seconds old: `departs` those who are gone indeed.

        Who is in it with a later connection came again by another gate, and is forgotten.

        Args:
            found: the list.
            before: who came later than this need not be in it yet.
        """
        latest: dict[str, float] = {}
        for each in found:
            latest[each.name] = max(each.since, latest.get(each.name, 0.0))
        here = [(peer, self._admitted.get(peer, 0.0)) for peer in self._gate.here]
        for peer, admitted in here:
            if latest.get(peer, 0.0) > admitted + SKEW_S:
                self._gate.loses(peer)  # that gate has told of it
                self._admitted.pop(peer, None)
        return [peer for peer, admitted in here if peer not in latest and admitted < before]

    def departs(self, peer: str, before: float) -> None:
        """Note that a peer has gone, unless it came again since."""
        if self._admitted.get(peer, 0.0) < before:
            self._gate.departs(peer, self._clock())
            self._admitted.pop(peer, None)

    def take_in(self, found: Iterable[Found], before: float, elsewhere: frozenset[str]) -> list[str]:
        """Take in who is in the list and nowhere else, connected before this; gives whom to kick.

        So who was let in by a gate that is no more has one again, which can tell of it and put it out.
        """
        kicks: list[str] = []
        for each in found:
            known = each.name in elsewhere or each.name in self._gate.here
            if known or each.since > before or who_is(each.name) is not Who.PEER:
                continue
            try:
                welcome = self._gate.finds(each.name, each.address, self._clock())
            except ValueError:
                continue
            self._admitted[each.name] = each.since
            if not welcome:
                kicks.append(each.name)
        return kicks

    def _user(self, form: Form) -> str:
        name, secret = form.get("username", ""), form.get("password", "")
        if name == MANAGER and "client_id" not in form:
            known = [
                hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), word.encode()) for word in self._managers
            ]
            return ADMINISTRATOR if any(known) else DENY
        if not _is_one(form):
            return DENY
        return ALLOW if self._gate.knows(name, secret, internal=_is_internal(name)) else DENY

    def _vhost(self, form: Form) -> bool:
        name, address = form["username"], form.get("ip", "")
        if form.get("vhost") != VHOST:
            return False
        if _is_internal(name):
            try:
                return address in self._internal
            except ValueError:
                return False
        now = self._clock()
        if who_is(name) is not Who.PEER or not self._gate.admits(name, address, now):
            return False
        self._admitted[name] = now
        return True

    def _topic(self, form: Form) -> bool:
        if form.get("vhost") != VHOST or form.get("name") != EXCHANGE:
            return False
        name, topic = form.get("username", ""), form.get("routing_key", "").translate(_LEVELS)
        match form.get("permission"):
            case "read":
                return self._gate.may(name, Action.SUBSCRIBE, topic, self._clock())
            case "write":
                return self._gate.writes(name, topic, self._clock())
            case _:
                return False


def _is_one(form: Form) -> bool:
    """Tell whether ClientID and user name are one."""
    return "username" in form and form.get("client_id") == form["username"]


def _is_internal(name: str) -> bool:
    return who_is(name) in (Who.SERVICE, Who.STANDBY, Who.DESK)


def _resource(form: Form) -> bool:
    """Allow what the MQTT plugin does for a client: keep its queue, bind it to the exchange, and publish there."""
    if form.get("vhost") != VHOST:
        return False
    match form.get("resource"), form.get("name"), form.get("permission"):
        case "queue", str(queue), "configure" | "write" | "read":
            return queue in [each.format(form["username"]) for each in _QUEUES]
        case "exchange", "amq.topic", "write" | "read":
            return True
        case _:
            return False
