"""The lookout: sees what stands on the pulse topic, under a name of its own that may do nothing else.

    CONNECT as standby-{random}   SUBSCRIBE v1/pulse ──► the retained pulse, and each that comes
    where gates are asked, also by who watches ────────► whether a service has asked them lately

A service looks before it connects as `service`: that would put out whoever is at work under this name.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from broker import topics
from broker.cells import Cell
from broker.messages import Malformed
from broker.policy import STANDBY
from matcher.events import PulseHeard
from matcher.gates import Gates
from matcher.hearing import hear
from matcher.link import Address, Link
from matcher.standing_by import Closed, Opened, Passed, Seen, StandingBy

LOOK_S: Final = 0.3
"""How long one look lasts. A broker that keeps the pulse sends it right after the SUBACK."""

LONG_LOOK_S: Final = 4.0
"""The same where the broker keeps none: who has taken a name over says its pulse at once, and again 1 s later."""

STEP_S: Final = 0.5

_NAME_BYTES: Final = 4


class Lookout:
    """Watches for one service; what it has seen is kept in `standing_by`, from one connection to the next.

    Args:
        standing_by: decides.
        retained: whether the broker keeps the pulse for who comes later.
        steady: seconds that never jump.
        cell: what all topics are in.
        gates: those that are processes of their own.
    """

    def __init__(
        self,
        standing_by: StandingBy,
        *,
        retained: bool,
        steady: Callable[[], float],
        cell: Cell,
        gates: Gates | None = None,
    ) -> None:
        self._standing_by = standing_by
        self._gates = gates
        self._look_s = LOOK_S if retained else LONG_LOOK_S
        self._steady, self._cell = steady, cell
        self._seen = asyncio.Event()
        self.watching = False
        """Whether there is a connection just now, to watch."""

    async def look(self, address: Address, password: str) -> None:
        """Look once, at this broker.

        Raises:
            OSError: when the broker is not there or refuses us; also TimeoutError, when it does not answer.
        """
        self._seen.clear()
        async with self._connected(address, password) as lost, self._gates_watched():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look_s):
                    await self._seen.wait()
            if lost.is_set() and not self._seen.is_set():
                raise ConnectionResetError

    async def watch(self, address: Address, password: str) -> bool:
        """Watch this broker until it is time to take over; False when the connection is lost.

        Raises:
            OSError: as above.
        """
        async with self._connected(address, password) as lost, self._gates_watched():
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STEP_S):
                        await lost.wait()
                if self._standing_by.step(Passed(), self._steady()):
                    return not lost.is_set()
            return False

    @contextlib.asynccontextmanager
    async def _connected(self, address: Address, password: str) -> AsyncIterator[asyncio.Event]:
        link = Link(f"{STANDBY}{secrets.token_hex(_NAME_BYTES)}", password, None, self._heard, self._cell)
        try:
            await link.open(address)
            self._standing_by.step(Opened(), self._steady())
            await link.subscribe(topics.PULSE)
            self.watching = True
            yield link.lost
        finally:
            self.watching = False
            self._standing_by.step(Closed(), self._steady())
            await link.close()

    def _gates_watched(self) -> AbstractAsyncContextManager[None]:
        if self._gates is None:
            return contextlib.nullcontext()
        return self._gates.watched(lambda visited: self._standing_by.step(visited, self._steady()))

    def _heard(self, topic: str, payload: bytes) -> None:
        with contextlib.suppress(Malformed):  # not of ours, or of another version: nobody that we could stand by for
            event = hear(topic, payload)
            if isinstance(event, PulseHeard):
                self._standing_by.step(Seen(event.message), self._steady())
                self._seen.set()
