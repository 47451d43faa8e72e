"""Pictures, drawn anew in both directions.

Of what is sent, so that what a camera wrote beside the picture (where, when, with what) stays behind; of what comes, so
that no byte of a stranger's is handed on, but only what was drawn here. What comes is looked at first (formats.py), so
that no decoder unfolds a bomb. All of it takes time, and is to be done in a thread.
"""

import warnings
from contextlib import suppress
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

from broker.conversation import PARCEL_BYTES
from stranger.parcels.formats import Format, is_picture, measure, sniff
from stranger.parcels.goods import Goods, Made, Unfit

SIDE_PX: Final = 1_600
"""The longest side of what is sent, and of what is shown."""
FILE_BYTES: Final = 100 * 1024 * 1024
"""A camera's file is smaller by far; more is not worth the memory."""
OWN_PIXELS: Final = 80_000_000
"""Of a file of one's own: cameras that make more are rare, and this is half a gigabyte unfolded."""
SCANS_LIMIT: Final = 32
"""Of a JPEG; encoders write ten. A decoder goes over the whole picture for each, and there is room for a hundred
thousand in eight megabytes."""
_QUALITIES: Final = (85, 70, 50, 30)
_ORIENTATION: Final = 0x0112
"""The tag of EXIF that says how the camera was held."""

# What is odd about a file would be told on the terminal: at a stranger's word, and in the midst of a screen.
warnings.filterwarnings("ignore", module=r"PIL\.")

_READ: Final[dict[Format, str]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
}
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def prepare(file: bytes) -> Goods:
    """Make a file of one's own ready to be sent. Of one that moves it is the first picture.

    Raises:
        Unfit: it is no picture of a known type, too big, or not to be read.
    """
    if len(file) > FILE_BYTES:
        raise Unfit("size")
    kind = sniff(file)
    if kind not in _READ:
        raise Unfit("type")
    made = _redraw(file, kind, OWN_PIXELS, own=True)
    return Goods("image", made.type, made.data)


def receive(kind: str, data: bytes | bytearray) -> Made:
    """Make a stranger's bytes, announced as of this type, safe to be shown.

    Raises:
        Unfit: they are of another type or move, are too big, or not to be read.
    """
    if not is_picture(kind) or sniff(data) != kind:
        raise Unfit("type")
    extent = measure(data, kind)
    if extent is None or (kind == "image/jpeg" and data.count(b"\xff\xda") > SCANS_LIMIT):
        raise Unfit("unreadable")
    if extent.animated:
        raise Unfit("type")
    if extent.too_big:
        raise Unfit("size")
    return _redraw(bytes(data), kind, extent.width * extent.height, own=False)


def _redraw(data: bytes, kind: Format, pixels: int, *, own: bool) -> Made:
    try:
        canvas, clear = _read(data, kind, pixels, own=own)
    except Unfit:
        raise
    except Image.DecompressionBombError as error:
        raise Unfit("size") from error
    except Exception as error:  # decoders raise whatever they stumble over
        raise Unfit("unreadable") from error
    return _encode(canvas, clear=clear)


def _read(data: bytes, kind: Format, pixels: int, *, own: bool) -> tuple[Image.Image, bool]:
    with Image.open(BytesIO(data), formats=[_READ[kind]]) as image:
        if image.width * image.height > pixels:  # asked before anything is unfolded
            raise Unfit("size")
        return _drawn(image, own=own)


def _drawn(source: Image.Image, *, own: bool) -> tuple[Image.Image, bool]:
    """Draw it at the size that is sent, upright, on a canvas that knows nothing of it; and tell whether it is clear."""
    mode = "RGBA" if source.has_transparency_data else "RGB"
    image = source if source.format == "JPEG" or source.mode == mode else _flat(source).convert(mode)
    image.thumbnail((SIDE_PX, SIDE_PX))  # of a JPEG no more is decoded than that takes
    if own:
        image = _in_usual_colours(image)
    with suppress(Exception):  # a tag that cannot be read says nothing, as in browsers
        turn = _UPRIGHT.get(source.getexif().get(_ORIENTATION, 1))
        image = image.transpose(turn) if turn is not None else image
    canvas = Image.new(mode, image.size)
    canvas.paste(image.convert(mode))
    clear = mode == "RGBA" and canvas.getchannel("A").getextrema() != (255, 255)
    return canvas, clear


def _flat(image: Image.Image) -> Image.Image:
    """Bring greys of 16 bits down to 8: converted as they are, all but the darkest would be white."""
    return image.point(lambda grey: grey / 256).convert("L") if image.mode.startswith("I") else image


def _in_usual_colours(image: Image.Image) -> Image.Image:
    """Turn the colours of the camera's profile into those that are meant without one (sRGB).

    Not done with a stranger's: what pages send has none, and a profile is a program for one more library.
    """
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            turned = ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
            return turned or image
    return image


def _encode(canvas: Image.Image, *, clear: bool) -> Made:
    """Write a JPEG, or of what is partly clear a WebP, in the best quality that is small enough."""
    for quality in _QUALITIES:
        out = BytesIO()
        if clear:
            canvas.save(out, "WEBP", quality=quality)
        else:
            canvas.convert("RGB").save(out, "JPEG", quality=quality)
        if out.tell() <= PARCEL_BYTES:
            return Made("image/webp" if clear else "image/jpeg", out.getvalue())
    raise Unfit("size")
