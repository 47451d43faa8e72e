"""Voice notes: of any sound, in what browsers play, and as loud as they look."""

import math
import wave
from array import array
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import pytest

from broker.conversation import Parcel
from stranger.parcels.formats import sniff
from stranger.parcels.goods import Goods, Unfit
from stranger.parcels.parcels import look
from stranger.voice import VOICE_LIMIT_MS, WAVE_PARTS, from_file, from_pcm, loudness, tone, wave_of

RATE = 8_000


def sine(seconds: float, loud: float = 0.5, hz: float = 440.0) -> bytes:
    turn = 2 * math.pi * hz / RATE
    return array("h", (round(loud * 32_767 * math.sin(nth * turn)) for nth in range(int(seconds * RATE)))).tobytes()


def wav(samples: bytes, rate: int = RATE) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return out.getvalue()


def played(goods: Goods) -> "tuple[str, float, array[int]]":
    """Decode it: codec, seconds that its head tells, samples."""
    samples = array("h")
    resampler = av.AudioResampler("s16", "mono", 48_000)
    with av.open(BytesIO(goods.data), "r") as container:
        seconds = (container.duration or 0) / av.time_base
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
        return container.streams.audio[0].codec.canonical_name, seconds, samples


def pitch(samples: "array[int]") -> float:
    """How often it goes up through zero in a second."""
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    ups = sum(one < 0 <= other for one, other in pairwise(middle))
    return ups * 48_000 / len(middle)


def test_a_note_of_samples_is_webm_with_opus_and_tells_how_long_it_plays() -> None:
    goods = from_pcm(sine(1.5), RATE)
    codec, seconds, samples = played(goods)
    assert (goods.what, goods.type, sniff(goods.data), goods.ms) == ("voice", "audio/webm", "audio/webm", 1_500)
    assert codec == "opus"
    assert seconds == pytest.approx(1.5, abs=0.05)
    assert pitch(samples) == pytest.approx(440, rel=0.02)
    assert 0.3 < max(samples) / 32_768 < 0.8


def test_a_note_can_be_announced_and_is_taken_by_one_who_checks_it() -> None:
    goods = tone(0.5)
    parcel = Parcel(id=0, what="voice", type=goods.type, size=len(goods.data), ms=goods.ms, wave=list(goods.wave))
    made = look(parcel, bytearray(goods.data))
    assert not isinstance(made, str)
    assert made.data == goods.data


@pytest.mark.parametrize(("form", "codec"), [("ogg", "libopus"), ("mp4", "aac"), ("webm", "libopus"), ("flac", "flac")])
def test_a_note_is_made_of_the_sound_in_a_file_of_any_kind(form: str, codec: str) -> None:
    out = BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=48_000, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        with av.open(BytesIO(wav(sine(1))), "r") as source:
            for frame in source.decode(audio=0):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    goods = from_file(out.getvalue())
    assert goods.ms == pytest.approx(1_000, abs=60)
    assert pitch(played(goods)[2]) == pytest.approx(440, rel=0.02)


def test_what_is_longer_than_two_minutes_is_cut_off() -> None:
    goods = from_pcm(bytes(2 * 1_000 * 121), 1_000)
    assert goods.ms == VOICE_LIMIT_MS
    assert played(goods)[1] == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("file", [b"", b"hello" * 100, wav(b""), wav(sine(1))[:20]])
def test_where_there_is_no_sound_there_is_no_note(file: bytes) -> None:
    with pytest.raises(Unfit):
        from_file(file)
    with pytest.raises(Unfit):
        from_pcm(b"", RATE)


def test_a_picture_is_no_note() -> None:
    from tests.unit.stranger.test_picture import halves, saved  # noqa: PLC0415  here alone

    with pytest.raises(Unfit):
        from_file(saved(halves(20, 20), "PNG"))


def test_a_file_that_names_another_does_not_get_it_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A playlist could else lead to what this machine can read."""
    (tmp_path / "other.wav").write_bytes(wav(sine(1)))
    monkeypatch.chdir(tmp_path)
    playlist = b"ffconcat version 1.0\nfile other.wav\n"
    with av.open(BytesIO(playlist), "r", options={"protocol_whitelist": "file"}) as container:
        assert list(container.decode(audio=0)), "so FFmpeg would follow it"
    with pytest.raises(Unfit):
        from_file(playlist)


# ── loudness ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wave_shows_where_a_note_is_loud() -> None:
    goods = from_pcm(sine(1, 0.001) + sine(1, 0.8), RATE)
    assert len(goods.wave) == WAVE_PARTS
    assert max(goods.wave[:30]) < 5
    assert min(goods.wave[34:]) > 24


def test_a_wave_has_64_parts_from_0_to_31_however_many_levels_there_were() -> None:
    for count in (0, 1, 5, 63, 64, 65, 2_400):
        parts = wave_of([nth % 11 / 10 for nth in range(count)])
        assert len(parts) == WAVE_PARTS
        assert all(0 <= part <= 31 for part in parts)


def test_a_wave_shows_the_loudest_of_each_part_in_its_place() -> None:
    parts = wave_of([1.0 if nth == 325 else 0.1 for nth in range(640)])
    assert parts[32] == 31
    assert sum(part > 3 for part in parts) == 1


def test_what_is_no_level_is_kept_within_its_bounds() -> None:
    assert wave_of([-3, 7], 2) == (0, 31)


def test_loudness_is_none_of_silence_all_of_the_loudest_and_grows_as_one_hears_it() -> None:
    def loud(by: float) -> float:
        return loudness(array("h", (round(by * 32_767 * math.sin(nth / 5)) for nth in range(2_048))))

    assert loudness(array("h", bytes(4_096))) == loudness(array("h")) == 0
    assert loudness(array("h", [-32_768] * 64)) == 1
    assert loud(0.1) - loud(0.01) == pytest.approx(0.4, abs=0.05)


def test_the_tone_is_as_long_as_asked_for_heard_and_does_not_click() -> None:
    goods = tone(1.25)
    samples = played(goods)[2]
    assert goods.ms == 1_250
    assert max(goods.wave) > 15
    assert max(abs(one - other) for one, other in pairwise(samples)) < 3_000
