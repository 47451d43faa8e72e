"""Follows the file of the settings while they are in use, so that some of them change without a restart.

    file ── looked at every 2 s ──► changed? ──► read ──► right? ──► take(settings)      else one log line, the old stay

What takes effect at once is what `Policing` has, and the TURN server, whose secret may be in a file of its own that is
followed with it. What else has changed waits for a restart, and the log says so, by
name: a value may be a network of somebody's. The command line and the environment go before the file, now as then.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from typing import Final

import structlog

from matcher.policing import Policing
from passerby.settings import Settings, SettingsError, Source
from passerby.watching import LOOK_S, Watched, meanwhile

_TURN: Final = frozenset(name for name in Settings.model_fields if name.startswith("turn_"))
LIVE: Final = frozenset(field.name for field in fields(Policing)) | _TURN
"""The settings that take effect without a restart."""

_log = structlog.get_logger()


class SettingsFile:
    """What was last read, and whether there is news."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self.settings = settings
        self._source = source
        self._watched = Watched(source.path)
        self._was_there = False
        self._secret = _secret(settings)

    def look(self) -> bool:
        """Tell whether something that takes effect at once is another than before. A bad file is said once."""
        told, renewed = self._watched.changed(), self._secret is not None and self._secret.changed()
        self._was_there = self._was_there or self._watched.is_there
        if self._was_there and not self._watched.is_there:  # no default is a wish: away for a moment, it lifts no ban
            if told:
                _log.error("the file of the settings is gone, they stay as they are")
            return False
        if not told and not renewed:
            return False
        try:
            settings = self._source.load()
        except SettingsError as error:
            _log.error("the settings cannot be used, they stay as they were", reason=str(error))
            return False
        changed = self._changed(settings)
        if settings.turn_secret_file != self.settings.turn_secret_file:
            self._secret = _secret(settings)
        self.settings = settings
        if changed:
            _log.warning("the settings have changed", now=sorted(changed & LIVE), at_restart=sorted(changed - LIVE))
        return bool(changed & LIVE)

    def _changed(self, settings: Settings) -> set[str]:
        changed = {name for name in Settings.model_fields if getattr(settings, name) != getattr(self.settings, name)}
        if settings.turn != self.settings.turn and not changed & _TURN:
            changed.add("turn_secret_file")  # it has the same name, and says something else
        return changed


def _secret(settings: Settings) -> Watched | None:
    return None if settings.turn_secret_file is None else Watched(settings.turn_secret_file)


@contextlib.asynccontextmanager
async def following(
    source: Source | None, settings: Settings, take: Callable[[Settings], None], *, look_s: float = LOOK_S
) -> AsyncIterator[None]:
    """Call `take` whenever what takes effect at once has changed. Without a source there is nothing to follow.

    Args:
        source: where the settings come from.
        settings: as they were read.
        take: takes them up.
        look_s: how often to look, in seconds.
    """
    if source is None:
        yield
        return
    async with meanwhile(_follow(SettingsFile(source, settings), take, look_s), "settings"):
        yield


async def _follow(file: SettingsFile, take: Callable[[Settings], None], look_s: float) -> None:
    while True:
        if file.look():
            take(file.settings)
        await asyncio.sleep(look_s)
