"""One person at each of the systems: the same few words for all, each said as that system's page would say them.

    ask ──►    ◄── met    describe ◄──► signal    open ──►    leave ──►    ◄── over

`describe` says what a Chromium says when two meet on one machine: a description (516 bytes as JSON) and two candidates
(209 bytes each). Passerby's page seals the description, and both candidates in one batch. The usual page of the others
sends each candidate as it comes, so these do, too.
"""

import json
from collections.abc import Callable
from typing import Any, ClassVar, Final, Protocol

from bench.frames import TEXT, Frames
from bench.peers import Peer

SEALED_BYTES: Final = (760, 320)
TAGS: Final = ("music",)
LANGUAGES: Final = ("en",)

_SDP: Final = "\r\n".join(
    (
        "v=0",
        "o=- 4821206958233741371 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:Q8aZ",
        "a=ice-pwd:hfFfidoi/C248eUZULv2L0dn",
        "a=ice-options:trickle",
        "a=fingerprint:sha-256 " + ":".join(["FD"] * 32),
        "a=setup:actpass",
        "a=mid:0",
        "a=sctp-port:5000",
        "a=max-message-size:262144",
        "",
    )
)
_CANDIDATE: Final = {
    "candidate": "candidate:1769537212 1 udp 2113937151 3a94235f-b9ad-44e9-ae65-8cecc9b0dbc7.local 50984 typ host "
    "generation 0 ufrag Q8aZ network-cost 999",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
    "usernameFragment": "Q8aZ",
}


class Ears(Protocol):
    """Who is told what happens to a driver."""

    def here(self, driver: "Driver") -> None:
        """It may ask from now on."""

    def met(self, driver: "Driver", session: str, *, first: bool) -> None:
        """A stranger was found; the first of the two begins to describe itself."""

    def signal(self, driver: "Driver") -> None:
        """Something came that the stranger said."""

    def over(self, driver: "Driver") -> None:
        """The stranger has left."""

    def odd(self, driver: "Driver", what: str) -> None:
        """Something happened that must not."""


class Driver(Protocol):
    """One person. `parts` is how many signals it sends to describe itself."""

    parts: ClassVar[int]

    @property
    def line(self) -> Frames:
        """The connection, to be opened."""

    def ask(self, tags: tuple[str, ...]) -> None:
        """Wish for a stranger."""

    def describe(self, *, first: bool) -> None:
        """Send a description and candidates to the stranger."""

    def open(self) -> None:
        """The channel is open."""

    def leave(self) -> None:
        """Leave the stranger."""

    def ping(self) -> None:
        """Give a sign of life, where that is the client's part."""

    def bye(self) -> None:
        """Go."""


class Passerby(Driver):
    """At Passerby."""

    parts = len(SEALED_BYTES)

    def __init__(self, host: str, ears: Ears) -> None:
        self._peer = Peer(host, self._told, self._sealed, self._lost)
        self._ears = ears
        self._to = ""
        self._tags: tuple[str, ...] = ()
        self._welcomed = False

    @property
    def line(self) -> Frames:
        """The connection, to be opened."""
        return self._peer

    def ask(self, tags: tuple[str, ...]) -> None:
        """Wish for a stranger who speaks the same language."""
        self._tags = tags
        self._peer.join("text", [*tags], LANGUAGES)

    def describe(self, *, first: bool) -> None:  # noqa: ARG002  an answer is as long as an offer
        """Send both sealed messages, in one frame."""
        self._peer.signal(self._to, *SEALED_BYTES)

    def open(self) -> None:
        """Say that the channel is open."""
        self._peer.talking()

    def leave(self) -> None:
        """Leave the stranger."""
        self._peer.leave("left")

    def ping(self) -> None:
        """Give a sign of life."""
        self._peer.ping(want_seat=False)

    def bye(self) -> None:
        """Go, without a Will."""
        self._peer.bye()

    def _told(self, peer: Peer, message: dict[str, Any]) -> None:
        match message["kind"]:
            case "welcome":
                peer.take_seat(message["seat"])
                if not self._welcomed:
                    self._welcomed = True
                    self._ears.here(self)
            case "matched" if message["ticket"] == peer.ticket:
                peer.session, self._to = message["session"], message["to"]
                peer.take_seat(message["seat"])
                self._ears.met(self, peer.session, first=message["role"] == "a")
            case "ended" if message["session"] == peer.session:
                self._ears.over(self)
            case "seat":
                peer.take_seat(message["seat"])
            case "again":  # its seat has grown old by waiting, and it was told a new one before
                self.ask(self._tags)
            case "refused" if message["reason"] == "seat":
                self.ask(self._tags)
            case kind:
                self._ears.odd(self, f"told: {kind}")

    def _sealed(self, _: str) -> None:
        self._ears.signal(self)

    def _lost(self, _: Peer) -> None:
        self._ears.odd(self, "connection lost")


class _Text(Frames):
    """A connection on which texts are said."""

    def __init__(self, host: str, path: str, told: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        super().__init__(host, path)
        self._told, self._lost = told, lost
        self.leaving = False
        self.begun: Callable[[], None] = lambda: None

    def opened(self) -> None:
        self.begun()

    def heard(self, data: bytes) -> None:
        self._told(data)

    def closed(self) -> None:
        if not self.leaving:
            self._lost()


class _Plain(Driver):
    """At a server that knows no more than a queue."""

    parts = 3
    path: ClassVar[str]

    def __init__(self, host: str, ears: Ears) -> None:
        self._line = _Text(host, self.path, self._heard, lambda: ears.odd(self, "connection lost"))
        self._ears = ears

    @property
    def line(self) -> Frames:
        """The connection, to be opened."""
        return self._line

    def describe(self, *, first: bool) -> None:
        """Send a description, and each candidate in a message of its own."""
        kind = "offer" if first else "answer"
        self._say(kind, {"type": kind, "sdp": _SDP})
        self._say("candidate", _CANDIDATE)
        self._say("candidate", _CANDIDATE)

    def ask(self, tags: tuple[str, ...]) -> None:
        """Wish for a stranger."""
        self._say("ask", {"tags": [*tags, *LANGUAGES]})

    def open(self) -> None:
        """Nobody is told."""

    def leave(self) -> None:
        """Leave the stranger."""
        self._say("leave", None)

    def ping(self) -> None:
        """The server asks for signs of life."""

    def bye(self) -> None:
        """Go."""
        self._line.leaving = True
        self._line.close()

    def _say(self, kind: str, what: dict[str, Any] | None) -> None:
        raise NotImplementedError

    def _heard(self, data: bytes) -> None:
        raise NotImplementedError

    def _take(self, kind: str, what: dict[str, Any]) -> None:
        match kind:
            case "matched":
                self._ears.met(self, what["session"], first=what["first"])
            case "offer" | "answer" | "candidate":
                self._ears.signal(self)
            case "over":
                self._ears.over(self)
            case _:
                self._ears.odd(self, f"told: {kind}")


class SocketIo(_Plain):
    """At Socket.IO: Engine.IO 4 and Socket.IO 5, on a WebSocket from the start.

    ◄── 0{"sid" …}    40 ──►    ◄── 40{"sid" …}    42["event", …] ◄──►    ◄── 2    3 ──►
    """

    path = "/socket.io/?EIO=4&transport=websocket"

    def _say(self, kind: str, what: dict[str, Any] | None) -> None:
        self._line.send(TEXT, event(kind, what))

    def _heard(self, data: bytes) -> None:
        if data == b"2":
            self._line.send(TEXT, b"3")
        elif data.startswith(b"0"):
            self._line.send(TEXT, b"40")
        elif data.startswith(b"40"):
            self._ears.here(self)
        elif (taken := read_event(data)) is not None:
            self._take(*taken)
        else:
            self._ears.odd(self, f"told: {data[:2].decode()}")


def event(kind: str, what: dict[str, Any] | None) -> bytes:
    """Write an event of Socket.IO, in the main namespace, that asks for no acknowledgement."""
    return b"42" + _compact([kind] if what is None else [kind, what])


def read_event(data: bytes) -> tuple[str, dict[str, Any]] | None:
    """Read an event of Socket.IO; None when it is something else."""
    if not data.startswith(b"42["):
        return None
    kind, *rest = json.loads(data[2:])
    return kind, rest[0] if rest else {}


class BareWs(_Plain):
    """At a bare `ws`."""

    path = "/"

    def __init__(self, host: str, ears: Ears) -> None:
        super().__init__(host, ears)
        self._line.begun = lambda: ears.here(self)

    def _say(self, kind: str, what: dict[str, Any] | None) -> None:
        self._line.send(TEXT, _compact({"kind": kind, **(what or {})}))

    def _heard(self, data: bytes) -> None:
        what = json.loads(data)
        self._take(what["kind"], what)


def _compact(what: object) -> bytes:
    return json.dumps(what, separators=(",", ":")).encode()
