"""One WebRTC connection with its two channels, by aiortc: the only file that knows aiortc, and what of it is private.

    offer ─► take(answer)        answer(offer) ─►        both offer, and take(mirrored)
    add(candidate) …             words.opened, parcels.opened … closed

What aiortc does not do, and so nobody here asks for: it gathers all candidates before a description is told, so that
there are none to trickle; it takes no offer back (rollback), and does not look for another way (ICE restart). It says
that a connection is lost half a minute late, so `quiet_s` tells when the last sign of the other came: browsers check a
way that is whole every 2.5 s (RFC 7675). What a stranger may do to it is `fence`'s.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCBundlePolicy, RTCIceTransportPolicy
from aiortc.rtcicetransport import parse_stun_turn_uri
from aiortc.sdp import candidate_from_sdp

from broker.conversation import Candidate
from broker.messages import IceServer
from stranger.fence import ADDRESSES_MOST, Fence, only_reachable, reachable

logging.getLogger("aiortc").setLevel(logging.CRITICAL)  # its debugging prints descriptions, which tell addresses
logging.getLogger("aioice").setLevel(logging.CRITICAL)

WORDS_ID: Final = 0
PARCELS_ID: Final = 1


class Line:
    """A data channel. Who owns it sets what is to be called."""

    def __init__(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        self.on_open: Callable[[], None] = _nothing
        self.on_message: Callable[[object], None] = _nothing_of
        self.on_close: Callable[[], None] = _nothing
        self.on_drain: Callable[[], None] = _nothing
        channel.on("open", lambda: self.on_open())
        channel.on("message", lambda data: self.on_message(data))
        channel.on("close", lambda: self.on_close())
        channel.on("bufferedamountlow", lambda: self.on_drain())

    @property
    def ready(self) -> bool:
        """Whether something can be sent."""
        return bool(self._channel.readyState == "open")

    @property
    def buffered(self) -> int:
        """How many bytes wait to be sent."""
        return int(self._channel.bufferedAmount)

    def low(self, threshold: int) -> None:
        """Call `on_drain` when no more bytes wait than these."""
        self._channel.bufferedAmountLowThreshold = threshold

    def send(self, data: str | bytes) -> None:
        """Send a message; nothing where it is not ready."""
        if self.ready:
            self._channel.send(data)

    def close(self) -> None:
        """Close it once what was sent has arrived (RFC 8831 §6.7)."""
        self._channel.close()

    def release(self) -> None:
        """Call nobody any more."""
        self.on_open = self.on_close = self.on_drain = _nothing
        self.on_message = _nothing_of


class Peer:
    """A connection.

    Args:
        ice: servers that help to find a way; none that nobody named.
        relay: only through a relay, so that the other does not learn an address of ours.
    """

    def __init__(self, ice: Sequence[IceServer], *, relay: bool) -> None:
        self.pc = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[_server(each) for each in ice if _usable(each)],  # without a list aiortc asks a third party
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
                iceTransportPolicy=RTCIceTransportPolicy.RELAY if relay else RTCIceTransportPolicy.ALL,
            )
        )
        self.words = Line(self.pc.createDataChannel("passerby", negotiated=True, id=WORDS_ID))
        self.parcels = Line(self.pc.createDataChannel("parcels", negotiated=True, id=PARCELS_ID))
        self.on_state: Callable[[], None] = _nothing
        self.pc.on("connectionstatechange", lambda: self.on_state())
        self._closing: asyncio.Task[None] | None = None
        self._gathering: asyncio.Task[None] | None = None
        self._heard_s = self._now()
        self._added = 0
        self._broken = False
        self._fence = Fence(self.pc, self._hear, self._break)

    @property
    def state(self) -> str:
        """The `RTCPeerConnectionState` (W3C WebRTC §4.3.3)."""
        return "failed" if self._broken else str(self.pc.connectionState)

    @property
    def quiet_s(self) -> float:
        """For how many seconds nothing has come from the other, not even a check of the way."""
        return self._now() - self._heard_s

    @property
    def described(self) -> str:
        """The own description."""
        description: RTCSessionDescription | None = self.pc.localDescription  # there is none before the first
        return str(description.sdp) if description is not None else ""

    def give_way(self) -> None:
        """Be the controlled one (RFC 8445 §6.1.1), though it offers first: in `mirror` the other is controlling."""
        transport = self.pc.sctp.transport.transport if self.pc.sctp else None
        if transport is not None:
            transport._connection.ice_controlling = False
            transport._role_set = True

    async def offer(self) -> str:
        """Gather, and give an offer with all candidates in it."""
        return await self._describe(await self.pc.createOffer())

    async def answer(self, sdp: str) -> str:
        """Take an offer, gather, and give the answer.

        Raises:
            ValueError: when aiortc does not take it.
        """
        await self._take("offer", sdp)
        try:
            return await self._describe(await self.pc.createAnswer())
        except Exception as error:  # noqa: BLE001  what was taken may be such that there is no answer to it
            raise ValueError(type(error).__name__) from None

    async def take(self, sdp: str) -> None:
        """Take an answer.

        Raises:
            ValueError: when aiortc does not take it.
        """
        await self._take("answer", sdp)

    async def _describe(self, description: RTCSessionDescription) -> str:
        # To its end, also if nobody waits for it any more: else the sockets that it has opened by then are nobody's.
        self._gathering = asyncio.ensure_future(self.pc.setLocalDescription(description))
        await asyncio.shield(self._gathering)
        self._fence.around_sockets()
        return self.described

    async def _take(self, kind: str, sdp: str) -> None:
        usable, self._added = only_reachable(sdp)
        try:
            await self.pc.setRemoteDescription(RTCSessionDescription(usable, kind))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  aiortc raises whatever its parser stumbles over: this is a stranger's
            raise ValueError(type(error).__name__) from None

    async def add(self, some: Candidate) -> None:
        """Take a candidate; one that is no good is left out."""
        if self._added >= ADDRESSES_MOST or not reachable(some.candidate):
            return
        self._added += 1
        try:
            candidate = candidate_from_sdp(some.candidate.removeprefix("candidate:"))
            candidate.sdpMid = some.sdp_mid
            candidate.sdpMLineIndex = 0 if some.sdp_mid is None else some.sdp_m_line_index
            await self.pc.addIceCandidate(candidate)
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001  the same; others may be better
            return

    def close(self) -> "asyncio.Task[None]":
        """End it, in the background; gives what can be waited for."""
        self.words.release()
        self.parcels.release()
        self.on_state = _nothing
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        return self._closing

    async def _close(self) -> None:
        if self._gathering is not None:
            await asyncio.gather(self._gathering, return_exceptions=True)
        await self.pc.close()

    def _hear(self) -> None:
        self._heard_s = self._now()

    def _break(self) -> None:
        self._broken = True
        self.on_state()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _usable(server: IceServer) -> bool:
    try:
        return all(parse_stun_turn_uri(url) for url in server.urls)
    except ValueError:
        return False


def _server(server: IceServer) -> RTCIceServer:
    return RTCIceServer(list(server.urls), server.username, server.credential)


def _nothing() -> None: ...


def _nothing_of(_: object) -> None: ...
