"""Voice notes, made of sound from anywhere: WebM with Opus, which Chromium, Firefox and Safari from 18.4 on play.

Also how loud a note is over its length, as 64 numbers from 0 to 31: drawn, and sent along. All of it takes time, and is
to be done in a thread; nothing here knows a talk.
"""

import math
from array import array
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice, pairwise
from typing import Final

import av

from broker.conversation import PARCEL_BYTES
from stranger.parcels.goods import Goods, Unfit

VOICE_LIMIT_MS: Final = 120_000
"""What is longer is cut off, as the page stops recording."""
WAVE_PARTS: Final = 64
_WAVE_MAX: Final = 31
_FLOOR_DB: Final = -50.0
"""Quieter than this is drawn as silence: the range that a room and a voice fill."""
_BITS_PER_SECOND: Final = 32_000
_RATE: Final = 48_000
_STEP_MS: Final = 50
"""How far apart loudness is taken; notes are worked on in pieces of that."""
_STEP: Final = _RATE * _STEP_MS // 1000
_LOUDEST: Final = 32_768
_NOBODY: Final = {"protocol_whitelist": "none"}
"""A file may name others, here or elsewhere (playlists do): none of them is opened."""

_TONE_RATE: Final = 16_000
_NOTES_HZ: Final = (523.25, 659.25, 783.99, 659.25)  # C5 E5 G5 E5
_NOTE_S: Final = 0.3


def from_file(file: bytes) -> Goods:
    """Make a voice note of the sound in a file of any kind that FFmpeg reads.

    Raises:
        Unfit: there is no sound in it, or it cannot be read.
    """
    try:
        with av.open(BytesIO(file), "r", options=_NOBODY, metadata_errors="ignore") as container:
            return _note(container.decode(audio=0) if container.streams.audio else ())
    except Unfit:
        raise
    except Exception as error:  # decoders raise whatever they stumble over
        raise Unfit("unreadable") from error


def from_pcm(samples: bytes, rate: int) -> Goods:
    """Make a voice note of samples: 16 bits, signed, in this machine's order, one channel, so many a second.

    Raises:
        Unfit: there are none.
    """
    return _note(_frames(samples, rate))


def tone(seconds: float) -> Goods:
    """Make up a friendly little melody of this length."""
    samples = array("h", (_sample(nth / _TONE_RATE) for nth in range(round(seconds * _TONE_RATE))))
    return from_pcm(samples.tobytes(), _TONE_RATE)


def loudness(samples: "array[int]") -> float:
    """Tell how loud these are, 0 to 1, as one hears it: in decibels over what counts as silence."""
    power = sum(sample * sample for sample in samples) / max(1, len(samples)) / _LOUDEST**2
    return min(1.0, max(0.0, 1 - 10 * math.log10(power + 1e-12) / _FLOOR_DB))


def wave_of(levels: list[float], parts: int = WAVE_PARTS) -> tuple[int, ...]:
    """Give any number of levels (0 to 1), taken at even distances, as so many parts: each the loudest within."""
    edges = [nth * len(levels) // parts for nth in range(parts + 1)]
    loudest = [max(levels[a : max(a + 1, b)], default=0.0) for a, b in pairwise(edges)]
    return tuple(round(min(1.0, max(0.0, level)) * _WAVE_MAX) for level in loudest)


def _note(frames: Iterable[av.AudioFrame]) -> Goods:
    out, levels, lasted = BytesIO(), list[float](), 0
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = _BITS_PER_SECOND
        for frame in islice(_steps(frames), VOICE_LIMIT_MS // _STEP_MS):
            samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
            levels.append(loudness(samples[::4]))  # of one in four: as loud, and sooner told
            frame.pts = lasted
            lasted += frame.samples
            container.mux(stream.encode(frame))
        if not lasted:
            raise Unfit("type")
        container.mux(stream.encode(None))
    if out.tell() > PARCEL_BYTES:
        raise Unfit("size")
    return Goods("voice", "audio/webm", out.getvalue(), round(lasted * 1000 / _RATE), wave_of(levels))


def _steps(frames: Iterable[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    """Cut sound into even pieces, as notes are made of: one channel, 16 bits."""
    resampler = av.AudioResampler("s16", "mono", _RATE, frame_size=_STEP)
    for frame in frames:
        frame.pts = None  # files may begin late or jump; a note has no holes
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _frames(samples: bytes, rate: int) -> Iterator[av.AudioFrame]:
    for at in range(0, len(samples) - 1, rate * 2):
        part = samples[at : at + rate * 2]
        frame = av.AudioFrame("s16", "mono", len(part) // 2, align=1)
        frame.sample_rate = rate
        frame.planes[0].update(part[: frame.samples * 2])
        yield frame


def _sample(at_s: float) -> int:
    nth, into_s = divmod(at_s, _NOTE_S)
    turn = 2 * math.pi * _NOTES_HZ[int(nth) % len(_NOTES_HZ)] * into_s
    swell = math.sqrt(math.sin(math.pi * into_s / _NOTE_S)) * math.exp(-2 * into_s)
    return round(0.3 * _LOUDEST * swell * (0.8 * math.sin(turn) + 0.2 * math.sin(2 * turn)))
