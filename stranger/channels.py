"""The channel of words, as messages: JSON both ways, bounded in size and in rate on the receiving side.

Nothing between the two bounds it. It knows the shape of channel messages and not what they mean; of WebRTC it knows
only what a `Pipe` is.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, Literal, Protocol

from broker.conversation import Said, channel
from broker.messages import Malformed, parse

MESSAGE_BYTES: Final = 16 * 1024
BUFFERED_BYTES: Final = 256 * 1024
"""How much may lie in the pipe before we keep the rest."""
OUTBOX_MOST: Final = 1_000
"""So many messages wait behind that. Who takes none for so long, and goes on talking, is not answered any more."""

PER_SECOND: Final = 40
BURST: Final = 80

Loss = Literal["flood", "oversize"]


class Pipe(Protocol):
    """A data channel. Who owns it sets what is to be called."""

    on_open: Callable[[], None]
    on_message: Callable[[object], None]
    on_close: Callable[[], None]
    on_drain: Callable[[], None]

    @property
    def ready(self) -> bool:
        """Whether something can be sent."""

    @property
    def buffered(self) -> int:
        """How many bytes wait to be sent."""

    def low(self, threshold: int) -> None:
        """Call `on_drain` when no more bytes wait than these."""

    def send(self, data: str | bytes) -> None:
        """Send a message.

        Raises:
            ValueError: when it is bigger than the other side says that it takes.
        """

    def close(self) -> None:
        """Close it once what was sent has arrived (RFC 8831 §6.7)."""

    def release(self) -> None:
        """Call nobody any more."""


class Channel:
    """The words of a talk.

    Args:
        pipe: not opened yet.
        opened: it can be spoken on.
        heard: a message; None when something came that is none.
        closed: nothing comes any more.
        notice: told once for each; what it is about was dropped.
        now: seconds.
    """

    def __init__(
        self,
        pipe: Pipe,
        *,
        opened: Callable[[], None],
        heard: Callable[[Said | None], None],
        closed: Callable[[], None],
        notice: Callable[[Loss], None],
        now: Callable[[], float],
    ) -> None:
        self._pipe, self._heard, self._notice, self._now = pipe, heard, notice, now
        self._outbox: deque[str] = deque()
        self._noticed: set[Loss] = set()
        self._tokens: float = BURST
        self._filled = now()
        self._holding = False
        pipe.low(BUFFERED_BYTES // 2)
        pipe.on_open, pipe.on_close = opened, closed
        pipe.on_drain, pipe.on_message = self._pump, self._receive

    @property
    def open(self) -> bool:
        """Whether it can be spoken on."""
        return self._pipe.ready

    def send(self, message: Said) -> bool:
        """Send when there is room. False when it is not open, too much waits, or the other side would refuse this."""
        text = message.wire()
        if not self._pipe.ready or len(self._outbox) >= OUTBOX_MOST or _read(text) is None:
            return False
        self._outbox.append(text.decode())
        self._pump()
        return True

    def hold(self, on: bool) -> None:  # noqa: FBT001  on or off is all that there is to say
        """Keep what is sent from now on, or send what was kept."""
        self._holding = on
        self._pump()

    def finish(self, done: Callable[[], None]) -> None:
        """Listen no more, close once what was sent has arrived, then call back."""
        self.release()
        if self._pipe.ready:
            self._pipe.on_close = done
            self._pipe.close()
        else:
            done()

    def release(self) -> None:
        """Let go of the pipe at once; nobody is called any more."""
        self._outbox.clear()
        self._pipe.release()

    def _receive(self, data: object) -> None:
        if not self._pays():
            self._lost("flood")
        elif not isinstance(data, str):
            self._heard(None)
        # The first comparison is cheap; only what passes it is worth turning into bytes.
        elif len(data) > MESSAGE_BYTES or len(payload := data.encode(errors="surrogatepass")) > MESSAGE_BYTES:
            self._lost("oversize")
        else:
            self._heard(_read(payload))

    def _pays(self) -> bool:
        now = self._now()
        self._tokens = min(BURST, self._tokens + (now - self._filled) * PER_SECOND)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _lost(self, what: Loss) -> None:
        if what not in self._noticed:
            self._noticed.add(what)
            self._notice(what)

    def _pump(self) -> None:
        while self._outbox and not self._holding and self._pipe.ready and self._pipe.buffered < BUFFERED_BYTES:
            text = self._outbox.popleft()
            try:
                self._pipe.send(text)
            except ValueError:
                continue  # the other side has said that it takes less; what is smaller may go all the same


def _read(payload: bytes) -> Said | None:
    try:
        return parse(channel, payload, MESSAGE_BYTES)
    except Malformed:
        return None
