"""The calls of one talk.

They feed the machine (`call.py`) with what is wished, what the stranger says and what there is to send, and run its
effects against the connection (`callmedia.py`).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiortc import MediaStreamTrack

from stranger import events
from stranger.call import (
    Asked,
    Begin,
    Call,
    CallEffect,
    CallEvent,
    Calling,
    CallMessage,
    Dial,
    End,
    HangUp,
    Have,
    Heard,
    Idle,
    PickUp,
    Say,
    Sends,
    Sleep,
    TalkOver,
    Tell,
    Wake,
    Woken,
    step,
)
from stranger.callmedia import CallMedia
from stranger.tracks import Incoming, Kind


@dataclass(frozen=True, slots=True)
class CallPorts:
    """What calls need of the talk."""

    say: Callable[[CallMessage], None]
    tell: Callable[[events.Rang | events.Called | events.Sending | events.HungUp], None]


class Calls:
    """All calls of one talk.

    Args:
        media: makes the voice and the picture of the connection, given what is to be told when a track has ended.
        ports: whom to tell what.
    """

    def __init__(self, media: Callable[[Callable[[Kind], None]], CallMedia], ports: CallPorts) -> None:
        self._media = media(self._ran_out)
        self._ports = ports
        self._loop = asyncio.get_running_loop()
        self._call = Call()
        self._timer: asyncio.TimerHandle | None = None
        self._events: deque[CallEvent] = deque()
        self._running = False

    @property
    def calling(self) -> bool:
        """Whether a call is going on."""
        return isinstance(self._call.phase, Calling)

    def incoming(self, kind: Kind) -> Incoming | None:
        """Give the stranger's voice, or picture, while a call lasts."""
        return self._media.incoming(kind)

    def ring(self, *, video: bool, audio: MediaStreamTrack | None, picture: MediaStreamTrack | None) -> None:
        """Ask for a call; say yes where they ask. Nothing while one is asked for or going on."""
        if isinstance(self._call.phase, Idle | Asked):
            self._give(audio, picture)
            self._do(Dial(video))

    def accept(self, *, audio: MediaStreamTrack | None, picture: MediaStreamTrack | None) -> None:
        """Say yes to their ring; nothing where there is none, as when they have withdrawn it meanwhile."""
        if isinstance(self._call.phase, Asked):
            self._give(audio, picture)
            self._do(PickUp())

    def hang_up(self) -> None:
        """Say no, or no longer; nothing where there is nothing to say it to."""
        self._do(HangUp())

    def send(self, kind: Kind, track: MediaStreamTrack | None) -> None:
        """Send this in place of what was sent, or nothing more; the stranger is told."""
        if not self.calling:
            return
        self._media.send(kind, track)
        self._do(Have(self._mine()))

    def hear(self, message: CallMessage) -> None:
        """The stranger has said something about a call."""
        self._do(Heard(message))

    def close(self) -> None:
        """The talk is over: nothing is sent, and no track goes on."""
        self._do(TalkOver())
        self._media.close()

    def _give(self, audio: MediaStreamTrack | None, picture: MediaStreamTrack | None) -> None:
        self._media.send("audio", audio)
        self._media.send("video", picture)
        self._do(Have(self._mine()))

    def _mine(self) -> Sends:
        return Sends(self._media.has("audio"), self._media.has("video"))

    def _ran_out(self, _: Kind) -> None:
        self._do(Have(self._mine()))

    def _do(self, event: CallEvent) -> None:
        """Take an event; what arises meanwhile waits for its turn, so that no state is seen half done."""
        self._events.append(event)
        if self._running:
            return
        self._running = True
        try:
            while self._events:
                self._call, effects = step(self._call, self._events.popleft(), self._loop.time())
                for effect in effects:
                    self._run(effect)
        finally:
            self._running = False

    def _run(self, effect: CallEffect) -> None:
        match effect:
            case Say(message):
                self._ports.say(message)
            case Tell(event):
                if isinstance(event, events.HungUp):
                    self._media.release()
                self._ports.tell(event)
            case Begin(video):
                self._media.begin(video=video)
            case End():
                self._media.end()
            case Wake(in_s):
                self._sleep()
                self._timer = self._loop.call_later(in_s, self._do, Woken())
            case Sleep():
                self._sleep()

    def _sleep(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
