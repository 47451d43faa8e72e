"""The grammar of topics: builds them, takes them apart, and compares filters.

Knows the shape of every topic of `v1` (DESIGN.md §4) and the wildcard rules of MQTT 3.1.1 §4.7. Knows nothing of who
may use which: that is `policy`.

    v1/presence/{peer}   v1/lobby/{peer}   v1/inbox/{peer}   v1/session/{seat}
    v1/pulse             v1/gate/{gate}    v1/desk/{operator}/ask   v1/desk/{operator}/answer
"""

import re
from enum import StrEnum
from typing import Final, NamedTuple

ROOT: Final = "v1"
PULSE: Final = f"{ROOT}/pulse"

_PEER = re.compile(r"[A-Za-z0-9_-]{22}")
_SEAT = re.compile(r"[A-Za-z0-9_-]{56}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_OURS_CHARS = 128  # the longest topic of ours has 67
_MQTT_BYTES = 0xFFFF  # MQTT 3.1.1 §1.5.3


class Kind(StrEnum):
    """The kinds of topic; the value is the second level, and for the desk also the last."""

    PRESENCE = "presence"
    LOBBY = "lobby"
    INBOX = "inbox"
    SESSION = "session"
    PULSE = "pulse"
    GATE = "gate"
    ASK = "ask"
    ANSWER = "answer"


_SHAPES: Final = {
    level: (Kind(level), shape.fullmatch)
    for level, shape in {"presence": _PEER, "lobby": _PEER, "inbox": _PEER, "session": _SEAT, "gate": _NAME}.items()
}


class Topic(NamedTuple):
    """A topic taken apart. `subject` is the peer, seat, gate or operator it names; empty for the pulse."""

    kind: Kind
    subject: str = ""

    def text(self) -> str:
        """Write the topic."""
        if self.kind is Kind.PULSE:
            return PULSE
        if self.kind in (Kind.ASK, Kind.ANSWER):
            return f"{ROOT}/desk/{self.subject}/{self.kind}"
        return f"{ROOT}/{self.kind}/{self.subject}"


def presence(peer: str) -> str:
    """Where a peer gives signs of life, and where its Will goes."""
    return f"{ROOT}/presence/{peer}"


def lobby(peer: str) -> str:
    """Where a peer asks to be matched and tells how a session goes."""
    return f"{ROOT}/lobby/{peer}"


def inbox(peer: str) -> str:
    """Where the service speaks to one peer."""
    return f"{ROOT}/inbox/{peer}"


def session(seat: str) -> str:
    """Where the owner of a seat hears its stranger."""
    return f"{ROOT}/session/{seat}"


def gate(name: str) -> str:
    """Where a gate tells the service its facts."""
    return f"{ROOT}/gate/{name}"


def desk_ask(operator: str) -> str:
    """Where an operator asks the service."""
    return f"{ROOT}/desk/{operator}/ask"


def desk_answer(operator: str) -> str:
    """Where the service answers an operator."""
    return f"{ROOT}/desk/{operator}/answer"


def parse(topic: str) -> Topic | None:
    """Take a topic apart; None for whatever is not exactly one of ours (wildcards included)."""
    if len(topic) > _OURS_CHARS or not topic.startswith("v1/"):
        return None
    level, _, subject = topic[3:].partition("/")
    if (shape := _SHAPES.get(level)) is not None:
        kind, matches_shape = shape
        return Topic(kind, subject) if matches_shape(subject) else None
    match topic.split("/"):
        case ["v1", "pulse"]:
            return Topic(Kind.PULSE)
        case ["v1", "desk", operator, ("ask" | "answer") as end] if _NAME.fullmatch(operator):
            return Topic(Kind(end), operator)
        case _:
            return None


def has_wildcard(filter_: str) -> bool:
    """Tell whether a filter names more than one topic, or a share of a subscription (MQTT 5 §4.8.2)."""
    return "+" in filter_ or "#" in filter_ or filter_.startswith("$share/")


def valid_topic(topic: str) -> bool:
    """Tell whether this may stand in a PUBLISH (MQTT 3.1.1 §4.7.1, §4.7.3): no wildcard, no NUL, not empty."""
    return (
        bool(topic) and not {"+", "#", "\0"} & set(topic) and len(topic.encode("utf-8", "surrogatepass")) <= _MQTT_BYTES
    )


def valid_filter(filter_: str) -> bool:
    """Tell whether this may stand in a SUBSCRIBE: `+` fills a level, `#` fills the last (MQTT 3.1.1 §4.7.1)."""
    if not filter_ or "\0" in filter_ or len(filter_.encode("utf-8", "surrogatepass")) > _MQTT_BYTES:
        return False
    levels = filter_.split("/")
    return all(level in ("+", "#") or not {"+", "#"} & set(level) for level in levels) and "#" not in levels[:-1]


def matches(filter_: str, topic: str) -> bool:
    """Tell whether a message on `topic` goes to who subscribed to `filter_` (MQTT 3.1.1 §4.7.1 to §4.7.2).

    A filter that starts with a wildcard never matches a topic that starts with `$`.
    """
    if topic.startswith("$") and filter_[:1] in ("+", "#"):
        return False
    wanted, given = filter_.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True  # also the parent level itself
        if index >= len(given):
            return False
        if level not in ("+", given[index]):
            return False
    return len(wanted) == len(given)


def covers(outer: str, inner: str) -> bool:
    """Tell whether every topic that `inner` matches is also matched by `outer`; both are valid filters."""
    if inner.startswith("$") and outer[:1] in ("+", "#"):
        return False
    wide, narrow = outer.split("/"), inner.split("/")
    for index, level in enumerate(wide):
        if level == "#":
            return True
        if index >= len(narrow) or narrow[index] == "#":
            return False
        if level not in ("+", narrow[index]):
            return False
    return len(wide) == len(narrow)
