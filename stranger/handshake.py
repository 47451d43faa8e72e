"""How two peer connections find each other: descriptions and candidates, over what `post` carries.

    offer     a ── offer ──► b              mirror    a ── offer ──► b
              a ◄─ answer ── b                        a ◄─ offer ─── b   each takes the other's as the answer to its own

Ours tells all its candidates with its description, and takes those that a browser sends after its own. A stranger that
refuses the mirrored answer says `plain`, and both start anew as in `offer`. Who offers first is the controlling one in
ICE; in `mirror` both would be, so role b gives way (RFC 8445 §6.1.1).
"""

from collections.abc import Callable
from typing import Final

from broker.conversation import Answer, Bye, Candidate, Candidates, Offer, Plain
from broker.messages import Handshake as Mode
from broker.messages import Role
from stranger.description import check_description, mirrored, outgoing_description
from stranger.peer import Peer
from stranger.post import SessionMessage

CANDIDATES_WAITING: Final = 20
_RELAYED = " typ relay"


class Failed(Exception):
    """No connection comes of this."""


class NoWay(Failed):
    """Nothing was gathered that may be told: there is a relay to hide behind, and it gives no address."""


class ForeignCertificate(Exception):
    """A later description tells another certificate than the first."""


class Handshake:
    """One side of it.

    Args:
        role: a or b, as the match says.
        mode: how it begins.
        relay: whether only relayed addresses may leave.
        make: makes a new peer connection; the one before is closed.
        send: says something to the stranger, sealed.
    """

    def __init__(
        self,
        role: Role,
        mode: Mode,
        *,
        relay: bool,
        make: Callable[[], Peer],
        send: Callable[[SessionMessage], None],
    ) -> None:
        self._role: Role = role
        self._mode: Mode = mode
        self._relay, self._make, self._send = relay, make, send
        self._waiting: list[Candidate] | None = []
        self._open = False
        self.fingerprint: str | None = None
        self.peer = make()

    async def start(self) -> None:
        """Say the first thing, if it is mine to say. To be done before the first `receive`.

        Raises:
            Failed: when there is nothing to say.
        """
        if self._role == "b" and self._mode == "mirror":
            self.peer.give_way()
        if self._role == "a" or self._mode == "mirror":
            await self._offer()

    async def receive(self, message: SessionMessage) -> None:
        """Take what the stranger said; one after the other.

        Raises:
            Failed: when no connection can come of it.
            ForeignCertificate: when it comes from somebody else than before.
        """
        match message:
            case Plain():
                await self._plain()
            case Candidates():
                for some in message.candidates:
                    await self._add(some)
            case Offer() | Answer():
                await self._described(message)
            case Bye():
                pass

    def opened(self) -> None:
        """The channel is open: from now on the stranger's certificate cannot change."""
        self._open = True

    async def _offer(self) -> None:
        self._send(Offer(sdp=self._outgoing(await self.peer.offer())))

    def _outgoing(self, sdp: str) -> str:
        if self._relay and _RELAYED not in sdp:
            raise NoWay("the relay gives no address")
        return outgoing_description(sdp, self._relay)

    async def _described(self, message: Offer | Answer) -> None:
        checked = check_description(message.sdp)
        if checked is None:
            raise Failed("a description that is refused")
        if self._open and checked.fingerprint != self.fingerprint:
            raise ForeignCertificate
        if self._waiting is None or message.kind != self._expected():
            return
        self.fingerprint = checked.fingerprint
        if self._mode == "mirror":
            await self._mirror(checked.sdp)
        else:
            await self._agree(message.kind, checked.sdp)

    def _expected(self) -> str:
        return "offer" if self._mode == "mirror" or self._role == "b" else "answer"

    async def _mirror(self, sdp: str) -> None:
        try:
            await self.peer.take(mirrored(sdp, self._role))
        except ValueError:
            self._send(Plain())
            await self._plain()
            return
        await self._add_waiting()

    async def _agree(self, kind: str, sdp: str) -> None:
        try:
            if kind == "answer":
                await self.peer.take(sdp)
            else:
                self._send(Answer(sdp=self._outgoing(await self.peer.answer(sdp))))
        except ValueError as error:
            raise Failed("a description that is refused") from error
        await self._add_waiting()

    async def _plain(self) -> None:
        if self._mode == "offer" or self._open:
            return  # both may have said it
        self._mode = "offer"
        self.peer.close()
        self.peer = self._make()
        self.fingerprint, self._waiting = None, []
        if self._role == "a":
            await self._offer()

    async def _add_waiting(self) -> None:
        early, self._waiting = self._waiting or [], None
        for some in early:
            await self.peer.add(some)

    async def _add(self, some: Candidate) -> None:
        if self._waiting is None:
            await self.peer.add(some)
        elif len(self._waiting) < CANDIDATES_WAITING:
            self._waiting.append(some)
