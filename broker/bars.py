"""Bars: who is kept out of a gate, by address key for a while, or by the operator's networks; and who never is.

Pure, standard library only. Keys and times are all it keeps; an address is looked at and forgotten.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from broker.addresses import AddressKey
from broker.facts import Fact
from broker.networks import Network, Networks

BAN_LIMIT_S: Final = 86_400
"""No ban lasts longer, whatever an order says."""


@dataclass(frozen=True, slots=True)
class _Ban:
    until: float
    reason: str


class Bars:
    """The bans and the two lists of one gate.

    Args:
        most: bans at once; of more, the oldest go first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bans: OrderedDict[AddressKey, _Ban] = OrderedDict()
        self._lists: tuple[tuple[Network, ...], tuple[Network, ...]] = ((), ())
        self._banned, self._never = Networks(), Networks()

    def spare(self, address: str) -> bool:
        """Tell whether an address is never banned."""
        return address in self._never

    def keep_out(self, address: str, keys: Iterable[AddressKey], now: float) -> bool:
        """Tell whether an address is kept out; `keys` are all that it has now."""
        return address in self._banned or any(self._holds(key, now) for key in keys)

    def seconds(self, address: str, keys: Iterable[AddressKey], now: float) -> float:
        """Tell for how long an address is still kept out; for one of the operator's networks there is no end."""
        if address in self._banned:
            return math.inf
        return max((self._bans[key].until - now for key in keys if key in self._bans), default=0.0)

    def ban(self, keys: Iterable[AddressKey], seconds: float, reason: str, now: float) -> None:
        """Keep address keys out for so long from now."""
        for key in keys:
            self._bans.pop(key, None)
            self._bans[key] = _Ban(now + min(seconds, BAN_LIMIT_S), reason)
        while len(self._bans) > self._most:
            self._bans.popitem(last=False)

    def lift(self, keys: Iterable[AddressKey]) -> list[AddressKey]:
        """Forget the bans of address keys; gives those that there were."""
        return [key for key in keys if self._bans.pop(key, None) is not None]

    def take(self, banned: tuple[Network, ...], never: tuple[Network, ...], *, more: bool) -> None:
        """Take up other lists; when it is only `more` of them, those before stay."""
        before = self._lists if more else ((), ())
        self._lists = (*before[0], *banned), (*before[1], *never)
        self._banned, self._never = map(Networks, self._lists)

    def facts(self, now: float, keys: Iterable[AddressKey] | None = None) -> Iterator[Fact]:
        """Tell how long each of these keys, or of all, is still kept out; none at all for one that is not."""
        for key in list(self._bans) if keys is None else keys:
            ban = self._bans.get(key, _Ban(now, "lifted"))
            seconds = max(0, math.ceil(ban.until - now))
            if seconds or keys is not None:
                yield {"kind": "bars", "address": key.key, "day": key.day, "seconds": seconds, "reason": ban.reason}

    def _holds(self, key: AddressKey, now: float) -> bool:
        ban = self._bans.get(key)
        if ban is not None and ban.until <= now:
            del self._bans[key]
            return False
        return ban is not None
