"""A data channel of aiortc's, as `channels` and `parcels` want one (`channels.Pipe`)."""

from collections.abc import Callable

from aiortc import RTCDataChannel


class Line:
    """A data channel. Who owns it sets what is to be called."""

    def __init__(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        self.on_open: Callable[[], None] = _nothing
        self.on_message: Callable[[object], None] = _nothing_of
        self.on_close: Callable[[], None] = _nothing
        self.on_drain: Callable[[], None] = _nothing
        channel.on("open", lambda: self.on_open())
        channel.on("message", lambda data: self.on_message(data))
        channel.on("close", lambda: self.on_close())
        channel.on("bufferedamountlow", lambda: self.on_drain())

    @property
    def ready(self) -> bool:
        """Whether something can be sent."""
        return bool(self._channel.readyState == "open")

    @property
    def buffered(self) -> int:
        """How many bytes wait to be sent."""
        return int(self._channel.bufferedAmount)

    def low(self, threshold: int) -> None:
        """Call `on_drain` when no more bytes wait than these."""
        self._channel.bufferedAmountLowThreshold = threshold

    def send(self, data: str | bytes) -> None:
        """Send a message; nothing where it is not ready."""
        if self.ready:
            self._channel.send(data)

    def close(self) -> None:
        """Close it once what was sent has arrived (RFC 8831 §6.7)."""
        self._channel.close()

    def release(self) -> None:
        """Call nobody any more."""
        self.on_open = self.on_close = self.on_drain = _nothing
        self.on_message = _nothing_of


def _nothing() -> None: ...


def _nothing_of(_: object) -> None: ...
