"""One visit: where, how patiently, and what the checks of it share."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from broker.messages import Matched
from passerby.certificate import trust
from passerby.doctor.peer import Identity, Peer
from passerby.doctor.probe import ACCEPTED, Probe, knock
from stranger.client import Login, Unreachable
from stranger.place import Place

_QUIET_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the one who asks wants it done. `internal` is the listener for the service, if it is to be looked at."""

    timeout_s: float = 5.0
    insecure: bool = False
    internal: Place | None = None


@dataclass(slots=True)
class Visit:
    """What is known so far: the doctor's two peers once they were let in, and what each was told of the other."""

    place: Place
    wishes: Wishes
    http: aiohttp.ClientSession
    stack: contextlib.AsyncExitStack
    tls: ssl.SSLContext
    _pair: list[Peer] = field(default_factory=list)
    matched: tuple[Matched, Matched] | None = None

    @property
    def one(self) -> Peer:
        """The first of the two."""
        return self._pair[0]

    @property
    def other(self) -> Peer:
        """The second of the two."""
        return self._pair[1]

    def keep(self, peer: Peer) -> None:
        """Note a peer that was let in."""
        self._pair.append(peer)

    def knock(self, login: Login) -> contextlib.AbstractAsyncContextManager[Probe]:
        """Come to the door with this login."""
        return knock(self.place, login, self.tls, self.wishes.timeout_s)

    @contextlib.asynccontextmanager
    async def trespasser(self, will: tuple[str, bytes] | None = None) -> AsyncIterator[Probe]:
        """Come in as a peer that is going to do what no peer may; its own connection, since that may end it.

        Raises:
            Unreachable: when it is not let in, though it has the right secret and a Will that it may have.
        """
        async with self.knock(Identity().login(will)) as probe:
            if will is None and probe.code != ACCEPTED:
                raise Unreachable("one more peer is not let in")
            yield probe

    async def quiet(self) -> None:
        """Wait for long enough that what was taken by the broker, and would be delivered, has come."""
        await asyncio.sleep(_QUIET_S + 2 * self.one.rtt_s)


@contextlib.asynccontextmanager
async def visiting(place: Place, wishes: Wishes) -> AsyncIterator[Visit]:
    """Set out, and leave nothing behind at the end."""
    tls = trust(insecure=wishes.insecure)
    timeout = aiohttp.ClientTimeout(total=wishes.timeout_s)
    async with (
        aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(ssl=tls)) as http,
        contextlib.AsyncExitStack() as stack,
    ):
        yield Visit(place, wishes, http, stack, tls)
