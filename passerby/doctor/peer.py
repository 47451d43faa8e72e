"""A peer of the doctor's own: a secret that it draws and forgets, and what such a peer says.

It speaks as the page does, in messages of the protocol only, so that nothing it does looks like abuse to the service.
"""

import contextlib
import secrets
import time
from typing import TypeVar

from broker import messages, topics
from broker.identity import SECRET_BYTES, PeerId, b64url, peer_of
from broker.messages import Cancel, Gone, Here, Malformed, Ping, Welcome
from passerby.doctor.probe import ACCEPTED, Probe
from stranger.client import Login
from stranger.identity import new_life, token

M = TypeVar("M", bound=messages.Message)


class Identity:
    """Who a peer is: a secret, its name, and one life."""

    def __init__(self) -> None:
        secret = secrets.token_bytes(SECRET_BYTES)
        self.id: PeerId = peer_of(secret)
        self.password = b64url(secret)
        self.life = new_life()

    def login(self, will: tuple[str, bytes] | None = None) -> Login:
        """How it comes in, as the page does: with a Will on its own presence, unless another is given."""
        gone = Gone(life=self.life, mood="lost").wire()
        return Login(self.id, self.id, self.password, will or (topics.presence(self.id), gone))


class Peer:
    """A peer that was let in and listens to its inbox and the pulse."""

    def __init__(self, identity: Identity, probe: Probe) -> None:
        self.identity = identity
        self.probe = probe
        self.welcome: Welcome | None = None
        self.rtt_s = 0.0
        self.welcomed_after_s = 0.0

    @property
    def inbox(self) -> str:
        """Where the service speaks to it."""
        return topics.inbox(self.identity.id)

    async def listen(self) -> bool:
        """Subscribe as the page does and take the time that it takes; tells whether all of it was granted."""
        start = time.perf_counter()
        granted = await self.probe.subscribe(self.inbox, topics.PULSE)
        self.rtt_s = time.perf_counter() - start
        return granted == [ACCEPTED, ACCEPTED]

    async def is_welcomed(self, within_s: float) -> bool:
        """Say that it is here and wait for the answer; says it once more, as the page would."""
        here = Here(life=self.identity.life, version=messages.VERSION, rtt=min(60_000, round(self.rtt_s * 1000)))
        for _ in range(2):
            start = time.perf_counter()
            await self.probe.publish(topics.presence(self.identity.id), here.wire())
            if await self.probe.until(self._find_welcome, within_s / 2):
                self.welcomed_after_s = time.perf_counter() - start
                return True
        return False

    def told(self, kind: type[M]) -> M | None:
        """Give the first message of this kind that the service sent."""
        for each in self.probe.seen:
            if each.topic == self.inbox:
                with contextlib.suppress(Malformed):
                    message = messages.parse(messages.inbox, each.payload)
                    if isinstance(message, kind):
                        return message
        return None

    def got(self, marker: bytes) -> bool:
        """Tell whether something that holds this was delivered, on any topic."""
        return any(marker in each.payload for each in self.probe.seen)

    async def sign(self, *, want_seat: bool = False) -> None:
        """Say something in presence and in the lobby that changes nothing, and perhaps ask for an answer."""
        ping = Ping(life=self.identity.life, want_seat=want_seat or None)
        await self.probe.publish(topics.presence(self.identity.id), ping.wire())
        cancel = Cancel(life=self.identity.life, ticket=token())
        await self.probe.publish(topics.lobby(self.identity.id), cancel.wire())

    async def leave(self) -> None:
        """Say goodbye, so that nobody counts it any longer."""
        if self.probe.is_in:
            gone = Gone(life=self.identity.life, mood="left")
            await self.probe.publish(topics.presence(self.identity.id), gone.wire())

    def _find_welcome(self) -> bool:
        self.welcome = self.told(Welcome)
        return self.welcome is not None
