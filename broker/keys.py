"""The secrets that gates and the service share, as a keys file holds them.

Pure, standard library only: a gate reads them inside a broker's own Python. Who draws, writes and turns them is
`passerby.keys`.

    key 1 ── signs ──────────────┬── is good ──────────────────────────────────────────────┐
    key 2         turn ── is good ┴ since ── signs ──────────────┬── is good ───────────────┼──
    key 3                                          turn ── is good ┴ since ── signs         └ turn: dropped

Two live at once. Between the turn and `since` gates learn of a key that nobody signs with yet. The passwords of the
service and of desks turn with it, in the same steps.
"""

import hashlib
import hmac
import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from broker.gate import Internal
from broker.identity import b64url, unb64url
from broker.policy import SERVICE
from broker.seats import SeatKeys

PASSWORD_CHARS: Final = 22
"""The fewest that a password has: 16 random bytes in base64url."""

DESK: Final = "desk-"
"""What the user name of a desk begins with; its own name follows."""

_SHARED: Final = b"passerby/v1/shared/"
_DESK_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,26}")


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())


_FIELDS: Final[dict[str, Callable[[Any], bool]]] = {
    "service": lambda value: isinstance(value, str),
    "service_before": lambda value: isinstance(value, str),
    "current": lambda value: type(value) is int,
    "current_before": lambda value: type(value) is int,
    "since": lambda value: type(value) in (int, float) and abs(value) <= sys.float_info.max,
    "seats": _is_words,
    "desks": _is_words,
    "desks_before": _is_words,
}
_NEEDED: Final = {"service", "current", "seats"}


@dataclass(frozen=True, slots=True)
class Keys:
    """All that must stay secret. `…_before` is what was in use until `since`, and is still accepted.

    Args:
        service: the service's password.
        current: the id of the key that signs new seats.
        seats: the living keys of seats, by id, in base64url.
        service_before: the password before.
        current_before: the id of the key before.
        since: when the new ones begin, in seconds since the Unix epoch.
        desks: the passwords of desks, by the name of the operator; none has none.
        desks_before: the passwords of desks before.

    Raises:
        ValueError: when one of them is none. The text never holds any of it.
    """

    service: str = field(repr=False)
    current: int
    seats: Mapping[int, str] = field(repr=False)
    service_before: str | None = field(default=None, repr=False)
    current_before: int | None = None
    since: float = 0
    desks: Mapping[str, str] = field(default_factory=dict, repr=False)
    desks_before: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        words = (self.service, self.service_before, *self.desks.values(), *self.desks_before.values())
        if any(word is not None and len(word) < PASSWORD_CHARS for word in words):
            raise ValueError(f"a password has at least {PASSWORD_CHARS} characters")
        if not all(is_desk_name(name) for name in (*self.desks, *self.desks_before)):
            raise ValueError("the name of a desk is up to 27 lower case letters, digits and -")
        for now in (self.since - 1, self.since):
            self.seat_keys(now)

    def seat_keys(self, now: float = math.inf) -> SeatKeys:
        """Give the keys of seats as gates and the lobby take them at this moment, or when the last turn is through.

        Raises:
            ValueError: when one of them is no key.
        """
        early = now < self.since and self.current_before is not None
        signing = self.current_before if early and self.current_before is not None else self.current
        return SeatKeys({key_id: unb64url(key) for key_id, key in self.seats.items()}, signing)

    def password(self, now: float) -> str:
        """Give the password with which the service proves itself at this moment."""
        return self.service_before if now < self.since and self.service_before is not None else self.service

    def desk_password(self, name: str, now: float) -> str | None:
        """Give the password with which a desk proves itself at this moment; None when there is no such desk."""
        word = self.desks.get(name)
        return word if word is None or now >= self.since else self.desks_before.get(name, word)

    def internal(self) -> Internal:
        """Give the passwords that a gate accepts on its internal listener."""
        desks = ((name, (word, self.desks_before.get(name))) for name, word in self.desks.items())
        words = {SERVICE: (self.service, self.service_before), **{f"{DESK}{name}": pair for name, pair in desks}}
        return {user: tuple(word for word in pair if word is not None) for user, pair in words.items()}

    def shared(self, label: str, now: float) -> tuple[str, ...]:
        """Give the secrets of this label that follow from the living keys of seats; the one to prove oneself by first.

        Whoever has the file has them, so they need no place in it, and they turn with it.
        """
        keys = self.seat_keys(now)
        first = keys.keys[keys.current]
        others = (key for key_id, key in keys.keys.items() if key_id != keys.current)
        return tuple(b64url(hmac.digest(key, _SHARED + label.encode(), hashlib.sha256)) for key in (first, *others))

    def text(self) -> str:
        """Write them as a keys file holds them: JSON, without what is not set."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps({name: value for name, value in fields.items() if value not in (None, {})}, indent=2) + "\n"


def is_desk_name(name: str) -> bool:
    """Tell whether a desk may be called so."""
    return _DESK_NAME.fullmatch(name) is not None


def parse(text: str) -> Keys:
    """Read what a keys file holds.

    Raises:
        ValueError: when this is none. The text of the error never holds any of it.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(raw, dict) or not raw.keys() >= _NEEDED or not raw.keys() <= _FIELDS.keys():
        raise ValueError("it has other fields than a keys file")
    if not all(_FIELDS[name](value) for name, value in raw.items()):
        raise ValueError("a field of it is of another kind")
    return Keys(**{**raw, "seats": {int(key_id): key for key_id, key in raw["seats"].items()}})
