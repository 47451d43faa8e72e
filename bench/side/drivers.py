"""One person at each of the systems: the same few words for all, each said as that system's page would say them.

    ask ──►    ◄── met    describe ◄──► signal    open ──►    leave ──►    ◄── over

Here is the one at Passerby, whose page seals the description, and both candidates in one batch; those at the others are
in `bench.side.queuers`.
"""

from typing import Any, ClassVar, Final, Protocol

from bench.frames import Frames
from bench.peers import Peer

SEALED_BYTES: Final = (760, 320)
TAGS: Final = ("music",)
LANGUAGES: Final = ("en",)


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
