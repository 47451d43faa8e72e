"""Writes what somebody asked to keep, and reads what they want to send. The only place where the chat touches files."""

import os
from pathlib import Path
from typing import Final

from passerby.chat.conversation import Good
from stranger.parcels.goods import Unfit

IMAGE_READ_MOST: Final = 64 * 1024 * 1024
"""Bytes of a file that is tried as a picture; it is drawn anew, and smaller, before it is sent."""

_ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
}
_TRIES: Final = 10_000


def keep(number: int, good: Good, folder: Path) -> Path:
    """Write it into a folder, for this user's eyes, under a name that nothing has yet; gives where.

    The name tells nothing of whom it came from.

    Raises:
        OSError: when that does not work.
    """
    what = "picture" if good.what == "image" else "voice-note"
    ending = _ENDINGS.get(good.type, "bin")
    for nth in range(1, _TRIES):
        path = folder / (f"{what}-{number}.{ending}" if nth == 1 else f"{what}-{number}-{nth}.{ending}")
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with open(file, "wb") as out:  # noqa: PTH123  it is open already
            out.write(good.data)
        return path.resolve()
    raise FileExistsError(f"{folder} is full of them")


def image(path: Path) -> bytes:
    """Read a file that is to be a picture.

    Raises:
        OSError: when it cannot be read.
        Unfit: when it is too big to be tried.
    """
    with path.open("rb") as file:
        data = file.read(IMAGE_READ_MOST + 1)
    if len(data) > IMAGE_READ_MOST:
        raise Unfit("size")
    return data
