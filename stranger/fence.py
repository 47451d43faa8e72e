"""A fence around what of aiortc a stranger reaches: it holds when what comes is made to break it.

aiortc and aioice take it for granted that the other side plays by the rules. Where it does not, a task of theirs ends
with an exception that nobody hears of, and the talk stands still for ever; or a list grows without an end. Here such an
exception ends the connection, or costs the packet, and the lists have a bound. What a browser sends is far from it.

    a datagram ─► STUN ─► DTLS ─► SCTP ─► a message        each step may raise, and costs no more than was let in
"""

import contextlib
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiortc import RTCPeerConnection
from aiortc.rtcsctptransport import DataChunk, SackChunk
from aiortc.sdp import candidate_from_sdp

ADDRESSES_MOST: Final = 64
"""Of the stranger's in one talk, told or seen: more than anybody has. Each is one that we send checks to."""

DATAGRAMS_WAITING: Final = 2_048
"""A socket takes one in a turn of the loop, and DTLS gives one out: only before it is there do they pile up."""

FRAGMENTS_MOST: Final = 2_048
"""Of messages that are not whole. In packets of the usual size the window that we tell is full at half of it."""

WINDOW_EXCESS_BYTES: Final = 256 * 1024
"""So much beyond that window somebody may send who does not count as we do."""

STREAMS_MOST: Final = 16
"""Two are used."""

_DCEP: Final = 50
_STRING: Final = 51
_BINARY: Final = 53
_TYPES: Final = ("host", "srflx", "relay")
_CHECKS_WAITING: Final = 64


class Broken(Exception):
    """Who sent this is no stranger of ours."""


def reachable(candidate: str) -> bool:
    """Tell whether aioice can send to it as it stands: UDP, and an address in place of a name.

    A name it would look for, a second each, and the description waits for it. Nothing is lost without: the stranger,
    who has my address, calls first, and so becomes known. A port that is none would close our socket.
    """
    try:
        read = candidate_from_sdp(candidate.removeprefix("candidate:"))
        address = ipaddress.ip_address(read.ip)
    except Exception:  # noqa: BLE001  aiortc raises whatever its parser stumbles over
        return False
    return (
        read.component == 1
        and read.protocol.lower() == "udp"
        and read.type in _TYPES
        and 0 < read.port <= 0xFFFF  # noqa: PLR2004  a port
        and "%" not in read.ip
        and not (address.is_multicast or address.is_unspecified)
    )


class Addresses:
    """Those of the stranger that checks are sent to: the first ones that were told, and no more."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def admit(self, candidate: str) -> bool:
        """Tell whether this one may be added: it can be sent to, and there is room or it was there before."""
        if not reachable(candidate):
            return False
        where = " ".join(candidate.removeprefix("candidate:").split()[4:6]).lower()
        if where not in self._known:
            if len(self._known) >= ADDRESSES_MOST:
                return False
            self._known.add(where)
        return True

    def in_description(self, sdp: str) -> str:
        """Take all others out of a description, and the word that there are no more.

        Firefox says so after names alone (`a=end-of-candidates`); aioice would give up at once on none at all.
        """
        return "".join(line for line in sdp.splitlines(keepends=True) if self._stays(line.rstrip("\r\n")))

    def _stays(self, line: str) -> bool:
        if line.startswith("a=candidate:"):
            return self.admit(line[2:])
        return line != "a=end-of-candidates"


class Fence:
    """Around one connection, which has its data channels already.

    Args:
        pc: the connection.
        heard: something has come from the other side.
        broken: nothing comes of this connection any more, and aiortc may not say so.
    """

    def __init__(self, pc: RTCPeerConnection, heard: Callable[[], None], broken: Callable[[], None]) -> None:
        self._heard, self._broken = heard, broken
        assert pc.sctp is not None  # noqa: S101  that comes with the first channel
        self._sctp: Any = pc.sctp
        self._dtls: Any = pc.sctp.transport
        self._ice: Any = self._dtls.transport._connection
        self._known: set[tuple[object, object]] = set()
        self._put(pc, "_RTCPeerConnection__connect", self._ends)
        self._put(self._dtls, "_RTCDtlsTransport__run", self._ends_always)
        self._put(self._dtls, "_send_data", _quietly)
        self._put(self._ice, "check_start", self._costs_itself)
        self._put(self._ice, "request_received", self._checked)
        self._put(self._ice, "data_received", self._received)
        self._put(self._sctp, "_receive_data_chunk", self._fragment)
        self._put(self._sctp, "_receive_sack_chunk", self._acknowledged)
        self._put(self._sctp, "_data_channel_receive", self._said)

    def around_sockets(self) -> None:
        """Also around the sockets that gathering has opened."""
        for protocol in self._ice._protocols:
            self._put(protocol, "datagram_received", _dropping)

    @staticmethod
    def _put(owner: Any, name: str, fence: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:  # noqa: ANN401  of aiortc's
        setattr(owner, name, fence(getattr(owner, name)))

    # ── tasks of aiortc's own ────────────────────────────────────────────────────────────────────────────────────────

    def _ends(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def fenced() -> None:
            try:
                await then()
            except Exception:  # noqa: BLE001  whatever it stumbled over came from the stranger
                self._broken()

        return fenced

    def _ends_always(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        # Who reads has gone: aiortc calls that connected, and what comes would pile up.
        async def fenced() -> None:
            try:
                with contextlib.suppress(Exception):
                    await then()
            finally:
                self._broken()

        return fenced

    def _costs_itself(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def fenced(pair: object) -> None:
            # One who always says that the roles are wrong is asked again until that is too deep.
            with contextlib.suppress(Exception):
                await then(pair)

        return fenced

    # ── datagrams ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _checked(self, then: Callable[..., None]) -> Callable[..., None]:
        def fenced(message: object, addr: tuple[object, object], protocol: object) -> None:
            self._heard()
            if addr not in self._known:
                if len(self._known) >= ADDRESSES_MOST:
                    return  # each new one would be an address that we send checks to
                self._known.add(addr)
            if len(self._ice._early_checks) < _CHECKS_WAITING:
                then(message, addr, protocol)

        return fenced

    def _received(self, then: Callable[..., None]) -> Callable[..., None]:
        def fenced(data: bytes, component: int) -> None:
            # An empty one is none of DTLS, and not even a first byte is there to tell.
            if data and self._ice._queue.qsize() < DATAGRAMS_WAITING:
                self._heard()
                then(data, component)

        return fenced

    # ── SCTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _fragment(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        sctp = self._sctp

        async def fenced(chunk: DataChunk) -> None:
            streams = sctp._inbound_streams
            stream = streams.get(chunk.stream_id)
            if (
                sctp._advertised_rwnd < -WINDOW_EXCESS_BYTES
                or len(sctp._sack_misordered) > FRAGMENTS_MOST
                or (stream is None and len(streams) >= STREAMS_MOST)
                or (stream is not None and len(stream.reassembly) > FRAGMENTS_MOST)
            ):
                raise Broken
            await then(chunk)

        return fenced

    def _acknowledged(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        sctp = self._sctp

        async def fenced(chunk: SackChunk) -> None:
            # aiortc counts through each gap, one by one: a single packet can name twenty million.
            if sum(max(0, last - first + 1) for first, last in chunk.gaps) > len(sctp._sent_queue):
                return
            await then(chunk)

        return fenced

    def _said(self, then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def fenced(stream_id: int, pp_id: int, data: bytes) -> None:
            if pp_id == _DCEP:
                return  # nobody opens channels here: the two that there are have been agreed on
            if pp_id == _STRING and not _is_text(data):
                pp_id = _BINARY
            await then(stream_id, pp_id, data)

        return fenced


def _quietly(then: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Send like UDP does: what goes nowhere is lost, and its sender, a task of SCTP's, hears nothing."""

    async def fenced(data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            await then(data)

    return fenced


def _dropping(then: Callable[..., None]) -> Callable[..., None]:
    """Drop what STUN's parser does not bear: it comes from anybody, proven by nothing."""

    def fenced(data: bytes, addr: tuple[Any, ...]) -> None:
        with contextlib.suppress(Exception):
            then(data, addr)

    return fenced


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
