"""The book of bans: which address keys are kept out, why, and until when.

Gates keep people out, and let them in again when the time is up, whether anybody tells them or not. The book is for
the operator: it finds a ban by the code that a banned person is shown. Kept in memory; a restarted service learns the
living ones from the gates.

    15 min, the second within a day 1 h, from the third on a day
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from broker.addresses import DAY_S, AddressKey
from matcher.alarms import Alarms
from matcher.breaker import Breaker

LADDER_S: Final = (900, 3600, DAY_S)
"""How long the first ban of an address key lasts, the second, and every one after that."""

REMEMBERED_S: Final = DAY_S
"""So long after its end a ban is remembered, so that the next one lasts longer."""

BARS_MAX: Final = 100_000
"""As many as a gate remembers."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that reads like something else
_CODE_CHARS: Final = 10
_LABEL: Final = b"passerby/v1/appeal\0"


def code_of(name: str, day: int = 0) -> str:
    """Give the appeal code of an address key, or of a peer whose key is not known. It tells nothing about either."""
    digest = int.from_bytes(hashlib.sha256(_LABEL + f"{day}/{name}".encode()).digest()[:8], "big")
    letters = "".join(_ALPHABET[digest >> 5 * place & 31] for place in range(_CODE_CHARS))
    return f"{letters[:5]}-{letters[5:]}"


def read_code(text: str) -> str:
    """Write a code as we do, however it was typed."""
    letters = text.upper().translate(str.maketrans("OIL", "011", "- "))
    return f"{letters[:5]}-{letters[5:]}"


By = Literal["radar", "desk", "gate"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One ban. `people` is how many it met when it began, as the breaker counts them: none when a person decided."""

    address: AddressKey
    code: str
    reason: str
    until: float
    times: int
    people: int
    by: By


class Bans:
    """The living bans, those that end first first, and what is remembered for the next one."""

    def __init__(self) -> None:
        self._bars: dict[AddressKey, Bar] = {}
        self._codes: dict[str, AddressKey] = {}
        self._ends: Alarms[AddressKey] = Alarms()
        self._times: dict[AddressKey, int] = {}
        self._forgets: Alarms[AddressKey] = Alarms()
        self.breaker = Breaker()

    def __len__(self) -> int:
        return len(self._bars)

    def __iter__(self) -> Iterator[Bar]:
        return iter(sorted(self._bars.values(), key=lambda bar: (bar.until, bar.code)))

    def get(self, address: AddressKey) -> Bar | None:
        """Find the ban of an address key."""
        return self._bars.get(address)

    def find(self, code: str) -> Bar | None:
        """Find a ban by its code, however it was typed."""
        address = self._codes.get(read_code(code))
        return None if address is None else self._bars[address]

    def impose(self, address: AddressKey, reason: str, people: int, now: float, *, seconds: float | None = None) -> Bar:
        """Write a ban down: for `seconds`, as a person decided, or else for as long as it is the radar's turn."""
        before = self._bars.get(address)
        times = self._times.get(address, 0) + 1 if before is None else before.times
        lasts = LADDER_S[min(times, len(LADDER_S)) - 1] if seconds is None else seconds
        by: By = "radar" if seconds is None else "desk"
        if by == "radar":
            self.breaker.ban(now)
        met = people if by == "radar" else 0
        bar = Bar(address, code_of(address.key, address.day), reason, now + lasts, times, met, by)
        self._times[address] = times
        self._forgets.set(address, bar.until + REMEMBERED_S)
        return self._write(bar)

    def learn(self, address: AddressKey, reason: str, seconds: float, now: float) -> None:
        """Write down what a gate tells: a ban that we do not know, or that one is no more."""
        if seconds <= 0:
            self.lift(address)
        elif address not in self._bars:
            times = self._times.setdefault(address, 1)
            self._forgets.set(address, now + REMEMBERED_S)
            self._write(Bar(address, code_of(address.key, address.day), reason, now + seconds, times, 1, "gate"))

    def lift(self, address: AddressKey) -> None:
        """Strike a ban out."""
        bar = self._bars.pop(address, None)
        if bar is not None:
            self.breaker.barred -= bar.people
            self._codes.pop(bar.code, None)
            self._ends.drop(address)

    def ring(self, now: float) -> None:
        """Strike out what has ended, and forget what was long ago."""
        for address in self._ends.ring(now):
            self.lift(address)
        for address in self._forgets.ring(now):
            self._times.pop(address, None)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved. Gates did not: they go by the time of day, and so do the ends of bans."""
        self._forgets.shift(by_s)
        self.breaker.shift(by_s)

    def _write(self, bar: Bar) -> Bar:
        self.lift(bar.address)
        self._bars[bar.address] = bar
        self._codes[bar.code] = bar.address
        self._ends.set(bar.address, bar.until)
        self.breaker.barred += bar.people
        while len(self._bars) > BARS_MAX:
            self.lift(next(iter(self._bars)))
        return bar
