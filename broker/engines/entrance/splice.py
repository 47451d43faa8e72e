"""A splice: two connections made into one. Bytes only: neither HTTP nor MQTT, no task, and nothing kept.

    near ── bytes ──► far        what one side says is written to the other, as it comes
    near ◄─ stop ──── far        who does not take it stops the other from being read, so little is ever in between
    near ── end ────► far        an end is passed on behind the last byte; from then on the rest has DRAIN_S, all in all

Both are closed whatever happens: when the second end has come, when DRAIN_S are over, when one side has not taken
anything for STALL_S. An end is not answered by closing at once: closing with something unread resets a connection, and
the other side might never see the last thing that was said to it, be it a goodbye or a refusal.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from broker.engines.mqtt.wires import DRAIN_S

STALL_S: Final = 30.0
"""How long one side may take nothing while something waits for it."""


class Splice:
    """Joins two open transports, both with reading paused; `gone` is called when both have closed."""

    __slots__ = ("_cutting", "_gone", "_halves", "_open")

    def __init__(
        self, browser: asyncio.Transport, upstream: asyncio.Transport, gone: Callable[["Splice"], None]
    ) -> None:
        self._gone = gone
        self._open = 2
        self._cutting: asyncio.TimerHandle | None = None
        self._halves: tuple[Half, ...] = Half(browser, upstream, self), Half(upstream, browser, self)

    def start(self) -> None:
        """Let the bytes pass."""
        for half in self._halves:
            half.near.set_protocol(half)
            half.near.resume_reading()

    def close(self) -> None:
        """Let what was written leave, and close both sides within `DRAIN_S`."""
        for half in self._halves:
            half.close()
        self._hurry()

    def abort(self) -> None:
        """Close both sides at once."""
        for half in self._halves:
            half.near.abort()

    def end(self, half: "Half", *, hears: bool) -> None:
        """Note that this half says nothing any more; `hears` tells whether something may still be said to it."""
        other = self._other(half)
        half.ended = True
        half.pass_on = _nowhere
        if not hears:
            other.pass_on = _nowhere
            other.near.resume_reading()  # this half may have stopped it, and its end has to be seen
        if other.ended:
            self.close()
        else:
            other.finish()
            self._hurry()

    def lose(self, half: "Half") -> None:
        """Note that this half is closed."""
        self._open -= 1
        if self._open:
            self.end(half, hears=False)
            return
        if self._cutting is not None:
            self._cutting.cancel()
        self._halves = ()
        self._gone(self)

    def _other(self, half: "Half") -> "Half":
        first, second = self._halves
        return second if half is first else first

    def _hurry(self) -> None:
        if self._cutting is None and self._open:
            self._cutting = asyncio.get_running_loop().call_later(DRAIN_S, self.abort)


class Half(asyncio.Protocol):
    """One of two connections. `pass_on` takes what it says, `ended` tells that it says no more."""

    __slots__ = ("_far", "_splice", "_stalling", "ended", "near", "pass_on")

    def __init__(self, near: asyncio.Transport, far: asyncio.Transport, splice: Splice) -> None:
        self.near = near
        self.pass_on: Callable[[bytes], None] = far.write
        self.ended = False
        self._far = far
        self._splice = splice
        self._stalling: asyncio.TimerHandle | None = None

    @override
    def data_received(self, data: bytes) -> None:
        self.pass_on(data)

    @override
    def pause_writing(self) -> None:
        self._far.pause_reading()
        self._stalling = asyncio.get_running_loop().call_later(STALL_S, self._splice.abort)

    @override
    def resume_writing(self) -> None:
        self._unstall()
        self._far.resume_reading()

    @override
    def eof_received(self) -> bool:
        half_closes = self.near.can_write_eof()  # TLS does not
        if not self.ended:
            self._splice.end(self, hears=half_closes)
        return half_closes

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._unstall()
        self._splice.lose(self)

    def finish(self) -> None:
        """Tell this side that nothing more will come."""
        if self.near.is_closing():
            return
        if not self.near.can_write_eof():
            self.near.close()
            return
        with contextlib.suppress(OSError):  # reset meanwhile, and we have not been told yet
            self.near.write_eof()

    def close(self) -> None:
        """Close this side, behind what was written to it."""
        if not self.near.is_closing():  # TLS in Python 3.11 forgets what it would have to abort when closed twice
            self.near.close()

    def _unstall(self) -> None:
        if self._stalling is not None:
            self._stalling.cancel()
            self._stalling = None


def _nowhere(_: bytes) -> None:
    """Take what nobody is left to hear."""
