"""One person at each of the others: at Socket.IO, and at a bare `ws`.

`describe` says what a Chromium says when two meet on one machine: a description (516 bytes as JSON) and two candidates
(209 bytes each). The usual page sends each candidate as it comes, so these do, too. Nothing is sealed.
"""

import json
from collections.abc import Callable
from typing import Any, ClassVar, Final

from bench.frames import TEXT, Frames
from bench.side.drivers import LANGUAGES, Driver, Ears

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
