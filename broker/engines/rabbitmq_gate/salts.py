"""The salts of a gate with siblings: all of them make the same key of the same address (decision 43).

    start ─► ask the siblings ─┬─ one is settled ─► its root, the eldest of theirs
                               ├─ some have just begun, too ─► the eldest of all
                               └─ nobody answers ─► one's own
    then ──► ask them again ────── a settled one has an elder root ─► that

Two roots at once come only from two that could not reach each other when they began.
"""

import secrets
from typing import Final

from broker import ratchet
from broker.addresses import SALT_BYTES, Salts
from broker.engines.rabbitmq_gate.siblings import Siblings
from broker.ratchet import Ratchet, Root

_RANDOM_BYTES: Final = SALT_BYTES + 16


class SharedSalts:
    """Salts for a gate, and the root that they follow from.

    Args:
        now: seconds since the Unix epoch, when this gate began.
    """

    def __init__(self, now: float) -> None:
        self._ratchet = Ratchet(ratchet.drawn(secrets.token_bytes(_RANDOM_BYTES), now))
        self.salts = Salts(self._ratchet.draw)

    @property
    def root(self) -> Root:
        """What a sibling needs to make the same salts."""
        return self._ratchet.root

    async def settle(self, siblings: Siblings, now: float) -> None:
        """Find out by which root the deployment lives; before any address was turned into a key."""
        told = await siblings.roots()
        settled = [each.root for each in told if each.settled]
        self._take(min(settled or [self.root, *(each.root for each in told)]), now)

    async def follow(self, siblings: Siblings, now: float) -> bool:
        """Take up an elder root, if a settled sibling has one; tell whether."""
        elder = [each.root for each in await siblings.roots() if each.settled and each.root.origin < self.root.origin]
        return bool(elder) and self._take(min(elder), now)

    def _take(self, root: Root, now: float) -> bool:
        try:
            self.salts.take(self._ratchet.take(root, now))
        except ValueError:  # of a gate whose clock is far off
            return False
        return True
