"""The brokers that can carry us: each runs the same gate, and nothing outside of here knows how one works."""


class BrokerUnavailable(Exception):
    """An engine cannot start. The text is for the person at the terminal."""


class PortUnavailable(BrokerUnavailable):
    """A port cannot be opened: taken, or not allowed."""

    def __init__(self, reason: str, port: int) -> None:
        super().__init__(reason)
        self.port = port
