"""The secrets that gates and the service share, as a keys file holds them.

Pure, standard library only: a gate reads them inside a broker's own Python. Who draws, writes and turns them is
`passerby.keys`.

    key 1 ── signs ──────────────┬── is good ──────────────────────────────────────────────┐
    key 2         turn ── is good ┴ since ── signs ──────────────┬── is good ───────────────┼──
    key 3                                          turn ── is good ┴ since ── signs         └ turn: dropped

Two live at once. Between the turn and `since` gates learn of a key that nobody signs with yet. The service's password
turns with it, in the same steps.
"""

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from broker.gate import Internal
from broker.identity import unb64url
from broker.policy import SERVICE
from broker.seats import SeatKeys

PASSWORD_CHARS: Final = 22
"""The fewest that a password of the service has: 16 random bytes in base64url."""

_FIELDS: Final[dict[str, Callable[[Any], bool]]] = {
    "service": lambda value: isinstance(value, str),
    "service_before": lambda value: isinstance(value, str),
    "current": lambda value: type(value) is int,
    "current_before": lambda value: type(value) is int,
    "since": lambda value: type(value) in (int, float) and abs(value) <= sys.float_info.max,
    "seats": lambda value: isinstance(value, dict) and all(isinstance(key, str) for key in value.values()),
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

    Raises:
        ValueError: when one of them is none. The text never holds any of it.
    """

    service: str = field(repr=False)
    current: int
    seats: Mapping[int, str] = field(repr=False)
    service_before: str | None = field(default=None, repr=False)
    current_before: int | None = None
    since: float = 0

    def __post_init__(self) -> None:
        words = (self.service, self.service_before)
        if any(word is not None and len(word) < PASSWORD_CHARS for word in words):
            raise ValueError(f"a password of the service has at least {PASSWORD_CHARS} characters")
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

    def internal(self) -> Internal:
        """Give the passwords that a gate accepts on its internal listener."""
        return {SERVICE: tuple(word for word in (self.service, self.service_before) if word is not None)}

    def text(self) -> str:
        """Write them as a keys file holds them: JSON, without what is not set."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps({name: value for name, value in fields.items() if value is not None}, indent=2) + "\n"


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
