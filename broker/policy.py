"""Who may do what: the rules as data, and one function that reads them. What no rule allows is denied.

A rule says: this kind of client may do these things on that kind of topic, when the subject stands in that relation to
it. `tests/vectors/access.json` states the outcome case by case; it is asserted here and replayed on every engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final, TypeAlias

from broker import topics
from broker.seats import Seat
from broker.topics import Kind, Topic

SERVICE: Final = "service"
"""The name of the matcher and radar process."""

STANDBY: Final = "standby-"
"""What the name of one begins with who watches the pulse, to take over as the service; eight hex digits follow. It has
the service's password, and all together are too short for a peer id."""

PAYLOAD_BYTES: Final = 4 * 1024
SESSION_PAYLOAD_BYTES: Final = 16 * 1024
"""The most that one payload may have, on every topic, and on a session topic."""

_PEER = re.compile(r"[A-Za-z0-9_-]{22}")
_ALL: Final = "+"
_DESKS: Final = "desk-"
_DESK = re.compile(r"desk-[a-z0-9][a-z0-9-]{0,31}")
_STANDBY = re.compile(r"standby-[0-9a-f]{8}")


class Who(StrEnum):
    """The kinds of client."""

    PEER = auto()
    SERVICE = auto()
    DESK = auto()
    STANDBY = auto()


class Action(StrEnum):
    """What a client does. A Will is asked for when it is announced; `RECEIVE` is asked for every delivery."""

    PUBLISH = auto()
    PUBLISH_RETAINED = auto()
    WILL = auto()
    WILL_RETAINED = auto()
    SUBSCRIBE = auto()
    RECEIVE = auto()


class Whose(StrEnum):
    """How the subject of a topic stands to the client."""

    OWN = auto()  # it names the client itself
    ANY = auto()  # it names anybody, but exactly one
    ALL = auto()  # the filter with `+` in the subject's place
    SEAT_OF_MINE = auto()  # the owner tag is the client's; expiry does not matter
    LIVE_SEAT_OF_MINE = auto()  # the same, and not expired
    LIVE_SEAT = auto()  # minted by us and not expired: whoever was told it


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the policy."""

    who: Who
    kind: Kind
    whose: Whose
    actions: frozenset[Action]


def _rule(who: Who, kind: Kind, whose: Whose, *actions: Action) -> Rule:
    return Rule(who, kind, whose, frozenset(actions))


RULES: Final = (
    _rule(Who.PEER, Kind.PRESENCE, Whose.OWN, Action.PUBLISH, Action.WILL),
    _rule(Who.PEER, Kind.LOBBY, Whose.OWN, Action.PUBLISH),
    _rule(Who.PEER, Kind.INBOX, Whose.OWN, Action.SUBSCRIBE, Action.RECEIVE),
    _rule(Who.PEER, Kind.PULSE, Whose.ANY, Action.SUBSCRIBE, Action.RECEIVE),
    _rule(Who.PEER, Kind.SESSION, Whose.LIVE_SEAT_OF_MINE, Action.SUBSCRIBE),
    _rule(Who.PEER, Kind.SESSION, Whose.SEAT_OF_MINE, Action.RECEIVE),
    _rule(Who.PEER, Kind.SESSION, Whose.LIVE_SEAT, Action.PUBLISH),
    _rule(Who.SERVICE, Kind.PRESENCE, Whose.ALL, Action.SUBSCRIBE),
    _rule(Who.SERVICE, Kind.PRESENCE, Whose.ANY, Action.RECEIVE),
    _rule(Who.SERVICE, Kind.LOBBY, Whose.ALL, Action.SUBSCRIBE),
    _rule(Who.SERVICE, Kind.LOBBY, Whose.ANY, Action.RECEIVE),
    _rule(Who.SERVICE, Kind.GATE, Whose.ALL, Action.SUBSCRIBE),
    _rule(Who.SERVICE, Kind.GATE, Whose.ANY, Action.RECEIVE),
    _rule(Who.SERVICE, Kind.ASK, Whose.ALL, Action.SUBSCRIBE),
    _rule(Who.SERVICE, Kind.ASK, Whose.ANY, Action.RECEIVE),
    _rule(Who.SERVICE, Kind.ANSWER, Whose.ANY, Action.PUBLISH),
    _rule(Who.SERVICE, Kind.INBOX, Whose.ANY, Action.PUBLISH),
    _rule(Who.SERVICE, Kind.PULSE, Whose.ANY, Action.PUBLISH_RETAINED, Action.WILL_RETAINED),
    _rule(Who.SERVICE, Kind.PULSE, Whose.ANY, Action.SUBSCRIBE, Action.RECEIVE),
    _rule(Who.DESK, Kind.ASK, Whose.OWN, Action.PUBLISH),
    _rule(Who.DESK, Kind.ANSWER, Whose.OWN, Action.SUBSCRIBE, Action.RECEIVE),
    _rule(Who.DESK, Kind.PULSE, Whose.ANY, Action.SUBSCRIBE, Action.RECEIVE),
    _rule(Who.STANDBY, Kind.PULSE, Whose.ANY, Action.SUBSCRIBE, Action.RECEIVE),
)

Verify: TypeAlias = Callable[[str], Seat | None]
"""Reads a seat of ours; None when it is not one."""

Table: TypeAlias = Mapping[tuple[Who, Action, Kind], tuple[Whose, ...]]


def table_of(rules: Iterable[Rule]) -> Table:
    """Order rules by what they are looked up by."""
    table: dict[tuple[Who, Action, Kind], tuple[Whose, ...]] = {}
    for rule in rules:
        for action in rule.actions:
            place = (rule.who, action, rule.kind)
            table[place] = (*table.get(place, ()), rule.whose)
    return table


TABLE: Final = table_of(RULES)


def who_is(name: str) -> Who | None:
    """Tell what kind of client a name stands for; None for a name of nobody.

    The names of service and desk come first: a peer id that looks like one is refused at the door (`Gate.knows`).
    """
    if name == SERVICE:
        return Who.SERVICE
    if name.startswith(_DESKS) and _DESK.fullmatch(name):
        return Who.DESK
    if name.startswith(STANDBY) and _STANDBY.fullmatch(name):
        return Who.STANDBY
    return Who.PEER if _PEER.fullmatch(name) else None


def allows(name: str, action: Action, topic: str, now: float, verify: Verify, table: Table = TABLE) -> bool:
    """Tell whether a rule allows this. Never raises, keeps nothing.

    Args:
        name: user name of the client, already proven.
        action: what it wants to do.
        topic: the topic, or the filter of a subscription.
        now: seconds since the Unix epoch.
        verify: verifies seats.
        table: the policy.
    """
    parsed = topics.parse(topic)
    if parsed is None and action is Action.SUBSCRIBE:
        parsed = _every(topic)
    return parsed is not None and permits(name, action, parsed, now, verify, table)


def permits(name: str, action: Action, topic: Topic, now: float, verify: Verify, table: Table = TABLE) -> bool:
    """Tell the same of a topic that was taken apart; the subject `+` stands for every one, in a SUBSCRIBE only."""
    who = who_is(name)
    if who is None:
        return False
    for whose in table.get((who, action, topic.kind), ()):
        if _stands(whose, topic, name if who is not Who.DESK else name.removeprefix(_DESKS), now, verify):
            return True
    return False


def _every(filter_: str) -> Topic | None:
    """Read the filters with one `+` in the subject's place; no other wildcard is ever allowed to anybody."""
    match filter_.split("/"):
        case ["v1", ("presence" | "lobby" | "gate") as level, "+"]:
            return Topic(Kind(level), _ALL)
        case ["v1", "desk", "+", "ask"]:
            return Topic(Kind.ASK, _ALL)
        case _:
            return None


def _stands(whose: Whose, topic: Topic, name: str, now: float, verify: Verify) -> bool:
    if topic.subject == _ALL or whose is Whose.ALL:
        return topic.subject == _ALL and whose is Whose.ALL
    if whose is Whose.ANY:
        return True
    if whose is Whose.OWN:
        return topic.subject == name
    seat = verify(topic.subject)
    if seat is None:
        return False
    if whose is Whose.LIVE_SEAT:
        return seat.alive(now)
    return seat.owned_by(name) and (whose is Whose.SEAT_OF_MINE or seat.alive(now))
