"""One WebRTC connection with its two channels, by aiortc, and what of that is private to it.

    offer ─► take(answer)        answer(offer) ─►        both offer, and take(mirrored)
    add(candidate) …             words.opened, parcels.opened … closed
    add_media, aim … due? ─► offer, or answer again      offer ─► take_back, answer(theirs)

What aiortc does not do, and so nobody here asks for: it gathers all candidates before a description is told, so that
there are none to trickle; and it does not look for another way (ICE restart), but goes along when the other does. It
takes no offer back (rollback), which is done here for offers that add nothing (decision 33). It says that a connection
is lost half a minute late, so `quiet_s` tells when the last sign of the other came: browsers check a way that is whole
every 2.5 s (RFC 7675). What a stranger may do to all of it is `fence`'s.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from typing import Final

from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransport,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidStateError
from aiortc.rtcconfiguration import RTCBundlePolicy, RTCIceTransportPolicy
from aiortc.rtcicetransport import parse_stun_turn_uri
from aiortc.sdp import candidate_from_sdp

from broker.conversation import Candidate
from broker.messages import IceServer, Role
from stranger.description import names_of_sections
from stranger.fence import Addresses, Fence
from stranger.line import Line
from stranger.receivers import begin_anew, guard, know_repeats

logging.getLogger("aiortc").setLevel(logging.CRITICAL)  # its debugging prints descriptions, which tell addresses
logging.getLogger("aioice").setLevel(logging.CRITICAL)

WORDS_ID: Final = 0
PARCELS_ID: Final = 1

_DIRECTION: Final = re.compile(r"^a=(?:sendrecv|sendonly|recvonly|inactive)\b", re.MULTILINE)


class Peer:
    """A connection.

    Args:
        ice: servers that help to find a way; none that nobody named.
        relay: only through a relay, so that the other does not learn an address of ours.
    """

    def __init__(self, ice: Sequence[IceServer], *, relay: bool) -> None:
        self.relay = relay
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
        self.on_sections: Callable[[], None] = _nothing
        """A description of the other's was taken, and what it adds for voice and picture can be aimed at."""

        self._told: dict[RTCRtpTransceiver, str] = {}
        self.pc.on("connectionstatechange", lambda: self.on_state())
        self._closing: asyncio.Task[None] | None = None
        self._gathering: asyncio.Task[None] | None = None
        self._heard_s = self._now()
        self._addresses = Addresses()
        self._sections: list[str] = []
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
        transport = self._ice
        if transport is not None:
            transport._connection.ice_controlling = False
            transport._role_set = True

    async def offer(self) -> str:
        """Gather, and give an offer with all candidates in it.

        Raises:
            ValueError: when the connection is closed.
        """
        try:
            await self._describe(self._again() or await self.pc.createOffer())
        except InvalidStateError:
            raise ValueError("the connection is closed") from None
        self._told = {each: each.direction for each in self.media}
        return self.described

    async def answer(self, sdp: str) -> str:
        """Take an offer, gather, and give the answer.

        Raises:
            ValueError: when aiortc does not take it.
        """
        await self._take("offer", sdp)
        self._follow(sdp)
        try:
            await self._describe(await self.pc.createAnswer())
        except Exception as error:  # noqa: BLE001  what was taken may be such that there is no answer to it
            raise ValueError(type(error).__name__) from None
        self._told = {each: str(each.currentDirection) for each in self.media}
        return self.described

    async def take(self, sdp: str) -> None:
        """Take an answer.

        Raises:
            ValueError: when aiortc does not take it.
        """
        await self._take("answer", sdp)

    async def _describe(self, description: RTCSessionDescription) -> None:
        # To its end, also if nobody waits for it any more: else the sockets that it has opened by then are nobody's.
        self._gathering = asyncio.ensure_future(self.pc.setLocalDescription(description))
        await asyncio.shield(self._gathering)
        self._fence.around_sockets()

    async def _take(self, kind: str, sdp: str) -> None:
        sections = names_of_sections(sdp)
        if sections[: len(self._sections)] != self._sections:
            # They stay (RFC 9429 §5.2.2). aiortc would make another receiver for each that has another name.
            raise ValueError("sections that were there are not any more")
        try:
            await self.pc.setRemoteDescription(RTCSessionDescription(self._addresses.in_description(sdp), kind))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  aiortc raises whatever its parser stumbles over: this is a stranger's
            raise ValueError(type(error).__name__) from None
        self._sections = sections
        know_repeats(self.media, sdp)
        self.on_sections()

    async def add(self, some: Candidate) -> None:
        """Take a candidate; one that is no good is left out."""
        if not self._addresses.admit(some.candidate):
            return
        try:
            candidate = candidate_from_sdp(some.candidate.removeprefix("candidate:"))
            candidate.sdpMid = some.sdp_mid
            candidate.sdpMLineIndex = 0 if some.sdp_mid is None else some.sdp_m_line_index
            await self.pc.addIceCandidate(candidate)
            self._check_ways()
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001  the same; others may be better
            return

    # ── agreeing anew ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def offering(self) -> bool:
        """Whether an offer of mine has no answer yet."""
        return bool(self.pc.signalingState == "have-local-offer")

    def due(self, role: Role) -> bool:
        """Whether directions are to be agreed on anew.

        Role a offers what it has not told yet. Role b waits for that. It has to offer only where it answered less than
        was offered, and wants it now: when it said yes to a call while an offer of the call before was on its way.
        """
        if role == "a":
            return any(each.direction != self._told.get(each) for each in self.media)
        return any(each.direction == each._offerDirection == "sendrecv" != self._told.get(each) for each in self.media)

    def _again(self) -> RTCSessionDescription | None:
        """Give what I last answered as an offer, if it is to be no more than that.

        aiortc would number codecs and extensions its own way, which a browser refuses where they have been numbered.
        """
        answer: RTCSessionDescription | None = self.pc.localDescription
        if answer is None or answer.type != "answer" or any(each.mid is None for each in self.media):
            return None
        sdp = re.sub(r"^a=setup:\w+", "a=setup:actpass", answer.sdp, flags=re.MULTILINE)
        sections = re.split(r"^(?=m=)", sdp, flags=re.MULTILINE)
        for at, section in enumerate(sections):
            for each in self.media:
                if f"a=mid:{each.mid}\r\n" in section:
                    sections[at] = _DIRECTION.sub(f"a={each.direction}", section)
        return RTCSessionDescription("".join(sections), "offer")

    def take_back(self) -> None:
        """Take my offer back (rollback, RFC 9429 §4.1.10.2). One that added no section has left nothing else behind."""
        if self.offering:
            self.pc._RTCPeerConnection__pendingLocalDescription = None  # type: ignore[attr-defined]
            self.pc._RTCPeerConnection__signalingState = "stable"  # type: ignore[attr-defined]

    def reads(self, fragment: str | None) -> bool:
        """Tell whether a candidate with this user name fragment is of the description that the other has told last."""
        transport = self._ice
        return not fragment or (transport is not None and transport._connection.remote_username == fragment)

    def _follow(self, sdp: str) -> None:
        """Go along when the other looks for another way (ICE restart, RFC 8445 §9).

        aiortc reads the new credentials, and does not use them: every check of the other's would be refused. Mine stay
        as they are, on the sockets that there are. Browsers take that.
        """
        transport = self._ice
        found = [re.search(rf"^a=ice-{what}:(\S+)", sdp, re.MULTILINE) for what in ("ufrag", "pwd")]
        told = [each[1] for each in found if each]
        if transport is None or transport.state != "completed" or len(told) < len(found):
            return
        connection = transport._connection
        if [connection.remote_username, connection.remote_password] != told:
            connection.remote_username, connection.remote_password = told
            transport.iceGatherer._remote_candidates_end = connection._remote_candidates_end = False

    def _check_ways(self) -> None:
        """Check candidates that came after a way was found, which aioice leaves to the other: NATs want both to."""
        transport = self._ice
        if transport is None or transport.state != "completed":
            return
        for pair in transport._connection._check_list:
            if pair.state.name in ("FROZEN", "WAITING"):
                transport._connection.check_start_task(pair)

    @property
    def _ice(self) -> RTCIceTransport | None:
        return self.pc.sctp.transport.transport if self.pc.sctp else None

    # ── voice and picture ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def media(self) -> list[RTCRtpTransceiver]:
        """What there is for voice and picture, in the order of the description."""
        return list(self.pc.getTransceivers())

    def add_media(self, kind: str) -> RTCRtpTransceiver:
        """Add what a voice or a picture goes by, with the next offer."""
        return self.pc.addTransceiver(kind, direction="inactive")

    def aim(self, transceiver: RTCRtpTransceiver, *, on: bool) -> None:
        """Send and receive by this, or neither: what comes unasked is dropped undecoded, whatever was agreed on."""
        transceiver.direction = "sendrecv" if on else "inactive"
        receiver = transceiver.receiver
        guard(receiver)
        if on and not receiver._enabled:
            begin_anew(receiver)
            transceiver.sender._send_keyframe()  # the other may not have taken the last pictures before this one
        receiver._enabled = on

    def close(self) -> "asyncio.Task[None]":
        """End it, in the background; gives what can be waited for."""
        self.words.release()
        self.parcels.release()
        self.on_state = self.on_sections = _nothing
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        return self._closing

    async def _close(self) -> None:
        if self._gathering is not None:
            await asyncio.gather(self._gathering, return_exceptions=True)
        if (transport := self._ice) is not None:
            # Where a way is found in this moment, aioice begins to ask for consent (RFC 7675), nobody and for ever.
            transport._connection.query_consent = _ask_nobody  # type: ignore[method-assign]
        await self.pc.close()

    def _hear(self) -> None:
        self._heard_s = self._now()

    def _break(self) -> None:
        self._broken = True
        self.on_state()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def _ask_nobody() -> None:
    pass


def _usable(server: IceServer) -> bool:
    try:
        return all(parse_stun_turn_uri(url) for url in server.urls)
    except ValueError:
        return False


def _server(server: IceServer) -> RTCIceServer:
    return RTCIceServer(list(server.urls), server.username, server.credential)


def _nothing() -> None: ...
