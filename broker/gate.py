"""The gate: admits, limits, bans (DESIGN.md §7). The same file runs inside every broker that carries us.

Pure: no I/O, no clock, standard library only; `now` is always seconds since the Unix epoch, given by the shell. It
knows addresses only for as long as a call lasts; what it keeps is an address key. It keeps nothing per match.

    CONNECT ─► knows, admits ─► a fact for the service          close ─► departs ─► a fact
    Will, delivery ─► may, spend                                nonsense ─► malformed
    of a broker that tells less: finds, loses ─► who is here    writes ─► any way to publish
    PUBLISH ─► publish (may, spend, and not too fast) ┐
    SUBSCRIBE ─► subscribe (may, and not too fast) ───┴► do it, drop it, or say the last words and disconnect
    service ─► obey ─► who to disconnect now                    tick ─► facts ─► v1/gate/{name}
"""

import hmac
import json
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from broker import identity, networks, policy, topics
from broker.addresses import AddressKey, Salts
from broker.bars import Bars
from broker.facts import FACTS_PER_BATCH, Fact, Facts
from broker.firewall import Teller
from broker.limits import Limits
from broker.networks import Network
from broker.orders import Ban, BanNetwork, Kick, Lift, LiftNetwork, Networks, Order, Tell
from broker.policy import PAYLOAD_BYTES, RULES, SESSION_PAYLOAD_BYTES, Action, Rule, Who
from broker.rates import NEVER
from broker.seats import SeatKeys, Verifier
from broker.topics import Kind, Topic

RETRY_S: Final = 30
"""When a peer that was cut off is asked to come back."""


class Verdict(Enum):
    """What becomes of a publish, or of a filter."""

    PASS = auto()
    DROP = auto()
    CUT = auto()  # and of its peer: say the `last_words`, and disconnect it


@dataclass(slots=True)
class _Live:
    """An admitted peer."""

    address: AddressKey
    messages: float = NEVER
    volume: float = NEVER
    over: str | None = None  # which limit, once it was
    spared: bool = False  # it comes from a network that is never banned


Internal: TypeAlias = Mapping[str, str | tuple[str, ...]]


class Gate:
    """One gate. See the module's drawing for who calls what, and when.

    Args:
        name: of this gate, for its topic `v1/gate/{name}`.
        keys: verify seats.
        salts: turn addresses into keys.
        internal: the passwords of service and desks by name, good on the internal listener only; several of one name
            while they turn.
        limits: what may be held.
        rules: the policy.
        firewall: told whom this gate refuses as banned, within that call (broker/firewall.py); None tells nobody.

    Raises:
        ValueError: when an internal name is not `service` or `desk-…`.
    """

    def __init__(
        self,
        *,
        name: str,
        keys: SeatKeys,
        salts: Salts,
        internal: Internal,
        limits: Limits | None = None,
        rules: Iterable[Rule] = RULES,
        firewall: Teller | None = None,
    ) -> None:
        self.name = name
        self.limits = limits or Limits()
        self._verify = Verifier(keys, self.limits.verified)
        self._salts = salts
        self._internal = _passwords(internal)
        self._table = policy.table_of(rules)
        self._firewall = firewall
        self._connects = self.limits.connects
        self._live: dict[str, _Live] = {}
        self._at: dict[AddressKey, set[str]] = {}
        self._bars = Bars(self.limits.bans)
        self._comings: OrderedDict[AddressKey, float] = OrderedDict()
        self._budgets: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._again: deque[str | Fact] = deque()  # who and what is still to be told again
        self._facts = Facts(self.limits.facts, self.limits.tallies)

    def turn(self, keys: SeatKeys, internal: Internal) -> None:
        """Take up other secrets. Who is connected stays so; seats of a key that is no more are refused from now on.

        Raises:
            ValueError: when an internal name is not `service` or `desk-…`; the secrets before stay.
        """
        self._internal = _passwords(internal)
        self._verify = Verifier(keys, self.limits.verified)

    def knows(self, name: str, secret: str, *, internal: bool = False) -> bool:
        """Tell whether a client is who it says: peers on public listeners, service, standby and desks internally."""
        who = policy.who_is(name)
        if internal:
            shown = _utf8(secret)
            user = policy.SERVICE if who is Who.STANDBY else name
            known = any(hmac.compare_digest(expected, shown) for expected in self._internal.get(user, ()))
        else:
            known = who is Who.PEER and identity.proves(name, secret)
        if not known:
            self._facts.count("unknown")
        return known

    def admits(self, peer: str, address: str, now: float) -> bool:
        """Let a peer in from an address, or not: banned, too many there, or too fast. What is let in must `depart`."""
        try:
            keys = self._salts.living(address, now)
            spared = self._bars.spare(address)
            barred = not spared and self._bars.keep_out(address, keys, now)
        except ValueError:
            self._facts.count("no-address")
            return False
        if barred:
            self._facts.count("banned")
            if self._firewall is not None:
                self._firewall(address, self._bars.seconds(address, keys, now))
            return False
        here = keys[0]
        others = self._at.get(here, set()) - {peer}
        if len(others) >= self.limits.connections_per_address:
            self._facts.count("crowded")
            return False
        if not self._comes(here, now):
            self._facts.count("hurried")
            return False
        self._leave(peer)  # a take-over: the old connection counts no more
        self._live[peer] = live = _Live(here, spared=spared)
        self._at.setdefault(here, set()).add(peer)
        self._facts.tell(_on(peer, live))
        return True

    def finds(self, peer: str, address: str, now: float) -> bool:
        """Take in a peer that is here already, let in before this gate began; False when it is kept out: disconnect it.

        Raises:
            ValueError: when this is no address.
        """
        keys = self._salts.living(address, now)
        self._leave(peer)
        self._live[peer] = live = _Live(keys[0], spared=self._bars.spare(address))
        self._at.setdefault(live.address, set()).add(peer)
        self._facts.tell(_on(peer, live))
        return live.spared or not self._bars.keep_out(address, keys, now)

    def loses(self, peer: str) -> None:
        """Forget a peer that another gate has let in since: that one tells of it."""
        self._leave(peer)

    @property
    def here(self) -> Collection[str]:
        """Who was admitted, and has not departed."""
        return self._live.keys()

    def departs(self, peer: str, now: float) -> None:  # noqa: ARG002  every question to a gate says when it is asked
        """Note that the connection of an admitted peer has closed."""
        if self._leave(peer):
            self._facts.tell({"kind": "off", "peer": peer})

    def may(self, name: str, action: Action, topic: str, now: float) -> bool:
        """Ask the policy. Needs no connection, so it answers for Wills after it, too."""
        allowed = policy.allows(name, action, topic, now, self._verify, self._table)
        if not allowed and action is not Action.RECEIVE:
            self._facts.count(f"denied-{action.replace('_', '-')}", name)
        return allowed

    def writes(self, name: str, topic: str, now: float) -> bool:
        """Ask the policy whether a client may publish there in any way, of a broker that does not say in which."""
        parsed = topics.parse(topic)
        ways = (Action.PUBLISH, Action.PUBLISH_RETAINED, Action.WILL, Action.WILL_RETAINED)
        allowed = parsed is not None and any(
            policy.permits(name, way, parsed, now, self._verify, self._table) for way in ways
        )
        if not allowed:
            self._facts.count("denied-publish", name)
        return allowed

    def publish(self, name: str, topic: str, size: int, now: float, *, retain: bool = False) -> Verdict:
        """Judge a publish of `size` bytes by all that holds for it. `CUT` is said once for a connection."""
        parsed = topics.parse(topic)
        action = Action.PUBLISH_RETAINED if retain else Action.PUBLISH
        if parsed is None or not policy.permits(name, action, parsed, now, self._verify, self._table):
            self._facts.count(f"denied-{action.replace('_', '-')}", name)
            verdict = Verdict.DROP
        else:
            verdict = Verdict.PASS if self._fits(name, parsed, size) else Verdict.DROP
        return self._paced(name, verdict, size, now)

    def subscribe(self, name: str, filter_: str, now: float) -> Verdict:
        """Judge one filter of a SUBSCRIBE; it counts as a message: to ask costs as much as to tell."""
        allowed = self.may(name, Action.SUBSCRIBE, filter_, now)
        return self._paced(name, Verdict.PASS if allowed else Verdict.DROP, len(filter_), now)

    def last_words(self, peer: str) -> tuple[str, bytes]:
        """Give topic and payload of what a peer that is cut off is to hear: which limit, and when to come back.

        The one message on an inbox that names no life: a gate reads no payloads, so it knows of none.
        """
        live = self._live.get(peer)
        reason = "messages" if live is None or live.over is None else live.over
        notice = {"kind": "limited", "reason": reason, "retry": RETRY_S}
        return topics.inbox(peer), json.dumps(notice, separators=(",", ":")).encode()

    def spend(self, peer: str, topic: str, size: int, now: float) -> bool:  # noqa: ARG002  see departs
        """Charge a publish of `size` bytes; False when it is too large, or its seat has been used up: drop it."""
        return self._fits(peer, topics.parse(topic), size)

    def malformed(self, name: str) -> None:
        """Note that a client sent what is no packet of MQTT; an empty name is one that had not proven who it is."""
        self._facts.count("malformed", name)

    def obey(self, order: Order, now: float) -> list[str]:
        """Carry out an order of the service; gives the peers to disconnect now."""
        match order:
            case Kick(peer):
                return [peer] if peer in self._live else []
            case Ban(address, seconds, reason):
                self._bars.ban([address], seconds, reason, now)
                return self._from([address])
            case Lift(address):
                self._bars.lift([address])
            case BanNetwork(network, seconds, reason):
                # Who is here is told why, and put out, by the service, as soon as it knows the keys.
                keys = self._keys_of([network], now)
                self._bars.ban(keys, seconds, reason, now)
                self._again.extend(self._bars.facts(now, keys))
            case LiftNetwork(network):
                self._again.extend(self._bars.facts(now, self._bars.lift(self._keys_of([network], now))))
            case Networks(banned, never, more):
                self._bars.take(banned, never, more=more)
                for peer in self._from(self._keys_of(never, now)):
                    self._live[peer].spared = True
                    self._again.append(peer)
                return self._from(self._keys_of(banned, now))
            case Tell():
                self._again = deque([*self._live, *self._bars.facts(now)])
        return []

    @property
    def pending(self) -> int:
        """How many facts wait to be drained, counts of refusals aside."""
        return len(self._facts) + len(self._again)

    def facts(self) -> list[Fact]:
        """Take the next batch of facts, oldest first, at most 32; call again until it is empty."""
        batch = self._facts.take()
        while self._again and len(batch) < FACTS_PER_BATCH:
            told = self._again.popleft()
            if not isinstance(told, str):
                batch.append(told)
            elif (live := self._live.get(told)) is not None:
                batch.append(_on(told, live))
        return batch

    def _from(self, keys: Iterable[AddressKey]) -> list[str]:
        """Give those who are to go because these address keys are kept out."""
        return sorted(peer for key in keys for peer in self._at.get(key, ()) if not self._live[peer].spared)

    def _keys_of(self, named: Iterable[Network], now: float) -> list[AddressKey]:
        """Give the keys of networks. Of a large one there are none: it keeps newcomers out, and who is here stays."""
        small = (network for network in named if networks.size(network) <= networks.PREFIXES_MAX)
        return [key for network in small for key in self._salts.spread(networks.addresses(network), now)]

    def _leave(self, peer: str) -> bool:
        live = self._live.pop(peer, None)
        if live is None:
            return False
        here = self._at[live.address]
        here.discard(peer)
        if not here:
            del self._at[live.address]
        return True

    def _comes(self, address: AddressKey, now: float) -> bool:
        before = self._comings.pop(address, NEVER)
        mark = self._connects.take(before, 1, now)
        self._comings[address] = before if mark is None else mark
        oldest = next(iter(self._comings))
        if len(self._comings) > self.limits.addresses or self._comings[oldest] <= now:
            del self._comings[oldest]
        return mark is not None

    def _paced(self, name: str, verdict: Verdict, size: int, now: float) -> Verdict:
        live = self._live.get(name)
        if live is None:
            return verdict
        if live.over is not None:
            return Verdict.DROP
        self._hurry(live, size, now)
        if live.over is None:
            return verdict
        self._facts.count(f"cut-{live.over}", name)
        return Verdict.CUT

    def _hurry(self, live: _Live, size: int, now: float) -> None:
        messages = self.limits.messages.take(live.messages, 1, now)
        volume = self.limits.volume.take(live.volume, size, now)
        if messages is None or volume is None:
            live.over = "messages" if messages is None else "bytes"
        else:
            live.messages, live.volume = messages, volume

    def _fits(self, name: str, topic: Topic | None, size: int) -> bool:
        if topic is None or topic.kind is not Kind.SESSION:
            fits = size <= PAYLOAD_BYTES
        else:
            fits = size <= SESSION_PAYLOAD_BYTES and self._charge(topic.subject, size)
        if not fits:
            self._facts.count("over", name)
        return fits

    def _charge(self, seat: str, size: int) -> bool:
        messages, spent = self._budgets.pop(seat, (0, 0))
        messages, spent = messages + 1, spent + size
        self._budgets[seat] = (messages, spent)
        while len(self._budgets) > self.limits.seats:
            self._budgets.popitem(last=False)
        return messages <= self.limits.seat_messages and spent <= self.limits.seat_bytes


def _on(peer: str, live: _Live) -> Fact:
    fact: Fact = {"kind": "on", "peer": peer, "address": live.address.key, "day": live.address.day}
    return {**fact, "spared": True} if live.spared else fact


def _passwords(internal: Internal) -> dict[str, tuple[bytes, ...]]:
    if any(policy.who_is(user) not in (Who.SERVICE, Who.DESK) for user in internal):
        message = "an internal name is `service`, or starts with `desk-`"
        raise ValueError(message)
    return {
        user: tuple(_utf8(word) for word in ((words,) if isinstance(words, str) else words))
        for user, words in internal.items()
    }


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
