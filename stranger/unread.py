"""What a talk has to tell and nobody has read yet: bounded, since a stranger decides how much there is of it."""

import asyncio
from typing import Final

from stranger import events

UNREAD_MOST: Final = 1_000
UNREAD_BYTES: Final = 64 * 1024 * 1024
"""So many events, and bytes of pictures and voice notes, are kept; what comes then is dropped, and that is told."""


class Unread:
    """Events in the order in which they came, until the last."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[events.Event | None] = asyncio.Queue()
        self._bytes = 0
        self._noticed: set[events.What] = set()
        self._closed = False

    def put(self, event: events.Event) -> None:
        """Keep one; after the last nothing is."""
        if self._closed:
            return
        if self._events.qsize() >= UNREAD_MOST or self._bytes + _weight(event) > UNREAD_BYTES:
            self.notice("unread")
        else:
            self._bytes += _weight(event)
            self._events.put_nowait(event)

    def notice(self, what: events.What) -> None:
        """Tell once that something was dropped; there is always room for that."""
        if not self._closed and what not in self._noticed:
            self._noticed.add(what)
            self._events.put_nowait(events.Notice(what))

    def close(self, last: events.Over | events.Alarm | None) -> None:
        """Nothing comes after this."""
        if self._closed:
            return
        self._closed = True
        if last is not None:
            self._events.put_nowait(last)
        self._events.put_nowait(None)

    async def next(self) -> events.Event | None:
        """Wait for the next one; None, however often, when there is none any more."""
        if self._closed and self._events.empty():
            return None
        event = await self._events.get()
        if event is not None:
            self._bytes -= _weight(event)
        return event


def _weight(event: events.Event) -> int:
    return len(event.data) if isinstance(event, events.Arrived) else 0
