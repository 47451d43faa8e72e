"""Pictures to send: good ones, and such as a stranger would send who means harm."""

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825
_ORIENTATION = 0x0112
_MAKE = 0x010F


def camera_jpeg(width: int = 400, height: int = 200) -> bytes:
    """Left red, right blue, to be turned by 90° clockwise, and where it was taken: as a phone on its side writes it."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[_MAKE] = "SecretCamera"
    exif[GPS] = {1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 10.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, exif=exif, comment=b"SecretComment")
    return out.getvalue()


def jpeg(width: int = 320, height: int = 240, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def glass_png() -> bytes:
    """Half of it can be seen through."""
    picture = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    picture.paste((0, 128, 0, 255), (0, 0, 60, 80))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def bomb_png(side: int = 50_000) -> bytes:
    """A valid PNG of few bytes that unfolds to a picture of so many pixels a side."""
    row = bytes(1 + side // 8)
    squeeze = zlib.compressobj(9)
    squeezed = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", squeezed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>window.pwned = true</script></svg>'
