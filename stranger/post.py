"""The sealed exchange over the two seats: in order, bounded, and once more when something was lost.

    my first ──► (the channel is not open 2 s later) ──► all of mine once more, the same bytes

MQTT carries it at QoS 0, so a message may be lost when a connection breaks or a subscription comes late. In a talk the
two may reach each other at later seats; nothing is repeated there.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from broker.conversation import Answer, Bye, Candidates, Offer, Plain, session
from broker.messages import Malformed, parse
from stranger.seal import Seal

SessionMessage = Offer | Answer | Candidates | Plain | Bye

REPEAT_AFTER_S: Final = 2.0
PAYLOAD_BYTES: Final = 16 * 1024
WAITING_MOST: Final = 64
"""What a seat lets through in all: whoever sends more is no stranger of ours."""


class Post:
    """One side of it.

    Args:
        seal: of this session.
        publish: sends bytes to a seat.
        take: is given each message, and is done with it before the next.
    """

    def __init__(
        self,
        seal: Seal,
        publish: Callable[[bytes, str | None], None],
        take: Callable[[SessionMessage], Awaitable[None]],
    ) -> None:
        self._seal, self._publish, self._take = seal, publish, take
        self._sent: list[bytes] = []
        self._repeat: asyncio.TimerHandle | None = None
        self._settled = self._deaf = False
        self._inbox: asyncio.Queue[tuple[bytes, str | None]] = asyncio.Queue(WAITING_MOST)

    @property
    def sealed(self) -> int:
        """How many counters are used: of 256 that there are."""
        return self._seal.sealed

    def send(self, message: SessionMessage, to: str | None = None) -> None:
        """Seal a message and send it: to the seat of the match, or a later one."""
        payload = self._seal.seal(message.wire(), to)
        if payload is None:
            return
        self._publish(payload, to)
        if self._settled:
            return
        self._sent.append(payload)
        if self._repeat is None:
            self._repeat = asyncio.get_running_loop().call_later(REPEAT_AFTER_S, self._again)

    def receive(self, payload: bytes, at: str | None = None) -> None:
        """Take what came to a seat of mine; what is too big or too much is dropped."""
        if not self._deaf and len(payload) <= PAYLOAD_BYTES:
            with contextlib.suppress(asyncio.QueueFull):
                self._inbox.put_nowait((payload, at))

    async def run(self) -> None:
        """Open what comes, one after the other, until it is closed by what came."""
        while not self._deaf:
            payload, at = await self._inbox.get()
            plain = self._seal.open(payload, at)
            if plain is None:
                continue
            try:
                message = parse(session, plain, PAYLOAD_BYTES)
            except Malformed:
                continue
            await self._take(message)

    def settle(self) -> None:
        """The two have found each other: nothing needs to be repeated any more."""
        self._settled = True
        if self._repeat is not None:
            self._repeat.cancel()
        self._sent.clear()

    def close(self) -> None:
        """Hear nothing any more."""
        self._deaf = True
        self.settle()

    def _again(self) -> None:
        again = list(self._sent)
        self.settle()
        for payload in again:
            self._publish(payload, None)
