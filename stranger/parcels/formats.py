"""What bytes really are, whatever they are called, and how big a picture in them says it is.

Read from their heads, before any decoder sees them. Every loop is bounded, and nothing here raises.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeGuard

Picture = Literal["image/jpeg", "image/png", "image/webp"]
"""What is sent as a picture."""
Format = Picture | Literal["image/gif", "image/avif", "audio/webm", "audio/ogg", "audio/mp4"]
"""Of a file that somebody picks, or of a parcel."""

PIXELS_LIMIT: Final = 25_000_000
"""A decoder that unfolds more than this takes more memory than a picture in a chat is worth."""
SIDE_LIMIT: Final = 12_000
_PICTURES: Final = ("image/jpeg", "image/png", "image/webp")
_AVIF: Final = (b"avif", b"avis")  # kinds of boxes at the top of a file of the ISO family
_PARTS_LIMIT: Final = 10_000
"""Of a PNG's chunks and a JPEG's segments; encoders write a few, and a few thousand when they write very small ones."""
_IHDR_BYTES: Final = 13


@dataclass(frozen=True, slots=True)
class Extent:
    """How big a picture says that it is, in pixels, and whether it moves."""

    width: int
    height: int
    animated: bool = False

    @property
    def too_big(self) -> bool:
        """Whether it is not to be unfolded."""
        return self.width * self.height > PIXELS_LIMIT or max(self.width, self.height) > SIDE_LIMIT


def sniff(data: bytes | bytearray) -> Format | None:  # noqa: PLR0911  one return for each kind
    """Tell the kind by the first bytes; None for every other, text and SVG among them."""
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[4:8] == b"ftyp":
        return "image/avif" if data[8:12] in _AVIF else "audio/mp4"
    # EBML with the document type of WebM, which stands in its first few bytes; Matroska is none that we announce.
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "audio/webm" if b"webm" in data[4:68] else None
    return "audio/ogg" if data[:4] == b"OggS" else None


def is_picture(kind: str) -> TypeGuard[Picture]:
    """Whether it is what is sent as a picture."""
    return kind in _PICTURES


def measure(data: bytes | bytearray, kind: Picture) -> Extent | None:
    """Tell how big it says that it is; None when it does not say, is cut short, or is of another kind."""
    found = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}[kind](data)
    return found if found and found.width > 0 and found.height > 0 else None


def _png(data: bytes | bytearray) -> Extent | None:
    """Go through the chunks (length, name, data, checksum), from the one that tells the size to the one that ends."""
    if _number(data, 8, 4) != _IHDR_BYTES or data[12:16] != b"IHDR":
        return None
    animated = False
    at = 8
    for _ in range(_PARTS_LIMIT):
        if at + 12 > len(data):
            return None
        name = data[at + 4 : at + 8]
        animated = animated or name == b"acTL"
        if name == b"IHDR" and at > 8:  # noqa: PLR2004  the first one stands at 8
            return None
        if name == b"IEND":
            return Extent(_number(data, 16, 4), _number(data, 20, 4), animated)
        at += 12 + _number(data, at, 4)
    return None


_SCAN: Final = 0xDA
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0 to SOF15, without the three of the same row that mean something else."""
_DATALESS: Final = frozenset(range(0xC0)) | frozenset(range(0xD0, 0xDA))


def _jpeg(data: bytes | bytearray) -> Extent | None:
    """Go through the segments (0xff, marker, length, data) as far as the first scan; then the end must come."""
    extent: Extent | None = None
    at = _unfilled(data, 2)
    for _ in range(_PARTS_LIMIT):
        if at + 4 > len(data):
            return None
        marker, length = data[at + 1], _number(data, at + 2, 2)
        if marker == _SCAN:
            # Within a scan 0xff is always followed by something else than 0xd9, unless the image ends there.
            return extent if data.find(b"\xff\xd9", at + 1) >= 0 else None
        if data[at] != 0xFF or marker in _DATALESS or length < 2:  # noqa: PLR2004  the length counts itself
            return None
        if marker in _FRAMES:
            if extent:
                return None  # two sizes: which one a decoder believes is not to be guessed
            extent = Extent(_number(data, at + 7, 2), _number(data, at + 5, 2))
        at = _unfilled(data, at + 2 + length)
    return None


def _unfilled(data: bytes | bytearray, at: int) -> int:
    """Before a marker there may be any number of 0xff. They are gone through in steps that are found fast."""
    while data[at : at + 2] == b"\xff\xff":
        rest = data[at : at + 4096]
        at += max(1, len(rest) - len(rest.lstrip(b"\xff")) - 1)
    return at


def _webp(data: bytes | bytearray) -> Extent | None:
    if _number(data, 4, 4, "little") + 8 > len(data):
        return None  # cut short
    match bytes(data[12:16]):
        case b"VP8X" if len(data) >= 30:  # noqa: PLR2004  all of its head
            width, height = (1 + _number(data, at, 3, "little") for at in (24, 27))
            return Extent(width, height, animated=bool(data[20] & 0x02))
        case b"VP8 " if len(data) >= 30 and data[23:26] == b"\x9d\x01\x2a":  # noqa: PLR2004  the same
            width, height = (_number(data, at, 2, "little") & 0x3FFF for at in (26, 28))
            return Extent(width, height)
        case b"VP8L" if len(data) >= 25 and data[20] == 0x2F:  # noqa: PLR2004  the same
            bits = _number(data, 21, 4, "little")
            return Extent(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return None


def _number(data: bytes | bytearray, at: int, width: int, order: Literal["big", "little"] = "big") -> int:
    """Read a number. What lies beyond the end counts as zeros."""
    return int.from_bytes(bytes(data[at : at + width]).ljust(width, b"\0"), order)
