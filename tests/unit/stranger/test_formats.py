"""What bytes are, and how big a picture says it is: believed only where it cannot be taken for something else."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stranger.parcels.formats import Extent, Picture, measure, sniff

PNG = b"\x89PNG\r\n\x1a\n"
KINDS: tuple[Picture, ...] = ("image/png", "image/jpeg", "image/webp")


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + bytes(4)


def ihdr(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(*chunks: bytes) -> bytes:
    return PNG + b"".join(chunks)


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return segment(marker, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments)


def webp(name: bytes, data: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 12 + len(data)) + b"WEBP" + name + struct.pack("<I", len(data)) + data


def vp8x(width: int, height: int, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


END = chunk(b"IEND")
SCAN = segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\x01\x02\xff\x00\x03\xff\xd9"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/jpeg", jpeg(SCAN)),
        ("image/png", png(ihdr(1, 1))),
        ("image/webp", vp8x(1, 1)),
        ("image/gif", b"GIF89a\0\0"),
        ("image/gif", b"GIF87a\0\0"),
        ("image/avif", b"\0\0\0\x20ftypavif"),
        ("audio/mp4", b"\0\0\0\x20ftypisom"),
        ("audio/webm", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"),
        ("audio/ogg", b"OggS\0"),
    ],
)
def test_bytes_are_known_by_their_heads(kind: str, data: bytes) -> None:
    assert sniff(data) == sniff(bytearray(data)) == kind


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"RIFF\x04\0\0\0WAVE",
        b"GIF88a",
        b"",
    ],
    ids=["SVG", "a page", "Matroska", "WAV", "nearly GIF", "nothing"],
)
def test_other_bytes_are_unknown(data: bytes) -> None:
    assert sniff(data) is None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", png(ihdr(640, 480), chunk(b"IDAT", b"\x01"), END)),
        ("image/jpeg", jpeg(segment(0xE0, b"\x01\x02\x03"), frame(640, 480), SCAN)),
        ("image/jpeg", jpeg(b"\xff\xff", frame(640, 480, 0xC2), SCAN)),
        ("image/jpeg", jpeg(b"\xff" * 10_000, frame(640, 480), b"\xff" * 4_097, SCAN)),
        ("image/webp", webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01")),
        ("image/webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14))),
        ("image/webp", vp8x(640, 480)),
    ],
    ids=["PNG", "JPEG", "progressive, filled", "much filled", "plain WebP", "lossless WebP", "extended WebP"],
)
def test_a_picture_says_how_big_it_is(kind: Picture, data: bytes) -> None:
    assert measure(data, kind) == measure(bytearray(data), kind) == Extent(640, 480)


def test_it_is_no_secret_of_one_that_moves() -> None:
    moving = [measure(vp8x(9, 9, 0x02), "image/webp")]
    moving.append(measure(png(ihdr(9, 9), chunk(b"acTL", bytes(8)), END), "image/png"))
    assert moving == [Extent(9, 9, animated=True)] * 2


NOT_BELIEVED: dict[str, tuple[Picture, bytes]] = {
    "a PNG without an end": ("image/png", png(ihdr(640, 480), chunk(b"IDAT", b"\x01"))),
    "a PNG with two sizes": ("image/png", png(ihdr(640, 480), ihdr(9, 9), END)),
    "a PNG whose chunk is longer than all": ("image/png", png(ihdr(640, 480), b"\xff\xff\xff\xffIDAT")),
    "a PNG of no width": ("image/png", png(ihdr(0, 480), END)),
    "a JPEG without an end": ("image/jpeg", jpeg(frame(640, 480), SCAN[:-2])),
    "a JPEG with two sizes": ("image/jpeg", jpeg(frame(640, 480), frame(9, 9), SCAN)),
    "a JPEG without a size": ("image/jpeg", jpeg(SCAN)),
    "a JPEG with rubbish between": ("image/jpeg", jpeg(b"\x01\x02\x03", frame(640, 480), SCAN)),
    "a JPEG with a segment of no length": ("image/jpeg", jpeg(b"\xff\xe0\0\0", frame(640, 480), SCAN)),
    "a JPEG that ends before its scan": ("image/jpeg", jpeg(frame(640, 480), b"\xff\xd9\0\0", SCAN)),
    "a WebP cut short": ("image/webp", vp8x(640, 480)[:-1]),
    "a WebP that announces more": ("image/webp", webp(b"VP8L", b"\x2f" + bytes(100))[:-1]),
    "a WebP of an unknown kind": ("image/webp", webp(b"VP9X", bytes(10))),
    "a WebP that says nothing": ("image/webp", webp(b"VP8X", b"")),
    "a JPEG called a PNG": ("image/png", jpeg(frame(640, 480), SCAN)),
    "nothing": ("image/webp", b""),
}


@pytest.mark.parametrize(("kind", "data"), NOT_BELIEVED.values(), ids=NOT_BELIEVED)
def test_it_is_not_believed(kind: Picture, data: bytes) -> None:
    assert measure(data, kind) is None


def test_it_may_be_no_more_than_25_million_pixels_and_12_000_a_side() -> None:
    assert not Extent(5_000, 5_000).too_big
    assert not Extent(12_000, 1).too_big
    assert Extent(5_001, 5_000).too_big
    assert Extent(12_001, 1).too_big
    assert Extent(50_000, 50_000).too_big


SEEDS = [
    png(ihdr(640, 480), chunk(b"IDAT", b"\x01\x02\x03"), END),
    jpeg(segment(0xE0, b"\x01\x02\x03"), frame(640, 480), SCAN),
    vp8x(640, 480),
    webp(b"VP8L", b"\x2f\x01\x02\x03\x04"),
    bytes(200),
]


def answers(data: bytes) -> None:
    sniff(data)
    for kind in KINDS:
        found = measure(data, kind)
        assert found is None or found.width * found.height > 0


def test_an_answer_comes_from_whatever_was_spoiled() -> None:
    chance = random.Random(7)
    for nth in range(5_000):
        data = bytearray(SEEDS[nth % len(SEEDS)])
        del data[round(chance.random() * len(data) * 1.2) :]
        for _ in range(chance.randrange(8)):
            if data:
                data[chance.randrange(len(data))] = 0xFF if chance.random() < 0.3 else chance.randrange(256)
        answers(bytes(data))


@given(st.sampled_from([b"", PNG + bytes(3), b"\xff\xd8\xff", b"RIFF", b"RIFF    WEBPVP8 "]), st.binary(max_size=300))
def test_an_answer_comes_from_any_bytes(head: bytes, rest: bytes) -> None:
    answers(head + rest)


SIZE = 8 * 1024 * 1024
WORST: dict[str, tuple[Picture, bytes]] = {
    "nothing but filling": ("image/jpeg", b"\xff\xd8" + b"\xff" * SIZE),
    "segments of no content": ("image/jpeg", jpeg(b"\xff\xe0\0\x02" * (SIZE // 4))),
    "filling between segments": ("image/jpeg", jpeg((b"\xff" * 200 + b"\xe0\0\x02") * (SIZE // 203))),
    "a scan of filling": ("image/jpeg", jpeg(frame(9, 9), segment(0xDA, b"\0"), b"\xff" * SIZE)),
    "chunks of no length": ("image/png", png(ihdr(9, 9), bytes(SIZE))),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("kind", "data"), WORST.values(), ids=WORST)
def test_an_answer_comes_soon_from_eight_megabytes_of_what_is_worst(kind: Picture, data: bytes) -> None:
    assert measure(data, kind) is None
