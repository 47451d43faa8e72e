"""Follows a keys file while it is in use, so that keys turn without a restart.

    file ── looked at every 2 s ──► changed? ──► read ──► whole? ──► turn(keys)     else one log line, the old stay
                                                  `since` comes ──► turn(keys)

It looks instead of waiting for a signal: a file is replaced on machines and in containers where nobody knows whom to
signal, and a broker and a matcher that are told at different moments are what `since` is for anyway.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import structlog

from broker.keys import Keys
from passerby.keys import KeysError, read

LOOK_S: Final = 2.0
"""How often the file is looked at. `keys.AFTER_LEAST_S` is well above it."""

_log = structlog.get_logger()
Mark = tuple[int, int, int]


class KeysFile:
    """What was last read from a file, and whether there is news."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self._path = path
        self.keys = keys
        self._mark: Mark | None = None

    def look(self) -> bool:
        """Tell whether other keys than before were read. A file that cannot be used is said once, and passed over."""
        mark = _mark(self._path)
        if mark == self._mark:
            return False
        self._mark = mark
        try:
            keys = read(self._path)
        except KeysError as error:
            _log.error("the keys file cannot be used, the keys stay as they are", reason=str(error))
            return False
        news, self.keys = keys != self.keys, keys
        return news


@contextlib.asynccontextmanager
async def following(
    path: Path | None, keys: Keys, turn: Callable[[Keys, float], None], *, look_s: float = LOOK_S
) -> AsyncIterator[None]:
    """Call `turn` with keys and time whenever they change, and when they begin. Without a file there is nothing to do.

    Args:
        path: of the keys file.
        keys: as they were read.
        turn: takes them up.
        look_s: how often to look, in seconds.
    """
    if path is None:
        yield
        return
    task = asyncio.create_task(_follow(KeysFile(path, keys), turn, look_s), name="keys")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _follow(file: KeysFile, turn: Callable[[Keys, float], None], look_s: float) -> None:
    begun = False  # they may have begun since they were read: taking them up twice does no harm
    while True:
        if file.look():
            begun = time.time() >= file.keys.since
            turn(file.keys, time.time())
            _log.warning("the keys have turned", begins_in_s=max(0, round(file.keys.since - time.time())))
        if not begun and time.time() >= file.keys.since:
            begun = True
            turn(file.keys, time.time())
        wait_s = look_s if begun else min(look_s, file.keys.since - time.time())
        await asyncio.sleep(max(0.0, wait_s))


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
