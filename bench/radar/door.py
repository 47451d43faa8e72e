"""The door: the real gate, and what is known beside it of whom it bars, since a gate says nobody why."""

from typing import Final

from bench.radar.chance import Chance
from broker.addresses import AddressKey, Salts
from broker.gate import Gate
from broker.limits import Limits
from broker.orders import Ban, Lift, Order
from broker.seats import SeatKeys

LIMITS: Final = Limits(connections_per_address=1000)
"""As many connections as the largest crowd behind one address needs, the storm included."""

BARRED: Final = "barred"
MANY: Final = "turned away for being many"


class Door:
    """A gate, and its bans by the book."""

    def __init__(self, keys: SeatKeys, chance: Chance) -> None:
        self._chance = chance
        self._salts = Salts(lambda _: chance.token(32))
        self._bans: dict[AddressKey, float] = {}
        self._came_from: dict[str, None] = {}
        self.gate = Gate(name="simulated", keys=keys, salts=self._salts, internal={}, limits=LIMITS)

    def refuses(self, peer: str, address: str, now: float) -> str | None:
        """Let a peer in, or tell why not."""
        self._came_from[address] = None
        if self.gate.admits(peer, address, now):
            return None
        banned = any(self._bans.get(key, 0) > now for key in self.keys(address, now))
        return BARRED if banned else MANY

    def keys(self, address: str, now: float) -> list[AddressKey]:
        """Give the keys that stand for an address now."""
        return self._salts.living(address, now)

    def obey(self, order: Order, now: float) -> list[str]:
        """Carry out an order, and keep in mind what it says; gives the peers to disconnect."""
        match order:
            case Ban(address, seconds):
                self._bans[address] = now + seconds
            case Lift(address):
                self._bans.pop(address, None)
            case _:
                pass
        return self.gate.obey(order, now)

    def still_shut(self, now: float) -> int:
        """Count the addresses from which somebody has come and nobody may, once every ban is over."""
        over = max(now, *self._bans.values()) + 1 if self._bans else now
        return sum(not self._lets_in(address, over) for address in self._came_from)

    def _lets_in(self, address: str, now: float) -> bool:
        stranger = self._chance.word(16)
        admitted = self.gate.admits(stranger, address, now)
        self.gate.departs(stranger, now)
        return admitted
