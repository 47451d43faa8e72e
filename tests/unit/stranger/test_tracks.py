"""Tracks between a program and aiortc: what goes out has one time and one form, whatever it is made of."""

import array
import asyncio
import itertools
from fractions import Fraction
from typing import Final

import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame
from av.frame import Frame

from stranger.media import COLOURS, RATE, SAMPLES, Colours, Echo, Silence, Tone, colour
from stranger.tracks import AUDIO_SAMPLES, KEPT, Incoming, Kind, Outgoing
from tests.polling import until

WITHIN_S: Final = 10.0


class Given(MediaStreamTrack):
    """A track of these frames, one after the other without a pause; then it has nothing more, or ends."""

    def __init__(self, kind: Kind, *frames: Frame, ends: bool = False) -> None:
        super().__init__()
        self.kind, self._frames, self._ends = kind, list(frames), ends

    async def recv(self) -> Frame:
        if self._frames:
            return self._frames.pop(0)
        if self._ends:
            raise MediaStreamError
        await asyncio.Event().wait()
        raise AssertionError


def sound(samples: int, rate: int, layout: str = "mono", pts: int = 0) -> AudioFrame:
    frame = AudioFrame(format="s16", layout=layout, samples=samples)
    frame.planes[0].update(bytes(frame.planes[0].buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = rate, pts, Fraction(1, rate)
    return frame


def picture(pts: int | None, per_second: int = 30) -> VideoFrame:
    frame = VideoFrame(16, 16, "yuv420p")
    frame.pts, frame.time_base = pts, Fraction(1, per_second)
    return frame


async def read(track: MediaStreamTrack, count: int) -> list[Frame]:
    async with asyncio.timeout(WITHIN_S):
        frames = [await track.recv() for _ in range(count)]
    assert all(isinstance(frame, Frame) for frame in frames)
    return [frame for frame in frames if isinstance(frame, Frame)]


def never() -> None:
    raise AssertionError("it has not ended")


async def test_a_long_sound_leaves_in_parts_of_20_ms_of_one_form() -> None:
    out = Outgoing("audio", never)
    out.read(Given("audio", sound(8_000, 8_000)))
    for frame in await read(out, 40):
        assert isinstance(frame, AudioFrame)
        assert (frame.samples, frame.sample_rate) == (AUDIO_SAMPLES, 48_000)
        assert (frame.format.name, frame.layout.name) == ("s16", "stereo")


async def test_a_sound_that_changes_its_form_goes_on() -> None:
    out = Outgoing("audio", never)
    out.read(Given("audio", sound(8_000, 8_000), sound(44_100, 44_100, "stereo"), sound(48_000, 48_000)))
    assert len(await read(out, 140)) == 140


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_time_goes_on_over_all_tracks_that_are_read(kind: Kind) -> None:
    def given() -> Given:
        if kind == "audio":
            return Given("audio", *(sound(960, 48_000, pts=at * 960 + 10**9) for at in range(6)))
        return Given("video", picture(10**6), picture(10**6 + 1), picture(None), picture(5), picture(4), picture(4))

    out = Outgoing(kind, never)
    times: list[int] = []
    for _ in range(3):
        out.read(given())
        times += [frame.pts for frame in await read(out, 5) if frame.pts is not None]
    assert len(times) == 15
    assert times == sorted(set(times))
    rate = 48_000 if kind == "audio" else 90_000
    assert times[-1] - times[0] < WITHIN_S * rate, "and stays near the clock's"


async def test_a_track_that_ends_or_fails_is_told_and_what_follows_is_read() -> None:
    ended: list[str] = []
    out = Outgoing("video", lambda: ended.append("ended"))
    out.read(Given("video", picture(0), ends=True))
    reading = asyncio.ensure_future(read(out, 2))
    await until(lambda: ended == ["ended"])
    assert out.source is None
    out.read(Given("video", picture(0)))
    assert len(await reading) == 2


async def test_nothing_leaves_of_a_track_that_is_read_no_longer() -> None:
    out = Outgoing("video", never)
    out.read(Given("video", *(picture(at) for at in range(5))))
    await read(out, 1)
    out.read(None)
    reading = asyncio.ensure_future(out.recv())
    await asyncio.sleep(0)
    out.read(Given("video", picture(0)))
    await reading
    out.stop()
    with pytest.raises(MediaStreamError):
        await out.recv()


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_of_what_comes_the_newest_is_kept_and_its_time_begins_at_0(kind: Kind) -> None:
    track = Incoming(kind)
    make = (lambda at: sound(960, 48_000, pts=at)) if kind == "audio" else picture
    track.put(make(7_000))
    assert (await read(track, 1))[0].pts == 0
    for at in range(200):
        track.put(make(7_001 + at))
    assert track.waiting == KEPT[kind]
    assert (await read(track, KEPT[kind]))[-1].pts == 200
    track.put(make(8_000))
    track.stop()
    await read(track, 1)
    with pytest.raises(MediaStreamError):
        await track.recv()


async def test_a_tone_is_as_high_as_wanted_and_silence_is_silent() -> None:
    loud = b"".join(bytes(frame.planes[0]) for frame in await read(Tone(1_000), 10) if isinstance(frame, AudioFrame))
    wave = array.array("h", loud)
    ups = sum(1 for before, after in itertools.pairwise(wave) if before < 0 <= after)
    assert ups == pytest.approx(1_000 * 10 * SAMPLES / RATE, abs=2)
    (still,) = await read(Silence(), 1)
    assert isinstance(still, AudioFrame)
    assert not any(bytes(still.planes[0]))


async def test_colours_follow_each_other_and_something_moves_in_them() -> None:
    frames = [frame for frame in await read(Colours(per_second=4), 9) if isinstance(frame, VideoFrame)]
    seen = [colour(frame) for frame in frames]
    for number, wanted in enumerate(COLOURS):
        assert all(abs(one - other) < 12 for one, other in zip(seen[number * 4], wanted, strict=True))
    assert bytes(frames[0].planes[0]) != bytes(frames[1].planes[0])


async def test_an_echo_gives_what_comes_and_ends_with_it() -> None:
    echo = Echo(Given("video", picture(3), ends=True))
    assert (await read(echo, 1))[0].pts == 3
    with pytest.raises(MediaStreamError):
        await echo.recv()
