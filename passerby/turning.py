"""Follows a keys file while it is in use, so that keys turn without a restart.

    file ── looked at every 2 s ──► changed? ──► read ──► whole? ──► turn(keys)     else one log line, the old stay
                                                  `since` comes ──► turn(keys)

A broker and a matcher that see it at different moments are what `since` is for.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog

from broker.keys import Keys
from passerby.keys import KeysError, read
from passerby.watching import LOOK_S, Watched, meanwhile

_log = structlog.get_logger()


class KeysFile:
    """What was last read from a file, and whether there is news."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self.keys = keys
        self._watched = Watched(path)

    def look(self) -> bool:
        """Tell whether other keys than before were read. A file that cannot be used is said once, and passed over."""
        if not self._watched.changed():
            return False
        try:
            keys = read(self._watched.path)
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
    async with meanwhile(_follow(KeysFile(path, keys), turn, look_s), "keys"):
        yield


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
