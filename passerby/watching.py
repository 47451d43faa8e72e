"""Watches a file that is replaced or edited while it is in use.

It looks instead of waiting for a signal: a file is replaced on machines and in containers where nobody knows whom to
signal.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Final

LOOK_S: Final = 2.0
"""How often a file is looked at."""

Mark = tuple[int, int, int]


class Watched:
    """A file, and whether it is another one than at the last look. The first look always finds it changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark: Mark | None = None

    def changed(self) -> bool:
        """Tell whether it is another file than when this was asked last; also when it has come or gone."""
        before, self._mark = self._mark, _mark(self.path)
        return self._mark != before

    @property
    def is_there(self) -> bool:
        """Whether there was a file at the last look."""
        return self._mark is not None


@contextlib.asynccontextmanager
async def meanwhile(work: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    """Do this in a task of its own, and end it in the end."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
