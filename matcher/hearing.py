"""Hearing: makes an event of a topic and a payload. Bounded before it is parsed, and nothing of it is believed yet."""

from broker import desk, messages, topics
from broker.identity import PeerId
from broker.messages import VERSION, Here, Malformed, parse
from broker.topics import Kind
from matcher.events import Asked, Event, GateFacts, Heard, Nonsense, PulseHeard, WrongVersion


def hear(topic: str, payload: bytes) -> Event | None:  # noqa: PLR0911  one return for each kind of topic
    """Make an event of a message; None when it does not belong here, or its sender speaks for another.

    Raises:
        Malformed: when the payload is not a message of this topic, and its sender is no peer.
    """
    place = topics.parse(topic)
    if place is None:
        return None
    match place.kind:
        case Kind.PRESENCE:
            return _presence(PeerId(place.subject), payload)
        case Kind.LOBBY:
            return _lobby(PeerId(place.subject), payload)
        case Kind.ASK:
            return Asked(place.subject, parse(desk.ask, payload))
        case Kind.GATE:
            facts = parse(messages.gate, payload)
            return GateFacts(facts) if facts.gate == place.subject else None
        case Kind.PULSE:
            return PulseHeard(parse(messages.pulse, payload))
        case _:
            return None


def _presence(peer: PeerId, payload: bytes) -> Event:
    try:
        message = parse(messages.presence, payload)
    except Malformed:
        # Another version may say more in its `here` than we understand.
        other = messages.stranger_version(payload)
        return Nonsense(peer) if other is None else WrongVersion(peer, *other)
    if isinstance(message, Here) and message.version != VERSION:
        return WrongVersion(peer, message.life, message.version)
    return Heard(peer, message)


def _lobby(peer: PeerId, payload: bytes) -> Event:
    try:
        return Heard(peer, parse(messages.lobby, payload))
    except Malformed:
        return Nonsense(peer)
