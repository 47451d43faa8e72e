"""Agreeing anew on a connection that stands: for a call, and when the other looks for another way between the two.

    my offer{nth} ──► … ◄── answer{nth}     an answer to an older offer of mine, and an older offer of theirs, is
                                            nothing: over the channel one can come late, when the other way was quicker

Perfect negotiation (W3C WebRTC §10.7), as the page's `negotiation.ts`: both may offer at any time; when offers cross,
who is role b takes its own back, and who is role a says its own once more, since the other may have offered because
that one never came. It never restarts ICE by itself: aiortc cannot, and the page at the other end does (decision 33).
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from broker.conversation import Answer, Candidates, Offer
from broker.messages import Role
from stranger.description import check_talk_description, outgoing_description
from stranger.peer import Peer

Negotiated = Offer | Answer | Candidates
WAITING_MAX: Final = 64
"""What waits for its turn. What a stranger says beyond that is dropped."""


@dataclass(frozen=True, slots=True)
class NegotiationPorts:
    """What a negotiation needs of the talk.

    Args:
        send: say this to the stranger; sealed over the broker, if the channel is not to be trusted with it.
        alarm: somebody else is at the other end.
    """

    send: Callable[[Negotiated, bool], None]
    alarm: Callable[[], None]


@dataclass(slots=True)
class Negotiation:
    """One talk's.

    Args:
        peer: the connection.
        role: b is the polite one.
        fingerprint: of the stranger's certificate, which stays the same as long as the talk lasts.
        ports: what it says, and to whom.
    """

    peer: Peer
    role: Role
    fingerprint: str
    ports: NegotiationPorts
    _mine: int = 0
    _theirs: int = 0
    _queue: "asyncio.Queue[tuple[Negotiated | None, bool]]" = field(default_factory=lambda: asyncio.Queue(WAITING_MAX))
    _task: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        self._task = asyncio.ensure_future(self._run())

    def hear(self, message: Negotiated, *, sealed: bool) -> None:
        """Take a message; what came sealed, over the broker, is answered there. Each waits for the one before."""
        self._put(message, sealed=sealed)

    def look(self) -> None:
        """Offer, if there is reason to: directions have changed."""
        self._put(None, sealed=False)

    def close(self) -> None:
        """Say nothing any more."""
        if self._task is not None:
            self._task.cancel()

    def _put(self, message: Negotiated | None, *, sealed: bool) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait((message, sealed))

    async def _run(self) -> None:
        while True:
            message, sealed = await self._queue.get()
            with contextlib.suppress(ValueError):  # no description that aiortc takes: as if it had not come
                if isinstance(message, Candidates):
                    await self._add(message)
                elif message is not None:
                    await self._take(message, sealed=sealed)
            with contextlib.suppress(ValueError):  # the connection is closed, and the talk will hear of it
                await self._offer()

    async def _add(self, message: Candidates) -> None:
        for some in message.candidates:
            if self.peer.reads(some.username_fragment):
                await self.peer.add(some)

    async def _take(self, message: Offer | Answer, *, sealed: bool) -> None:
        if message.nth is None:
            return
        late = message.nth <= self._theirs if isinstance(message, Offer) else message.nth != self._mine
        checked = None if late else check_talk_description(message.sdp)
        if checked is None:
            return
        if checked.fingerprint != self.fingerprint:
            self.ports.alarm()
        elif isinstance(message, Offer):
            await self._take_offer(checked.sdp, message.nth, sealed=sealed)
        elif self.peer.offering:
            await self.peer.take(checked.sdp)

    async def _take_offer(self, sdp: str, nth: int, *, sealed: bool) -> None:
        self._theirs = nth
        if self.peer.offering and self.role == "a":
            self._tell(Offer, self._mine, sealed=sealed)
            return
        self.peer.take_back()
        await self.peer.answer(sdp)
        self._tell(Answer, nth, sealed=sealed)

    async def _offer(self) -> None:
        if self.peer.offering or not self.peer.due(self.role):
            return
        await self.peer.offer()
        self._mine += 1
        self._tell(Offer, self._mine, sealed=False)

    def _tell(self, kind: type[Offer] | type[Answer], nth: int, *, sealed: bool) -> None:
        sdp = outgoing_description(self.peer.described, self.peer.relay)
        self.ports.send(kind(sdp=sdp, nth=nth), sealed)
