"""A data channel in memory: it keeps what it is given, and is opened, filled and closed by the test."""

from collections.abc import Callable


def nothing(*_: object) -> None: ...


class FakePipe:
    """What is sent counts as waiting until `drain`."""

    def __init__(self, *, opened: bool = True, takes: int = 1 << 30) -> None:
        self.on_open: Callable[[], None] = nothing
        self.on_message: Callable[[object], None] = nothing
        self.on_close: Callable[[], None] = nothing
        self.on_drain: Callable[[], None] = nothing
        self.ready = opened
        self.buffered = 0
        self.threshold = 0
        self.takes = takes
        self.sent: list[str | bytes] = []

    def low(self, threshold: int) -> None:
        self.threshold = threshold

    def send(self, data: str | bytes) -> None:
        assert self.ready
        if len(data) > self.takes:
            raise ValueError("too big")
        self.sent.append(data)
        self.buffered += len(data)

    def close(self) -> None:
        self.ready = False
        self.on_close()

    def release(self) -> None:
        self.on_open = self.on_close = self.on_drain = nothing
        self.on_message = nothing

    def drain(self) -> None:
        """Let everything out, and what is sent then, too."""
        before = -1
        while before != len(self.sent):
            before = len(self.sent)
            self.buffered = 0
            self.on_drain()
