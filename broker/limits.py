"""The limits of a gate. Who is over one is cut off, and nobody is ever slowed down.

One setting decides how many may share an address; how often they may connect follows from it.
"""

from dataclasses import dataclass
from typing import Final

from broker.rates import Rate

_FEW: Final = 30
_MESSAGES: Final = Rate(per_s=10, burst=120)
_VOLUME: Final = Rate(per_s=32 * 1024, burst=512 * 1024)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address, one peer, one seat and the gate's own memory may hold."""

    connections_per_address: int = 64  # a campus or a mobile carrier is one address
    messages: Rate = _MESSAGES  # of one peer, refused ones too; a handshake needs about ten
    volume: Rate = _VOLUME  # in bytes, likewise; a seat may take half of that at once
    seat_messages: int = 64  # for the life of a seat; a handshake needs about ten
    seat_bytes: int = 256 * 1024
    seats: int = 20_000  # budgets remembered, about 5 MB of them; the oldest are forgotten first
    verified: int = 4_000  # seats remembered to be ours; the oldest cost two hashes again
    bans: int = 100_000
    addresses: int = 50_000  # whose connects are remembered; the oldest are forgotten first
    facts: int = 20_000  # waiting to be drained; the oldest go first, and are counted
    tallies: int = 1_000  # peers with refusals of their own between two drains; the rest are counted together

    @property
    def connects(self) -> Rate:
        """How often an address may connect: all that it may have, twice at once, then once a minute; 30 at least."""
        return Rate(
            per_s=max(_FEW, self.connections_per_address) / 60, burst=max(_FEW, 2 * self.connections_per_address)
        )
