"""Voice and picture on the connection of a talk (the page's `callmedia.ts`).

Each of the two has one transceiver of a kind, which is added with the first call that needs it and used again by the
next: a call begins and ends by directions. Between calls, and for a picture in a call by voice, they are inactive, and
nothing that comes is even decoded: a stranger who sends without having been told yes is not received.

Who is role a adds them: both could, and there would be two of each (RFC 8829 §5.10 takes none of mine for one of
theirs). The other takes part in what comes, before the answer is made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiortc import MediaStreamTrack, RTCRtpTransceiver

from broker.messages import Role
from stranger.peer import Peer
from stranger.tracks import KINDS, Incoming, Intake, Kind, Outgoing


@dataclass(slots=True)
class _Section:
    """One kind of what is sent and received."""

    transceiver: RTCRtpTransceiver | None = None
    outgoing: Outgoing | None = None
    intake: Intake | None = None
    incoming: Incoming | None = None
    mine: MediaStreamTrack | None = None
    live: bool = False


@dataclass(slots=True)
class CallMedia:
    """Voice and picture of one talk.

    Args:
        peer: the connection.
        role: who adds what is needed.
        changed: directions are to be agreed on anew.
        ended: a track of mine has ended by itself.
    """

    peer: Peer
    role: Role
    changed: Callable[[], None]
    ended: Callable[[Kind], None]
    _sections: dict[Kind, _Section] = field(default_factory=lambda: {kind: _Section() for kind in KINDS})

    def __post_init__(self) -> None:
        self.peer.on_sections = self._arrive

    def incoming(self, kind: Kind) -> Incoming | None:
        """Give what comes of the stranger's, in a call."""
        return self._sections[kind].incoming

    def has(self, kind: Kind) -> bool:
        """Tell whether there is something to send, now or as soon as there is a call."""
        return self._sections[kind].mine is not None

    def begin(self, *, video: bool) -> None:
        """From now on each is heard by the other, and seen if `video`."""
        self._turn(audio=True, video=video)

    def send(self, kind: Kind, track: MediaStreamTrack | None) -> None:
        """Send this, now or as soon as there is a call; what was sent before is stopped."""
        section = self._sections[kind]
        if section.mine is track:
            return
        if section.mine is not None:
            section.mine.stop()
        section.mine = track
        self._aim(kind)

    def release(self) -> None:
        """Stop what there was to send."""
        for kind in KINDS:
            self.send(kind, None)

    def end(self) -> None:
        """From now on nothing is sent or received, and no track of mine goes on."""
        self.release()
        self._turn(audio=False, video=False)

    def close(self) -> None:
        """Let go of everything, with the connection."""
        self.peer.on_sections = _nothing
        self.release()
        for kind, section in self._sections.items():
            section.live = False
            self._aim(kind)
            if section.intake is not None:
                section.intake.close()
            if section.outgoing is not None:
                section.outgoing.stop()

    def _turn(self, *, audio: bool, video: bool) -> None:
        live: dict[Kind, bool] = {"audio": audio, "video": video}
        for kind in KINDS:
            section = self._sections[kind]
            section.live = live[kind]
            if section.live and section.transceiver is None and self.role == "a":
                section.transceiver = self.peer.add_media(kind)
            self._aim(kind)
        self.changed()

    def _arrive(self) -> None:
        """An offer of the stranger's was taken, and is about to be answered."""
        for kind, section in self._sections.items():
            for transceiver in self.peer.media:
                if transceiver.kind == kind and section.transceiver is None:
                    section.transceiver = transceiver
                elif transceiver.kind == kind and section.transceiver is not transceiver:
                    self.peer.aim(transceiver, on=False)  # one of each is enough
            self._aim(kind)

    def _aim(self, kind: Kind) -> None:
        """Make it so that what is received and sent is what both agreed to."""
        section = self._sections[kind]
        if section.live and section.incoming is None:
            section.incoming = Incoming(kind)
        if not section.live and section.incoming is not None:
            section.incoming.stop()
            section.incoming = None
        transceiver = section.transceiver
        if transceiver is None:
            return
        self.peer.aim(transceiver, on=section.live)
        if section.outgoing is None:
            section.outgoing = Outgoing(kind, lambda: self._ran_out(kind))
            transceiver.sender.replaceTrack(section.outgoing)
        section.outgoing.read(section.mine if section.live else None)
        if section.intake is None and transceiver.receiver.track is not None:
            section.intake = Intake(transceiver.receiver.track)
        if section.intake is not None:
            section.intake.into = section.incoming

    def _ran_out(self, kind: Kind) -> None:
        self._sections[kind].mine = None
        self.ended(kind)


def _nothing() -> None: ...
