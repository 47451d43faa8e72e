"""What lies between a track of the program and aiortc, for the life of a connection.

    a track of mine ─► Outgoing ─► RTCRtpSender          one for each kind, in all calls of a talk
    RemoteStreamTrack ─► Intake ─► Incoming, one a call   read all the time, so that nothing piles up

aiortc's sender ends for good when its track does, or when a sound comes in another form than the one before; it sends
what lasts longer than 20 ms as if it were one moment; and it goes on reading where nothing is to be sent. Its receiver
keeps everything that nobody reads. None of that is to be seen from outside.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Final, Literal

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler, VideoFrame
from av.frame import Frame

Kind = Literal["audio", "video"]
KINDS: Final[tuple[Kind, Kind]] = ("audio", "video")

AUDIO_RATE: Final = 48_000
AUDIO_SAMPLES: Final = 960
"""20 ms."""
VIDEO_RATE: Final = 90_000
SLACK_S: Final = 0.2
"""How far the time of a track may be from that of the clock."""
KEPT: Final[dict[Kind, int]] = {"audio": 50, "video": 4}
"""Of what comes, how many frames wait for a reader: a second of sound, and pictures no older than that."""

_RATES: Final[dict[Kind, int]] = {"audio": AUDIO_RATE, "video": VIDEO_RATE}


class Outgoing(MediaStreamTrack):
    """What is sent. It goes on whatever becomes of the tracks that it reads, and is silent between them.

    Args:
        kind: voice or picture.
        ended: called when the track that is read has ended by itself.
    """

    def __init__(self, kind: Kind, ended: Callable[[], None]) -> None:
        super().__init__()
        self.kind = kind
        self._ended = ended
        self._source: MediaStreamTrack | None = None
        self._changed = asyncio.Event()
        self._form: AudioResampler | None = None
        self._ready: deque[Frame] = deque()
        self._clock = asyncio.get_running_loop().time
        self._origin_s = self._clock()
        self._last = -1
        self._shift: int | None = None

    @property
    def source(self) -> MediaStreamTrack | None:
        """What is read."""
        return self._source

    def read(self, source: MediaStreamTrack | None) -> None:
        """Read this track from now on; None: send nothing."""
        if source is self._source:
            return
        self._source = source
        self._ready.clear()
        self._shift = None
        self._form = AudioResampler("s16", "stereo", AUDIO_RATE, AUDIO_SAMPLES) if self.kind == "audio" else None
        self._changed.set()

    async def recv(self) -> Frame:
        """Give the next frame, as long as it takes until there is one."""
        while not self._ready:
            if self.readyState != "live":
                raise MediaStreamError
            await self._fill()
        return self._ready.popleft()

    async def _fill(self) -> None:
        source = self._source
        self._changed.clear()
        if source is None:
            await self._changed.wait()
            return
        frame = await self._next(source)
        if source is not self._source:
            return
        if frame is None:
            self.read(None)
            self._ended()
        elif isinstance(frame, (AudioFrame, VideoFrame)):
            self._ready.extend(self._formed(frame))

    async def _next(self, source: MediaStreamTrack) -> object:
        """Give the next frame of a track, or None when it has ended; what changes meanwhile interrupts."""
        reading = asyncio.ensure_future(source.recv())
        changing = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((reading, changing), return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else None
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001  a track is anybody's code, and one that fails is one that has ended
            return None
        finally:
            for each in (reading, changing):
                each.cancel()
            await asyncio.gather(reading, changing, return_exceptions=True)

    def _formed(self, frame: AudioFrame | VideoFrame) -> list[Frame]:
        if isinstance(frame, VideoFrame):
            return [self._timed(frame, None if frame.pts is None else _ticks(frame, VIDEO_RATE))]
        if self._form is None:
            return []
        try:
            pieces = self._form.resample(frame)
        except ValueError:  # it comes in another form than before
            self._form = AudioResampler("s16", "stereo", AUDIO_RATE, AUDIO_SAMPLES)
            pieces = self._form.resample(frame)
        return [self._timed(piece, None) for piece in pieces]

    def _timed(self, frame: Frame, ticks: int | None) -> Frame:
        """Give it a time that goes on over all tracks, and stays near that of the clock, as receivers expect it."""
        rate = AUDIO_RATE if isinstance(frame, AudioFrame) else VIDEO_RATE
        now = int((self._clock() - self._origin_s) * rate)
        if isinstance(frame, AudioFrame):
            ticks = self._last + AUDIO_SAMPLES if self._last >= 0 else now
        elif ticks is None:
            ticks = now
        else:
            self._shift = now - ticks if self._shift is None else self._shift
            ticks += self._shift
        if abs(now - ticks) > SLACK_S * rate:
            self._shift = None
            ticks = now
        self._last = frame.pts = max(ticks, self._last + 1)
        frame.time_base = Fraction(1, rate)
        return frame

    def stop(self) -> None:
        """End it, with the connection."""
        super().stop()
        self._source = None
        self._changed.set()


def _ticks(frame: VideoFrame, rate: int) -> int:
    base = frame.time_base
    return int((frame.pts or 0) * rate * base.numerator / base.denominator) if base else int(frame.pts or 0)


class Incoming(MediaStreamTrack):
    """The stranger's voice, or picture, in one call. Who reads too slowly misses what is oldest."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self._frames: deque[Frame] = deque(maxlen=KEPT[kind])
        self._changed = asyncio.Event()
        self._first: int | None = None

    @property
    def waiting(self) -> int:
        """How many frames wait for a reader."""
        return len(self._frames)

    def put(self, frame: Frame) -> None:
        """Take a frame that has come. The first has the time 0."""
        if frame.pts is not None:
            self._first = frame.pts if self._first is None else self._first
            frame.pts -= self._first
        self._frames.append(frame)
        self._changed.set()

    async def recv(self) -> Frame:
        """Give the next frame.

        Raises:
            MediaStreamError: the call is over.
        """
        while not self._frames:
            if self.readyState != "live":
                raise MediaStreamError
            self._changed.clear()
            await self._changed.wait()
        return self._frames.popleft()

    def stop(self) -> None:
        """End it, with the call."""
        super().stop()
        self._changed.set()


class Intake:
    """Reads what has come on one line as long as the connection lives, and hands it to the call, if there is one."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.track = track
        self.into: Incoming | None = None
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await self.track.recv()
                if self.into is not None and isinstance(frame, Frame):
                    self.into.put(frame)

    def close(self) -> None:
        """Read no longer."""
        self._task.cancel()
