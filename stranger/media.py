"""Made-up voices and pictures: for a bot, for tests, and for whoever has no microphone at hand.

    Tone        a soft sound of one height             Silence   nothing to be heard, sent all the same
    Colours     a picture of one colour with a square that moves, the colour changing every second
    Echo        what comes, sent back

Frames are made when they are due, and none is caught up on: a busy machine sends fewer.
"""

import array
import asyncio
import math
from fractions import Fraction
from typing import Final

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame
from av.frame import Frame

RATE: Final = 48_000
SAMPLES: Final = 960
"""20 ms."""

LOUDNESS: Final = 0.15
"""Of 1: that of a voice that wakes nobody."""

Colour = tuple[int, int, int]
COLOURS: Final[tuple[Colour, ...]] = ((200, 40, 40), (40, 160, 60), (50, 80, 200))
"""Red, green, blue: far enough apart to be told after what a codec does to them."""

_LIGHT: Final[Colour] = (240, 240, 240)
_SQUARE: Final = 32


class _Made(MediaStreamTrack):
    """A track whose frames come at an even pace."""

    def __init__(self, every_s: float) -> None:
        super().__init__()
        self._every_s = every_s
        self._clock = asyncio.get_running_loop().time
        self._origin = self._clock()
        self._count = -1

    async def _turn(self) -> int:
        """Wait for the next frame's time; gives its number, counted from 0."""
        late = int((self._clock() - self._origin) / self._every_s)
        self._count = max(self._count + 1, late)
        await asyncio.sleep(self._origin + self._count * self._every_s - self._clock())
        if self.readyState != "live":
            raise MediaStreamError
        return self._count


class Tone(_Made):
    """A sound of one height.

    Args:
        hertz: how high.
        loudness: 0 to 1.
    """

    kind = "audio"

    def __init__(self, hertz: float = 440.0, loudness: float = LOUDNESS) -> None:
        super().__init__(SAMPLES / RATE)
        self._step = 2 * math.pi * hertz / RATE
        self._peak = loudness * 32_767

    async def recv(self) -> Frame:
        """Give 20 ms of it."""
        start = await self._turn() * SAMPLES
        wave = (int(self._peak * math.sin((start + at) * self._step)) for at in range(SAMPLES))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(array.array("h", wave).tobytes())
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), start
        return frame


class Silence(Tone):
    """Nothing to be heard."""

    def __init__(self) -> None:
        super().__init__(loudness=0.0)


class Colours(_Made):
    """A picture that moves.

    Args:
        colours: one after the other, each for a second.
        width: pixels, an even number.
        height: the same.
        per_second: pictures.
    """

    kind = "video"

    def __init__(
        self, colours: tuple[Colour, ...] = COLOURS, *, width: int = 320, height: int = 240, per_second: int = 15
    ) -> None:
        super().__init__(1 / per_second)
        self._colours, self._width, self._height, self._per_second = colours, width, height, per_second

    async def recv(self) -> Frame:
        """Give the next picture."""
        number = await self._turn()
        colour = self._colours[number // self._per_second % len(self._colours)]
        frame = self._draw(colour, number * 4 % max(1, self._width - _SQUARE))
        frame.time_base, frame.pts = Fraction(1, self._per_second), number
        return frame

    def _draw(self, colour: Colour, at: int) -> VideoFrame:
        plain = bytes(colour) * self._width
        top = (self._height - _SQUARE) // 2
        lit = plain[: at * 3] + bytes(_LIGHT) * _SQUARE + plain[(at + _SQUARE) * 3 :]
        rows = [lit if top <= row < top + _SQUARE else plain for row in range(self._height)]
        frame = VideoFrame(self._width, self._height, "rgb24")
        plane = frame.planes[0]
        plane.update(b"".join(row.ljust(plane.line_size, b"\0") for row in rows))
        return frame.reformat(format="yuv420p")


class Echo(MediaStreamTrack):
    """What comes, sent back. It ends when what comes does."""

    def __init__(self, track: MediaStreamTrack) -> None:
        super().__init__()
        self.kind = track.kind
        self._track = track

    async def recv(self) -> Frame:
        """Give what has come next."""
        if self.readyState != "live":
            raise MediaStreamError
        frame = await self._track.recv()
        if not isinstance(frame, Frame):
            raise MediaStreamError
        return frame


def colour(frame: VideoFrame) -> Colour:
    """Tell the colour near the upper left corner of a picture, where nothing moves."""
    plane = frame.reformat(format="rgb24").planes[0]
    at = plane.line_size * 4 + 3 * 4
    red, green, blue = bytes(plane)[at : at + 3]
    return red, green, blue
